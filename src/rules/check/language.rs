//! Sites in a foreign language: 开设外文版要有专业、合格的支撑能力，没有相应条件的暂不开设. Clauses
//! A9.6–A9.8. Such a site is closed until its conditions are on record, and what goes live on it
//! needs a reviewer of the language.

use super::{Verdict, missing, must_say_why};
use crate::rules::act::{SiteAdd, SiteCondition};
use crate::rules::case::{Case, ItemFacts};
use crate::rules::org::{LanguageCondition, Site};
use crate::rules::refusal::refuse;
use crate::rules::role::Role;

/// A language as in a `lang` attribute: `en`, `ru`, `mn-Cyrl`. Chinese is no foreign language.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_lowercase())
        && first != "zh"
        && tag.len() <= 20
        && parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// A foreign-language version belongs to the Chinese site of the same bureau, one for each language.
pub(super) fn site_add(case: &Case<'_>, a: &SiteAdd, language: &str) -> Verdict {
    if !is_language(language) {
        return Err(refuse("act.form", &[("what", "language".to_owned())]));
    }
    let version_of = a.parent.as_deref().and_then(|p| case.org.sites.get(p));
    if version_of.is_none_or(|s| s.is_foreign() || s.bureau != a.bureau || s.level != a.level) {
        return Err(refuse("language.parent", &[("site", a.name.clone())]));
    }
    let there = |s: &&Site| s.bureau == a.bureau && s.language == language;
    if let Some(site) = case.org.sites.values().find(there) {
        return Err(refuse("org.exists", &[("name", site.id.clone())]));
    }
    Ok(())
}

/// The head of the governing office answers for the conditions.
pub(super) fn condition(case: &Case<'_>, a: &SiteCondition) -> Verdict {
    let nodes = [a.site.clone()];
    let Some(site) = case.org.sites.get(&a.site) else {
        return Err(refuse("org.unknown", &[("name", a.site.clone())]));
    };
    if !case
        .org
        .has_role(case.actor, Role::OfficeDirector, &nodes, case.now)
    {
        return Err(missing(case));
    }
    if !site.is_foreign() {
        return Err(refuse("language.site", &[("site", site.name.clone())]));
    }
    if (a.condition == LanguageCondition::Reviewer) != a.person.is_some() {
        return Err(refuse("act.form", &[("what", "person".to_owned())]));
    }
    if let Some(person) = &a.person
        && a.met
        && !case.org.is_active(person, case.now)
    {
        return Err(refuse("person.unknown", &[("person", person.clone())]));
    }
    if !a.met && !site.conditions.contains(&(a.condition, a.person.clone())) {
        return Err(refuse("language.none", &[("site", site.name.clone())]));
    }
    must_say_why(case)
}

/// Whether an item may be released on the sites it names: each in a foreign language has its
/// conditions on record, and one of its reviewers passed this very version. `signing` is whoever
/// signs it off just now.
pub(super) fn released(case: &Case<'_>, item: &ItemFacts, signing: Option<&str>) -> Verdict {
    for site in item.shape.columns.iter().filter_map(|c| {
        let column = case.org.columns.get(c)?;
        case.org.sites.get(&column.site).filter(|s| s.is_foreign())
    }) {
        let lacks = case.org.language_lacks(site, case.now);
        if !lacks.is_empty() {
            let lacks: Vec<&str> = lacks.iter().map(|c| c.code()).collect();
            return Err(refuse(
                "language.conditions",
                &[("site", site.name.clone()), ("lacks", lacks.join(","))],
            ));
        }
        let reviews = |person: &str| {
            let named = (LanguageCondition::Reviewer, Some(person.to_owned()));
            site.conditions.contains(&named) && !item.contributors.iter().any(|c| c == person)
        };
        let passed = item
            .approvals
            .iter()
            .any(|a| a.fingerprint == item.fingerprint && reviews(&a.person));
        if !passed && !signing.is_some_and(reviews) {
            return Err(refuse("language.reviewer", &[("site", site.name.clone())]));
        }
    }
    Ok(())
}
