//! What search engines are told about an article (JSON-LD, schema.org): the same that its page says,
//! nothing more. A document with a number is `Legislation` too, with how it stands.

use minijinja::Value;
use serde::Serialize;

use super::PageError;
use super::lists::json;
use super::model::{ArticlePage, SitePage};
use super::render::{address, or};
use crate::publish::pages::SitePath;
use crate::report::{inert, when};

#[derive(Serialize)]
struct Organization<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Article<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kinds: &'static [&'static str],
    headline: String,
    url: String,
    date_published: String,
    date_modified: String,
    in_language: &'a str,
    publisher: Organization<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legislation_identifier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legislation_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legislation_legal_force: Option<&'static str>,
}

/// The block of an article that is live. It holds no `<` and no `&`, so that it ends where its element
/// does and nowhere else.
pub(super) fn article(
    site: &SitePage,
    canonical: &SitePath,
    article: &ArticlePage,
    cover: Option<&str>,
) -> Result<Value, PageError> {
    let some = |text: &'_ Option<String>| text.as_deref().is_some_and(|t| !t.trim().is_empty());
    let document = some(&article.doc_number);
    let published = when::machine(article.published_at, &site.zone);
    let corrected = article.corrections.last();
    let force = article
        .standing
        .as_ref()
        .and_then(|s| match s.code.as_str() {
            "in-force" => Some("InForce"),
            "partly" | "amended" => Some("PartiallyInForce"),
            "repealed" | "lapsed" => Some("NotInForce"),
            _ => None,
        });
    let block = Article {
        context: "https://schema.org",
        kinds: if document {
            &["NewsArticle", "Legislation"]
        } else {
            &["NewsArticle"]
        },
        headline: inert::line(&article.title),
        url: address(site, canonical),
        date_modified: corrected
            .map_or_else(|| published.clone(), |c| when::machine(c.at, &site.zone)),
        date_published: published,
        in_language: &site.lang,
        publisher: Organization {
            kind: "GovernmentOrganization",
            name: or(&site.host_unit, &site.name),
        },
        description: article.summary.as_deref().filter(|s| !s.trim().is_empty()),
        image: cover,
        legislation_identifier: article.doc_number.as_deref().filter(|_| document),
        legislation_date: article
            .written_on
            .filter(|_| document)
            .map(|d| d.to_string()),
        legislation_legal_force: force.filter(|_| document),
    };
    let bytes = json(&block)?;
    let text = String::from_utf8(bytes).map_err(|e| PageError::Data(e.to_string()))?;
    let text = text.replace('&', "\\u0026");
    Ok(Value::from_safe_string(text.trim_end().to_owned()))
}
