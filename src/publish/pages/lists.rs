//! Pages that lead to articles: front page, columns, archive, map, search, and the page for
//! addresses that lead nowhere.

use minijinja::{Value, context};
use serde::Serialize;

use super::PageError;
use super::model::{
    ArticleLine, ColumnPage, HomeSection, MapNode, Month, MonthCount, SearchEntry, SitePage,
};
use super::path::{SitePath, percent};
use super::render::{
    FRONT, NOT_FOUND, PER_PAGE, Page, Renderer, SEARCH_SCRIPT, article_path, block_name, blocks,
    column_context, column_href, lines, site_context,
};
use crate::report::when;

/// Articles on one page of a month.
pub const PER_MONTH_PAGE: usize = 100;

impl Renderer {
    /// The front page, `/index.html`.
    pub fn home(&self, site: &SitePage, sections: &[HomeSection]) -> Result<Page, PageError> {
        let path = SitePath::new("index.html")?;
        let mut shown = Vec::with_capacity(sections.len());
        for section in sections {
            shown.push(context! {
                name => section.column.name.as_str(),
                href => column_href(&section.column.slug)?,
                articles => lines(site, &section.articles)?,
            });
        }
        self.render(
            "home.html",
            path.clone(),
            context! { sections => shown, here => "home", ..site_context(site, &path)? },
        )
    }

    /// The newest articles of a column, newest first: what [`blocks`] leaves. `total` counts those of
    /// the whole column.
    pub fn column(
        &self,
        site: &SitePage,
        column: &ColumnPage,
        total: usize,
        articles: &[ArticleLine],
    ) -> Result<Page, PageError> {
        let older = match blocks(total) {
            0 => Value::from(()),
            last => Value::from(block_name(last)),
        };
        let oldest = context! { total, older, oldest => block_name(1) };
        self.list(site, column, FRONT, articles, oldest)
    }

    /// The full page `number` (from 1, the oldest) of a column that has `blocks` of them: its articles
    /// newest first. Nothing on it depends on what came later, but for the last one, which leads to the
    /// front of the column.
    pub fn column_block(
        &self,
        site: &SitePage,
        column: &ColumnPage,
        number: usize,
        blocks: usize,
        articles: &[ArticleLine],
    ) -> Result<Page, PageError> {
        let day = |line: Option<&ArticleLine>| {
            line.map(|l| site.zone.to_datetime(l.published_at).date().to_string())
        };
        let newer = if number < blocks {
            block_name(number + 1)
        } else {
            FRONT.to_owned()
        };
        let older = match number {
            0 | 1 => Value::from(()),
            n => Value::from(block_name(n - 1)),
        };
        let place = context! {
            number,
            newer,
            older,
            oldest => block_name(1),
            from => day(articles.last()),
            to => day(articles.first()),
        };
        self.list(site, column, &block_name(number), articles, place)
    }

    fn list(
        &self,
        site: &SitePage,
        column: &ColumnPage,
        file: &str,
        articles: &[ArticleLine],
        place: Value,
    ) -> Result<Page, PageError> {
        let path = SitePath::new(format!("{}/{file}", column.slug))?;
        self.render(
            "column.html",
            path.clone(),
            context! {
                column => column_context(column)?,
                articles => lines(site, articles)?,
                here => column_href(&column.slug)?,
                ..context! {
                    ..place,
                    ..context! {
                        // A place says what it has; the rest is not there.
                        ..context! { number => (), total => (), newer => (), from => (), to => () },
                        ..site_context(site, &path)?
                    }
                }
            },
        )
    }

    /// All pages of a column whose lines (newest first) fit in memory, the front first.
    pub fn column_pages(
        &self,
        site: &SitePage,
        column: &ColumnPage,
        articles: &[ArticleLine],
    ) -> Result<Vec<Page>, PageError> {
        let blocks = blocks(articles.len());
        let (newest, older) = articles.split_at(articles.len() - blocks * PER_PAGE);
        let mut pages = vec![self.column(site, column, articles.len(), newest)?];
        for (n, chunk) in older.chunks(PER_PAGE).enumerate() {
            pages.push(self.column_block(site, column, blocks - n, blocks, chunk)?);
        }
        Ok(pages)
    }

    /// The front page of the archive and one page a year. `months` newest first.
    pub fn archive(&self, site: &SitePage, months: &[MonthCount]) -> Result<Vec<Page>, PageError> {
        let mut years: Vec<(i16, Vec<Value>)> = Vec::new();
        for count in months {
            let shown = month_context(site, count)?;
            match years.last_mut() {
                Some((year, list)) if *year == count.month.year => list.push(shown),
                _ => years.push((count.month.year, vec![shown])),
            }
        }
        let dir = &site.places.archive;
        let group = |(year, months): &(i16, Vec<Value>)| {
            context! {
                year => year,
                href => format!("{}/{year:04}/index.html", percent(dir)),
                months => months,
            }
        };
        let page = |path: SitePath, year: Value, years: Vec<Value>| {
            self.render(
                "archive.html",
                path.clone(),
                context! { year, years, ..site_context(site, &path)? },
            )
        };
        let mut pages = vec![page(
            SitePath::new(format!("{dir}/index.html"))?,
            Value::from(()),
            years.iter().map(group).collect(),
        )?];
        for year in &years {
            pages.push(page(
                SitePath::new(format!("{dir}/{:04}/index.html", year.0))?,
                Value::from(year.0),
                vec![group(year)],
            )?);
        }
        Ok(pages)
    }

    /// The pages of one month, oldest article first: what is there stays where it is.
    pub fn archive_month(
        &self,
        site: &SitePage,
        month: Month,
        articles: &[ArticleLine],
    ) -> Result<Vec<Page>, PageError> {
        let pages = articles.len().div_ceil(PER_MONTH_PAGE);
        articles
            .chunks(PER_MONTH_PAGE)
            .enumerate()
            .map(|(n, chunk)| {
                let path = month_path(site, month, n + 1)?;
                self.render(
                    "month.html",
                    path.clone(),
                    context! {
                        year => month.year,
                        month => month.month,
                        articles => lines(site, chunk)?,
                        total => articles.len(),
                        ..context! {
                            ..pages_of(n + 1, pages, &|n| month_file(month, n)),
                            ..site_context(site, &path)?
                        }
                    },
                )
            })
            .collect()
    }

    /// The map of the site for readers, `/map.html`.
    pub fn map(&self, site: &SitePage, tree: &[MapNode]) -> Result<Page, PageError> {
        let path = SitePath::new("map.html")?;
        let tree = tree.iter().map(node).collect::<Result<Vec<_>, _>>()?;
        self.render(
            "map.html",
            path.clone(),
            context! { tree, ..site_context(site, &path)? },
        )
    }

    /// The page a web server shows for addresses that lead nowhere, `/404.html`. Its links begin at
    /// the root of the domain, because nobody knows from where it is read.
    pub fn not_found(&self, site: &SitePage) -> Result<Page, PageError> {
        let path = SitePath::new(NOT_FOUND)?;
        self.render("404.html", path.clone(), site_context(site, &path)?)
    }

    /// The search page with its script and the list of its index files. `months` newest first.
    pub fn search(&self, site: &SitePage, months: &[MonthCount]) -> Result<Vec<Page>, PageError> {
        #[derive(Serialize)]
        struct File {
            file: String,
            count: usize,
        }
        #[derive(Serialize)]
        struct Index {
            version: u8,
            months: Vec<File>,
        }
        let dir = &site.places.search;
        let path = SitePath::new(format!("{dir}/index.html"))?;
        let shown = months
            .iter()
            .map(|m| month_context(site, m))
            .collect::<Result<Vec<_>, _>>()?;
        let page = self.render(
            "search.html",
            path.clone(),
            context! { months => shown, here => "search", ..site_context(site, &path)? },
        )?;
        let index = Index {
            version: 1,
            months: months
                .iter()
                .map(|m| File {
                    file: shard_file(m.month),
                    count: m.count,
                })
                .collect(),
        };
        Ok(vec![
            page,
            Page {
                path: SitePath::new(format!("{dir}/search.js"))?,
                bytes: SEARCH_SCRIPT.as_bytes().to_vec(),
            },
            Page {
                path: SitePath::new(format!("{dir}/index.json"))?,
                bytes: json(&index)?,
            },
        ])
    }

    /// The index of one month for the search page.
    pub fn search_shard(
        &self,
        site: &SitePage,
        month: Month,
        entries: &[SearchEntry],
    ) -> Result<Page, PageError> {
        #[derive(Serialize)]
        struct Line<'a> {
            href: String,
            title: &'a str,
            date: String,
            column: &'a str,
            number: &'a str,
            keywords: &'a str,
            summary: &'a str,
        }
        let mut shown = Vec::with_capacity(entries.len());
        for entry in entries {
            let at = when::minute(entry.line.published_at, &site.zone);
            shown.push(Line {
                href: article_path(&entry.line.column, &entry.line.number)?.href(),
                title: &entry.line.title,
                date: at.split(' ').next().unwrap_or_default().to_owned(),
                column: &entry.column,
                number: &entry.doc_number,
                keywords: &entry.keywords,
                summary: &entry.summary,
            });
        }
        Ok(Page {
            path: SitePath::new(format!("{}/{}", site.places.search, shard_file(month)))?,
            bytes: json(&shown)?,
        })
    }
}

/// The files a month of the archive may consist of.
pub fn month_path(site: &SitePage, month: Month, number: usize) -> Result<SitePath, PageError> {
    SitePath::new(format!(
        "{}/{:04}/{}",
        site.places.archive,
        month.year,
        month_file(month, number)
    ))
}

fn month_file(month: Month, number: usize) -> String {
    match number {
        0 | 1 => format!("{:02}.html", month.month),
        n => format!("{:02}_{n}.html", month.month),
    }
}

fn shard_file(month: Month) -> String {
    format!("{:04}-{:02}.json", month.year, month.month)
}

/// Where page `number` of `pages` stands between its neighbours.
fn pages_of(number: usize, pages: usize, name: &dyn Fn(usize) -> String) -> Value {
    let link = |to: usize| {
        if (1..=pages).contains(&to) {
            Value::from(name(to))
        } else {
            Value::from(())
        }
    };
    context! {
        page => number,
        pages,
        first => link(1),
        previous => link(number.saturating_sub(1)),
        next => link(number + 1),
        last => link(pages),
    }
}

fn month_context(site: &SitePage, count: &MonthCount) -> Result<Value, PageError> {
    Ok(context! {
        year => count.month.year,
        month => count.month.month,
        count => count.count,
        href => month_path(site, count.month, 1)?.href(),
    })
}

fn node(node: &MapNode) -> Result<Value, PageError> {
    Ok(context! {
        name => node.column.name.as_str(),
        href => column_href(&node.column.slug)?,
        description => node.description.as_str(),
        below => node.below.iter().map(self::node).collect::<Result<Vec<_>, _>>()?,
    })
}

/// Compact JSON; without a `<`, so that it stays data even where it is taken for a page.
pub(super) fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, PageError> {
    let text =
        crate::report::write::json_line(value).map_err(|e| PageError::Data(e.to_string()))?;
    let mut text = text.replace('<', "\\u003c");
    text.push('\n');
    Ok(text.into_bytes())
}
