//! What a page needs to know: plain data, filled by whoever holds the store.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A name that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What the reader sees.
    pub name: String,
    /// Where it leads: an `http(s)` address or a path on this site.
    pub url: String,
}

/// A column as others point to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnLink {
    /// Directory of the column.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// A version of a site in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The language, as in the `lang` attribute.
    pub lang: String,
    /// Its name in that language, and where it is.
    pub link: Link,
}

/// The site: everything that all its pages share.
#[derive(Debug, Clone)]
pub struct SitePage {
    /// Name in full (tag `SiteName`).
    pub name: String,
    /// Domain without path (tag `SiteDomain`).
    pub domain: String,
    /// The number the State Council's register gave it (tag `SiteIDCode`).
    pub site_id_code: String,
    /// Who runs it.
    pub host_unit: String,
    /// Who does the work, if somebody else.
    pub undertaker: Option<String>,
    /// ICP record.
    pub icp: String,
    /// Police record.
    pub police_record: String,
    /// How to reach the editors.
    pub contact: String,
    /// Site map, statement, error box and other links of the footer.
    pub footer_links: Vec<Link>,
    /// The site above: head office or province.
    pub parent: Option<Link>,
    /// Columns of the navigation, in order.
    pub columns: Vec<ColumnLink>,
    /// Zone in which times are shown.
    pub zone: TimeZone,
    /// Language of the pages, as in the `lang` attribute.
    pub lang: String,
    /// Language of the site above.
    pub parent_lang: String,
    /// Versions of the site in other languages.
    pub versions: Vec<Version>,
    /// Directories of the pages that belong to no column.
    pub places: Places,
}

/// Directories of the pages that belong to no column. They give way where a column has the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Lists by year and month.
    pub archive: String,
    /// The search page and its index.
    pub search: String,
    /// Parts of the site map for search engines.
    pub sitemap: String,
}

impl Default for Places {
    fn default() -> Self {
        Self::beside(&[])
    }
}

impl Places {
    /// The usual names, or with an underscore behind them as often as a column is in the way.
    pub fn beside(slugs: &[&str]) -> Self {
        let free = |name: &str| {
            let mut name = name.to_owned();
            while slugs.iter().any(|s| s.eq_ignore_ascii_case(&name)) {
                name.push('_');
            }
            name
        };
        Self {
            archive: free("archive"),
            search: free("search"),
            sitemap: free("sitemap"),
        }
    }
}

/// What the footer or the tags of a site lack; an inspection would mark it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteFault {
    /// The field is empty.
    Missing(&'static str),
    /// The field is filled, but not in the prescribed form.
    Malformed(&'static str),
}

impl SitePage {
    /// Everything an inspector would find wanting in the site's own record.
    pub fn faults(&self) -> Vec<SiteFault> {
        let mut faults = Vec::new();
        for (field, value) in [
            ("SiteName", &self.name),
            ("SiteDomain", &self.domain),
            ("SiteIDCode", &self.site_id_code),
            ("host_unit", &self.host_unit),
            ("icp", &self.icp),
            ("police_record", &self.police_record),
            ("contact", &self.contact),
        ] {
            if value.trim().is_empty() {
                faults.push(SiteFault::Missing(field));
            }
        }
        let malformed = [
            (
                "SiteIDCode",
                &self.site_id_code,
                is_site_id as fn(&str) -> bool,
            ),
            ("icp", &self.icp, is_icp),
            ("police_record", &self.police_record, is_police_record),
        ];
        for (field, value, good) in malformed {
            let value = value.trim();
            if !value.is_empty() && !good(value) {
                faults.push(SiteFault::Malformed(field));
            }
        }
        faults
    }
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

/// Ten digits for a place, `bm` and eight for a ministry's family of sites.
fn is_site_id(code: &str) -> bool {
    digits(code, 10) || code.strip_prefix("bm").is_some_and(|rest| digits(rest, 8))
}

/// One letter for the province, the words of the register, eight digits, perhaps a part.
fn is_icp(record: &str) -> bool {
    let mut chars = record.chars();
    if chars.next().is_none_or(|c| c.is_ascii()) {
        return false;
    }
    let Some((number, part)) = chars
        .as_str()
        .strip_prefix("ICP备")
        .and_then(|rest| rest.split_once('号'))
    else {
        return false;
    };
    digits(number, 8)
        && (part.is_empty()
            || part
                .strip_prefix('-')
                .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())))
}

/// One letter for the province, the words of the register, fourteen digits.
fn is_police_record(record: &str) -> bool {
    let mut chars = record.chars();
    chars.next().is_some_and(|c| !c.is_ascii())
        && chars
            .as_str()
            .strip_prefix("公网安备")
            .and_then(|rest| rest.strip_suffix('号'))
            .is_some_and(|number| digits(number.trim(), 14))
}

/// A column's own page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnPage {
    /// Directory of the column.
    pub slug: String,
    /// Its name (tag `ColumnName`).
    pub name: String,
    /// What it is for (tag `ColumnDescription`); the name stands in when empty.
    pub description: String,
    /// Key words (tag `ColumnKeywords`); the name stands in when empty.
    pub keywords: Vec<String>,
    /// Family of columns it belongs to.
    pub family: String,
    /// Kind of column (tag `ColumnType`); the family stands in when empty.
    pub kind: String,
    /// The column above it.
    pub parent: Option<ColumnLink>,
    /// Columns below it.
    pub below: Vec<ColumnLink>,
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleLine {
    /// Number of the item.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Directory of the column its page lies in.
    pub column: String,
    /// When it went live.
    pub published_at: Timestamp,
}

/// A column with its newest articles on the front page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeSection {
    /// The column.
    pub column: ColumnLink,
    /// Its newest articles, newest first.
    pub articles: Vec<ArticleLine>,
}

/// A file that comes with an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name it was handed in with; shown, never used as a path.
    pub name: String,
    /// What an image shows, for those who do not see it.
    pub alt: String,
    /// Its length in bytes.
    pub len: u64,
    /// Identity of its bytes, by which the caller finds them again.
    pub content_id: String,
}

/// A correction the public is told about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// When the corrected version went live.
    pub at: Timestamp,
    /// What was corrected.
    pub note: String,
}

/// The end of a piece in public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// When it was taken down.
    pub at: Timestamp,
    /// The reason the public is given.
    pub reason: String,
    /// Whether the title must go too, as after a leak.
    pub hide_title: bool,
}

/// A piece this one belongs together with: policy, interpretation, interview, comment, questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// What it is to this piece: `policy` or the code of a relation. The template has the words.
    pub relation: String,
    /// The piece.
    pub link: Link,
}

/// Whether a policy still holds, as marked after its publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Code of the validity. The template has the words.
    pub code: String,
    /// Since which day.
    pub since: Option<Date>,
}

/// An article's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticlePage {
    /// Number of the item, such as 2026-000123; also the name of the file.
    pub number: String,
    /// Title (tag `ArticleTitle`).
    pub title: String,
    /// Second title.
    pub subtitle: Option<String>,
    /// Number of the official document.
    pub doc_number: Option<String>,
    /// Date the document was written; not the time of publication.
    pub written_on: Option<Date>,
    /// Body that issued the document.
    pub issuer: Option<String>,
    /// Where the text comes from (tag `ContentSource`); the host stands in when empty.
    pub source: String,
    /// Address of the original of a reprint.
    pub source_url: Option<String>,
    /// Taken over from elsewhere: the page says so beside the source.
    pub reprint: bool,
    /// Subject the document is filed under.
    pub topic: Option<String>,
    /// Bodies the document is addressed to.
    pub addressee: Option<String>,
    /// Index number of disclosed information.
    pub index_number: Option<String>,
    /// Whether the document is in force, in the words of its record.
    pub validity: Option<String>,
    /// The same as it was marked after publication; what the record said is then not shown.
    pub standing: Option<Standing>,
    /// Author (tag `Author`).
    pub author: Option<String>,
    /// Key words (tag `Keywords`).
    pub keywords: Vec<String>,
    /// Summary for those who share it (tag `Description`).
    pub summary: Option<String>,
    /// The text, in the Markdown of manuscripts.
    pub body: String,
    /// Files that come with it.
    pub attachments: Vec<Attachment>,
    /// Pieces it belongs together with.
    pub related: Vec<Related>,
    /// When it went live (tag `PubDate`).
    pub published_at: Timestamp,
    /// Corrections so far, oldest first.
    pub corrections: Vec<Correction>,
    /// Set once it was taken down: the text and the attachments are shown no more.
    pub withdrawn: Option<Withdrawn>,
    /// The other columns it appears in.
    pub also_in: Vec<ColumnLink>,
}

/// A month with articles that are live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Year.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
}

/// A month of the archive and how much is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthCount {
    /// Which month.
    pub month: Month,
    /// Articles first published in it that are live.
    pub count: usize,
}

/// A column with those below it, for the map of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapNode {
    /// The column.
    pub column: ColumnLink,
    /// What it is for; empty where that was not said.
    pub description: String,
    /// Columns below it.
    pub below: Vec<MapNode>,
}

/// An entry of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// The line a list would show.
    pub line: ArticleLine,
    /// Summary; the title stands in when empty.
    pub summary: String,
    /// Author.
    pub author: String,
    /// When its public text last changed.
    pub updated_at: Timestamp,
}

/// What the search page knows of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchEntry {
    /// The line a list would show.
    pub line: ArticleLine,
    /// Name of the column.
    pub column: String,
    /// Number of the official document; may be empty.
    pub doc_number: String,
    /// Key words, as typed.
    pub keywords: String,
    /// Summary; may be empty.
    pub summary: String,
}

/// An address for search engines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapUrl {
    /// Path on the site.
    pub path: super::SitePath,
    /// When its text last changed, where that is known.
    pub changed_at: Option<Timestamp>,
}
