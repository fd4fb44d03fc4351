//! The states of an item and the transitions between them.

use super::codes::codes;

codes! {
/// Where an item is in its life.
State {
    /// 草稿
    Draft = "draft",
    /// 审核中
    InReview = "in-review",
    /// 退回
    Returned = "returned",
    /// 筛除
    Rejected = "rejected",
    /// 已签发
    SignedOff = "signed-off",
    /// 待发布
    Scheduled = "scheduled",
    /// 已发布
    Published = "published",
    /// 已更正
    Corrected = "corrected",
    /// 已撤稿
    Withdrawn = "withdrawn",
    /// 已到期
    Expired = "expired",
    /// 已作废: out of every queue, restorable
    Discarded = "discarded",
}}

codes! {
/// What changes a state. Each is one kind of entry.
Transition {
    /// Save a revision
    Revise = "revise",
    /// Hand in for review
    Submit = "submit",
    /// Take one's submission back
    Recall = "recall",
    /// Send back with a reason
    Return = "return",
    /// 筛除
    Reject = "reject",
    /// Pass a review step
    Approve = "approve",
    /// Conclude the confidentiality review
    Clear = "clear",
    /// Sign off
    SignOff = "sign-off",
    /// Set a time
    Schedule = "schedule",
    /// Cancel the time
    Unschedule = "unschedule",
    /// Make what is signed off editable again
    Unlock = "unlock",
    /// Go live
    Publish = "publish",
    /// Run out
    Expire = "expire",
    /// Start a correction
    Correct = "correct",
    /// Take down
    Withdraw = "withdraw",
    /// Put away
    Discard = "discard",
    /// Bring back
    Restore = "restore",
}}

impl State {
    /// A state found in stored data. An unknown one is treated as a draft, so that only a
    /// draft's transitions are offered.
    pub fn stored(code: &str) -> State {
        State::parse(code).unwrap_or(State::Draft)
    }

    /// Whether the table knows this transition from here. Who may make it, and on what other
    /// conditions, is the business of [`crate::rules::check`].
    pub fn allows(self, transition: Transition) -> bool {
        use Transition as T;
        match self {
            State::Draft | State::Returned => {
                matches!(
                    transition,
                    T::Revise | T::Submit | T::Reject | T::Discard | T::Withdraw
                )
            }
            State::InReview => matches!(
                transition,
                T::Revise
                    | T::Recall
                    | T::Return
                    | T::Reject
                    | T::Approve
                    | T::Clear
                    | T::SignOff
                    | T::Withdraw
            ),
            // A correction can be rejected while the text it corrects is live.
            State::Rejected => matches!(transition, T::Restore | T::Discard | T::Withdraw),
            State::SignedOff => matches!(
                transition,
                T::Schedule | T::Unlock | T::Publish | T::Withdraw
            ),
            State::Scheduled => {
                matches!(
                    transition,
                    T::Schedule | T::Unschedule | T::Unlock | T::Publish | T::Withdraw
                )
            }
            State::Published | State::Corrected => {
                matches!(
                    transition,
                    T::Schedule | T::Expire | T::Correct | T::Withdraw
                )
            }
            State::Expired => matches!(transition, T::Withdraw),
            State::Withdrawn => false,
            State::Discarded => matches!(transition, T::Restore),
        }
    }

    /// Whether the text may be changed in this state.
    pub fn editable(self) -> bool {
        self.allows(Transition::Revise)
    }

    /// Whether the working version is what the public sees.
    pub fn is_live(self) -> bool {
        matches!(self, State::Published | State::Corrected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_stored_state_is_a_draft() {
        assert_eq!(State::stored("archived"), State::Draft);
        assert!(!State::stored("archived").allows(Transition::Publish));
    }

    #[test]
    fn published_items_are_never_discarded() {
        for state in [
            State::Published,
            State::Corrected,
            State::Withdrawn,
            State::Expired,
        ] {
            assert!(!state.allows(Transition::Discard));
            assert!(!state.allows(Transition::Revise));
        }
    }

    #[test]
    fn only_signed_off_work_goes_live() {
        for state in State::ALL {
            let may = state.allows(Transition::Publish);
            assert_eq!(
                may,
                matches!(state, State::SignedOff | State::Scheduled),
                "{state:?}"
            );
        }
    }
}
