//! From what is live to the pages of a site.
//!
//! A release is incremental: it stages the articles that changed since the last one, the lists they
//! stand in and the front page, and lets [`SiteWriter`] make them live together. Everything is
//! rewritten when there was no release yet, when the directory is empty, or when what all pages
//! share (names, columns, footer) differs from the `site.json` in the directory.
//!
//! Decisions:
//! * An article has a page in every column of the site it is live in; attachments lie beside the
//!   first of them.
//! * A withdrawn article keeps its addresses and shows a notice with the reason; the title goes too
//!   once the text was destroyed. An expired one goes without a notice: its page would have to say
//!   "withdrawn", which it was not, and the lists no longer point to it.
//! * A correction keeps its place in the lists, so that only the list page it stands on is made anew.
//! * `upto` in `pages.written` is the last entry considered: a publication, or the destruction of a
//!   text whose title a notice still showed.
//!
//! The whole release reads one snapshot of the store, and articles one at a time.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::facts::SiteFacts;
use super::pages::render::{attachment_files, page_count};
use super::pages::{
    ArticleLine, ArticlePage, Attachment, ColumnLink, ColumnPage, Correction, HomeSection, Link,
    PER_PAGE, Page, PageError, Renderer, SiteFault, SitePage, SitePath, SiteWriter, Withdrawn,
};
use crate::desk::live::{Changed, LiveArticle, Place};
use crate::desk::release::ZONE;
use crate::desk::{Desk, DeskError};
use crate::rules::org::{Column, ColumnState, Family, Org, Site};
use crate::tr;

/// Articles of a column on the front page.
const ON_FRONT: u32 = 8;
/// What all pages of a site share, as a file of the site.
const FRAME: &str = "site.json";

/// Why the pages of a site were not written. What was live is live still.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The store or a rule.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// A page or the directory.
    #[error(transparent)]
    Page(#[from] PageError),
    /// `site.toml` cannot be used.
    #[error("site.toml: {0}")]
    Facts(String),
}

impl SiteError {
    /// Stable code, as recorded in `pages.failed`.
    pub fn code(&self) -> &str {
        match self {
            SiteError::Desk(error) => error.code(),
            SiteError::Facts(_) => "pages.facts",
            SiteError::Page(error) => match error {
                PageError::Busy(_) => "pages.busy",
                PageError::Full(_) => "pages.full",
                PageError::ReadOnly(_) => "pages.read-only",
                PageError::Symlink(_) => "pages.symlink",
                PageError::Obstacle(_) => "pages.obstacle",
                PageError::BadPath(_) => "pages.path",
                PageError::Conflict(_) => "pages.conflict",
                PageError::Missing(_) => "pages.missing",
                PageError::Manifest(_) => "pages.manifest",
                PageError::Unfinished(_) => "pages.unfinished",
                PageError::Io { .. } => "pages.io",
                PageError::Template(_) => "pages.template",
            },
        }
    }

    /// What a person reads, in the language in force.
    pub fn message(&self) -> String {
        match self {
            SiteError::Desk(error) => error.message(),
            SiteError::Page(error) => error.message(),
            SiteError::Facts(cause) => {
                tr!("publish-facts", cause = crate::report::inert::line(cause))
            }
        }
    }

    /// Another process is at it; no failure.
    pub fn is_busy(&self) -> bool {
        matches!(self, SiteError::Page(PageError::Busy(_)))
    }
}

/// A release of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The last entry considered.
    pub upto: u64,
    /// Everything was made anew.
    pub full: bool,
    /// Files made or replaced.
    pub files: usize,
    /// Files removed.
    pub removed: usize,
    /// SHA-256 of the manifest.
    pub manifest: String,
}

/// What the pages of one site are made from, besides the articles.
pub struct Frame<'a> {
    site: &'a Site,
    /// Open columns in the order of the navigation.
    columns: Vec<&'a Column>,
    page: SitePage,
    bytes: Vec<u8>,
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
}

impl<'a> Frame<'a> {
    /// The frame of a site, from the organisation and what `site.toml` adds.
    pub fn of(org: &'a Org, site: &'a Site, facts: &SiteFacts) -> Result<Frame<'a>, SiteError> {
        let columns = in_order(org, site);
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
        };
        let shared = Shared {
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
            columns,
            page,
            bytes,
        })
    }

    /// What an inspector would find wanting in the site's own record, as codes.
    pub fn faults(&self) -> Vec<String> {
        self.page
            .faults()
            .into_iter()
            .map(|fault| match fault {
                SiteFault::Missing(field) => format!("missing:{field}"),
                SiteFault::Malformed(field) => format!("malformed:{field}"),
            })
            .collect()
    }

    /// Whether the directory holds a release with this frame. A reader's question: the file is
    /// compared, never believed.
    fn is_in(&self, dir: &Path) -> bool {
        dir.join("manifest.json").is_file()
            && std::fs::read(dir.join(FRAME)).is_ok_and(|bytes| bytes == self.bytes)
    }

    fn column(&self, column: &Column) -> ColumnPage {
        let family = family_name(column.family);
        ColumnPage {
            slug: column.slug.clone(),
            name: column.name.clone(),
            description: String::new(),
            keywords: Vec::new(),
            family: family.to_owned(),
            kind: String::new(),
            parent: column
                .parent
                .as_ref()
                .and_then(|p| self.columns.iter().find(|c| c.id == *p))
                .map(|c| link(c)),
        }
    }
}

fn link(column: &Column) -> ColumnLink {
    ColumnLink {
        slug: column.slug.clone(),
        name: column.name.clone(),
    }
}

fn address(domain: &str) -> String {
    if domain.contains("://") {
        domain.to_owned()
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

/// Whether pages of a site wait to be written. `looked` is how far others' publications were looked
/// through in vain.
pub fn is_behind(
    desk: &Desk,
    dir: &Path,
    frame: &Frame<'_>,
    looked: u64,
) -> Result<bool, DeskError> {
    if !frame.is_in(dir) {
        return Ok(true);
    }
    let upto = desk.pages_upto(&frame.site.id)?.max(looked);
    Ok(!desk.changed_on_site(&frame.site.id, upto)?.is_empty())
}

/// Writes what changed, or everything. One that is another process's business is
/// [`SiteError::is_busy`].
pub fn write(
    desk: &mut Desk,
    dir: &Path,
    frame: &Frame<'_>,
    rebuild: bool,
) -> Result<Written, SiteError> {
    // The lock first: how far the pages are is only known to who holds it.
    let mut writer = SiteWriter::open(dir)?;
    let (upto, full) = desk.snapshot(|desk| {
        let done = desk.pages_upto(&frame.site.id)?;
        let full = rebuild || done == 0 || !frame.is_in(dir);
        let changed = desk.changed_on_site(&frame.site.id, if full { 0 } else { done })?;
        let upto = changed.iter().map(|c| c.seq).fold(done, u64::max);
        Release {
            desk,
            frame,
            writer: &mut writer,
            renderer: Renderer::new()?,
            done: if full { 0 } else { done },
            full,
            staged: HashSet::new(),
            lists: BTreeMap::new(),
            numbers: HashSet::new(),
        }
        .stage_all(&changed)?;
        Ok::<_, SiteError>((upto, full))
    })?;
    let done = writer.commit()?;
    let files = u32::try_from(done.files + done.removed).unwrap_or(u32::MAX);
    // Still under the lock, so that a second writer starts from here.
    desk.pages_written(&frame.site.id, upto, files, &done.manifest_hash)?;
    Ok(Written {
        upto,
        full,
        files: done.files,
        removed: done.removed,
        manifest: done.manifest_hash,
    })
}

/// Which pages of a column's list must be made.
enum Lists {
    All,
    Around(BTreeSet<Place>),
}

struct Release<'r> {
    desk: &'r Desk,
    frame: &'r Frame<'r>,
    writer: &'r mut SiteWriter,
    renderer: Renderer,
    /// Publications up to here are in the directory.
    done: u64,
    full: bool,
    staged: HashSet<SitePath>,
    /// By column id.
    lists: BTreeMap<String, Lists>,
    /// Numbers of the articles made anew, to find what they leave behind.
    numbers: HashSet<String>,
}

impl Release<'_> {
    fn stage_all(mut self, changed: &[Changed]) -> Result<(), SiteError> {
        self.stage(&Page {
            path: SitePath::new(FRAME)?,
            bytes: self.frame.bytes.clone(),
        })?;
        let style = self.renderer.style()?;
        self.stage(&style)?;
        for change in changed {
            self.item(change)?;
        }
        let frame = self.frame;
        for column in &frame.columns {
            match (self.full, self.lists.remove(&column.id)) {
                (true, _) | (false, Some(Lists::All)) => {
                    self.whole_list(column)?;
                    self.lists.insert(column.id.clone(), Lists::All);
                }
                (false, Some(Lists::Around(places))) => self.list_pages(column, &places)?,
                (false, None) => {}
            }
        }
        self.front()?;
        self.remove_the_rest()
    }

    fn stage(&mut self, page: &Page) -> Result<(), SiteError> {
        self.writer.stage(&page.path, &page.bytes)?;
        self.staged.insert(page.path.clone());
        Ok(())
    }

    fn column_of(&self, id: &str) -> Option<&Column> {
        self.frame.columns.iter().find(|c| c.id == id).copied()
    }

    fn item(&mut self, change: &Changed) -> Result<(), SiteError> {
        let desk = self.desk;
        if let Some(article) = desk.live_article(change.item)? {
            self.touch_lists(change, &article.columns)?;
            return self.article(&article);
        }
        self.touch_lists(change, &[])?;
        let Some(ended) = desk.ended_article(change.item)? else {
            return Ok(());
        };
        self.numbers.insert(ended.number.clone());
        if ended.expired {
            return Ok(());
        }
        let columns: Vec<Column> = ended
            .columns
            .iter()
            .filter_map(|c| self.column_of(c).cloned())
            .collect();
        let page = ArticlePage {
            title: ended.title.clone().unwrap_or_default(),
            withdrawn: Some(Withdrawn {
                at: instant(ended.at)?,
                reason: ended.reason.clone().unwrap_or_default(),
                hide_title: ended.title.is_none(),
            }),
            ..blank(&ended.number, instant(ended.first_live_at)?)
        };
        self.pages_of(&page, &columns)
    }

    /// The lists an item stands in or stood in.
    fn touch_lists(&mut self, change: &Changed, now: &[String]) -> Result<(), SiteError> {
        if self.full {
            return Ok(()); // all of them anyway
        }
        let before = self.desk.columns_until(change.item, self.done)?;
        let since = self.desk.columns_until(change.item, u64::MAX)?;
        for id in before.iter().chain(&since).chain(now) {
            if self.column_of(id).is_none() {
                continue;
            }
            let place = if change.corrected_only && before.contains(id) && now.contains(id) {
                self.desk.live_place(id, change.item)?
            } else {
                None
            };
            let lists = self
                .lists
                .entry(id.clone())
                .or_insert_with(|| Lists::Around(BTreeSet::new()));
            match (place, lists) {
                (Some(place), Lists::Around(places)) => {
                    places.insert(place);
                }
                (None, lists) => *lists = Lists::All,
                (Some(_), Lists::All) => {}
            }
        }
        Ok(())
    }

    fn article(&mut self, article: &LiveArticle) -> Result<(), SiteError> {
        self.numbers.insert(article.number.clone());
        let columns: Vec<Column> = article
            .columns
            .iter()
            .filter_map(|c| self.column_of(c).cloned())
            .collect();
        let Some(home) = columns.first() else {
            return Ok(()); // gone from this site
        };
        let page = article_page(article)?;
        for (index, file) in attachment_files(&home.slug, &page)?.iter().enumerate() {
            let bytes = self.desk.live_attachment(article, index)?;
            self.writer.stage(&file.path, &bytes)?;
            self.staged.insert(file.path.clone());
        }
        self.pages_of(&page, &columns)
    }

    /// The page of an article in each of its columns on this site.
    fn pages_of(&mut self, page: &ArticlePage, columns: &[Column]) -> Result<(), SiteError> {
        let Some(home) = columns.first() else {
            return Ok(());
        };
        for column in columns {
            let mut page = page.clone();
            page.also_in = columns
                .iter()
                .filter(|c| c.id != column.id)
                .map(link)
                .collect();
            let page = self.renderer.article(
                &self.frame.page,
                &self.frame.column(column),
                &home.slug,
                &page,
            )?;
            self.stage(&page)?;
        }
        Ok(())
    }

    fn whole_list(&mut self, column: &Column) -> Result<(), SiteError> {
        let total = self.desk.live_count(&column.id)? as usize;
        let mut after = None;
        for number in 1..=page_count(total) {
            after = self.list_page(column, number, total, after, 0)?;
        }
        Ok(())
    }

    /// The pages on which corrected articles stand.
    fn list_pages(&mut self, column: &Column, places: &BTreeSet<Place>) -> Result<(), SiteError> {
        let total = self.desk.live_count(&column.id)? as usize;
        let mut numbers = BTreeSet::new();
        for place in places {
            numbers.insert(self.desk.live_before(&column.id, *place)? as usize / PER_PAGE + 1);
        }
        for number in numbers {
            let skip = ((number - 1) * PER_PAGE) as u64;
            self.list_page(column, number, total, None, skip)?;
        }
        Ok(())
    }

    fn list_page(
        &mut self,
        column: &Column,
        number: usize,
        total: usize,
        after: Option<Place>,
        skip: u64,
    ) -> Result<Option<Place>, SiteError> {
        let lines = self
            .desk
            .live_in_column(&column.id, after, skip, PER_PAGE as u32)?;
        let last = lines.last().map(|l| l.place);
        let lines = article_lines(column, lines)?;
        let page = self.renderer.column(
            &self.frame.page,
            &self.frame.column(column),
            number,
            total,
            &lines,
        )?;
        self.stage(&page)?;
        Ok(last)
    }

    fn front(&mut self) -> Result<(), SiteError> {
        let frame = self.frame;
        let mut sections = Vec::new();
        for column in &frame.columns {
            let lines = self.desk.live_in_column(&column.id, None, 0, ON_FRONT)?;
            // A column without articles is reached by the navigation.
            if !lines.is_empty() {
                sections.push(HomeSection {
                    column: link(column),
                    articles: article_lines(column, lines)?,
                });
            }
        }
        let page = self.renderer.home(&frame.page, &sections)?;
        self.stage(&page)
    }

    /// What was there and has no reason any more: pages in columns an article left, attachments that
    /// were replaced, the last pages of a list that became shorter.
    fn remove_the_rest(self) -> Result<(), SiteError> {
        let whole: HashSet<&str> = self
            .frame
            .columns
            .iter()
            .filter(|c| matches!(self.lists.get(&c.id), Some(Lists::All)))
            .map(|c| c.slug.as_str())
            .collect();
        let gone: Vec<SitePath> = self
            .writer
            .paths()
            .filter(|path| !self.staged.contains(*path))
            .filter(|path| {
                if self.full {
                    return true;
                }
                let names: Vec<&str> = path.names().collect();
                match names.as_slice() {
                    [slug, file] if file.starts_with("index") => whole.contains(slug),
                    [_, file] => file
                        .strip_suffix(".html")
                        .is_some_and(|number| self.numbers.contains(number)),
                    [_, number, _] => self.numbers.contains(*number),
                    _ => false,
                }
            })
            .cloned()
            .collect();
        for path in gone {
            self.writer.remove(&path)?;
        }
        Ok(())
    }
}

fn instant(at: i64) -> Result<Timestamp, SiteError> {
    Timestamp::from_microsecond(at)
        .map_err(|_| DeskError::from(crate::store::StoreError::Damaged("instant".into())).into())
}

fn article_lines(
    column: &Column,
    lines: Vec<crate::desk::live::LiveLine>,
) -> Result<Vec<ArticleLine>, SiteError> {
    lines
        .into_iter()
        .map(|line| {
            Ok(ArticleLine {
                published_at: instant(line.place.live_at)?,
                number: line.number,
                title: line.title,
                column: column.slug.clone(),
            })
        })
        .collect()
}

fn blank(number: &str, published_at: Timestamp) -> ArticlePage {
    ArticlePage {
        number: number.to_owned(),
        title: String::new(),
        doc_number: None,
        written_on: None,
        issuer: None,
        source: String::new(),
        source_url: None,
        index_number: None,
        validity: None,
        author: None,
        keywords: Vec::new(),
        summary: None,
        body: String::new(),
        attachments: Vec::new(),
        related: Vec::new(),
        published_at,
        corrections: Vec::new(),
        withdrawn: None,
        also_in: Vec::new(),
    }
}

fn article_page(article: &LiveArticle) -> Result<ArticlePage, SiteError> {
    let fields = &article.content.fields;
    let some = |value: &str| (!value.trim().is_empty()).then(|| value.to_owned());
    let attachments = article
        .content
        .attachments
        .iter()
        .zip(&article.attachment_lens)
        .map(|(file, len)| Attachment {
            name: file.name.clone(),
            len: *len,
            content_id: file.id.map(|id| id.to_string()).unwrap_or_default(),
        })
        .collect();
    let corrections = article
        .corrections
        .iter()
        .map(|(at, note)| {
            Ok(Correction {
                at: instant(*at)?,
                note: note.clone(),
            })
        })
        .collect::<Result<_, SiteError>>()?;
    Ok(ArticlePage {
        title: fields.title.clone(),
        doc_number: some(&fields.doc_number),
        written_on: fields.written_on.parse().ok(),
        issuer: some(&fields.issuer),
        source: fields.source.clone(),
        source_url: some(&fields.source_url),
        index_number: some(&fields.index_number),
        validity: some(&fields.validity),
        author: some(&fields.signature),
        keywords: fields
            .keywords
            .split([';', '；', ',', '，', '、', ' '])
            .map(str::trim)
            .filter(|k| !k.is_empty())
            .map(ToOwned::to_owned)
            .collect(),
        summary: some(&fields.summary),
        body: article.content.text.clone(),
        attachments,
        corrections,
        ..blank(&article.number, instant(article.first_live_at)?)
    })
}
