//! One release of a site: which pages change, and what goes.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::Timestamp;

use super::frame::{self, Frame, link};
use super::pages::feeds::FEED_ENTRIES;
use super::pages::render::{attachment_files, page_count};
use super::pages::{
    ArticleLine, ArticlePage, Attachment, Correction, HomeSection, Link, Month, PER_PAGE, Page,
    Related, Renderer, SitePath, SiteWriter, Standing, Withdrawn,
};
use super::site::SiteError;
use crate::desk::live::{Changed, LiveArticle, LiveLine, Place, Reach};
use crate::desk::{Desk, DeskError};
use crate::rules::act::Origin;
use crate::rules::org::Column;
use crate::store::StoreError;

/// Articles of a column on the front page.
const ON_FRONT: u32 = 8;

/// Which pages of a column's list must be made.
enum Lists {
    All,
    Around(BTreeSet<Place>),
}

/// What is being staged.
pub(super) struct Release<'r> {
    pub(super) desk: &'r Desk,
    pub(super) frame: &'r Frame<'r>,
    writer: &'r mut SiteWriter,
    pub(super) renderer: Renderer,
    /// Publications up to here are in the directory.
    done: u64,
    pub(super) full: bool,
    staged: HashSet<SitePath>,
    /// By column id.
    lists: BTreeMap<String, Lists>,
    /// Months of the archive that changed.
    pub(super) months: BTreeSet<Month>,
    /// Numbers of the articles made anew, to find what they leave behind.
    numbers: HashSet<String>,
}

impl<'r> Release<'r> {
    /// Everything (`done` none), or what changed after an entry.
    pub(super) fn new(
        desk: &'r Desk,
        frame: &'r Frame<'r>,
        writer: &'r mut SiteWriter,
        done: Option<u64>,
    ) -> Result<Self, SiteError> {
        Ok(Release {
            desk,
            frame,
            writer,
            renderer: frame.templates.renderer()?,
            done: done.unwrap_or(0),
            full: done.is_none(),
            staged: HashSet::new(),
            lists: BTreeMap::new(),
            months: BTreeSet::new(),
            numbers: HashSet::new(),
        })
    }

    /// Stages the articles named, their lists and the front page, and removes what they leave
    /// behind.
    pub(super) fn stage_all(mut self, changed: &[Changed]) -> Result<(), SiteError> {
        self.stage(&Page {
            path: SitePath::new(frame::FILE)?,
            bytes: self.frame.bytes.clone(),
        })?;
        let style = self.renderer.style()?;
        self.stage(&style)?;
        let icon = self.renderer.icon()?;
        self.stage(&icon)?;
        for change in changed {
            self.item(change)?;
        }
        let frame = self.frame;
        for column in &frame.columns {
            match (self.full, self.lists.remove(&column.id)) {
                (true, _) | (false, Some(Lists::All)) => {
                    self.whole_list(column)?;
                    self.column_feeds(column)?;
                    self.lists.insert(column.id.clone(), Lists::All);
                }
                (false, Some(Lists::Around(places))) => {
                    self.list_pages(column, &places)?;
                    self.column_feeds(column)?;
                }
                (false, None) => {}
            }
        }
        self.shelves()?;
        self.front()?;
        self.remove_the_rest()
    }

    pub(super) fn stage(&mut self, page: &Page) -> Result<(), SiteError> {
        self.writer.stage(&page.path, &page.bytes)?;
        self.staged.insert(page.path.clone());
        Ok(())
    }

    fn item(&mut self, change: &Changed) -> Result<(), SiteError> {
        let desk = self.desk;
        if change.reach == Reach::Page && !self.full {
            // Its text, its place and every list are as they were; a notice names no partner.
            return match desk.live_article(change.item)? {
                Some(article) => self.article(&article),
                None => Ok(()),
            };
        }
        for at in desk.went_live_at(change.item)? {
            self.months.insert(self.frame.month(at));
        }
        if let Some(article) = desk.live_article(change.item)? {
            self.months.insert(self.frame.month(article.listed_at));
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
        let columns = self.places(&ended.columns);
        let page = ArticlePage {
            title: ended.title.clone().unwrap_or_default(),
            withdrawn: Some(Withdrawn {
                at: instant(ended.at)?,
                reason: ended.reason.clone().unwrap_or_default(),
                hide_title: ended.title.is_none(),
            }),
            ..blank(&ended.number, instant(ended.first_live_at)?)
        };
        self.pages_of(change.item, &page, &columns)
    }

    /// The lists an item stands in or stood in.
    fn touch_lists(&mut self, change: &Changed, now: &[String]) -> Result<(), SiteError> {
        if self.full {
            return Ok(()); // all of them anyway
        }
        let before = self.desk.columns_until(change.item, self.done)?;
        let since = self.desk.columns_until(change.item, u64::MAX)?;
        for id in before.iter().chain(&since).chain(now) {
            let Some(column) = self.frame.successor(id) else {
                continue;
            };
            let stays = |c: &String| self.frame.successor(c).is_some_and(|c| c.id == column.id);
            let kept =
                change.reach <= Reach::Text && before.iter().any(stays) && now.iter().any(stays);
            let place = if kept {
                self.desk.live_place(&column.id, change.item)?
            } else {
                None
            };
            let lists = self
                .lists
                .entry(column.id.clone())
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
        let columns = self.places(&article.columns);
        let Some(home) = columns.first() else {
            return Ok(()); // gone from this site
        };
        let mut page = article_page(article)?;
        page.related = self.related(article.item)?;
        page.standing = self.standing(article.item)?;
        for (index, file) in attachment_files(&home.slug, &page)?.iter().enumerate() {
            let bytes = self.desk.live_attachment(article, index)?;
            self.writer.stage(&file.path, &bytes)?;
            self.staged.insert(file.path.clone());
        }
        self.pages_of(article.item, &page, &columns)
    }

    /// The live pieces an article belongs together with (A6.3).
    fn related(&self, item: i64) -> Result<Vec<Related>, SiteError> {
        let mut list = Vec::new();
        for partner in self.desk.live_partners(item)? {
            let Some(url) = self.frame.page_of(&partner)? else {
                continue;
            };
            let relation = if partner.upward {
                "policy"
            } else {
                partner.relation.code()
            };
            list.push(Related {
                relation: relation.to_owned(),
                link: Link {
                    name: partner.title,
                    url,
                },
            });
        }
        Ok(list)
    }

    /// What was marked on a policy since it went live.
    fn standing(&self, item: i64) -> Result<Option<Standing>, SiteError> {
        let Some(marked) = self.desk.validity_of(item)? else {
            return Ok(None);
        };
        let since = match marked.since {
            Some(at) => Some(self.frame.page.zone.to_datetime(instant(at)?).date()),
            None => None,
        };
        Ok(Some(Standing {
            code: marked.validity.code().to_owned(),
            since,
        }))
    }

    /// The columns of this site among these, without repetition.
    fn places(&self, ids: &[String]) -> Vec<&'r Column> {
        let mut list: Vec<&Column> = Vec::new();
        for column in ids.iter().filter_map(|id| self.frame.successor(id)) {
            if !list.iter().any(|c| c.id == column.id) {
                list.push(column);
            }
        }
        list
    }

    /// The page of an article in each of its columns on this site, and where it stood in columns
    /// that have ended since.
    fn pages_of(
        &mut self,
        item: i64,
        page: &ArticlePage,
        columns: &[&'r Column],
    ) -> Result<(), SiteError> {
        let Some(home) = columns.first() else {
            return Ok(());
        };
        let mut addresses: Vec<(&Column, &str)> =
            columns.iter().map(|c| (*c, c.slug.as_str())).collect();
        if !self.frame.ended.is_empty() {
            let ever = self.desk.columns_until(item, u64::MAX)?;
            for (old, new) in &self.frame.ended {
                if ever.contains(&old.id) && columns.iter().any(|c| c.id == new.id) {
                    addresses.push((new, &old.slug));
                }
            }
        }
        for (column, slug) in addresses {
            let mut page = page.clone();
            page.also_in = columns
                .iter()
                .filter(|c| c.id != column.id)
                .map(|c| link(c))
                .collect();
            let page = self.renderer.article(
                &self.frame.page,
                &self.frame.column_page(column, slug),
                &home.slug,
                &page,
            )?;
            self.stage(&page)?;
        }
        Ok(())
    }

    /// The feeds of a column, also under the names of columns that went up in it: whoever reads
    /// them goes on reading.
    fn column_feeds(&mut self, column: &'r Column) -> Result<(), SiteError> {
        let entries = self.feed_entries(&[&column.id], FEED_ENTRIES)?;
        for slug in self.slugs(column) {
            let about = self.frame.column_page(column, slug);
            let pages = self
                .renderer
                .feeds(&self.frame.page, Some(&about), &entries)?;
            for page in &pages {
                self.stage(page)?;
            }
        }
        Ok(())
    }

    /// The directories in which the list of a column stands.
    fn slugs(&self, column: &'r Column) -> Vec<&'r str> {
        let old = self
            .frame
            .ended
            .iter()
            .filter(|(_, new)| new.id == column.id);
        std::iter::once(column.slug.as_str())
            .chain(old.map(|(old, _)| old.slug.as_str()))
            .collect()
    }

    fn whole_list(&mut self, column: &'r Column) -> Result<(), SiteError> {
        let total = self.desk.live_count(&column.id)? as usize;
        let mut after = None;
        for number in 1..=page_count(total) {
            after = self.list_page(column, number, total, after, 0)?;
        }
        Ok(())
    }

    /// The pages on which corrected articles stand.
    fn list_pages(
        &mut self,
        column: &'r Column,
        places: &BTreeSet<Place>,
    ) -> Result<(), SiteError> {
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
        column: &'r Column,
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
        for slug in self.slugs(column) {
            let page = self.renderer.column(
                &self.frame.page,
                &self.frame.column_page(column, slug),
                number,
                total,
                &lines,
            )?;
            self.stage(&page)?;
        }
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
        self.stage(&page)?;
        let all: Vec<&str> = frame.columns.iter().map(|c| c.id.as_str()).collect();
        let entries = self.feed_entries(&all, FEED_ENTRIES)?;
        for page in &self.renderer.feeds(&frame.page, None, &entries)? {
            self.stage(page)?;
        }
        Ok(())
    }

    /// What was there and has no reason any more: pages in columns an article left, attachments that
    /// were replaced, the last pages of a list that became shorter.
    fn remove_the_rest(self) -> Result<(), SiteError> {
        let whole: HashSet<&str> = self
            .frame
            .columns
            .iter()
            .filter(|c| matches!(self.lists.get(&c.id), Some(Lists::All)))
            .flat_map(|c| self.slugs(c))
            .collect();
        let gone: Vec<SitePath> = self
            .writer
            .paths()
            .filter(|path| !self.staged.contains(*path))
            .filter(|path| {
                if self.full || self.is_old_shelf(path) {
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

pub(super) fn instant(at: i64) -> Result<Timestamp, SiteError> {
    Timestamp::from_microsecond(at)
        .map_err(|_| DeskError::from(StoreError::Damaged("instant".into())).into())
}

fn article_lines(column: &Column, lines: Vec<LiveLine>) -> Result<Vec<ArticleLine>, SiteError> {
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
        subtitle: None,
        reprint: false,
        topic: None,
        addressee: None,
        doc_number: None,
        written_on: None,
        issuer: None,
        source: String::new(),
        source_url: None,
        index_number: None,
        validity: None,
        standing: None,
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
            alt: file.alt.clone(),
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
        subtitle: some(&fields.subtitle),
        reprint: article.content.shape.origin == Origin::Reprint,
        topic: some(&fields.topic),
        addressee: some(&fields.addressee),
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
