//! The organisation as facts: bureaus, sites, columns, people, grants, routes.
//!
//! Source: 税总发〔2015〕69号 （一）（二）（四）, clauses A1.2–A1.5, A2.1–A2.5, A4.1–A4.4.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::codes::codes;
use super::role::{Affiliation, Right, Role};
use super::route::Route;
use crate::journal::{Hash, PublicKey};

codes! {
/// The level of a bureau.
BureauLevel {
    /// 税务总局
    Head = "head",
    /// 省税务机关
    Province = "province",
    /// 市税务机关
    City = "city",
    /// 县税务机关
    County = "county",
    /// 内设机构
    Department = "department",
    /// 直属单位
    Affiliated = "affiliated",
}}

codes! {
/// What a department answers for on the website (A1.2–A1.5).
DepartmentDuty {
    /// 办公室: governs the site
    Office = "office",
    /// 纳税服务部门
    Service = "service",
    /// 信息技术部门
    Technology = "technology",
    /// 其他部门
    Other = "other",
}}

codes! {
/// The level of a site (A2.1–A2.3).
SiteLevel {
    /// 省站（平台）
    Province = "province",
    /// 市子站
    City = "city",
}}

codes! {
/// What a site in a foreign language must have on record before anything goes live on it (A9.6, A9.7).
LanguageCondition {
    /// 专业、合格的编辑队伍
    Team = "team",
    /// 与外宣媒体的合作
    Partner = "partner",
    /// 该语种审校人; named one by one
    Reviewer = "reviewer",
    /// 内容更新计划
    Plan = "plan",
}}

codes! {
/// The four families every column belongs to (A0.1).
Family {
    /// 信息公开
    Disclosure = "disclosure",
    /// 税收宣传
    Publicity = "publicity",
    /// 纳税服务
    Service = "service",
    /// 互动交流
    Interaction = "interaction",
}}

codes! {
/// Whether a column still takes items.
ColumnState {
    /// In use
    Open = "open",
    /// Merged into another
    Merged = "merged",
    /// Closed
    Closed = "closed",
}}

/// A bureau, department or affiliated unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bureau {
    /// Id.
    pub id: String,
    /// Official name.
    pub name: String,
    /// Level.
    pub level: BureauLevel,
    /// Superior, none for the province itself.
    pub parent: Option<String>,
    /// What a department answers for.
    pub duty: Option<DepartmentDuty>,
}

/// A platform or subsite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Id and directory name.
    pub id: String,
    /// Public name.
    pub name: String,
    /// Level.
    pub level: SiteLevel,
    /// Owner.
    pub bureau: String,
    /// The platform, for a subsite.
    pub parent: Option<String>,
    /// Domain.
    pub domain: String,
    /// 网站标识码
    pub code: String,
    /// Language of a foreign-language version (`en`); empty for a site in Chinese.
    pub language: String,
    /// What is on record for it (A9.6), each reviewer by himself; empty for a site in Chinese.
    pub conditions: BTreeSet<(LanguageCondition, Option<String>)>,
}

impl Site {
    /// Whether it is a version in a foreign language.
    pub fn is_foreign(&self) -> bool {
        !self.language.is_empty()
    }

    /// Whether everything a version in a foreign language must have was put on record; true of a site
    /// in Chinese. What follows from people who left meanwhile, [`Org::language_lacks`] says.
    pub fn is_opened(&self) -> bool {
        let recorded = |wanted| self.conditions.iter().any(|(c, _)| c == wanted);
        !self.is_foreign() || LanguageCondition::ALL.iter().all(recorded)
    }

    /// The language of its pages, as in the `lang` attribute.
    pub fn lang(&self) -> &str {
        if self.is_foreign() {
            &self.language
        } else {
            "zh-CN"
        }
    }
}

/// A section of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Id.
    pub id: String,
    /// Its site.
    pub site: String,
    /// Parent column.
    pub parent: Option<String>,
    /// Public name.
    pub name: String,
    /// Path segment.
    pub slug: String,
    /// Family.
    pub family: Family,
    /// 责任部门
    pub owner: String,
    /// 责任人
    pub person: Option<String>,
    /// 备岗
    pub backup: Option<String>,
    /// Open, merged or closed.
    pub state: ColumnState,
    /// Where its items went.
    pub into: Option<String>,
}

/// A person. The name is a body and not a fact for rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id, never reused.
    pub id: String,
    /// Handle.
    pub login: String,
    /// What he is to the board.
    pub affiliation: Affiliation,
    /// Where he belongs.
    pub bureau: String,
    /// End of contract, µs.
    pub contract_until: Option<i64>,
    /// Has left.
    pub left: bool,
}

/// A role in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Seq of the entry that confirmed it.
    pub id: u64,
    /// To whom.
    pub person: String,
    /// Which.
    pub role: Role,
    /// Site or column, with all below; [`Org::ROOT`] covers everything.
    pub scope: String,
    /// First instant, µs.
    pub from: i64,
    /// Last instant, µs.
    pub until: i64,
}

/// An enrolled key.
#[derive(Debug, Clone)]
pub struct Key {
    /// Whose.
    pub person: String,
    /// The key itself.
    pub public: PublicKey,
}

/// A route set at a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRoute {
    /// Its steps.
    pub route: Route,
    /// Seq of the entry that set it.
    pub seq: u64,
}

/// Everything about the organisation, read once and kept while no structural entry comes in.
#[derive(Debug, Clone, Default)]
pub struct Org {
    /// By id.
    pub bureaus: BTreeMap<String, Bureau>,
    /// By id.
    pub sites: BTreeMap<String, Site>,
    /// By id.
    pub columns: BTreeMap<String, Column>,
    /// By id.
    pub persons: BTreeMap<String, Person>,
    /// Not revoked; may be out of their time.
    pub grants: Vec<Grant>,
    /// In force, by key id.
    pub keys: HashMap<Hash, Key>,
    /// Key ids that were enrolled once and are revoked: never to be enrolled again.
    pub spent_keys: BTreeSet<Hash>,
    /// By node.
    pub routes: BTreeMap<String, NodeRoute>,
}

impl Org {
    /// The scope above every site.
    pub const ROOT: &'static str = "*";

    /// The node itself and all above it, nearest first, ending with [`Org::ROOT`].
    pub fn ancestors<'a>(&'a self, node: &'a str) -> Vec<&'a str> {
        let mut path = Vec::with_capacity(5);
        let mut at = Some(node);
        // A parent cycle cannot be built through the rules; the bound keeps a damaged store harmless.
        while let Some(id) = at.take()
            && path.len() < 32
        {
            if id == Org::ROOT {
                break;
            }
            path.push(id);
            at = match (self.columns.get(id), self.sites.get(id)) {
                (Some(column), _) => Some(column.parent.as_deref().unwrap_or(&column.site)),
                (None, Some(site)) => site.parent.as_deref(),
                (None, None) => None,
            };
        }
        path.push(Org::ROOT);
        path
    }

    /// Whether a scope covers a node: it is the node or one of its ancestors.
    pub fn covers(&self, scope: &str, node: &str) -> bool {
        scope == Org::ROOT || self.ancestors(node).contains(&scope)
    }

    /// Whether such a node exists.
    pub fn has_node(&self, node: &str) -> bool {
        node == Org::ROOT || self.sites.contains_key(node) || self.columns.contains_key(node)
    }

    /// The route of a column: the nearest ancestor's, else the standard one with seq 0.
    pub fn route_for(&self, column: &str) -> NodeRoute {
        self.ancestors(column)
            .into_iter()
            .find_map(|node| self.routes.get(node).cloned())
            .unwrap_or_else(|| NodeRoute {
                route: Route::standard(),
                seq: 0,
            })
    }

    /// The node whose route applies to a column.
    pub fn route_node(&self, column: &str) -> Option<&str> {
        self.ancestors(column)
            .into_iter()
            .find_map(|node| self.routes.get_key_value(node))
            .map(|(k, _)| k.as_str())
    }

    /// Whether the person can act at all: known, still here, contract running.
    pub fn is_active(&self, person: &str, now: i64) -> bool {
        self.persons
            .get(person)
            .is_some_and(|p| !p.left && p.contract_until.is_none_or(|end| now <= end))
    }

    /// What a site in a foreign language still lacks before anything may go live on it; nothing for
    /// one in Chinese. A reviewer counts while he is here (A9.6, A9.8).
    pub fn language_lacks(&self, site: &Site, now: i64) -> Vec<LanguageCondition> {
        if !site.is_foreign() {
            return Vec::new();
        }
        LanguageCondition::ALL
            .iter()
            .copied()
            .filter(|wanted| {
                !site.conditions.iter().any(|(condition, person)| {
                    condition == wanted && person.as_ref().is_none_or(|p| self.is_active(p, now))
                })
            })
            .collect()
    }

    /// Grants of a person in force at an instant.
    pub fn grants_of<'a>(
        &'a self,
        person: &'a str,
        now: i64,
    ) -> impl Iterator<Item = &'a Grant> + 'a {
        let active = self.is_active(person, now);
        self.grants
            .iter()
            .filter(move |g| active && g.person == person && g.from <= now && now <= g.until)
    }

    /// Whether the person holds the role over all these nodes.
    pub fn has_role(&self, person: &str, role: Role, nodes: &[String], now: i64) -> bool {
        !nodes.is_empty()
            && nodes.iter().all(|node| {
                self.grants_of(person, now)
                    .any(|g| g.role == role && self.covers(&g.scope, node))
            })
    }

    /// Whether the person has the right at this node.
    pub fn has_right(&self, person: &str, right: Right, node: &str, now: i64) -> bool {
        self.grants_of(person, now)
            .any(|g| g.role.rights().contains(&right) && self.covers(&g.scope, node))
    }

    /// Whether the person has the right at every one of these nodes.
    pub fn has_right_over(&self, person: &str, right: Right, nodes: &[String], now: i64) -> bool {
        !nodes.is_empty()
            && nodes
                .iter()
                .all(|node| self.has_right(person, right, node, now))
    }

    /// Whether the person has the right anywhere.
    pub fn has_right_somewhere(&self, person: &str, right: Right, now: i64) -> bool {
        self.grants_of(person, now)
            .any(|g| g.role.rights().contains(&right))
    }

    /// Finds a person by id or login.
    pub fn find_person(&self, name: &str) -> Option<&Person> {
        self.persons
            .get(name)
            .or_else(|| self.persons.values().find(|p| p.login == name))
    }

    /// Finds a column by id or by `site/slug`.
    pub fn find_column(&self, name: &str) -> Option<&Column> {
        self.columns.get(name).or_else(|| {
            let (site, slug) = name.split_once('/')?;
            self.columns
                .values()
                .find(|c| c.site == site && c.slug == slug)
        })
    }

    /// The department or bureau and its superiors, nearest first.
    pub fn bureau_line<'a>(&'a self, bureau: &'a str) -> Vec<&'a Bureau> {
        let mut line = Vec::new();
        let mut at = self.bureaus.get(bureau);
        while let Some(b) = at
            && line.len() < 16
        {
            line.push(b);
            at = b.parent.as_deref().and_then(|p| self.bureaus.get(p));
        }
        line
    }
}
