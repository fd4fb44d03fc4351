//! What all pages of a site share, and which columns it has.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::facts::SiteFacts;
use super::overrides::Overrides;
use super::pages::render::article_path;
use super::pages::writer::MANIFEST;
use super::pages::{
    ColumnLink, ColumnPage, Link, MapNode, Month, PageError, Places, SiteFault, SitePage, Version,
};
use super::site::SiteError;
use crate::desk::live::Partner;
use crate::desk::release::ZONE;
use crate::rules::org::{Column, ColumnState, Family, Org, Site};

/// What all pages of a site share, as a file of the site.
pub(super) const FILE: &str = "site.json";

/// What the pages of one site are made from, besides the articles.
pub struct Frame<'a> {
    /// The site.
    pub(super) site: &'a Site,
    /// The other sites and their columns, for links that lead there.
    org: &'a Org,
    /// Open columns in the order of the navigation.
    pub(super) columns: Vec<&'a Column>,
    /// Columns that ended, with the open one their items went to: their addresses stay good (A5.9).
    pub(super) ended: Vec<(&'a Column, &'a Column)>,
    /// What the templates are given.
    pub(super) page: SitePage,
    /// [`FILE`] as it should be.
    pub(super) bytes: Vec<u8>,
    /// What the owner tells about the columns.
    facts: SiteFacts,
    /// The site's own templates and style.
    pub(super) templates: Overrides,
}

/// The four families as the public knows them.
fn family_name(family: Family) -> &'static str {
    match family {
        Family::Disclosure => "信息公开",
        Family::Publicity => "税收宣传",
        Family::Service => "纳税服务",
        Family::Interaction => "互动交流",
    }
}

#[derive(Serialize)]
struct Shared<'a> {
    made_by: &'static str,
    name: &'a str,
    domain: &'a str,
    site_id_code: &'a str,
    host_unit: &'a str,
    undertaker: Option<&'a str>,
    icp: &'a str,
    police_record: &'a str,
    contact: &'a str,
    links: Vec<(&'a str, &'a str)>,
    parent: Option<(&'a str, &'a str)>,
    columns: Vec<(&'a str, &'a str, &'a str, Option<&'a str>)>,
    moved: Vec<(&'a str, &'a str)>,
    lang: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions: Vec<(&'a str, &'a str, &'a str)>,
    places: [&'a str; 3],
    about_columns: Vec<(&'a str, &'a str, &'a [String], &'a str)>,
    templates: String,
}

impl<'a> Frame<'a> {
    /// The frame of a site, from the organisation and what `site.toml` adds.
    pub fn of(
        org: &'a Org,
        site: &'a Site,
        facts: &SiteFacts,
        templates: Overrides,
    ) -> Result<Frame<'a>, SiteError> {
        let columns = in_order(org, site);
        let ended = ended(org, site);
        let slugs: Vec<&str> = columns
            .iter()
            .chain(ended.iter().map(|(old, _)| old))
            .map(|c| c.slug.as_str())
            .collect();
        let parent = site.parent.as_ref().and_then(|p| org.sites.get(p));
        let page = SitePage {
            name: site.name.clone(),
            domain: site.domain.clone(),
            site_id_code: site.code.clone(),
            host_unit: org
                .bureaus
                .get(&site.bureau)
                .map(|b| b.name.clone())
                .unwrap_or_default(),
            undertaker: facts.undertaker.clone(),
            icp: facts.icp.clone(),
            police_record: facts.police_record.clone(),
            contact: facts.contact.clone(),
            footer_links: facts
                .footer_links
                .iter()
                .map(|l| Link {
                    name: l.name.clone(),
                    url: l.url.clone(),
                })
                .collect(),
            parent: parent.map(|p| Link {
                name: p.name.clone(),
                url: address(&p.domain),
            }),
            columns: columns.iter().map(|c| link(c)).collect(),
            zone: zone(),
            lang: site.lang().to_owned(),
            parent_lang: parent.map_or("", |p| p.lang()).to_owned(),
            versions: versions(org, site),
            places: Places::beside(&slugs),
        };
        let shared = Shared {
            lang: &page.lang,
            versions: page
                .versions
                .iter()
                .map(|v| (v.lang.as_str(), v.link.name.as_str(), v.link.url.as_str()))
                .collect(),
            places: [
                &page.places.archive,
                &page.places.search,
                &page.places.sitemap,
            ],
            about_columns: facts
                .columns
                .iter()
                .map(|(slug, c)| {
                    (
                        slug.as_str(),
                        c.description.as_str(),
                        c.keywords.as_slice(),
                        c.kind.as_str(),
                    )
                })
                .collect(),
            templates: templates.hash(),
            moved: ended
                .iter()
                .map(|(old, new)| (old.slug.as_str(), new.slug.as_str()))
                .collect(),
            made_by: env!("CARGO_PKG_VERSION"),
            name: &page.name,
            domain: &page.domain,
            site_id_code: &page.site_id_code,
            host_unit: &page.host_unit,
            undertaker: page.undertaker.as_deref(),
            icp: &page.icp,
            police_record: &page.police_record,
            contact: &page.contact,
            links: page
                .footer_links
                .iter()
                .map(|l| (l.name.as_str(), l.url.as_str()))
                .collect(),
            parent: page
                .parent
                .as_ref()
                .map(|l| (l.name.as_str(), l.url.as_str())),
            columns: columns
                .iter()
                .map(|c| {
                    (
                        c.slug.as_str(),
                        c.name.as_str(),
                        c.family.code(),
                        c.parent.as_deref(),
                    )
                })
                .collect(),
        };
        let bytes =
            serde_json::to_vec_pretty(&shared).map_err(|e| SiteError::Facts(e.to_string()))?;
        Ok(Frame {
            site,
            org,
            columns,
            ended,
            page,
            bytes,
            facts: facts.clone(),
            templates,
        })
    }

    /// What an inspector would find wanting in the site's own record, as codes.
    pub fn faults(&self) -> Vec<String> {
        let stray = self
            .facts
            .columns
            .keys()
            .filter(|slug| !self.columns.iter().any(|c| c.slug == **slug))
            .map(|slug| format!("unknown-column:{slug}"));
        self.page
            .faults()
            .into_iter()
            .map(|fault| match fault {
                SiteFault::Missing(field) => format!("missing:{field}"),
                SiteFault::Malformed(field) => format!("malformed:{field}"),
            })
            .chain(stray)
            // The templates of the house speak Chinese.
            .chain(
                (self.site.is_foreign() && !self.templates.cover_words())
                    .then(|| "missing:templates".to_owned()),
            )
            .collect()
    }

    /// Whether the directory holds a release with this frame. A reader's question: the file is
    /// compared, never believed.
    pub(super) fn is_in(&self, dir: &Path) -> bool {
        dir.join(MANIFEST).is_file()
            && std::fs::read(dir.join(FILE)).is_ok_and(|bytes| bytes == self.bytes)
    }

    /// An open column of this site.
    pub(super) fn column(&self, id: &str) -> Option<&'a Column> {
        self.columns.iter().find(|c| c.id == id).copied()
    }

    /// The open column that took the place of one that may have ended.
    pub(super) fn successor(&self, id: &str) -> Option<&'a Column> {
        let moved = self.ended.iter().find(|(old, _)| old.id == id);
        moved.map(|(_, new)| *new).or_else(|| self.column(id))
    }

    /// Where a partner's page is: on this site where it is there too, else on the first of its own.
    pub(super) fn page_of(&self, partner: &Partner) -> Result<Option<String>, PageError> {
        if let Some(column) = partner.columns.iter().find_map(|id| self.column(id)) {
            let path = article_path(&column.slug, &partner.number)?;
            return Ok(Some(format!("/{}", path.href())));
        }
        let elsewhere = partner.published_in.iter().find_map(|id| {
            let column = self.org.columns.get(id)?;
            let site = self.org.sites.get(&column.site)?;
            (site.id != self.site.id).then_some((site, column))
        });
        let Some((site, column)) = elsewhere else {
            return Ok(None);
        };
        let path = article_path(&column.slug, &partner.number)?;
        Ok(Some(format!("{}{}", address(&site.domain), path.href())))
    }

    /// A column as its pages are given it, under its own directory or under that of a column that
    /// went up in it.
    pub(super) fn column_page(&self, column: &Column, slug: &str) -> ColumnPage {
        let family = family_name(column.family);
        let about = self
            .facts
            .columns
            .get(&column.slug)
            .cloned()
            .unwrap_or_default();
        ColumnPage {
            slug: slug.to_owned(),
            name: column.name.clone(),
            description: about.description,
            keywords: about.keywords,
            family: family.to_owned(),
            kind: about.kind,
            parent: column
                .parent
                .as_ref()
                .and_then(|p| self.columns.iter().find(|c| c.id == *p))
                .map(|c| link(c)),
            below: self.below(Some(&column.id)).map(link).collect(),
        }
    }

    /// Open columns right below another, or at the top.
    fn below(&self, id: Option<&str>) -> impl Iterator<Item = &'a Column> {
        let parent = |c: &Column| {
            let parent = c.parent.as_deref();
            parent
                .filter(|p| self.columns.iter().any(|c| c.id == *p))
                .map(ToOwned::to_owned)
        };
        self.columns
            .iter()
            .copied()
            .filter(move |c| parent(c).as_deref() == id)
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// All open columns as a tree, for the map of the site.
    pub(super) fn tree(&self, above: Option<&str>) -> Vec<MapNode> {
        self.below(above)
            .map(|c| MapNode {
                column: link(c),
                description: self
                    .facts
                    .columns
                    .get(&c.slug)
                    .map(|f| f.description.clone())
                    .unwrap_or_default(),
                below: self.tree(Some(&c.id)),
            })
            .collect()
    }

    /// The month an instant lies in, as the pages show it.
    pub(super) fn month(&self, at: i64) -> Month {
        let at = Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
        let date = self.page.zone.to_datetime(at).date();
        Month {
            year: date.year(),
            month: date.month(),
        }
    }

    /// First instant of a month and of the next, µs.
    pub(super) fn span(&self, month: Month) -> (i64, i64) {
        let first = |year, month| {
            jiff::civil::Date::new(year, month, 1)
                .ok()
                .and_then(|d| {
                    self.page
                        .zone
                        .to_timestamp(d.to_datetime(jiff::civil::Time::midnight()))
                        .ok()
                })
                .map_or(i64::MAX, Timestamp::as_microsecond)
        };
        let next = match month.month {
            12 => first(month.year.saturating_add(1), 1),
            m => first(month.year, m + 1),
        };
        (first(month.year, month.month), next)
    }
}

/// A column as others point to it.
pub(super) fn link(column: &Column) -> ColumnLink {
    ColumnLink {
        slug: column.slug.clone(),
        name: column.name.clone(),
    }
}

/// The versions of a site in foreign languages that are open (A9.8), by language.
fn versions(org: &Org, site: &Site) -> Vec<Version> {
    let mut list: Vec<Version> = org
        .sites
        .values()
        .filter(|s| s.is_foreign() && s.parent.as_deref() == Some(site.id.as_str()))
        .filter(|s| s.is_opened())
        .map(|s| Version {
            lang: s.lang().to_owned(),
            link: Link {
                name: s.name.clone(),
                url: address(&s.domain),
            },
        })
        .collect();
    list.sort_by(|a, b| a.lang.cmp(&b.lang));
    list
}

fn address(domain: &str) -> String {
    let domain = domain.trim().trim_end_matches('/');
    if domain.contains("://") {
        format!("{domain}/")
    } else {
        format!("https://{domain}/")
    }
}

fn zone() -> TimeZone {
    // Without a zone database the offset is still right: there is no summer time.
    TimeZone::get(ZONE).unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8)))
}

/// Open columns of a site: by family and id, each followed by those below it.
fn in_order<'a>(org: &'a Org, site: &Site) -> Vec<&'a Column> {
    let open: Vec<&Column> = org
        .columns
        .values()
        .filter(|c| c.site == site.id && c.state == ColumnState::Open)
        .collect();
    let is_top = |c: &Column| {
        c.parent
            .as_ref()
            .is_none_or(|p| !open.iter().any(|o| o.id == *p))
    };
    let mut stack: Vec<&Column> = open.iter().copied().filter(|c| is_top(c)).collect();
    stack.sort_by(|a, b| (b.family, &b.id).cmp(&(a.family, &a.id)));
    let mut list = Vec::with_capacity(open.len());
    while let Some(column) = stack.pop() {
        list.push(column);
        let mut below: Vec<&Column> = open
            .iter()
            .copied()
            .filter(|c| c.parent.as_deref() == Some(column.id.as_str()))
            .collect();
        below.sort_by(|a, b| b.id.cmp(&a.id));
        stack.append(&mut below);
    }
    list
}

/// Columns of a site that ended, each with the open one at the end of the way its items went.
fn ended<'a>(org: &'a Org, site: &Site) -> Vec<(&'a Column, &'a Column)> {
    org.columns
        .values()
        .filter(|c| c.site == site.id && c.state != ColumnState::Open)
        .filter_map(|old| {
            let mut at = old;
            // The rules end a column into an open one, so that there is no circle; a damaged store
            // must not hang the runner.
            for _ in 0..org.columns.len() {
                at = org.columns.get(at.into.as_deref()?)?;
                if at.state == ColumnState::Open {
                    return Some((old, at));
                }
            }
            None
        })
        .collect()
}
