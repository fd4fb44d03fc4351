//! New items and new revisions.

use super::save::{save, tally, targets, touched, urgency_rank};
use super::{Moment, count, missing};
use crate::journal::{Entry, Hash, Value};
use crate::rules::act::{BodyRole, Revise, Shape, Takeover};
use crate::rules::case::{ClaimFacts, ItemFacts};
use crate::rules::fingerprint::fingerprint;
use crate::rules::org::ColumnState;
use crate::rules::state::State;
use crate::store::append::hash_at;
use crate::store::facts::{Facts, ItemRow};
use crate::store::fx::{Fx, flag};
use crate::store::{Result, StoreError, org, packing};

struct Bodies {
    fields: Hash,
    text: Hash,
    text_len: u64,
    attachments: Vec<Hash>,
}

fn bodies(entry: &Entry) -> Result<Bodies> {
    let find = |role: BodyRole| entry.bodies.iter().filter(move |b| b.role == role.code());
    let text = find(BodyRole::Text).next().ok_or_else(|| missing("text"))?;
    Ok(Bodies {
        fields: find(BodyRole::Fields)
            .next()
            .ok_or_else(|| missing("fields"))?
            .id,
        text: text.id,
        text_len: text.len,
        attachments: find(BodyRole::Attachment).map(|b| b.id).collect(),
    })
}

/// Row number of the newest item.
pub(super) fn newest(fx: &Fx<'_>) -> Result<i64> {
    Ok(fx
        .conn()
        .prepare_cached("SELECT max(n) FROM items")?
        .query_row([], |r| r.get(0))?)
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Damaged(e.to_string()))
}

struct Saved<'a> {
    item: i64,
    n: u32,
    author: &'a str,
    saved_by: &'a str,
    shape: &'a str,
    fingerprint: Hash,
    why: &'a str,
}

fn insert(fx: &mut Fx<'_>, m: &Moment<'_>, saved: &Saved<'_>, b: &Bodies) -> Result<()> {
    let attachments = json(&b.attachments)?;
    fx.insert(
        "revisions",
        &[
            ("item", Value::Int(saved.item)),
            ("n", Value::Int(i64::from(saved.n))),
            ("seq", Value::Int(m.at_seq())),
            ("author", Value::Text(saved.author)),
            ("saved_by", Value::Text(saved.saved_by)),
            ("at", Value::Int(m.now)),
            ("fields", Value::Blob(b.fields.as_bytes())),
            ("text", Value::Blob(b.text.as_bytes())),
            ("attachments", Value::Text(&attachments)),
            ("shape", Value::Text(saved.shape)),
            ("fingerprint", Value::Blob(saved.fingerprint.as_bytes())),
            ("why", Value::Text(saved.why)),
            ("purged", flag(false)),
        ],
    )
}

fn contributes(fx: &mut Fx<'_>, item: i64, known: &[String], person: &str) -> Result<()> {
    if known.iter().any(|k| k == person) {
        return Ok(());
    }
    fx.upsert(
        "contributors",
        &[("item", Value::Int(item)), ("person", Value::Text(person))],
    )
}

/// Everybody whose words a revision of an item holds: all who wrote or saved one up to it, and
/// those whose words it began with. None as revision takes the latest.
pub(super) fn writers(fx: &Fx<'_>, item: &ItemRow, upto: Option<u32>) -> Result<Vec<String>> {
    let mut statement = fx.conn().prepare_cached(
        "SELECT author FROM revisions WHERE item = ?1 AND n <= ?2
         UNION SELECT saved_by FROM revisions WHERE item = ?1 AND n <= ?2
         UNION SELECT person FROM inherited WHERE item = ?1 ORDER BY 1",
    )?;
    Ok(statement
        .query_map((item.n, upto.unwrap_or(item.facts.last_revision)), |r| {
            r.get(0)
        })?
        .collect::<rusqlite::Result<_>>()?)
}

/// An item begins with the words of others: nobody decides on his own words, wherever they stand.
pub(super) fn inherits(
    fx: &mut Fx<'_>,
    (item, known): (i64, &[String]),
    writers: &[String],
) -> Result<()> {
    for person in writers {
        fx.upsert(
            "inherited",
            &[("item", Value::Int(item)), ("person", Value::Text(person))],
        )?;
        contributes(fx, item, known, person)?;
    }
    Ok(())
}

pub(super) fn new(fx: &mut Fx<'_>, m: &Moment<'_>, entry: &Entry, a: &Revise) -> Result<()> {
    let b = bodies(entry)?;
    let n = count(fx, "items")?;
    let year = m.year();
    let serial = count(fx, &format!("items-{year}"))?;
    let number = format!("{year}-{serial:06}");
    let home = a.shape.columns.first().ok_or_else(|| missing("column"))?;
    let site = m
        .org
        .columns
        .get(home)
        .map(|c| c.site.clone())
        .ok_or_else(|| missing("column"))?;
    let print = fingerprint(m.suite, b.fields, b.text, &b.attachments, &a.shape);
    let shape = json(&a.shape)?;
    let id = entry.item.as_deref().ok_or_else(|| missing("item"))?;
    fx.insert(
        "items",
        &[
            ("n", Value::Int(n)),
            ("id", Value::Text(id)),
            ("number", Value::Text(&number)),
            ("state", Value::Text(State::Draft.code())),
            ("revision", Value::Int(1)),
            ("last_revision", Value::Int(1)),
            ("fingerprint", Value::Blob(print.as_bytes())),
            ("shape", Value::Text(&shape)),
            ("text_len", Value::Int(b.text_len as i64)),
            ("home", Value::Text(home)),
            ("site", Value::Text(&site)),
            ("urgency", Value::Int(a.shape.urgency as i64)),
            ("creator", Value::Text(&entry.actor)),
            ("created_at", Value::Int(m.now)),
            ("base", Value::Int(m.at_seq())),
            ("updated_at", Value::Int(m.now)),
            ("run", Value::Int(0)),
            ("route_seq", Value::Int(0)),
            ("cleared", flag(false)),
            ("escalated", flag(false)),
            ("closed", flag(false)),
            ("correcting", flag(false)),
        ],
    )?;
    targets(fx, n, &a.shape.columns, true)?;
    let saved = Saved {
        item: n,
        n: 1,
        author: &entry.actor,
        saved_by: &entry.actor,
        shape: &shape,
        fingerprint: print,
        why: "new",
    };
    insert(fx, m, &saved, &b)?;
    contributes(fx, n, &[], &entry.actor)?;
    tally(fx, home, State::Draft, 1)
}

/// Puts a revision on top and keeps whatever else follows from it in step.
#[allow(clippy::too_many_arguments)] // they are the entry, the two rows and the three particulars
fn put(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    old: &ItemRow,
    new: &mut ItemRow,
    shape: &Shape,
    taken_from: Option<&str>,
) -> Result<()> {
    let author = taken_from.unwrap_or(&entry.actor);
    let b = bodies(entry)?;
    let print = fingerprint(m.suite, b.fields, b.text, &b.attachments, shape);
    let facts: &mut ItemFacts = &mut new.facts;
    facts.last_revision += 1;
    facts.revision = facts.last_revision;
    facts.shape = shape.clone();
    facts.text_len = b.text_len;
    facts.fingerprint = print;
    for person in [author, entry.actor.as_str()] {
        if !facts.contributors.iter().any(|c| c == person) {
            facts.contributors.push(person.to_owned());
        }
    }
    // A decision names bytes: on other bytes it says nothing, on the same bytes again (targets
    // changed and changed back) it says what it said, unless its author has become a contributor.
    facts.cleared = facts.clearance_stands(&m.org.route_for(facts.home()));
    new.site = m
        .org
        .columns
        .get(facts.home())
        .map(|c| c.site.clone())
        .ok_or_else(|| missing("column"))?;
    let shape = json(shape)?;
    let saved = Saved {
        item: new.n,
        n: new.facts.revision,
        author,
        saved_by: &entry.actor,
        shape: &shape,
        fingerprint: print,
        why: if taken_from.is_some() {
            "takeover"
        } else {
            "save"
        },
    };
    insert(fx, m, &saved, &b)?;
    contributes(fx, new.n, &old.facts.contributors, author)?;
    if author != entry.actor {
        // Whoever signs for another's text answers for it too.
        contributes(fx, new.n, &old.facts.contributors, &entry.actor)?;
    }
    touched(m, new);
    debug_assert!(urgency_rank(new) <= 2);
    Ok(())
}

pub(super) fn revise(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &Revise,
    facts: &Facts,
) -> Result<()> {
    let old = facts.item.as_ref().ok_or_else(|| missing("item"))?;
    let mut new = old.clone();
    put(fx, m, entry, old, &mut new, &a.shape, None)?;
    save(fx, m, old, &new)
}

pub(super) fn takeover(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &Takeover,
    facts: &Facts,
) -> Result<()> {
    let old = facts.item.as_ref().ok_or_else(|| missing("item"))?;
    let mut new = old.clone();
    if let (Some(author), Some(shape)) = (&a.author, &a.shape) {
        put(fx, m, entry, old, &mut new, shape, Some(author))?;
    }
    new.facts.claim = Some(ClaimFacts {
        person: entry.actor.clone(),
        session: a.session.clone(),
    });
    new.claim_at = Some(m.now);
    touched(m, &mut new);
    save(fx, m, old, &new)
}

/// The fingerprint of the working revision with the row's present targets.
pub(super) fn fingerprint_of(fx: &Fx<'_>, m: &Moment<'_>, row: &ItemRow) -> Result<Hash> {
    let (fields, text, attachments): (Hash, Hash, String) = fx
        .conn()
        .prepare_cached(
            "SELECT fields, text, attachments FROM revisions WHERE item = ?1 AND n = ?2",
        )?
        .query_row((row.n, row.facts.revision), |r| {
            Ok((hash_at(r, 0)?, hash_at(r, 1)?, r.get(2)?))
        })?;
    let attachments = org::hash_list(&attachments)?;
    Ok(fingerprint(
        m.suite,
        fields,
        text,
        &attachments,
        &row.facts.shape,
    ))
}

/// Goes back to the revision the public sees, when a correction is given up.
pub(super) fn back_to_live(fx: &Fx<'_>, m: &Moment<'_>, row: &mut ItemRow) -> Result<()> {
    let revision = row.live_revision.ok_or_else(|| missing("live revision"))?;
    let (shape, print, packed): (String, Hash, Vec<u8>) = fx
        .conn()
        .prepare_cached(
            "SELECT r.shape, r.fingerprint, j.entry FROM revisions r JOIN journal j ON j.seq = r.seq
             WHERE r.item = ?1 AND r.n = ?2",
        )?
        .query_row((row.n, revision), |r| {
            Ok((r.get(0)?, hash_at(r, 1)?, r.get(2)?))
        })?;
    // The length of the live text stands in the entry that saved it, purged or not.
    let saved = Entry::parse(&packing::unpack(&packed)?).map_err(|_| missing("entry"))?;
    row.facts.text_len = bodies(&saved)?.text_len;
    row.facts.revision = revision;
    row.facts.fingerprint = print;
    row.facts.shape =
        serde_json::from_str(&shape).map_err(|_| StoreError::Damaged("revisions.shape".into()))?;
    // A column that was merged or closed meanwhile took the live text along.
    let moved = |id: &String| {
        let mut at = id;
        for _ in 0..32 {
            match m.org.columns.get(at) {
                Some(c) if c.state != ColumnState::Open => match &c.into {
                    Some(into) => at = into,
                    None => break,
                },
                _ => break,
            }
        }
        at.clone()
    };
    let mut columns: Vec<String> = Vec::new();
    for column in row.facts.shape.columns.iter().map(moved) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    if columns != row.facts.shape.columns {
        row.facts.shape.columns = columns;
        row.facts.fingerprint = fingerprint_of(fx, m, row)?;
    }
    row.site = m
        .org
        .columns
        .get(row.facts.home())
        .map(|c| c.site.clone())
        .ok_or_else(|| missing("column"))?;
    Ok(())
}
