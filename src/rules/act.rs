//! Every kind of entry and its typed arguments.
//!
//! Arguments hold codes, ids, numbers and instants (µs since 1970, UTC); human text is always a
//! body named in the envelope, so that it can be destroyed while the journal stays (design §2.5).
//! The parser refuses unknown fields; duplicate keys are refused by the envelope's own parser.

mod after;
mod comment;
mod language;
mod screening;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub use after::{
    Emergency, FlagCause, FlagOutcome, Posted, Relate, Relation, SetValidity, SettleFlag, Share,
    Validity, Withdraw, WithdrawGround,
};
pub use comment::{Anchor, Comment, Settle};
pub use language::SiteCondition;
pub use screening::{ListKind, Screened, Unwaive, Waive};

use super::clearance::{Conclusion, Disclosure, Ground};
use super::codes::codes;
use super::org::{BureauLevel, DepartmentDuty, Family, SiteLevel};
use super::role::{Affiliation, Role};
use super::route::Route;
use crate::journal::{Hash, Suite};

codes! {
/// How urgently an item must go out (A13.9).
Urgency {
    /// 特急
    Flash = "flash",
    /// 急
    Urgent = "urgent",
    /// 一般
    Normal = "normal",
}}

codes! {
/// Where the text comes from (A13.5).
Origin {
    /// 原创
    Original = "original",
    /// 转载
    Reprint = "reprint",
    /// 编译
    Compiled = "compiled",
}}

codes! {
/// What makes an item go live.
Cause {
    /// The runner, at its scheduled instant
    Schedule = "schedule",
    /// The sign-off itself, the wanted time having passed
    SignOff = "sign-off",
    /// A person, by hand
    Hand = "hand",
}}

codes! {
/// The part a body plays in an entry.
BodyRole {
    /// Title and the other fields, canonical JSON
    Fields = "fields",
    /// The manuscript
    Text = "text",
    /// An attached file
    Attachment = "attachment",
    /// A file a manuscript was read from, exactly as it came; never published
    Evidence = "evidence",
    /// A reason, opinion, comment or note
    Note = "note",
    /// The answer of a higher authority to a 需报审
    Authority = "authority",
    /// A person's display name
    Name = "name",
    /// The words a waiver is about, with their place
    Passage = "passage",
    /// A list the board keeps, as it was imported
    List = "list",
}}

codes! {
/// What was done with an unpublished text outside the editor (custody, A13.2).
ViewMode {
    /// Shown as the public would see it
    Preview = "preview",
    /// Written to a file
    Export = "export",
    /// Printed form
    Print = "print",
    /// Handed to an outside editor or the clipboard
    Copy = "copy",
}}

codes! {
/// What an export holds.
ExportKind {
    /// The publication log
    Publications = "publications",
    /// The audit trail
    Audit = "audit",
    /// The way of one item through all hands
    Custody = "custody",
    /// The confidentiality reviews of a month
    Reviews = "reviews",
    /// The journal itself
    Journal = "journal",
}}

/// What is structured about an item: everything but its texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Target columns; the first is the home of the item.
    pub columns: Vec<String>,
    /// Where it appears: `web` for the site.
    pub channels: Vec<String>,
    /// 公开属性; must be set before circulation.
    pub disclosure: Option<Disclosure>,
    /// Why not open, where it is not.
    pub ground: Option<Ground>,
    /// Urgency class.
    pub urgency: Urgency,
    /// Original, reprint or compiled.
    pub origin: Origin,
    /// 提供单位 (A13.1): a bureau or department.
    pub provider: Option<String>,
    /// The wanted instant of publication.
    pub go_live: Option<i64>,
    /// Not before this instant, whatever else is decided.
    pub embargo: Option<i64>,
    /// Codes of required fields that are still empty, as found by the desk.
    pub lacks: Vec<String>,
}

/// `found`: the first entry of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Algorithms of the whole journal.
    pub suite: Suite,
    /// Name of the province's bureau, public by nature.
    pub province: String,
    /// Two officers who can act together from the start.
    pub officers: Vec<Officer>,
}

/// One founding officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// Person id.
    pub person: String,
    /// Login handle.
    pub login: String,
    /// `office-director` or `security-admin`.
    pub role: Role,
    /// Public key, base64 SPKI.
    pub key: String,
}

/// `bureau.add`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BureauAdd {
    /// Id.
    pub bureau: String,
    /// Official name, public by nature.
    pub name: String,
    /// Level.
    pub level: BureauLevel,
    /// Superior bureau.
    pub parent: String,
    /// What a department does.
    pub duty: Option<DepartmentDuty>,
}

/// `site.add`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteAdd {
    /// Id, also the directory name.
    pub site: String,
    /// Name shown to the public.
    pub name: String,
    /// Platform or subsite.
    pub level: SiteLevel,
    /// Owner.
    pub bureau: String,
    /// The platform a subsite lives on.
    pub parent: Option<String>,
    /// Domain name or path under the platform.
    pub domain: String,
    /// 网站标识码
    pub code: String,
    /// Language of a foreign-language version of `parent`; none for a site in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// `column.add`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnAdd {
    /// Id.
    pub column: String,
    /// The site it lives on.
    pub site: String,
    /// Parent column on the same site.
    pub parent: Option<String>,
    /// Name shown to the public.
    pub name: String,
    /// Path segment.
    pub slug: String,
    /// One of the four families (A0.1).
    pub family: Family,
    /// 责任部门 (A1.5), exactly one.
    pub owner: String,
    /// 责任人
    pub person: Option<String>,
    /// 备岗
    pub backup: Option<String>,
    /// A named exception from the owner rule of service columns (A1.3); its reason is a note.
    pub owner_waived: bool,
}

/// `column.merge` and `column.close`: items move, links keep a destination (A5.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnEnd {
    /// The column that ends.
    pub column: String,
    /// Where every item of it goes.
    pub into: String,
}

/// `route.set`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteSet {
    /// Site or column; columns below without their own inherit it.
    pub node: String,
    /// The steps; none takes the node's own route away.
    pub steps: Option<Route>,
}

/// `person.add`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonAdd {
    /// Id, never reused.
    pub person: String,
    /// Login handle.
    pub login: String,
    /// What the person is to the board.
    pub affiliation: Affiliation,
    /// Bureau or department.
    pub bureau: String,
    /// End of contract; rights stop by themselves after it.
    pub contract_until: Option<i64>,
}

/// `person.leave`: every right ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonLeave {
    /// Who leaves.
    pub person: String,
}

/// `grant.revoke`: takes one role away; one person suffices, so that it is quick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantRevoke {
    /// The grant, named by the seq of the entry that confirmed it.
    pub grant: u64,
}

/// `propose`: the first of two people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Propose {
    /// What is proposed.
    pub act: Dual,
}

/// What takes two people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum Dual {
    /// A role for a person in a scope and a time
    #[serde(rename = "grant")]
    Grant {
        /// To whom.
        person: String,
        /// Which.
        role: Role,
        /// Site or column it covers, with all below.
        scope: String,
        /// First instant.
        from: i64,
        /// Last instant.
        until: i64,
    },
    /// A key for a person
    #[serde(rename = "key.enrol")]
    KeyEnrol {
        /// Whose.
        person: String,
        /// Public key, base64 SPKI.
        key: String,
    },
    /// A key that may sign no more
    #[serde(rename = "key.revoke")]
    KeyRevoke {
        /// Key id.
        key: Hash,
    },
    /// Destruction of leaked bodies
    #[serde(rename = "purge")]
    Purge {
        /// The item they belong to.
        item: String,
        /// Revisions whose bodies are destroyed; none means every one.
        revisions: Vec<u32>,
        /// Destroy what was said about the item too: comments, reasons, opinions, answers.
        words: bool,
    },
    /// A list the board keeps, in place of the one before; its rows are a body of role `list`
    #[serde(rename = "list.set")]
    ListSet {
        /// Which list.
        list: ListKind,
        /// Rows in it.
        rows: u32,
    },
}

/// `confirm` and `decline`: the second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Seq of the proposal.
    pub proposal: u64,
}

/// `item.new`, `item.revise`: bodies are fields, text, attachments, and the original files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revise {
    /// The structured part, whole.
    pub shape: Shape,
    /// The revision the author had before him; 0 for a new item.
    pub from: u32,
    /// The editing session, where the item is claimed.
    pub session: Option<String>,
}

/// `item.submit`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// What is handed in.
    pub fingerprint: Hash,
}

/// A decision on an exact version: approve, return, reject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// Position in the route.
    pub step: u32,
    /// What is decided on.
    pub fingerprint: Hash,
}

/// `item.reject`: 筛除, at a step or straight from the drafts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// What is rejected.
    pub fingerprint: Hash,
}

/// `item.clear`: the confidentiality review as its own record (A13.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clear {
    /// Position in the route.
    pub step: u32,
    /// What was reviewed.
    pub fingerprint: Hash,
    /// One of five.
    pub conclusion: Conclusion,
    /// Ground in law, where it is not open.
    pub ground: Option<Ground>,
}

/// `item.sign-off`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    /// Position in the route.
    pub step: u32,
    /// What is released.
    pub fingerprint: Hash,
    /// When it goes live; none leaves it signed off without a date.
    pub publish_at: Option<i64>,
    /// When it goes down again.
    pub expire_at: Option<i64>,
    /// What screening found on it.
    pub screened: Screened,
}

/// `item.schedule`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// When it goes live; none where only an expiry is set on a live item.
    pub publish_at: Option<i64>,
    /// When it goes down again.
    pub expire_at: Option<i64>,
    /// Zone of the wall time the person gave.
    pub zone: String,
}

/// `item.publish`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// What goes live.
    pub fingerprint: Hash,
    /// Why now.
    pub cause: Cause,
    /// What screening finds on it now: lists change between a decision and its date.
    pub screened: Screened,
}

/// `item.publish-failed`: a due item that could not go live stays due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishFailed {
    /// The item or bundle.
    pub target: String,
    /// Rule id or error code.
    pub why: String,
}

/// `item.expire`, `item.recall`, `item.unlock`, `item.unschedule`, `item.discard`,
/// `item.restore`: nothing but the item (and its reason as a note).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plain {}

/// `item.correct`: starts a correction of what is live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correct {
    /// The live version it corrects.
    pub fingerprint: Hash,
}

/// `item.claim`, `item.release`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The item.
    pub item: String,
    /// The editing session.
    pub session: String,
}

/// `item.takeover`: with bodies when the other's unsaved text is kept as a version in his name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Takeover {
    /// The session that takes over.
    pub session: String,
    /// Whose text the bodies hold.
    pub author: Option<String>,
    /// The structured part of the kept text.
    pub shape: Option<Shape>,
}

/// `item.viewed`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Viewed {
    /// The item.
    pub item: String,
    /// How.
    pub mode: ViewMode,
}

/// `bundle.new` (name is a note), `bundle.discard`, `bundle.unschedule`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundlePlain {}

/// `bundle.add`, `bundle.remove`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleItem {
    /// Which item.
    pub member: String,
}

/// `bundle.schedule`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleSchedule {
    /// When all of it goes live.
    pub publish_at: i64,
    /// What was decided on: every member with its fingerprint.
    pub members: Vec<Member>,
}

/// One member of a bundle as the decision saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The item.
    pub item: String,
    /// Its version.
    pub fingerprint: Hash,
}

/// `bundle.publish`: several items live together or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundlePublish {
    /// Why now.
    pub cause: Cause,
    /// Every member with its fingerprint.
    pub members: Vec<Member>,
    /// What screening finds on all of them now.
    pub screened: Screened,
}

/// `session.open`: a person came to the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionOpen {
    /// Session id.
    pub session: String,
    /// Wrong passphrases before a right one, at logins and at the lock screen, that no session of this
    /// person has told yet.
    pub failures: u32,
    /// The person vouches for the clock although the last entry is long ago.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clock_is_right: bool,
}

/// `pages.written`, `pages.failed`: what became of the output directory of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// The site.
    pub site: String,
    /// Publications up to this seq are out.
    pub upto: u64,
    /// Files written or removed.
    pub files: u32,
    /// Hash of the directory's manifest, or an error code.
    pub outcome: String,
}

/// `export`: a list left the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// Which list.
    pub what: ExportKind,
    /// Rows written.
    pub rows: u64,
    /// SHA-256 of the file, hex.
    pub sha256: String,
}

macro_rules! acts {
    ($($(#[$doc:meta])* $variant:ident($ty:ident) = $kind:literal,)*) => {
        /// One act: the kind of an entry with its arguments.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Act { $($(#[$doc])* $variant($ty),)* }

        impl Act {
            /// Every kind this rule book knows.
            pub const KINDS: &'static [&'static str] = &[$($kind,)*];

            /// The kind as written in the envelope.
            pub fn kind(&self) -> &'static str { match self { $(Act::$variant(_) => $kind,)* } }

            /// Reads the arguments of a kind. `Ok(None)`: the kind is unknown, which means a
            /// newer program wrote it.
            pub fn parse(kind: &str, args: &str) -> Result<Option<Act>, serde_json::Error> {
                match kind { $($kind => serde_json::from_str(args).map(|a| Some(Act::$variant(a))),)* _ => Ok(None) }
            }

            /// The arguments as the JSON to be signed.
            pub fn args(&self) -> Result<Box<RawValue>, serde_json::Error> {
                match self { $(Act::$variant(a) => serde_json::value::to_raw_value(a),)* }
            }
        }
    };
}

acts! {
    /// The journal begins
    Found(Found) = "found",
    /// A bureau or department is registered
    BureauAdd(BureauAdd) = "bureau.add",
    /// A platform or subsite is registered
    SiteAdd(SiteAdd) = "site.add",
    /// A condition of a site in a foreign language
    SiteCondition(SiteCondition) = "site.condition",
    /// A column is opened
    ColumnAdd(ColumnAdd) = "column.add",
    /// A column is merged into another
    ColumnMerge(ColumnEnd) = "column.merge",
    /// A column is closed
    ColumnClose(ColumnEnd) = "column.close",
    /// A route is set or taken away
    RouteSet(RouteSet) = "route.set",
    /// A person is registered
    PersonAdd(PersonAdd) = "person.add",
    /// A person leaves
    PersonLeave(PersonLeave) = "person.leave",
    /// A role is taken away
    GrantRevoke(GrantRevoke) = "grant.revoke",
    /// First of two people
    Propose(Propose) = "propose",
    /// Second of two people agrees
    Confirm(Answer) = "confirm",
    /// Second of two people does not agree
    Decline(Answer) = "decline",
    /// A draft is made
    ItemNew(Revise) = "item.new",
    /// A revision is saved
    ItemRevise(Revise) = "item.revise",
    /// Handed in
    ItemSubmit(Submit) = "item.submit",
    /// Taken back by the submitter
    ItemRecall(Plain) = "item.recall",
    /// Sent back with a reason
    ItemReturn(Decide) = "item.return",
    /// 筛除
    ItemReject(Reject) = "item.reject",
    /// A review step is passed
    ItemApprove(Decide) = "item.approve",
    /// The confidentiality review concludes
    ItemClear(Clear) = "item.clear",
    /// Signed off
    ItemSignOff(SignOff) = "item.sign-off",
    /// A time is set
    ItemSchedule(Schedule) = "item.schedule",
    /// The time is cancelled
    ItemUnschedule(Plain) = "item.unschedule",
    /// Made editable again
    ItemUnlock(Plain) = "item.unlock",
    /// Live
    ItemPublish(Publish) = "item.publish",
    /// A due item or bundle could not go live
    PublishFailed(PublishFailed) = "publish.failed",
    /// Down, its time having run out
    ItemExpire(Plain) = "item.expire",
    /// A correction begins
    ItemCorrect(Correct) = "item.correct",
    /// Down, with a reason
    ItemWithdraw(Withdraw) = "item.withdraw",
    /// Something belongs to a policy
    ItemRelate(Relate) = "item.relate",
    /// It does not any more
    ItemUnrelate(Relate) = "item.unrelate",
    /// Whether a policy still holds
    ItemValidity(SetValidity) = "item.validity",
    /// A copy arrives on another site
    ItemShare(Share) = "item.share",
    /// Somebody looked again
    ItemFlagSettle(SettleFlag) = "item.flag-settle",
    /// Ahead of its reviews
    ItemEmergency(Emergency) = "item.emergency",
    /// A version was posted elsewhere
    ItemPosted(Posted) = "item.posted",
    /// Put away
    ItemDiscard(Plain) = "item.discard",
    /// Brought back
    ItemRestore(Plain) = "item.restore",
    /// A comment
    ItemComment(Comment) = "item.comment",
    /// A thread of comments is dealt with
    ItemCommentSettle(Settle) = "item.comment-settle",
    /// A finding stays as it is
    ItemWaive(Waive) = "item.waive",
    /// A waiver is taken back
    ItemUnwaive(Unwaive) = "item.unwaive",
    /// Somebody is writing
    ItemClaim(Claim) = "item.claim",
    /// He is done
    ItemRelease(Claim) = "item.release",
    /// Another one writes now
    ItemTakeover(Takeover) = "item.takeover",
    /// The text left the editor
    ItemViewed(Viewed) = "item.viewed",
    /// A bundle is made
    BundleNew(BundlePlain) = "bundle.new",
    /// An item joins
    BundleAdd(BundleItem) = "bundle.add",
    /// An item leaves
    BundleRemove(BundleItem) = "bundle.remove",
    /// All of it gets a time
    BundleSchedule(BundleSchedule) = "bundle.schedule",
    /// The time is cancelled
    BundleUnschedule(BundlePlain) = "bundle.unschedule",
    /// All of it goes live
    BundlePublish(BundlePublish) = "bundle.publish",
    /// The bundle is given up; its items stay
    BundleDiscard(BundlePlain) = "bundle.discard",
    /// A person came to the console
    SessionOpen(SessionOpen) = "session.open",
    /// Pages were written
    PagesWritten(Pages) = "pages.written",
    /// Pages could not be written
    PagesFailed(Pages) = "pages.failed",
    /// A list left the program
    Export(Export) = "export",
}

impl Act {
    /// Whether the entry is about the bundle named in the envelope's `item`.
    pub fn is_bundle(&self) -> bool {
        self.kind().starts_with("bundle.")
    }

    /// Whether the envelope must name an item (or bundle) whose head the entry moves.
    pub fn moves_item(&self) -> bool {
        match self {
            Act::ItemComment(_)
            | Act::ItemCommentSettle(_)
            | Act::ItemWaive(_)
            | Act::ItemUnwaive(_)
            | Act::ItemRelate(_)
            | Act::ItemUnrelate(_)
            | Act::ItemValidity(_)
            | Act::ItemFlagSettle(_)
            | Act::ItemPosted(_)
            | Act::ItemClaim(_)
            | Act::ItemRelease(_)
            | Act::ItemViewed(_) => false,
            _ => self.kind().starts_with("item.") || self.is_bundle(),
        }
    }

    /// The item or bundle an entry is about without moving it; used for histories.
    pub fn about(&self) -> Option<&str> {
        match self {
            Act::ItemComment(a) => Some(&a.item),
            Act::ItemCommentSettle(a) => Some(&a.item),
            Act::ItemWaive(a) => Some(&a.item),
            Act::ItemUnwaive(a) => Some(&a.item),
            Act::ItemRelate(a) | Act::ItemUnrelate(a) => Some(&a.item),
            Act::ItemValidity(a) => Some(&a.item),
            Act::ItemFlagSettle(a) => Some(&a.item),
            Act::ItemPosted(a) => Some(&a.item),
            Act::ItemClaim(c) | Act::ItemRelease(c) => Some(&c.item),
            Act::ItemViewed(v) => Some(&v.item),
            Act::PublishFailed(f) => Some(&f.target),
            Act::Propose(Propose {
                act: Dual::Purge { item, .. },
            }) => Some(item),
            _ => None,
        }
    }

    /// The second item an entry is about: what belongs to a policy, what a copy was made from.
    pub fn other(&self) -> Option<&str> {
        match self {
            Act::ItemRelate(a) | Act::ItemUnrelate(a) => Some(&a.other),
            Act::ItemShare(a) => Some(&a.from),
            _ => None,
        }
    }

    /// Whether the entry changes who may do what and where, so that caches of the organisation
    /// must be read again.
    pub fn changes_org(&self) -> bool {
        matches!(
            self,
            Act::Found(_)
                | Act::BureauAdd(_)
                | Act::SiteAdd(_)
                | Act::SiteCondition(_)
                | Act::ColumnAdd(_)
                | Act::ColumnMerge(_)
                | Act::ColumnClose(_)
                | Act::RouteSet(_)
                | Act::PersonAdd(_)
                | Act::PersonLeave(_)
                | Act::GrantRevoke(_)
                | Act::Confirm(_)
        )
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn arguments_refuse_unknown_fields() {
        assert!(Act::parse("item.recall", "{}").unwrap().is_some());
        assert!(Act::parse("item.recall", r#"{"x":1}"#).is_err());
        assert!(Act::parse("item.future", "{}").unwrap().is_none());
        assert!(Act::parse("propose", r#"{"act":{"do":"grant","x":1}}"#).is_err());
    }

    #[test]
    fn exports_recorded_before_they_had_kinds_of_their_own_are_still_read() {
        let args = r#"{"what":"audit","rows":3,"sha256":"00"}"#;
        assert!(Act::parse("export", args).unwrap().is_some());
        for kind in ExportKind::ALL {
            let args = args.replace("audit", kind.code());
            assert!(Act::parse("export", &args).unwrap().is_some());
        }
    }

    #[test]
    fn kinds_are_unique() {
        let mut kinds = Act::KINDS.to_vec();
        kinds.sort_unstable();
        kinds.dedup();
        assert_eq!(kinds.len(), Act::KINDS.len());
    }
}
