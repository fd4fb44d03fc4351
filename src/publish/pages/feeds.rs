//! What programs read: Atom, JSON Feed, the site map for search engines, robots.txt.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Serialize;

use super::PageError;
use super::lists::json;
use super::model::{ColumnPage, FeedEntry, MapUrl, Month, SitePage};
use super::path::SitePath;
use super::render::{Page, Renderer, address, article_path, or};
use crate::report::{html, when};

/// Entries of a feed.
pub const FEED_ENTRIES: usize = 20;
/// Addresses in one part of the site map; the protocol allows 50,000 and 50 MB, and an address is
/// at most a few hundred bytes.
pub const MAP_URLS: usize = 40_000;

impl Renderer {
    /// Atom and JSON Feed of the site, or of one of its columns. Newest first; no more than
    /// [`FEED_ENTRIES`]. A feed changed when its newest entry did: no clock is asked.
    pub fn feeds(
        &self,
        site: &SitePage,
        column: Option<&ColumnPage>,
        entries: &[FeedEntry],
    ) -> Result<[Page; 2], PageError> {
        let dir = column.map_or_else(String::new, |c| format!("{}/", c.slug));
        let atom = SitePath::new(format!("{dir}feed.xml"))?;
        let feed = SitePath::new(format!("{dir}feed.json"))?;
        let home = SitePath::new(format!("{dir}index.html"))?;
        let title = match column {
            Some(column) => format!("{} - {}", column.name, site.name),
            None => site.name.clone(),
        };
        let shown: Vec<Shown<'_>> = entries
            .iter()
            .map(|entry| Shown::of(site, entry))
            .collect::<Result<_, _>>()?;
        let about = About {
            title: &title,
            home: address(site, &home),
            atom: address(site, &atom),
            feed: address(site, &feed),
            column: column.map_or("", |c| &c.slug),
        };
        Ok([
            Page {
                path: atom,
                bytes: atom_text(site, &about, &shown).into_bytes(),
            },
            Page {
                path: feed,
                bytes: json_feed(site, &about, &shown)?,
            },
        ])
    }

    /// The parts of the site map for one month, `/sitemap/2026-11.xml`, `…-2.xml`, …
    pub fn sitemap_month(
        &self,
        site: &SitePage,
        month: Month,
        urls: &[MapUrl],
    ) -> Result<Vec<Page>, PageError> {
        urls.chunks(MAP_URLS)
            .enumerate()
            .map(|(n, chunk)| sitemap(site, &month_part(month, n + 1), chunk))
            .collect()
    }

    /// The part with the lists, and the index over all parts, `/sitemap.xml`. Always an index, so
    /// that a new article changes one month and not a file with every address of the site.
    pub fn sitemap_index(
        &self,
        site: &SitePage,
        lists: &[MapUrl],
        months: &[(Month, usize)],
    ) -> Result<[Page; 2], PageError> {
        let mut names = vec!["pages".to_owned()];
        for (month, count) in months {
            names.extend((1..=count.div_ceil(MAP_URLS)).map(|n| month_part(*month, n)));
        }
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        for name in names {
            let at = address(site, &part_path(site, &name)?);
            let _ = writeln!(out, "<sitemap><loc>{}</loc></sitemap>", xml(&at));
        }
        out.push_str("</sitemapindex>\n");
        Ok([
            sitemap(site, "pages", lists)?,
            Page {
                path: SitePath::new("sitemap.xml")?,
                bytes: out.into_bytes(),
            },
        ])
    }

    /// `/robots.txt`: all may read all, and where the site map is.
    pub fn robots(&self, site: &SitePage) -> Result<Page, PageError> {
        let map = address(site, &SitePath::new("sitemap.xml")?);
        let map: String = map
            .chars()
            .filter(|c| !c.is_control() && !c.is_whitespace())
            .collect();
        Ok(Page {
            path: SitePath::new("robots.txt")?,
            bytes: format!("User-agent: *\nAllow: /\nSitemap: {map}\n").into_bytes(),
        })
    }
}

struct About<'a> {
    title: &'a str,
    home: String,
    atom: String,
    feed: String,
    column: &'a str,
}

/// An entry as both feeds show it.
struct Shown<'a> {
    id: String,
    url: String,
    title: &'a str,
    summary: &'a str,
    author: &'a str,
    published: String,
    updated: String,
    updated_at: Timestamp,
}

impl<'a> Shown<'a> {
    fn of(site: &'a SitePage, entry: &'a FeedEntry) -> Result<Self, PageError> {
        let line = &entry.line;
        let first = when::machine(line.published_at, &site.zone);
        let day = first.split('T').next().unwrap_or_default();
        Ok(Shown {
            // A number names the article wherever its page moves.
            id: format!("tag:{},{day}:{}", host(&site.domain), line.number),
            url: address(site, &article_path(&line.column, &line.number)?),
            title: &line.title,
            summary: or(&entry.summary, &line.title),
            author: or(&entry.author, &site.host_unit),
            published: first.clone(),
            updated: when::machine(entry.updated_at, &site.zone),
            updated_at: entry.updated_at,
        })
    }
}

fn atom_text(site: &SitePage, about: &About<'_>, entries: &[Shown<'_>]) -> String {
    let updated = entries
        .iter()
        .max_by_key(|e| e.updated_at)
        .map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |e| e.updated.clone());
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <id>tag:{},2015:feed:{}</id>\n<title>{}</title>\n<updated>{updated}</updated>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n\
         <author><name>{}</name></author>\n",
        xml(&site.lang),
        xml(&host(&site.domain)),
        xml(about.column),
        xml(about.title),
        xml(&about.atom),
        xml(&about.home),
        xml(&site.host_unit),
    );
    for e in entries {
        let _ = write!(
            out,
            "<entry>\n<id>{}</id>\n<title>{}</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n\
             <published>{}</published>\n<updated>{}</updated>\n<author><name>{}</name></author>\n\
             <summary>{}</summary>\n</entry>\n",
            xml(&e.id),
            xml(e.title),
            xml(&e.url),
            e.published,
            e.updated,
            xml(e.author),
            xml(e.summary),
        );
    }
    out.push_str("</feed>\n");
    out
}

fn json_feed(
    site: &SitePage,
    about: &About<'_>,
    entries: &[Shown<'_>],
) -> Result<Vec<u8>, PageError> {
    #[derive(Serialize)]
    struct Author<'a> {
        name: &'a str,
    }
    #[derive(Serialize)]
    struct Item<'a> {
        id: &'a str,
        url: &'a str,
        title: &'a str,
        content_text: &'a str,
        date_published: &'a str,
        date_modified: &'a str,
        authors: [Author<'a>; 1],
    }
    #[derive(Serialize)]
    struct Feed<'a> {
        version: &'a str,
        title: &'a str,
        home_page_url: &'a str,
        feed_url: &'a str,
        language: &'a str,
        authors: [Author<'a>; 1],
        items: Vec<Item<'a>>,
    }
    json(&Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: about.title,
        home_page_url: &about.home,
        feed_url: &about.feed,
        language: &site.lang,
        authors: [Author {
            name: &site.host_unit,
        }],
        items: entries
            .iter()
            .map(|e| Item {
                id: &e.id,
                url: &e.url,
                title: e.title,
                content_text: e.summary,
                date_published: &e.published,
                date_modified: &e.updated,
                authors: [Author { name: e.author }],
            })
            .collect(),
    })
}

fn sitemap(site: &SitePage, name: &str, urls: &[MapUrl]) -> Result<Page, PageError> {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for url in urls {
        let _ = write!(out, "<url><loc>{}</loc>", xml(&address(site, &url.path)));
        if let Some(at) = url.changed_at {
            let _ = write!(out, "<lastmod>{}</lastmod>", when::machine(at, &site.zone));
        }
        out.push_str("</url>\n");
    }
    out.push_str("</urlset>\n");
    Ok(Page {
        path: part_path(site, name)?,
        bytes: out.into_bytes(),
    })
}

fn part_path(site: &SitePage, name: &str) -> Result<SitePath, PageError> {
    SitePath::new(format!("{}/{name}.xml", site.places.sitemap))
}

fn month_part(month: Month, number: usize) -> String {
    match number {
        0 | 1 => format!("{:04}-{:02}", month.year, month.month),
        n => format!("{:04}-{:02}-{n}", month.year, month.month),
    }
}

/// The host of a domain that may have been written with a scheme or a path.
fn host(domain: &str) -> String {
    let rest = domain.split_once("://").map_or(domain, |(_, rest)| rest);
    rest.split('/')
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect()
}

/// Text for XML. What may not stand in XML at all, escaped or not, is shown as a mark.
fn xml(text: &str) -> String {
    html::escaped(text)
        .chars()
        .map(|c| match c {
            '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            c => c,
        })
        .collect()
}
