//! The part of a release that orders all articles of a site: archive, search, map, site map.
//!
//! All of it is kept by month. What was published in a month stays in its files, so that a release
//! touches the months of what changed and a few short indexes, however large the site has become.

use std::collections::BTreeMap;

use super::frame::link;
use super::pages::{
    ArticleLine, FeedEntry, MapUrl, Month, MonthCount, SearchEntry, SitePath, lists, render,
};
use super::release::{Release, instant};
use super::site::SiteError;
use crate::desk::live::{LiveAddress, LiveEntry};
use crate::rules::org::Column;

impl<'r> Release<'r> {
    /// Stages the months that changed and the indexes over them.
    pub(super) fn shelves(&mut self) -> Result<(), SiteError> {
        let frame = self.frame;
        let columns: Vec<&str> = frame.columns.iter().map(|c| c.id.as_str()).collect();
        let mut counts: BTreeMap<Month, usize> = BTreeMap::new();
        for at in self.desk.live_instants(&columns)? {
            *counts.entry(frame.month(at)).or_default() += 1;
        }
        if self.full {
            self.months.extend(counts.keys());
        }
        for month in self.months.clone() {
            if counts.contains_key(&month) {
                self.month(&columns, month)?;
            }
        }
        let newest: Vec<MonthCount> = counts
            .iter()
            .rev()
            .map(|(month, count)| MonthCount {
                month: *month,
                count: *count,
            })
            .collect();
        let site = &frame.page;
        let mut pages = self.renderer.archive(site, &newest)?;
        pages.extend(self.renderer.search(site, &newest)?);
        pages.push(self.renderer.map(site, &frame.tree(None))?);
        pages.push(self.renderer.not_found(site)?);
        pages.push(self.renderer.robots(site)?);
        let per_month: Vec<(Month, usize)> = counts.into_iter().collect();
        pages.extend(
            self.renderer
                .sitemap_index(site, &self.list_urls(&newest)?, &per_month)?,
        );
        for page in &pages {
            self.stage(page)?;
        }
        Ok(())
    }

    /// Addresses of everything that is no article.
    fn list_urls(&self, months: &[MonthCount]) -> Result<Vec<MapUrl>, SiteError> {
        let site = &self.frame.page;
        let mut paths = vec![SitePath::new("index.html")?, SitePath::new("map.html")?];
        for dir in [&site.places.search, &site.places.archive] {
            paths.push(SitePath::new(format!("{dir}/index.html"))?);
        }
        for column in &self.frame.columns {
            paths.push(SitePath::new(format!("{}/index.html", column.slug))?);
        }
        for count in months {
            paths.push(lists::month_path(site, count.month, 1)?);
        }
        Ok(paths
            .into_iter()
            .map(|path| MapUrl {
                path,
                changed_at: None,
            })
            .collect())
    }

    fn month(&mut self, columns: &[&str], month: Month) -> Result<(), SiteError> {
        let frame = self.frame;
        let (from, to) = frame.span(month);
        let (mut lines, mut entries, mut urls) = (Vec::new(), Vec::new(), Vec::new());
        for address in self.desk.live_between(columns, from, to)? {
            let Some(home) = self.home_of(&address) else {
                continue;
            };
            urls.push(MapUrl {
                path: render::article_path(&home.slug, &address.number)?,
                changed_at: Some(instant(address.changed_at)?),
            });
            let entry = self.desk.live_entry(address)?;
            let line = line(&entry, home)?;
            lines.push(line.clone());
            entries.push(SearchEntry {
                line,
                column: home.name.clone(),
                doc_number: entry.fields.doc_number,
                keywords: entry.fields.keywords,
                summary: entry.fields.summary,
            });
        }
        // Those who search look for what is new.
        entries.reverse();
        let mut pages = self.renderer.archive_month(&frame.page, month, &lines)?;
        pages.push(self.renderer.search_shard(&frame.page, month, &entries)?);
        pages.extend(self.renderer.sitemap_month(&frame.page, month, &urls)?);
        for page in &pages {
            self.stage(page)?;
        }
        Ok(())
    }

    /// The newest entries of some columns, as feeds show them.
    pub(super) fn feed_entries(
        &self,
        columns: &[&str],
        limit: usize,
    ) -> Result<Vec<FeedEntry>, SiteError> {
        let mut list = Vec::new();
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        for address in self.desk.live_newest(columns, limit)? {
            let Some(home) = self.home_of(&address) else {
                continue;
            };
            let updated_at = instant(address.changed_at)?;
            let entry = self.desk.live_entry(address)?;
            list.push(FeedEntry {
                line: line(&entry, home)?,
                summary: entry.fields.summary,
                author: entry.fields.signature,
                updated_at,
            });
        }
        Ok(list)
    }

    /// The column of this site that owns an article's address.
    fn home_of(&self, address: &LiveAddress) -> Option<&'r Column> {
        address.columns.iter().find_map(|id| self.frame.column(id))
    }

    /// Whether a file of the shelves has no reason any more: it was not staged, though its month
    /// (or the whole index) was made anew.
    pub(super) fn is_old_shelf(&self, path: &SitePath) -> bool {
        let places = &self.frame.page.places;
        let touched = |text: &str| {
            self.months
                .iter()
                .any(|m| text.starts_with(&format!("{:04}-{:02}", m.year, m.month)))
        };
        let names: Vec<&str> = path.names().collect();
        match names.as_slice() {
            [dir, year, file] if *dir == places.archive => {
                *file == "index.html" || touched(&format!("{year}-{file}"))
            }
            [dir, file] if *dir == places.search || *dir == places.sitemap => touched(file),
            _ => false,
        }
    }
}

fn line(entry: &LiveEntry, home: &Column) -> Result<ArticleLine, SiteError> {
    Ok(ArticleLine {
        number: entry.number.clone(),
        title: entry.fields.title.clone(),
        column: link(home).slug,
        published_at: instant(entry.place.live_at)?,
    })
}
