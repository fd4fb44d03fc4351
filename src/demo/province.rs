//! Founding the sample province: bureaus, sites, columns, people with their own keys.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::desk::people::NewPerson;
use crate::desk::{Clock, Desk, Founder, Note, Result, login};
use crate::journal::{SealCost, Signer, SoftKey, Suite};
use crate::rules::act::{BureauAdd, ColumnAdd, SiteAdd};
use crate::rules::org::{BureauLevel, DepartmentDuty, Family, Org, SiteLevel};
use crate::rules::role::{Affiliation, Role};
use crate::store::{OpenMode, keyfile};

/// Passphrase of every key of the sample province. It is printed on the login screen of the demo;
/// nothing real is behind it.
pub const PASSPHRASE: &str = "Demo-2015-69";

/// One year, µs.
const YEAR: i64 = 365 * 24 * 3600 * 1_000_000;

/// How to found.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    /// Algorithms.
    pub suite: Suite,
    /// How the store is opened.
    pub mode: OpenMode,
    /// Seal the keys into files beside the store, at this cost.
    pub key_files: Option<SealCost>,
}

/// A person of the sample province.
pub struct Person {
    /// Id.
    pub id: String,
    /// Login.
    pub login: &'static str,
    /// Unlocked key.
    pub key: Arc<SoftKey>,
}

/// The founded province: a desk, and everybody's keys so that anyone can sit down at it.
pub struct Province {
    /// The desk.
    pub desk: Desk,
    /// People by login.
    pub people: BTreeMap<&'static str, Person>,
}

impl Province {
    /// Somebody sits down. Unknown logins leave the present person seated.
    pub fn sit(&mut self, login: &str) -> &mut Desk {
        if let Some(person) = self.people.get(login) {
            self.desk
                .switch(&person.id, Box::new(Arc::clone(&person.key)));
        }
        &mut self.desk
    }

    /// Id of a person.
    pub fn id(&self, login: &str) -> String {
        self.people
            .get(login)
            .map_or_else(String::new, |p| p.id.clone())
    }
}

/// Login, name, affiliation, bureau, and roles with their scopes.
type Row = (
    &'static str,
    &'static str,
    Affiliation,
    &'static str,
    &'static [(Role, &'static str)],
);

const ALL: &str = Org::ROOT;

/// Everybody but the two founders.
const PEOPLE: &[Row] = &[
    (
        "head",
        "编辑部负责人",
        Affiliation::Office,
        "office",
        &[(Role::BoardHead, ALL)],
    ),
    (
        "editor",
        "编辑甲",
        Affiliation::Office,
        "office",
        &[(Role::Editor, ALL)],
    ),
    (
        "editor-b",
        "编辑乙",
        Affiliation::Hired,
        "office",
        &[(Role::Editor, ALL)],
    ),
    (
        "proofreader",
        "校对",
        Affiliation::Hired,
        "office",
        &[(Role::Proofreader, ALL)],
    ),
    (
        "first",
        "初审",
        Affiliation::Office,
        "office",
        &[(Role::FirstReviewer, ALL)],
    ),
    (
        "second",
        "复审",
        Affiliation::Office,
        "office",
        &[(Role::SecondReviewer, ALL)],
    ),
    (
        "secrecy",
        "保密审查员",
        Affiliation::Office,
        "office",
        &[(Role::ConfidentialityReviewer, ALL)],
    ),
    (
        "signer",
        "终审签发",
        Affiliation::Office,
        "office",
        &[(Role::Signer, ALL)],
    ),
    (
        "leader",
        "局领导",
        Affiliation::Office,
        "province",
        &[(Role::BureauLeader, ALL)],
    ),
    (
        "contributor",
        "信息员（政策法规处）",
        Affiliation::Department,
        "policy",
        &[(Role::Contributor, "prov")],
    ),
    (
        "service-editor",
        "纳税服务处编辑",
        Affiliation::Department,
        "service",
        &[(Role::Editor, "prov-guide")],
    ),
    (
        "sysadmin",
        "系统管理员",
        Affiliation::Department,
        "technology",
        &[(Role::SystemAdmin, ALL)],
    ),
    (
        "auditor",
        "审计管理员",
        Affiliation::Department,
        "audit",
        &[(Role::AuditAdmin, ALL)],
    ),
    (
        "writer",
        "外包采编",
        Affiliation::Outsourced,
        "office",
        &[(Role::OutsourcedWriter, "prov-news")],
    ),
    (
        "ops",
        "外包运维",
        Affiliation::Outsourced,
        "technology",
        &[(Role::OutsourcedOps, ALL)],
    ),
    (
        "east-editor",
        "东江市局编辑",
        Affiliation::Department,
        "east",
        &[(Role::Editor, "east")],
    ),
    (
        "east-first",
        "东江市局初审",
        Affiliation::Department,
        "east",
        &[(Role::FirstReviewer, "east")],
    ),
    (
        "county",
        "云溪县局信息员",
        Affiliation::Department,
        "yunxi",
        &[(Role::Contributor, "yunxi-open")],
    ),
    (
        "runner",
        "发布程序",
        Affiliation::Service,
        "technology",
        &[(Role::Runner, ALL)],
    ),
];

const BUREAUS: &[(&str, &str, BureauLevel, &str, Option<DepartmentDuty>)] = &[
    (
        "office",
        "省税务局办公室",
        BureauLevel::Department,
        "province",
        Some(DepartmentDuty::Office),
    ),
    (
        "service",
        "纳税服务处",
        BureauLevel::Department,
        "province",
        Some(DepartmentDuty::Service),
    ),
    (
        "technology",
        "信息中心",
        BureauLevel::Department,
        "province",
        Some(DepartmentDuty::Technology),
    ),
    (
        "policy",
        "政策法规处",
        BureauLevel::Department,
        "province",
        Some(DepartmentDuty::Other),
    ),
    (
        "audit",
        "督察内审处",
        BureauLevel::Department,
        "province",
        Some(DepartmentDuty::Other),
    ),
    ("east", "东江市税务局", BureauLevel::City, "province", None),
    ("west", "西岭市税务局", BureauLevel::City, "province", None),
    ("south", "南湖市税务局", BureauLevel::City, "province", None),
    ("yunxi", "云溪县税务局", BureauLevel::County, "east", None),
];

/// Id, name, level, owner, platform, domain, identification code.
type SiteRow = (
    &'static str,
    &'static str,
    SiteLevel,
    &'static str,
    Option<&'static str>,
    &'static str,
    &'static str,
);

const SITES: &[SiteRow] = &[
    (
        "prov",
        "示例省税务局网站",
        SiteLevel::Province,
        "province",
        None,
        "tax.example.cn",
        "3300000001",
    ),
    (
        "east",
        "东江市税务局子站",
        SiteLevel::City,
        "east",
        Some("prov"),
        "east.tax.example.cn",
        "3300000002",
    ),
    (
        "west",
        "西岭市税务局子站",
        SiteLevel::City,
        "west",
        Some("prov"),
        "west.tax.example.cn",
        "3300000003",
    ),
    (
        "south",
        "南湖市税务局子站",
        SiteLevel::City,
        "south",
        Some("prov"),
        "south.tax.example.cn",
        "3300000004",
    ),
];

const COLUMNS: &[(&str, &str, &str, &str, Family, &str)] = &[
    (
        "prov-policy",
        "prov",
        "政策法规",
        "policy",
        Family::Disclosure,
        "policy",
    ),
    (
        "prov-notice",
        "prov",
        "通知公告",
        "notice",
        Family::Disclosure,
        "office",
    ),
    (
        "prov-news",
        "prov",
        "税务要闻",
        "news",
        Family::Publicity,
        "office",
    ),
    (
        "prov-interpret",
        "prov",
        "政策解读",
        "interpret",
        Family::Publicity,
        "policy",
    ),
    (
        "prov-guide",
        "prov",
        "办税指南",
        "guide",
        Family::Service,
        "service",
    ),
    (
        "prov-interview",
        "prov",
        "在线访谈",
        "interview",
        Family::Interaction,
        "office",
    ),
    (
        "east-open",
        "east",
        "信息公开",
        "open",
        Family::Disclosure,
        "east",
    ),
    (
        "east-news",
        "east",
        "东江税讯",
        "news",
        Family::Publicity,
        "east",
    ),
    (
        "yunxi-open",
        "east",
        "云溪县信息公开",
        "yunxi",
        Family::Disclosure,
        "yunxi",
    ),
    (
        "west-open",
        "west",
        "信息公开",
        "open",
        Family::Disclosure,
        "west",
    ),
    (
        "west-news",
        "west",
        "西岭税讯",
        "news",
        Family::Publicity,
        "west",
    ),
    (
        "south-open",
        "south",
        "信息公开",
        "open",
        Family::Disclosure,
        "south",
    ),
];

/// Founds the province. Reports each stage to `tell` as done and in all.
pub fn found(
    path: &Path,
    setup: Setup,
    clock: Box<dyn Clock>,
    tell: &mut dyn FnMut(usize, usize),
) -> Result<Province> {
    let stages = PEOPLE.len() + 3;
    let mut people = BTreeMap::new();
    let key = |login: &str| -> Result<SoftKey> {
        match setup.key_files {
            Some(cost) => login::new_key(
                &keyfile::path_of(path, login),
                setup.suite,
                PASSPHRASE,
                cost,
            ),
            None => Ok(SoftKey::generate(setup.suite)?),
        }
    };
    let (office, security) = (Arc::new(key("office")?), Arc::new(key("security")?));
    let founder = |login: &str, role, key: &Arc<SoftKey>| Founder {
        login: login.to_owned(),
        role,
        key: Box::new(Arc::clone(key)),
    };
    let first = founder("office", Role::OfficeDirector, &office);
    let second = founder("security", Role::SecurityAdmin, &security);
    let desk = login::found(
        path,
        setup.mode,
        setup.suite,
        "示例省税务局",
        first,
        &second,
        clock,
    )?;
    people.insert(
        "office",
        Person {
            id: "p1".to_owned(),
            login: "office",
            key: office,
        },
    );
    people.insert(
        "security",
        Person {
            id: "p2".to_owned(),
            login: "security",
            key: security,
        },
    );
    let mut province = Province { desk, people };
    tell(1, stages);
    organisation(&mut province)?;
    tell(2, stages);
    for (k, row) in PEOPLE.iter().enumerate() {
        let key = Arc::new(key(row.0)?);
        enrol(&mut province, row, key)?;
        tell(k + 3, stages);
    }
    tell(stages, stages);
    Ok(province)
}

fn organisation(province: &mut Province) -> Result<()> {
    let desk = province.sit("office");
    for (bureau, name, level, parent, duty) in BUREAUS {
        desk.bureau_add(BureauAdd {
            bureau: (*bureau).to_owned(),
            name: (*name).to_owned(),
            level: *level,
            parent: (*parent).to_owned(),
            duty: *duty,
        })?;
    }
    for (site, name, level, bureau, parent, domain, code) in SITES {
        desk.site_add(SiteAdd {
            site: (*site).to_owned(),
            name: (*name).to_owned(),
            level: *level,
            bureau: (*bureau).to_owned(),
            parent: parent.map(ToOwned::to_owned),
            domain: (*domain).to_owned(),
            code: (*code).to_owned(),
            language: None,
        })?;
    }
    for (column, site, name, slug, family, owner) in COLUMNS {
        let add = ColumnAdd {
            column: (*column).to_owned(),
            site: (*site).to_owned(),
            parent: None,
            name: (*name).to_owned(),
            slug: (*slug).to_owned(),
            family: *family,
            owner: (*owner).to_owned(),
            person: None,
            backup: None,
            owner_waived: false,
        };
        desk.column_add(add, &Note::none())?;
    }
    Ok(())
}

/// Registration by one, key and roles by two: 申请与批准.
fn enrol(province: &mut Province, row: &Row, key: Arc<SoftKey>) -> Result<()> {
    let (login, name, affiliation, bureau, roles) = *row;
    let now = province.desk.moment()?;
    let contract_until = (affiliation == Affiliation::Outsourced).then_some(now + YEAR);
    let new = NewPerson {
        login: login.to_owned(),
        name: name.to_owned(),
        affiliation,
        bureau: bureau.to_owned(),
        contract_until,
    };
    let id = province.sit("office").person_add(&new)?;
    let proposed = province.desk.propose_key(login, key.public())?;
    province.sit("security").confirm(proposed.seq)?;
    for (role, scope) in roles {
        let until = contract_until.unwrap_or(now + YEAR);
        let proposed = province
            .sit("office")
            .propose_grant(login, *role, scope, now, until)?;
        province.sit("security").confirm(proposed.seq)?;
    }
    province.people.insert(login, Person { id, login, key });
    Ok(())
}
