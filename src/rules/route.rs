//! Routes: the ordered steps between a submission and its release, inherited down the tree.

use serde::{Deserialize, Serialize};

use super::codes::codes;
use super::refusal::{Refusal, refuse};
use super::role::Role;

codes! {
/// What a step decides.
StepKind {
    /// 初审、复审: an editorial judgement
    Review = "review",
    /// 保密审查: a record of its own
    Confidentiality = "confidentiality",
    /// 签发
    SignOff = "sign-off",
}}

/// One step of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// A code such as `first-review`; shown through the locale where it is a known one.
    pub name: String,
    /// Who decides.
    pub role: Role,
    /// What is decided.
    pub kind: StepKind,
    /// How many different people must pass it.
    pub needed: u8,
}

/// The steps in order. [`Route::validate`] keeps what no setting may break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Route(pub Vec<Step>);

impl Route {
    /// 三审 with the confidentiality review before sign-off (A13.3, A13.7): in force where
    /// nothing else is set.
    pub fn standard() -> Route {
        let step = |name: &str, role, kind| Step {
            name: name.to_owned(),
            role,
            kind,
            needed: 1,
        };
        Route(vec![
            step("first-review", Role::FirstReviewer, StepKind::Review),
            step("second-review", Role::SecondReviewer, StepKind::Review),
            step(
                "confidentiality",
                Role::ConfidentialityReviewer,
                StepKind::Confidentiality,
            ),
            step("sign-off", Role::Signer, StepKind::SignOff),
        ])
    }

    /// Checks the invariants of design §8: exactly one confidentiality step, before sign-off;
    /// exactly one sign-off, last; the two decided by their own roles; between 2 and 9 steps,
    /// each needing 1 to 5 people; names are plain codes.
    pub fn validate(&self) -> Result<(), Refusal> {
        let steps = &self.0;
        if steps.len() < 2 || steps.len() > 9 {
            return Err(refuse(
                "route.length",
                &[("count", steps.len().to_string())],
            ));
        }
        let of = |kind| steps.iter().filter(move |s| s.kind == kind).count();
        if of(StepKind::Confidentiality) != 1 {
            return Err(refuse("route.confidentiality", &[]));
        }
        if of(StepKind::SignOff) != 1 || steps.last().is_none_or(|s| s.kind != StepKind::SignOff) {
            return Err(refuse("route.sign-off-last", &[]));
        }
        for step in steps {
            let fits = match step.kind {
                StepKind::Confidentiality => step.role == Role::ConfidentialityReviewer,
                StepKind::SignOff => step.role == Role::Signer,
                StepKind::Review => matches!(
                    step.role,
                    Role::FirstReviewer
                        | Role::SecondReviewer
                        | Role::Proofreader
                        | Role::Editor
                        | Role::BoardHead
                ),
            };
            if !fits {
                return Err(refuse(
                    "route.role",
                    &[
                        ("step", step.name.clone()),
                        ("role", step.role.code().to_owned()),
                    ],
                ));
            }
            let plain = !step.name.is_empty()
                && step.name.len() <= 32
                && step
                    .name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if !(1..=5).contains(&step.needed) || !plain {
                return Err(refuse("route.step", &[("step", step.name.clone())]));
            }
        }
        Ok(())
    }

    /// Position of the confidentiality step.
    pub fn confidentiality(&self) -> usize {
        self.0
            .iter()
            .position(|s| s.kind == StepKind::Confidentiality)
            .unwrap_or(0)
    }

    /// The first step whose approvals do not suffice: where a submission stands. `counts[k]` is
    /// how many different people have passed step k for this very fingerprint in this run.
    pub fn open_step(&self, counts: &[usize]) -> Option<usize> {
        self.0
            .iter()
            .enumerate()
            .position(|(k, step)| counts.get(k).copied().unwrap_or(0) < usize::from(step.needed))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn standard_route_is_valid() {
        Route::standard().validate().unwrap();
    }

    #[test]
    fn confidentiality_cannot_be_left_out_or_put_after_sign_off() {
        let mut route = Route::standard();
        route.0.remove(2);
        assert_eq!(route.validate().unwrap_err().rule, "route.confidentiality");
        let mut route = Route::standard();
        route.0.swap(2, 3);
        assert_eq!(route.validate().unwrap_err().rule, "route.sign-off-last");
    }

    #[test]
    fn an_edit_makes_the_first_step_open_again() {
        let route = Route::standard();
        assert_eq!(route.open_step(&[1, 0, 0, 0]), Some(1));
        assert_eq!(route.open_step(&[0, 1, 0, 0]), Some(0));
        assert_eq!(route.open_step(&[1, 1, 1, 1]), None);
    }

    fn any_step() -> impl Strategy<Value = Step> {
        let kinds = prop_oneof![
            Just(StepKind::Review),
            Just(StepKind::Confidentiality),
            Just(StepKind::SignOff)
        ];
        (kinds, 0..Role::ALL.len(), 0u8..7).prop_map(|(kind, r, needed)| Step {
            name: "step".into(),
            role: Role::ALL[r],
            kind,
            needed,
        })
    }

    proptest! {
        #[test]
        fn whatever_validates_keeps_the_invariants(steps in proptest::collection::vec(any_step(), 0..12)) {
            let route = Route(steps);
            if route.validate().is_ok() {
                let conf: Vec<_> = route.0.iter().enumerate()
                    .filter(|(_, s)| s.kind == StepKind::Confidentiality).collect();
                prop_assert_eq!(conf.len(), 1);
                prop_assert!(conf[0].0 < route.0.len() - 1);
                prop_assert_eq!(route.0.last().unwrap().kind, StepKind::SignOff);
                prop_assert!(route.0.iter().all(|s| s.needed >= 1));
            }
        }
    }
}
