//! Founding, bureaus, sites, columns, routes. Clauses A0.1, A1.2–A1.5, A2.1–A2.5, A5.9.

use super::{Verdict, must_have, must_say_why};
use crate::journal::PublicKey;
use crate::rules::act::{BureauAdd, ColumnAdd, ColumnEnd, Found, RouteSet, SiteAdd};
use crate::rules::case::Case;
use crate::rules::org::{BureauLevel, ColumnState, DepartmentDuty, Family, Org, SiteLevel};
use crate::rules::refusal::{Refusal, refuse};
use crate::rules::role::{Right, Role};

/// Ids and path segments: short, lower case, safe in a path and a URL.
pub(crate) fn plain_id(id: &str) -> Verdict {
    let good = !id.is_empty()
        && id.len() <= 48
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !id.starts_with('-');
    if good {
        Ok(())
    } else {
        Err(refuse(
            "org.slug",
            &[("name", id.chars().take(48).collect())],
        ))
    }
}

fn public_name(name: &str) -> Verdict {
    let good = !name.trim().is_empty()
        && name.chars().count() <= 60
        && !name.chars().any(char::is_control);
    if good {
        Ok(())
    } else {
        Err(refuse("act.form", &[("what", "name".to_owned())]))
    }
}

fn exists(what: &str) -> Refusal {
    refuse("org.exists", &[("name", what.to_owned())])
}

fn unknown(what: &str) -> Refusal {
    refuse("org.unknown", &[("name", what.to_owned())])
}

pub(super) fn found(case: &Case<'_>, found: &Found) -> Verdict {
    if case.seq != 1 {
        return Err(exists("journal"));
    }
    public_name(&found.province)?;
    let [first, second] = found.officers.as_slice() else {
        return Err(refuse("act.form", &[("what", "officers".to_owned())]));
    };
    let roles_fit = first.role != second.role
        && [first, second]
            .iter()
            .all(|o| matches!(o.role, Role::OfficeDirector | Role::SecurityAdmin));
    let distinct =
        first.person != second.person && first.login != second.login && first.key != second.key;
    if !roles_fit || !distinct || first.person != case.actor {
        return Err(refuse("act.form", &[("what", "officers".to_owned())]));
    }
    for officer in [first, second] {
        plain_id(&officer.person)?;
        plain_id(&officer.login)?;
        if PublicKey::from_base64(found.suite, &officer.key).is_err() {
            return Err(refuse("act.form", &[("what", "key".to_owned())]));
        }
    }
    Ok(())
}

pub(super) fn bureau_add(case: &Case<'_>, a: &BureauAdd) -> Verdict {
    must_have(case, Right::ManageOrg, Org::ROOT)?;
    plain_id(&a.bureau)?;
    public_name(&a.name)?;
    if case.org.bureaus.contains_key(&a.bureau) {
        return Err(exists(&a.bureau));
    }
    let parent = case
        .org
        .bureaus
        .get(&a.parent)
        .ok_or_else(|| unknown(&a.parent))?;
    let fits = match a.level {
        BureauLevel::Head | BureauLevel::Province => false,
        BureauLevel::City => parent.level == BureauLevel::Province,
        BureauLevel::County => parent.level == BureauLevel::City,
        BureauLevel::Department | BureauLevel::Affiliated => {
            matches!(
                parent.level,
                BureauLevel::Province | BureauLevel::City | BureauLevel::County
            )
        }
    };
    if !fits || (a.level == BureauLevel::Department) != a.duty.is_some() {
        return Err(refuse("act.form", &[("what", "level".to_owned())]));
    }
    Ok(())
}

pub(super) fn site_add(case: &Case<'_>, a: &SiteAdd) -> Verdict {
    must_have(case, Right::ManageOrg, Org::ROOT)?;
    plain_id(&a.site)?;
    public_name(&a.name)?;
    if case.org.has_node(&a.site) {
        return Err(exists(&a.site));
    }
    let bureau = case
        .org
        .bureaus
        .get(&a.bureau)
        .ok_or_else(|| unknown(&a.bureau))?;
    if let Some(language) = &a.language {
        return super::language::site_add(case, a, language);
    }
    match a.level {
        SiteLevel::Province => {
            // A2.1, A2.2: only head office and provinces may have a platform.
            if !matches!(bureau.level, BureauLevel::Head | BureauLevel::Province)
                || a.parent.is_some()
            {
                return Err(refuse(
                    "org.platform-level",
                    &[("bureau", bureau.name.clone())],
                ));
            }
        }
        SiteLevel::City => {
            // A2.3: a city has one subsite on the province's platform.
            if bureau.level != BureauLevel::City {
                return Err(refuse(
                    "org.subsite-owner",
                    &[("bureau", bureau.name.clone())],
                ));
            }
            let parent = a.parent.as_deref().and_then(|p| case.org.sites.get(p));
            if parent.is_none_or(|p| p.level != SiteLevel::Province || p.is_foreign()) {
                return Err(refuse(
                    "org.subsite-owner",
                    &[("bureau", bureau.name.clone())],
                ));
            }
        }
    }
    if case.org.sites.values().any(|s| s.bureau == a.bureau) {
        return Err(refuse(
            "org.subsite-once",
            &[("bureau", bureau.name.clone())],
        ));
    }
    Ok(())
}

pub(super) fn column_add(case: &Case<'_>, a: &ColumnAdd) -> Verdict {
    let site = case
        .org
        .sites
        .get(&a.site)
        .ok_or_else(|| unknown(&a.site))?;
    must_have(case, Right::ManageOrg, &a.site)?;
    plain_id(&a.column)?;
    plain_id(&a.slug)?;
    public_name(&a.name)?;
    if case.org.has_node(&a.column)
        || case
            .org
            .columns
            .values()
            .any(|c| c.site == a.site && c.slug == a.slug)
    {
        return Err(exists(&a.column));
    }
    if let Some(parent) = &a.parent {
        let fits = case
            .org
            .columns
            .get(parent)
            .is_some_and(|p| p.site == a.site && p.state == ColumnState::Open);
        if !fits {
            return Err(refuse("org.column-site", &[("column", parent.clone())]));
        }
    }
    let owner = case
        .org
        .bureaus
        .get(&a.owner)
        .ok_or_else(|| unknown(&a.owner))?;
    for person in [&a.person, &a.backup].into_iter().flatten() {
        if !case.org.is_active(person, case.now) {
            return Err(refuse("person.unknown", &[("person", person.clone())]));
        }
    }
    let line = case.org.bureau_line(&a.owner);
    if let Some(county) = line.iter().find(|b| b.level == BureauLevel::County) {
        // A2.4: a county owns 信息公开 columns on its own city's subsite, nothing else.
        let own_city =
            site.level == SiteLevel::City && county.parent.as_deref() == Some(site.bureau.as_str());
        if !own_city || a.family != Family::Disclosure {
            return Err(refuse(
                "org.county-column",
                &[("bureau", county.name.clone())],
            ));
        }
    } else if !line.iter().any(|b| b.id == site.bureau) {
        return Err(refuse("org.column-site", &[("column", a.column.clone())]));
    }
    // A1.3: the province's service columns belong to its taxpayer service department.
    let by_service = owner.duty == Some(DepartmentDuty::Service);
    if a.family == Family::Service && site.level == SiteLevel::Province && !by_service {
        if !a.owner_waived {
            return Err(refuse(
                "org.service-owner",
                &[("bureau", owner.name.clone())],
            ));
        }
        must_say_why(case)?;
    }
    Ok(())
}

pub(super) fn column_end(case: &Case<'_>, a: &ColumnEnd) -> Verdict {
    let column = case
        .org
        .columns
        .get(&a.column)
        .ok_or_else(|| unknown(&a.column))?;
    must_have(case, Right::ManageOrg, &column.site)?;
    let into = case
        .org
        .columns
        .get(&a.into)
        .ok_or_else(|| unknown(&a.into))?;
    let children =
        case.org.columns.values().any(|c| {
            c.parent.as_deref() == Some(a.column.as_str()) && c.state == ColumnState::Open
        });
    if column.state != ColumnState::Open {
        return Err(refuse(
            "org.column-state",
            &[("column", column.name.clone())],
        ));
    }
    if a.column == a.into || into.state != ColumnState::Open || into.site != column.site || children
    {
        return Err(refuse(
            "org.column-merge",
            &[("column", column.name.clone())],
        ));
    }
    must_say_why(case)
}

pub(super) fn route_set(case: &Case<'_>, a: &RouteSet) -> Verdict {
    if a.node == Org::ROOT || !case.org.has_node(&a.node) {
        return Err(unknown(&a.node));
    }
    must_have(case, Right::ManageOrg, &a.node)?;
    a.steps
        .as_ref()
        .map_or(Ok(()), crate::rules::route::Route::validate)
}
