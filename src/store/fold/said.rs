//! What is said about an item without moving it: comments, waivers.

use super::item::{body, item};
use super::{Moment, missing};
use crate::journal::{Entry, Value};
use crate::rules::act::{BodyRole, Comment, Settle, Unwaive, Waive};
use crate::store::Result;
use crate::store::facts::Facts;
use crate::store::fx::{Fx, opt_int, opt_text};

pub(super) fn comment(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &Comment,
    facts: &Facts,
) -> Result<()> {
    let note = body(entry, BodyRole::Note).ok_or_else(|| missing("comment"))?;
    let anchor = a.anchor.as_ref();
    let number = |n: Option<u32>| opt_int(n.map(i64::from));
    fx.insert(
        "comments",
        &[
            ("seq", Value::Int(m.at_seq())),
            ("item", Value::Int(item(facts)?.n)),
            ("person", Value::Text(&entry.actor)),
            ("at", Value::Int(m.now)),
            ("body", Value::Blob(note.as_bytes())),
            ("answers", opt_int(a.answers.map(|seq| seq as i64))),
            ("revision", number(anchor.map(|p| p.revision))),
            ("place", opt_text(anchor.map(|p| p.place.as_str()))),
            ("from_", number(anchor.map(|p| p.from))),
            ("to_", number(anchor.map(|p| p.to))),
            ("settled", Value::Null),
            ("settled_by", Value::Null),
        ],
    )?;
    // Whoever answers does not think that it is dealt with.
    match (a.answers, &facts.thread) {
        (Some(thread), Some(was)) if !was.open => settled(fx, thread, None),
        _ => Ok(()),
    }
}

fn settled(fx: &mut Fx<'_>, thread: u64, by: Option<(i64, &str)>) -> Result<()> {
    fx.update(
        "comments",
        &[("seq", Value::Int(thread as i64))],
        &[
            ("settled", opt_int(by.map(|(seq, _)| seq))),
            ("settled_by", opt_text(by.map(|(_, person)| person))),
        ],
    )
}

pub(super) fn settle(fx: &mut Fx<'_>, m: &Moment<'_>, entry: &Entry, a: &Settle) -> Result<()> {
    settled(fx, a.comment, Some((m.at_seq(), &entry.actor)))
}

pub(super) fn waive(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &Waive,
    facts: &Facts,
) -> Result<()> {
    let note = body(entry, BodyRole::Note).ok_or_else(|| missing("reason"))?;
    let passage = body(entry, BodyRole::Passage).ok_or_else(|| missing("passage"))?;
    fx.insert(
        "waivers",
        &[
            ("seq", Value::Int(m.at_seq())),
            ("item", Value::Int(item(facts)?.n)),
            ("revision", Value::Int(i64::from(a.revision))),
            ("class", Value::Text(&a.class)),
            ("severity", Value::Text(&a.severity)),
            ("person", Value::Text(&entry.actor)),
            ("at", Value::Int(m.now)),
            ("passage", Value::Blob(passage.as_bytes())),
            ("note", Value::Blob(note.as_bytes())),
            ("ended", Value::Null),
        ],
    )
}

pub(super) fn unwaive(fx: &mut Fx<'_>, m: &Moment<'_>, a: &Unwaive) -> Result<()> {
    fx.update(
        "waivers",
        &[("seq", Value::Int(a.waiver as i64))],
        &[("ended", Value::Int(m.at_seq()))],
    )
}
