//! Comments and their threads.

use super::{Verdict, item, missing, must_say_why, must_view};
use crate::rules::act::{Anchor, Comment, Settle};
use crate::rules::case::{Case, ItemFacts};
use crate::rules::refusal::refuse;
use crate::rules::role::Right;

fn may_comment(case: &Case<'_>, item: &ItemFacts) -> Verdict {
    must_view(case, item)?;
    let may = case.org.has_right_over(
        case.actor,
        Right::Comment,
        std::slice::from_ref(&item.shape.columns[0]),
        case.now,
    ) || item.creator == case.actor
        || item.contributors.iter().any(|c| c == case.actor);
    if may { Ok(()) } else { Err(missing(case)) }
}

pub(super) fn comment(case: &Case<'_>, a: &Comment) -> Verdict {
    let item = item(case)?;
    may_comment(case, item)?;
    if let Some(anchor) = &a.anchor {
        fits(item, anchor)?;
    }
    if a.answers.is_some() && case.thread.is_none() {
        return Err(refuse("comment.unknown", &[]));
    }
    must_say_why(case)
}

/// The passage must be one that can exist; whether the words are still there is for whoever
/// reads.
fn fits(item: &ItemFacts, anchor: &Anchor) -> Verdict {
    let plausible = (1..=item.last_revision).contains(&anchor.revision)
        && anchor.from < anchor.to
        && !anchor.place.is_empty()
        && anchor.place.len() <= 40
        && anchor
            .place
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b == b'-');
    if plausible {
        Ok(())
    } else {
        Err(refuse("comment.anchor", &[]))
    }
}

/// Anybody who may comment may settle: the one who asked, the one who answered, the editor.
pub(super) fn settle(case: &Case<'_>, _: &Settle) -> Verdict {
    let item = item(case)?;
    may_comment(case, item)?;
    match case.thread {
        None => Err(refuse("comment.unknown", &[])),
        Some(thread) if !thread.open => Err(refuse("comment.settled", &[])),
        Some(_) => Ok(()),
    }
}
