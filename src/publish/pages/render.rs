//! View structs to pages.
//!
//! The templates are inside the binary and can be replaced by name. They are the one place
//! outside the message catalogue that holds Chinese: the public site speaks Chinese whatever
//! language its editors have chosen for the console.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Environment, Value, context};

use super::body::{self, Reference};
use super::model::{ArticleLine, ArticlePage, ColumnLink, ColumnPage, Link, SitePage};
use super::path::{self, SitePath};
use super::{PageError, safe_names};
use crate::report::{html, inert, when};

/// Articles on one page of a column.
pub const PER_PAGE: usize = 20;

/// The page for addresses that lead nowhere.
pub const NOT_FOUND: &str = "404.html";

/// The style sheet's path on every site.
const STYLE: &str = "style.css";

/// Steps one page may take: a hundred times what the largest of our own takes, so that a loop in a
/// replaced template ends with a message and not with a runner that hangs.
const FUEL: u64 = 20_000_000;

/// Templates and style of the house by name: what a site may replace.
pub const BUILT_IN: [(&str, &str); 10] = [
    ("base.html", include_str!("templates/base.html")),
    ("list.html", include_str!("templates/list.html")),
    ("home.html", include_str!("templates/home.html")),
    ("column.html", include_str!("templates/column.html")),
    ("article.html", include_str!("templates/article.html")),
    ("archive.html", include_str!("templates/archive.html")),
    ("month.html", include_str!("templates/month.html")),
    ("map.html", include_str!("templates/map.html")),
    ("search.html", include_str!("templates/search.html")),
    ("404.html", include_str!("templates/404.html")),
];

/// The house's style sheet.
pub const BUILT_IN_STYLE: &str = include_str!("templates/style.css");
/// The sign a browser shows beside the title.
const ICON: &str = include_str!("templates/icon.svg");
/// The only script there is: search works without a server.
pub const SEARCH_SCRIPT: &str = include_str!("templates/search.js");

/// A file of the site, ready for the writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it goes.
    pub path: SitePath,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Where the bytes of an attachment go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentFile {
    /// Which bytes.
    pub content_id: String,
    /// Where.
    pub path: SitePath,
}

/// Makes pages. Holds the compiled templates, so that it pays to keep one for a whole release.
pub struct Renderer {
    templates: Environment<'static>,
    style: String,
    /// What the site replaced, and the directory it lies in, for messages.
    replaced: (String, BTreeSet<String>),
}

impl Renderer {
    /// The templates of the house.
    pub fn new() -> Result<Self, PageError> {
        Self::with_overrides(&BTreeMap::new())
    }

    /// The templates of the house, some of them replaced by name (see [`BUILT_IN`]; the style
    /// sheet is `style.css`). A template that does not compile is refused here, not in the middle
    /// of a release. What a template can do is bounded: it reads no file, reaches no network, and
    /// a loop without end is cut off.
    pub fn with_overrides(overrides: &BTreeMap<String, String>) -> Result<Self, PageError> {
        Self::replaced("", overrides)
    }

    /// The same for overrides that were read from a directory, which messages then name.
    pub fn replaced(dir: &str, overrides: &BTreeMap<String, String>) -> Result<Self, PageError> {
        let mut templates = html::environment();
        templates.set_fuel(Some(FUEL));
        let style = overrides
            .get(STYLE)
            .map_or(BUILT_IN_STYLE, String::as_str)
            .to_owned();
        let mut renderer = Self {
            templates: Environment::empty(),
            style,
            replaced: (dir.to_owned(), overrides.keys().cloned().collect()),
        };
        for (name, source) in BUILT_IN {
            let source = overrides.get(name).map_or(source, String::as_str);
            templates
                .add_template_owned(name, source.to_owned())
                .map_err(|e| renderer.fault(e))?;
        }
        renderer.templates = templates;
        Ok(renderer)
    }

    /// A template's fault; in one of the site's own, with the file and the line.
    fn fault(&self, error: minijinja::Error) -> PageError {
        let (dir, names) = &self.replaced;
        match error.name() {
            Some(name) if !dir.is_empty() && names.contains(name) => PageError::Override {
                file: match error.line() {
                    Some(line) => format!("{dir}/{name}:{line}"),
                    None => format!("{dir}/{name}"),
                },
                cause: error.to_string(),
            },
            _ => error.into(),
        }
    }

    /// The style sheet all pages share.
    pub fn style(&self) -> Result<Page, PageError> {
        Ok(Page {
            path: SitePath::new(STYLE)?,
            bytes: self.style.clone().into_bytes(),
        })
    }

    /// The article's page in one of its columns. `home` is the column that owns the attachments
    /// and the canonical address; it is the same as `column` unless the article appears in
    /// several.
    pub fn article(
        &self,
        site: &SitePage,
        column: &ColumnPage,
        home: &str,
        article: &ArticlePage,
    ) -> Result<Page, PageError> {
        let path = article_path(&column.slug, &article.number)?;
        let canonical = article_path(home, &article.number)?;
        let files = attachment_files(home, article)?;
        let withdrawn = article.withdrawn.as_ref();
        let hide_title = withdrawn.is_some_and(|w| w.hide_title);
        let title = if hide_title {
            // The number still tells which piece it was.
            article.number.as_str()
        } else {
            article.title.as_str()
        };
        require("ArticleTitle", title)?;
        let source = or(&article.source, &site.host_unit);
        require("ContentSource", source)?;
        let text = |value: &Option<String>| -> Value {
            value
                .as_deref()
                .filter(|v| withdrawn.is_none() && !v.trim().is_empty())
                .map_or(Value::from(()), Value::from)
        };
        let (mut body, mut attachments, mut cover) = (String::new(), Vec::new(), None);
        if withdrawn.is_none() {
            let references: Vec<Reference> = article
                .attachments
                .iter()
                .zip(&files)
                .map(|(a, file)| Reference {
                    name: a.name.clone(),
                    href: format!("../{}", file.path.href()),
                    alt: a.alt.clone(),
                })
                .collect();
            body = body::to_html(&article.body, &references);
            cover = files
                .iter()
                .find(|file| is_picture(file.path.as_str()))
                .map(|file| address(site, &file.path));
            attachments = article
                .attachments
                .iter()
                .zip(&references)
                .map(|(a, r)| {
                    context! {
                        name => inert::line(&a.name),
                        href => r.href.as_str(),
                        size => size(a.len),
                    }
                })
                .collect();
        }
        let corrections: Vec<Value> = article
            .corrections
            .iter()
            // A note may quote what had to disappear.
            .filter(|_| withdrawn.is_none())
            .map(|c| {
                context! {
                    at => when::minute(c.at, &site.zone),
                    machine => when::machine(c.at, &site.zone),
                    note => c.note.as_str(),
                }
            })
            .collect();
        let related: Vec<Value> = article
            .related
            .iter()
            .filter(|r| withdrawn.is_none() && body::is_safe_link(&r.link.url))
            .map(|r| {
                context! {
                    relation => r.relation.as_str(),
                    title => inert::line(&r.link.name),
                    href => on_page("../", &r.link.url),
                }
            })
            .collect();
        let notice = withdrawn.map_or(Value::from(()), |w| {
            context! {
                at => when::minute(w.at, &site.zone),
                machine => when::machine(w.at, &site.zone),
                reason => w.reason.as_str(),
            }
        });
        let source_url = article
            .source_url
            .as_deref()
            .filter(|url| withdrawn.is_none() && body::is_safe_link(url))
            .map_or(Value::from(()), Value::from);
        let shown = context! {
            number => article.number.as_str(),
            title => inert::line(title),
            source,
            source_url,
            reprint => article.reprint && withdrawn.is_none(),
            cover,
            subtitle => text(&article.subtitle),
            topic => text(&article.topic),
            addressee => text(&article.addressee),
            corrected => article.corrections.last().filter(|_| withdrawn.is_none())
                .map(|c| when::machine(c.at, &site.zone)),
            published => when::minute(article.published_at, &site.zone),
            published_machine => when::machine(article.published_at, &site.zone),
            author => text(&article.author),
            keywords => if withdrawn.is_none() { article.keywords.join(";") } else { String::new() },
            summary => text(&article.summary),
            doc_number => text(&article.doc_number),
            issuer => text(&article.issuer),
            index_number => text(&article.index_number),
            validity => text(&article.validity),
            standing => article.standing.as_ref().filter(|_| withdrawn.is_none()).map(|s| {
                context! {
                    code => s.code.as_str(),
                    since => s.since.map(|d| d.to_string()),
                }
            }),
            written_on => article.written_on.filter(|_| withdrawn.is_none()).map(|d| d.to_string()),
            body => Value::from_safe_string(body),
            attachments,
            corrections,
            related,
            withdrawn => notice,
            also_in => links(&article.also_in)?,
        };
        let base = context! {
            canonical => address(site, &canonical),
            column => column_context(column)?,
            article => shown,
            here => column_href(&column.slug)?,
        };
        self.render(
            "article.html",
            path.clone(),
            context! { ..base, ..site_context(site, &path)? },
        )
    }

    /// The sign a browser shows beside the title, `/icon.svg`.
    pub fn icon(&self) -> Result<Page, PageError> {
        Ok(Page {
            path: SitePath::new("icon.svg")?,
            bytes: ICON.as_bytes().to_vec(),
        })
    }

    pub(super) fn render(
        &self,
        name: &str,
        path: SitePath,
        with: Value,
    ) -> Result<Page, PageError> {
        let text = self
            .templates
            .get_template(name)
            .and_then(|t| t.render(with))
            .map_err(|e| self.fault(e))?;
        Ok(Page {
            path,
            bytes: text.into_bytes(),
        })
    }
}

/// `/{column}/{number}.html`.
pub fn article_path(column: &str, number: &str) -> Result<SitePath, PageError> {
    one_name(column)?;
    one_name(number)?;
    SitePath::new(format!("{column}/{number}.html"))
}

/// Where the attachments of an article lie: `/{column}/{number}/{name}`. A withdrawn article
/// still has these paths: they are the ones to remove.
pub fn attachment_files(
    column: &str,
    article: &ArticlePage,
) -> Result<Vec<AttachmentFile>, PageError> {
    one_name(column)?;
    one_name(&article.number)?;
    safe_names(article.attachments.iter().map(|a| a.name.as_str()))
        .into_iter()
        .zip(&article.attachments)
        .map(|(name, attachment)| {
            Ok(AttachmentFile {
                content_id: attachment.content_id.clone(),
                path: SitePath::new(format!("{column}/{}/{name}", article.number))?,
            })
        })
        .collect()
}

/// The file of a column's page: `index.html`, `index_2.html`, …
pub fn page_name(number: usize) -> String {
    if number <= 1 {
        "index.html".to_owned()
    } else {
        format!("index_{number}.html")
    }
}

/// How many pages a column of `total` articles has; an empty one has its front page.
pub fn page_count(total: usize) -> usize {
    total.div_ceil(PER_PAGE).max(1)
}

/// Slugs and numbers are one name each: with a slash in it, a page would land elsewhere and its
/// relative links with it.
pub(super) fn one_name(name: &str) -> Result<(), PageError> {
    if name.contains('/') {
        return Err(PageError::BadPath(name.to_owned()));
    }
    SitePath::new(name).map(|_| ())
}

pub(super) fn require(tag: &'static str, value: &str) -> Result<(), PageError> {
    if value.trim().is_empty() {
        Err(PageError::Missing(tag))
    } else {
        Ok(())
    }
}

pub(super) fn or<'a>(first: &'a str, second: &'a str) -> &'a str {
    if first.trim().is_empty() {
        second
    } else {
        first
    }
}

/// The whole address of a page.
pub(super) fn address(site: &SitePage, path: &SitePath) -> String {
    let domain = site.domain.trim().trim_end_matches('/');
    let href = path.href();
    let href = href.strip_suffix("index.html").unwrap_or(&href);
    if domain.contains("://") {
        format!("{domain}/{href}")
    } else {
        format!("https://{domain}/{href}")
    }
}

/// An address given as a path on this site, made relative: sites are also served from below
/// somebody else's directory.
pub(super) fn on_page(root: &str, url: &str) -> String {
    match url.strip_prefix('/') {
        Some(path) => format!("{root}{path}"),
        None => url.to_owned(),
    }
}

pub(super) fn site_context(site: &SitePage, path: &SitePath) -> Result<Value, PageError> {
    require("SiteName", &site.name)?;
    require("SiteDomain", &site.domain)?;
    require("SiteIDCode", &site.site_id_code)?;
    // Whoever asks for a page that is not there may have asked from anywhere.
    let root = if path.as_str() == NOT_FOUND {
        "/".to_owned()
    } else {
        "../".repeat(path.names().count() - 1)
    };
    let outside = |link: &Link| {
        body::is_safe_link(&link.url).then(|| {
            context! { name => link.name.as_str(), url => on_page(&root, &link.url) }
        })
    };
    let undertaker = site.undertaker.as_deref().filter(|u| !u.trim().is_empty());
    Ok(context! {
        root => root.as_str(),
        canonical => address(site, path),
        style => STYLE,
        nav => links(&site.columns)?,
        here => "",
        places => context! {
            archive => format!("{}/index.html", path::percent(&site.places.archive)),
            search => format!("{}/index.html", path::percent(&site.places.search)),
        },
        site => context! {
            lang => site.lang.as_str(),
            parent_lang => site.parent_lang.as_str(),
            versions => site.versions.iter().filter(|v| body::is_safe_link(&v.link.url)).map(|v| {
                context! {
                    lang => v.lang.as_str(),
                    name => inert::line(&v.link.name),
                    url => on_page(&root, &v.link.url),
                }
            }).collect::<Vec<Value>>(),
            name => site.name.as_str(),
            domain => site.domain.as_str(),
            id_code => site.site_id_code.as_str(),
            host => site.host_unit.as_str(),
            undertaker => undertaker,
            icp => site.icp.as_str(),
            police => site.police_record.as_str(),
            contact => site.contact.as_str(),
            parent => site.parent.as_ref().and_then(outside),
            links => site.footer_links.iter().filter_map(outside).collect::<Vec<Value>>(),
        },
    })
}

pub(super) fn column_context(column: &ColumnPage) -> Result<Value, PageError> {
    require("ColumnName", &column.name)?;
    let kind = or(&column.kind, &column.family);
    require("ColumnType", kind)?;
    one_name(&column.slug)?;
    let keywords = column.keywords.join(";");
    let parent = match &column.parent {
        Some(parent) => context! {
            name => parent.name.as_str(),
            href => column_href(&parent.slug)?,
        },
        None => Value::from(()),
    };
    Ok(context! {
        name => column.name.as_str(),
        description => or(&column.description, &column.name),
        keywords => or(&keywords, &column.name),
        kind,
        family => column.family.as_str(),
        href => column_href(&column.slug)?,
        parent,
        below => links(&column.below)?,
    })
}

/// A column's front page, seen from the root of the site.
pub(super) fn column_href(slug: &str) -> Result<String, PageError> {
    one_name(slug)?;
    Ok(format!("{}/index.html", path::percent(slug)))
}

pub(super) fn links(columns: &[ColumnLink]) -> Result<Value, PageError> {
    let mut out = Vec::with_capacity(columns.len());
    for column in columns {
        out.push(context! {
            name => column.name.as_str(),
            href => column_href(&column.slug)?,
        });
    }
    Ok(out.into())
}

pub(super) fn lines(site: &SitePage, articles: &[ArticleLine]) -> Result<Value, PageError> {
    let mut out = Vec::with_capacity(articles.len());
    for line in articles {
        let at = when::minute(line.published_at, &site.zone);
        out.push(context! {
            title => inert::line(&line.title),
            href => article_path(&line.column, &line.number)?.href(),
            date => at.split(' ').next().unwrap_or_default(),
            machine => when::machine(line.published_at, &site.zone),
        });
    }
    Ok(out.into())
}

/// A length for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{:.1} KB", bytes as f64 / 1_024.0),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// Whether a file can stand for its article where it is shared.
fn is_picture(path: &str) -> bool {
    ["png", "jpg", "jpeg", "webp", "gif"]
        .iter()
        .any(|kind| path.rsplit_once('.').is_some_and(|(_, ext)| ext == *kind))
}
