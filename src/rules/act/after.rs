//! Life after publication: relations, validity, copies on other sites, flags, emergencies,
//! postings on other channels.

use serde::{Deserialize, Serialize};

use super::Shape;
use crate::journal::Hash;
use crate::rules::codes::codes;

codes! {
/// How another item belongs to a policy (A6.3: 政策发布、政策解读、在线访谈、媒体评论和纳税咨询为一体).
Relation {
    /// 政策解读
    Interpretation = "interpretation",
    /// 在线访谈
    Interview = "interview",
    /// 媒体评论
    Commentary = "commentary",
    /// 纳税咨询
    Questions = "questions",
    /// A version of the same for another channel (A9.4)
    Outlet = "outlet",
}}

codes! {
/// Whether a policy still holds (时效性).
Validity {
    /// 现行有效
    InForce = "in-force",
    /// 部分有效
    Partly = "partly",
    /// 已修改
    Amended = "amended",
    /// 全文废止
    Repealed = "repealed",
    /// 全文失效
    Lapsed = "lapsed",
}}

codes! {
/// On what ground a live item is taken down.
WithdrawGround {
    /// 内容差错
    Error = "error",
    /// 失泄密
    Secret = "secret",
    /// 个人隐私
    Privacy = "privacy",
    /// 版权等权益
    Rights = "rights",
    /// 依据废止
    Repealed = "repealed",
    /// 重复发布
    Duplicate = "duplicate",
    /// 其他
    Other = "other",
}}

codes! {
/// Why a live item must be looked at again.
FlagCause {
    /// 源稿已更正: the item it was copied from has been corrected
    SourceCorrected = "source-corrected",
    /// 源稿已撤稿
    SourceWithdrawn = "source-withdrawn",
    /// 政策已变: the policy it explains has changed
    PolicyChanged = "policy-changed",
    /// 应急发布须补审: it went out ahead of its reviews
    AfterReview = "after-review",
}}

codes! {
/// What came of looking again.
FlagOutcome {
    /// The text was changed accordingly
    Updated = "updated",
    /// It stands as it is
    Stands = "stands",
    /// It was taken down
    TakenDown = "taken-down",
}}

/// `item.relate`, `item.unrelate`: a policy (in the envelope's place: `item`) and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relate {
    /// The policy, or the source of a version for another channel.
    pub item: String,
    /// What explains it, or the version.
    pub other: String,
    /// How they belong together.
    pub relation: Relation,
}

/// `item.validity`: whether a live policy still holds; the ground is a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetValidity {
    /// The policy.
    pub item: String,
    /// What it is now.
    pub validity: Validity,
    /// Since when, µs; none where it has always been so.
    pub since: Option<i64>,
}

/// `item.share`: a live item arrives on another site, pending under that site's route. The
/// envelope names the copy; bodies as for a new item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The item it is copied from.
    pub from: String,
    /// Its live version.
    pub fingerprint: Hash,
    /// The structured part of the copy.
    pub shape: Shape,
}

/// `item.flag-settle`: somebody looked again; the reason is a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleFlag {
    /// The item.
    pub item: String,
    /// Seq of the entry that raised the flag.
    pub flag: u64,
    /// What came of it.
    pub outcome: FlagOutcome,
}

/// `item.emergency`: the head of the board lets an item go out ahead of its reviews (A7.1). The
/// confidentiality review and the signature of another person are still needed; the reviews
/// follow. The reason is a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// The version.
    pub fingerprint: Hash,
}

/// `item.withdraw`: the reason is a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// Ground.
    pub ground: WithdrawGround,
}

/// `item.posted`: a version for another channel was posted there by hand; where is a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posted {
    /// The version.
    pub item: String,
    /// What was posted.
    pub fingerprint: Hash,
}
