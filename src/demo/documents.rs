//! The real documents the sample province works with.

use crate::desk::Content;
use crate::intake::{Manuscript, read};

/// A document as it would be received.
pub struct Document {
    /// File name.
    pub name: &'static str,
    /// Bytes.
    pub bytes: &'static [u8],
}

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(Document {
            name: $path,
            bytes: include_bytes!(concat!("../../tests/fixtures/intake/corpus/", $path)),
        }),*]
    };
}

/// Public documents of several shapes: government pages, laws, interpretations, answers.
pub fn documents() -> &'static [Document] {
    files![
        "gov_html/gov_5365711.html",
        "laws/印花税法(2021-06-10).md",
        "laws/税收征收管理法实施细则(2016-02-06).md",
        "laws/政府信息公开条例(2019-04-03).md",
        "gov_html/gov_5345291.html",
        "gov_html/gov_5351177.html",
        "gov_html/gov_5351596.html",
        "gov_html/gov_5354222.html",
        "gov_html/gov_5355837.html",
        "customs_interpretation/jd_04.json",
        "customs_interpretation/jd_11.json",
        "laws/网络安全法(2025-10-28修正).md",
        "qa/customs_qa.json",
        "qa/customs_survey_results.json",
    ]
}

/// What the editors get out of the documents: every manuscript of every file.
pub(super) fn manuscripts() -> Vec<Manuscript> {
    documents()
        .iter()
        .filter_map(|d| read(d.name, d.bytes).ok())
        .flatten()
        .collect()
}

/// A manuscript as content for a column.
pub(super) fn content(manuscript: &Manuscript, column: &str) -> Content {
    let mut content = crate::desk::content::from_manuscript(manuscript, column).open();
    "contributor".clone_into(&mut content.fields.provider_person);
    "policy-head".clone_into(&mut content.fields.provider_reviewer);
    content.shape.provider = Some("policy".to_owned());
    content
}
