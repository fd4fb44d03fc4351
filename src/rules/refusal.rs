//! Refusals: a rule id, and what the message needs to say.

use std::fmt;

use crate::locale;

/// Why an act may not happen. The text a person reads is the locale message `rule-<id>` with
/// dots turned into dashes; it ends by saying what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable id such as `duty.contributor`; programs match on it.
    pub rule: &'static str,
    /// Named values for the message.
    pub args: Vec<(&'static str, String)>,
}

/// Builds a refusal.
pub fn refuse(rule: &'static str, args: &[(&'static str, String)]) -> Refusal {
    debug_assert!(RULES.contains(&rule), "rule {rule} is not in the list");
    Refusal {
        rule,
        args: args.to_vec(),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rule)?;
        for (name, value) in &self.args {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// The locale key of the message.
    pub fn key(&self) -> String {
        key_of(self.rule)
    }

    /// What a person reads, in the language in force: what is wrong and what to do next. Codes
    /// among the values become words.
    pub fn message(&self) -> String {
        let mut args: Vec<(&str, String)> = self
            .args
            .iter()
            .map(|(name, value)| {
                let worded = match *name {
                    "state" if self.rule == "bundle.state" => locale::word("bundle-state", value),
                    "state" => locale::word("state", value),
                    "transition" => locale::word("transition", value),
                    "role" | "other" => locale::word("role", value),
                    "step" => locale::word("step", value),
                    "at" | "last" => value
                        .parse()
                        .map_or_else(|_| value.clone(), locale::instant),
                    "fields" => value
                        .split(',')
                        .map(|f| locale::word("field", f))
                        .collect::<Vec<_>>()
                        .join("、"),
                    "lacks" => value
                        .split(',')
                        .map(|c| locale::word("language-condition", c))
                        .collect::<Vec<_>>()
                        .join("、"),
                    _ => value.clone(),
                };
                (*name, worded)
            })
            .collect();
        // A refusal inside a refusal is told in full, with the values both carry.
        if let Some(why) = args.iter().position(|(name, _)| *name == "why") {
            args[why].1 = locale::by_id(&key_of(&args[why].1), &args);
        }
        locale::by_id(&self.key(), &args)
    }
}

/// The locale key of a rule's message.
pub fn key_of(rule: &str) -> String {
    format!("rule-{}", rule.replace('.', "-"))
}

/// Every rule id. A test proves that each has its text in every language and that each can be
/// provoked.
pub const RULES: &[&str] = &[
    "act.form",
    "actor.unknown",
    "actor.left",
    "actor.contract",
    "right.missing",
    "org.exists",
    "org.unknown",
    "org.platform-level",
    "org.subsite-owner",
    "org.subsite-once",
    "org.county-column",
    "org.service-owner",
    "org.column-site",
    "org.column-state",
    "org.column-merge",
    "org.slug",
    "route.length",
    "route.confidentiality",
    "route.sign-off-last",
    "route.role",
    "route.step",
    "route.held",
    "person.exists",
    "person.unknown",
    "grant.affiliation",
    "grant.exclusive",
    "grant.period",
    "grant.scope",
    "grant.one-head",
    "grant.self",
    "grant.unknown",
    "grant.held",
    "proposal.unknown",
    "proposal.closed",
    "proposal.same-person",
    "key.known",
    "key.unknown",
    "key.last",
    "item.exists",
    "item.unknown",
    "item.columns",
    "item.incomplete",
    "item.disclosure-missing",
    "item.disclosure-closed",
    "item.scheduled-locked",
    "item.signed-locked",
    "item.live-locked",
    "item.no-text",
    "item.reason",
    "item.revision",
    "state.invalid",
    "claim.held",
    "claim.own-session",
    "claim.none",
    "comment.unknown",
    "comment.anchor",
    "comment.settled",
    "screening.open",
    "screening.waiver",
    "screening.state",
    "list.empty",
    "relation.self",
    "relation.there",
    "relation.none",
    "validity.live",
    "share.live",
    "share.site",
    "flag.unknown",
    "flag.settled",
    "flag.involved",
    "emergency.state",
    "posted.channel",
    "review.step",
    "review.kind",
    "review.fingerprint",
    "review.escalated",
    "duty.contributor",
    "duty.submitter",
    "duty.twice",
    "duty.outsourced",
    "clearance.missing",
    "clearance.opinion",
    "clearance.ground",
    "clearance.authority",
    "approval.missing",
    "recall.submitter",
    "schedule.past",
    "schedule.expiry",
    "schedule.embargo",
    "schedule.none",
    "publish.not-due",
    "publish.early",
    "publish.gate",
    "bundle.unknown",
    "bundle.exists",
    "bundle.state",
    "bundle.empty",
    "bundle.item-state",
    "bundle.member",
    "bundle.locked",
    "bundle.changed",
    "language.parent",
    "language.site",
    "language.none",
    "language.conditions",
    "language.reviewer",
    "sign-off.not-last",
    "clock.ahead",
    "purge.target",
    "purge.live",
];
