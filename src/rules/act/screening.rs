//! Screening in the journal: waivers, what a decision knew, the lists the board keeps.

use serde::{Deserialize, Serialize};

use crate::rules::codes::codes;

codes! {
/// A list the board keeps itself, imported by two people.
ListKind {
    /// 用语表: words with their class, severity and replacement
    Terms = "terms",
    /// 名册: names, titles, order, with their dates
    Roster = "roster",
    /// 来源名单: media and bodies that may be reprinted
    Sources = "sources",
}}

/// What screening found on a version, as the person who decides saw it. The counts are of what is
/// open: found, and not waived by a waiver in force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screened {
    /// Version of the detectors.
    pub detectors: u32,
    /// Seqs of the board's lists they went by.
    pub lists: Vec<u64>,
    /// 严重错误
    pub serious: u32,
    /// 一般错误
    pub general: u32,
    /// 疑似
    pub suspect: u32,
    /// Seqs of the waivers it relies on.
    pub waived: Vec<u64>,
}

/// `item.waive`: a finding stays as it is, by name and reason. The reason is a note; the words it
/// is about, with their place, are a body of role `passage`: change them and the waiver is about
/// nothing any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waive {
    /// The item.
    pub item: String,
    /// The version that was screened.
    pub revision: u32,
    /// Code of the finding's class.
    pub class: String,
    /// Code of its severity.
    pub severity: String,
}

/// `item.unwaive`: a waiver is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unwaive {
    /// The item.
    pub item: String,
    /// Seq of the waiver.
    pub waiver: u64,
}
