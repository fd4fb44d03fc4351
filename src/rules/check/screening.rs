//! Findings that stay: who may waive what, and what a release must know (A13.10).
//!
//! 严重级未处置不得签发；豁免须复审级以上具名写理由 (`norms/seed_map.csv` A13.10); whether a secret or a
//! person's data may stand is for the confidentiality reviewer (`norms/pii.toml`, policy).

use super::{Verdict, item, missing, must_say_why, must_view, not_involved, not_outsourced};
use crate::rules::act::{BodyRole, Screened, Unwaive, Waive};
use crate::rules::case::{Case, ItemFacts};
use crate::rules::refusal::refuse;
use crate::rules::role::{Right, Role};
use crate::rules::state::State;

/// Classes of findings that only the confidentiality reviewer may waive: marks and people's data.
pub const CONFIDENTIAL: &[&str] = &[
    "secret-mark",
    "internal-mark",
    "id-card",
    "mobile",
    "bank-card",
    "travel-document",
    "plate",
    "address",
    "taxpayer",
    "minor",
    "whistleblower",
];

/// 复审及以上.
const SENIOR: &[Role] = &[
    Role::SecondReviewer,
    Role::Signer,
    Role::ConfidentialityReviewer,
    Role::BoardHead,
];

fn may_waive(case: &Case<'_>, item: &ItemFacts, class: &str, severity: &str) -> Verdict {
    must_view(case, item)?;
    not_outsourced(case)?;
    not_involved(case, item)?;
    let holds = |role: Role| {
        case.org
            .has_role(case.actor, role, &item.shape.columns, case.now)
    };
    let may = if severity != "serious" {
        case.org
            .has_right_over(case.actor, Right::Comment, &item.shape.columns, case.now)
    } else if CONFIDENTIAL.contains(&class) {
        holds(Role::ConfidentialityReviewer)
    } else {
        SENIOR.iter().any(|role| holds(*role))
    };
    if may { Ok(()) } else { Err(missing(case)) }
}

pub(super) fn waive(case: &Case<'_>, a: &Waive) -> Verdict {
    let item = item(case)?;
    may_waive(case, item, &a.class, &a.severity)?;
    let plain = |code: &str| {
        !code.is_empty()
            && code.len() <= 40
            && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
    };
    if !plain(&a.class) || !["serious", "general", "suspect"].contains(&a.severity.as_str()) {
        return Err(refuse("act.form", &[("what", "class".to_owned())]));
    }
    if !matches!(
        item.state,
        State::Draft | State::Returned | State::InReview | State::SignedOff | State::Scheduled
    ) {
        return Err(refuse("screening.state", &[]));
    }
    if a.revision != item.revision || !case.has_body(BodyRole::Passage) {
        return Err(refuse("review.fingerprint", &[]));
    }
    must_say_why(case)
}

pub(super) fn unwaive(case: &Case<'_>, a: &Unwaive) -> Verdict {
    let item = item(case)?;
    let waiver = case.waivers.iter().find(|w| w.seq == a.waiver && w.open);
    let Some(waiver) = waiver else {
        must_view(case, item)?;
        return Err(refuse("screening.waiver", &[]));
    };
    if waiver.person == case.actor {
        must_view(case, item)?;
    } else {
        may_waive(case, item, &waiver.class, &waiver.severity)?;
    }
    must_say_why(case)
}

/// What every release must know: nothing serious is open, and every waiver it relies on is in
/// force and by somebody who has no hand in the text.
pub(super) fn released(case: &Case<'_>, items: &[&ItemFacts], screened: &Screened) -> Verdict {
    if screened.serious > 0 {
        return Err(refuse(
            "screening.open",
            &[("n", screened.serious.to_string())],
        ));
    }
    for seq in &screened.waived {
        let Some(waiver) = case.waivers.iter().find(|w| w.seq == *seq && w.open) else {
            return Err(refuse("screening.waiver", &[]));
        };
        let involved = items.iter().any(|item| {
            item.contributors.contains(&waiver.person)
                || item.submitter.as_deref() == Some(waiver.person.as_str())
        });
        if involved {
            return Err(refuse("screening.waiver", &[]));
        }
    }
    Ok(())
}
