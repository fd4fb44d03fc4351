//! Loads what the rules look at for one entry.

use rusqlite::{Connection, OptionalExtension, Row};

use super::append::{hash_at, opt_hash_at};
use super::org::code;
use super::{Result, StoreError};
use crate::journal::Hash;
use crate::rules::act::{Act, Comment, Dual, FlagCause, Propose, Relate, Settle};
use crate::rules::case::{
    Approval, BundleFacts, BundleState, ClaimFacts, FlagFacts, ItemFacts, ProposalFacts,
    ThreadFacts, WaiverFacts,
};
use crate::rules::state::State;

/// An item's row with the facts the rules see.
#[derive(Debug, Clone)]
pub struct ItemRow {
    /// Row number; the fold's own key.
    pub n: i64,
    /// What the rules see.
    pub facts: ItemFacts,
    /// Human number such as 2026-000123.
    pub number: String,
    /// Site of the home column.
    pub site: String,
    /// Last entry that moved it.
    pub base: u64,
    /// Made at, µs.
    pub created_at: i64,
    /// Last moved at, µs.
    pub updated_at: i64,
    /// Handed in at, µs.
    pub submitted_at: Option<i64>,
    /// Waiting step.
    pub step: Option<u32>,
    /// Entry that set the time.
    pub due_by: Option<i64>,
    /// Bundle row.
    pub bundle_n: Option<i64>,
    /// Revision the public sees.
    pub live_revision: Option<u32>,
    /// Live since, µs.
    pub live_at: Option<i64>,
    /// First live, µs.
    pub first_live_at: Option<i64>,
    /// Claimed at, µs.
    pub claim_at: Option<i64>,
}

/// A bundle's row.
#[derive(Debug, Clone)]
pub struct BundleRow {
    /// Row number.
    pub n: i64,
    /// What the rules see.
    pub facts: BundleFacts,
    /// Members' rows, in order.
    pub members: Vec<ItemRow>,
    /// Last entry that moved it.
    pub base: u64,
    /// Entry that set the time.
    pub due_by: Option<i64>,
    /// Who made it.
    pub owner: String,
}

/// The facts of one entry.
#[derive(Debug, Default)]
pub struct Facts {
    /// The item it names.
    pub item: Option<ItemRow>,
    /// The bundle it names.
    pub bundle: Option<BundleRow>,
    /// The proposal it answers.
    pub proposal: Option<ProposalFacts>,
    /// The body the proposal carries, where it is a list.
    pub proposed_body: Option<Hash>,
    /// The thread of comments it answers or settles.
    pub thread: Option<ThreadFacts>,
    /// The second item it is about.
    pub other: Option<ItemRow>,
    /// Whether the two belong together already as the entry says.
    pub related: bool,
    /// The flag it settles.
    pub flag: Option<FlagFacts>,
    /// Waivers of the items it is about, where it relies on some or takes one back.
    pub waivers: Vec<WaiverFacts>,
    /// What `base` must be.
    pub base: Option<u64>,
}

/// The columns every loader of items selects, in the order [`item_row`] reads them.
pub(super) const ITEM_COLUMNS: &str = "i.n, i.id, i.number, i.state, i.revision, i.last_revision, i.fingerprint, \
     i.shape, i.text_len, i.site, i.creator, i.created_at, i.base, i.updated_at, i.submitter, i.run, i.route_seq, \
     i.submitted_at, i.step, i.cleared, i.escalated, i.closed, i.due, i.due_by, i.expire, i.bundle, \
     i.live_revision, i.live_fingerprint, i.live_at, i.first_live_at, i.correcting, i.claim_person, \
     i.claim_session, i.claim_at, i.emergency_by, i.emergency_print";

/// Reads one row of [`ITEM_COLUMNS`]; approvals and contributors come separately.
pub(super) fn item_row(r: &Row<'_>) -> rusqlite::Result<ItemRow> {
    let shape = r.get_ref(7)?.as_str().map_err(rusqlite::Error::from)?;
    let shape = serde_json::from_str(shape)
        .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
    let claim = match (
        r.get::<_, Option<String>>(31)?,
        r.get::<_, Option<String>>(32)?,
    ) {
        (Some(person), Some(session)) => Some(ClaimFacts { person, session }),
        _ => None,
    };
    Ok(ItemRow {
        n: r.get(0)?,
        number: r.get(2)?,
        site: r.get(9)?,
        base: r.get::<_, i64>(12)? as u64,
        created_at: r.get(11)?,
        updated_at: r.get(13)?,
        submitted_at: r.get(17)?,
        step: r.get(18)?,
        due_by: r.get(23)?,
        bundle_n: r.get(25)?,
        live_revision: r.get(26)?,
        live_at: r.get(28)?,
        first_live_at: r.get(29)?,
        claim_at: r.get(33)?,
        facts: ItemFacts {
            id: r.get(1)?,
            state: State::stored(r.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?),
            revision: r.get(4)?,
            last_revision: r.get(5)?,
            fingerprint: hash_at(r, 6)?,
            shape,
            text_len: r.get::<_, i64>(8)? as u64,
            creator: r.get(10)?,
            submitter: r.get(14)?,
            run: r.get::<_, i64>(15)? as u64,
            route_seq: r.get::<_, i64>(16)? as u64,
            approvals: Vec::new(),
            cleared: r.get(19)?,
            contributors: Vec::new(),
            escalated: r.get(20)?,
            closed: r.get(21)?,
            due: r.get(22)?,
            expire: r.get(24)?,
            bundle: None,
            live: opt_hash_at(r, 27)?,
            correcting: r.get(30)?,
            claim,
            purged: Vec::new(),
            emergency: match (r.get::<_, Option<String>>(34)?, opt_hash_at(r, 35)?) {
                (Some(person), Some(print)) => Some((person, print)),
                _ => None,
            },
        },
    })
}

/// The item with this id, its approvals, contributors and bundle.
pub fn item(conn: &Connection, id: &str) -> Result<Option<ItemRow>> {
    let row = conn
        .prepare_cached(&format!(
            "SELECT {ITEM_COLUMNS} FROM items i WHERE i.id = ?1"
        ))?
        .query_row([id], item_row)
        .optional()?;
    row.map(|row| complete(conn, row)).transpose()
}

/// The item with this row number.
pub fn item_by_n(conn: &Connection, n: i64) -> Result<Option<ItemRow>> {
    let row = conn
        .prepare_cached(&format!(
            "SELECT {ITEM_COLUMNS} FROM items i WHERE i.n = ?1"
        ))?
        .query_row([n], item_row)
        .optional()?;
    row.map(|row| complete(conn, row)).transpose()
}

pub(super) fn complete(conn: &Connection, mut row: ItemRow) -> Result<ItemRow> {
    if row.facts.run != 0 {
        let mut statement = conn
            .prepare_cached("SELECT step, person, fingerprint FROM approvals WHERE item = ?1 AND run = ?2 ORDER BY seq")?;
        row.facts.approvals = statement
            .query_map((row.n, row.facts.run as i64), |r| {
                Ok(Approval {
                    step: r.get(0)?,
                    person: r.get(1)?,
                    fingerprint: hash_at(r, 2)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
    }
    let mut statement = conn.prepare_cached("SELECT person FROM contributors WHERE item = ?1")?;
    row.facts.contributors = statement
        .query_map([row.n], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if let Some(bundle) = row.bundle_n {
        row.facts.bundle = conn
            .prepare_cached("SELECT id, state FROM bundles WHERE n = ?1")?
            .query_row([bundle], |r| {
                Ok((r.get(0)?, code(r, 1, BundleState::parse)?))
            })
            .optional()?;
    }
    Ok(row)
}

fn purged(conn: &Connection, n: i64) -> Result<Vec<u32>> {
    let mut statement =
        conn.prepare_cached("SELECT n FROM revisions WHERE item = ?1 AND purged = 1")?;
    Ok(statement
        .query_map([n], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?)
}

/// The bundle with this id and all its members.
pub fn bundle(conn: &Connection, id: &str) -> Result<Option<BundleRow>> {
    let row = conn
        .prepare_cached("SELECT n, state, due, base, due_by, owner FROM bundles WHERE id = ?1")?
        .query_row([id], |r| {
            Ok((
                r.get::<_, i64>(0)?,
                code(r, 1, BundleState::parse)?,
                r.get(2)?,
                r.get::<_, i64>(3)? as u64,
                r.get(4)?,
                r.get(5)?,
            ))
        })
        .optional()?;
    let Some((n, state, due, base, due_by, owner)) = row else {
        return Ok(None);
    };
    let members = {
        let mut statement = conn.prepare_cached(&format!(
            "SELECT {ITEM_COLUMNS} FROM bundle_items b JOIN items i ON i.n = b.item WHERE b.bundle = ?1 ORDER BY b.position"
        ))?;
        let rows = statement
            .query_map([n], item_row)?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        rows.into_iter()
            .map(|row| complete(conn, row))
            .collect::<Result<Vec<_>>>()?
    };
    let facts = BundleFacts {
        id: id.to_owned(),
        state,
        due,
        members: members.iter().map(|m| m.facts.clone()).collect(),
    };
    Ok(Some(BundleRow {
        n,
        facts,
        members,
        base,
        due_by,
        owner,
    }))
}

/// The proposal at this seq.
pub fn proposal(conn: &Connection, seq: u64) -> Result<Option<ProposalFacts>> {
    let row = conn
        .prepare_cached("SELECT act, proposer, state FROM proposals WHERE seq = ?1")?
        .query_row([seq as i64], |r| {
            Ok((r.get::<_, String>(0)?, r.get(1)?, r.get::<_, String>(2)?))
        })
        .optional()?;
    row.map(|(act, proposer, state)| {
        let act =
            serde_json::from_str(&act).map_err(|_| StoreError::Damaged("proposals.act".into()))?;
        Ok(ProposalFacts {
            act,
            proposer,
            open: state == "open",
        })
    })
    .transpose()
}

fn proposed_body(conn: &Connection, seq: u64) -> Result<Option<Hash>> {
    Ok(conn
        .prepare_cached("SELECT body FROM proposals WHERE seq = ?1")?
        .query_row([seq as i64], |r| opt_hash_at(r, 0))
        .optional()?
        .flatten())
}

/// The comment that begins a thread of this item.
fn thread(conn: &Connection, item: i64, seq: u64) -> Result<Option<ThreadFacts>> {
    Ok(conn
        .prepare_cached(
            "SELECT person, settled FROM comments WHERE seq = ?1 AND item = ?2 AND answers IS NULL",
        )?
        .query_row((seq as i64, item), |r| {
            Ok(ThreadFacts {
                person: r.get(0)?,
                open: r.get::<_, Option<i64>>(1)?.is_none(),
            })
        })
        .optional()?)
}

/// Every waiver of an item, oldest first.
fn waivers(conn: &Connection, item: i64) -> Result<Vec<WaiverFacts>> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, person, class, severity, ended FROM waivers WHERE item = ?1 ORDER BY seq",
    )?;
    Ok(statement
        .query_map([item], |r| {
            Ok(WaiverFacts {
                seq: r.get::<_, i64>(0)? as u64,
                person: r.get(1)?,
                class: r.get(2)?,
                severity: r.get(3)?,
                open: r.get::<_, Option<i64>>(4)?.is_none(),
            })
        })?
        .collect::<rusqlite::Result<_>>()?)
}

/// The base an entry on this item or bundle must name now.
pub fn base_of(conn: &Connection, id: &str) -> Result<Option<u64>> {
    let read = |sql| -> Result<Option<u64>> {
        Ok(conn
            .prepare_cached(sql)?
            .query_row([id], |r| r.get::<_, i64>(0))
            .optional()?
            .map(|b| b as u64))
    };
    match read("SELECT base FROM items WHERE id = ?1")? {
        Some(base) => Ok(Some(base)),
        None => read("SELECT base FROM bundles WHERE id = ?1"),
    }
}

fn related(conn: &Connection, item: i64, other: i64, a: &Relate) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT 1 FROM relations WHERE item = ?1 AND other = ?2 AND relation = ?3")?
        .query_row((item, other, a.relation.code()), |_| Ok(()))
        .optional()?
        .is_some())
}

/// A flag on an item.
fn flag(conn: &Connection, item: i64, seq: u64) -> Result<Option<FlagFacts>> {
    let row = conn
        .prepare_cached("SELECT cause, involved, settled FROM flags WHERE item = ?1 AND seq = ?2")?
        .query_row((item, seq as i64), |r| {
            Ok((
                code(r, 0, FlagCause::parse)?,
                r.get::<_, String>(1)?,
                r.get::<_, Option<i64>>(2)?.is_none(),
            ))
        })
        .optional()?;
    row.map(|(cause, involved, open)| {
        let involved = serde_json::from_str(&involved)
            .map_err(|_| StoreError::Damaged("flags.involved".into()))?;
        Ok(FlagFacts {
            cause,
            open,
            involved,
        })
    })
    .transpose()
}

fn relies_on_waivers(act: &Act) -> bool {
    match act {
        Act::ItemUnwaive(_) => true,
        Act::ItemSignOff(a) => !a.screened.waived.is_empty(),
        Act::ItemPublish(a) => !a.screened.waived.is_empty(),
        Act::BundlePublish(a) => !a.screened.waived.is_empty(),
        _ => false,
    }
}

/// Everything one entry needs.
pub fn load(conn: &Connection, id: Option<&str>, act: &Act) -> Result<Facts> {
    let mut facts = Facts::default();
    if let Some(id) = id {
        // Items and bundles share one space of ids.
        facts.bundle = if act.is_bundle() {
            bundle(conn, id)?
        } else {
            None
        };
        facts.base = match (&facts.bundle, act.is_bundle()) {
            (Some(bundle), _) => Some(bundle.base),
            (None, true) => base_of(conn, id)?,
            (None, false) => {
                facts.item = item(conn, id)?;
                match &facts.item {
                    Some(item) => Some(item.base),
                    None => base_of(conn, id)?,
                }
            }
        };
    }
    match act {
        Act::BundleAdd(a) => facts.item = item(conn, &a.member)?,
        Act::Confirm(a) | Act::Decline(a) => {
            facts.proposal = proposal(conn, a.proposal)?;
            facts.proposed_body = proposed_body(conn, a.proposal)?;
        }
        _ => {}
    }
    let purge = match (act, &facts.proposal) {
        (
            Act::Propose(Propose {
                act: Dual::Purge { item, .. },
            }),
            _,
        )
        | (
            _,
            Some(ProposalFacts {
                act: Dual::Purge { item, .. },
                ..
            }),
        ) => Some(item.clone()),
        _ => None,
    };
    if let Some(id) = purge.as_deref().or(act.about()) {
        facts.item = item(conn, id)?;
    }
    if (matches!(act, Act::ItemCorrect(_)) || purge.is_some())
        && let Some(row) = &mut facts.item
    {
        row.facts.purged = purged(conn, row.n)?;
    }
    if let Some(row) = &facts.item {
        match act {
            Act::ItemComment(Comment {
                answers: Some(seq), ..
            })
            | Act::ItemCommentSettle(Settle { comment: seq, .. }) => {
                facts.thread = thread(conn, row.n, *seq)?;
            }
            _ => {}
        }
    }
    if let Some(id) = act.other() {
        facts.other = item(conn, id)?;
    }
    match (act, &facts.item, &facts.other) {
        (Act::ItemRelate(a) | Act::ItemUnrelate(a), Some(item), Some(other)) => {
            facts.related = related(conn, item.n, other.n, a)?;
        }
        (Act::ItemFlagSettle(a), Some(item), _) => facts.flag = flag(conn, item.n, a.flag)?,
        _ => {}
    }
    if relies_on_waivers(act) {
        let item = facts.item.iter().map(|i| i.n);
        let members = facts.bundle.iter().flat_map(|b| &b.members).map(|m| m.n);
        for n in item.chain(members).collect::<Vec<_>>() {
            facts.waivers.extend(waivers(conn, n)?);
        }
    }
    Ok(facts)
}
