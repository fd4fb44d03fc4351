//! The verbs that show something.

use std::io::IsTerminal;

use serde_json::json;

use super::super::context::{Context, code};
use super::super::{Done, out, times};
use super::{Diff, Form, Narrow, Show};
use crate::desk::{Desk, DeskError, Fields, exit};
use crate::diff::{FieldEdit, Labels, compare, html, marked};
use crate::locale;
use crate::rules::act::ViewMode;
use crate::rules::state::State;
use crate::store::query::items::{Filter, Line};

/// Prints lines of a list.
pub fn print_lines(cx: &Context, desk: &mut Desk, lines: &[Line]) -> Done {
    let names = desk.person_names()?;
    let org = desk.org()?;
    let mut rows = Vec::new();
    for line in lines {
        if cx.json() {
            let mut value = serde_json::to_value(line).unwrap_or_default();
            for key in ["updated_at", "submitted_at", "due", "expire", "live_at"] {
                if let Some(at) = value.get(key).and_then(serde_json::Value::as_i64) {
                    value[key] = times::rfc3339(at).into();
                }
            }
            out::object(&value);
        } else {
            rows.push(vec![
                line.number.clone(),
                locale::word("state", line.state.code()),
                line.title.clone(),
                org.columns
                    .get(&line.column)
                    .map_or_else(|| line.column.clone(), |c| c.name.clone()),
                names.get(&line.creator).cloned().unwrap_or_default(),
                locale::instant(line.due.unwrap_or(line.updated_at)),
            ]);
        }
    }
    if !cx.json() && rows.is_empty() {
        out::note(&crate::tr!("cli-nothing"));
    }
    out::table(&rows);
    Ok(exit::DONE)
}

pub(super) fn list(cx: &Context, desk: &mut Desk, words: Option<String>, narrow: &Narrow) -> Done {
    let column = match &narrow.column {
        Some(name) => Some(
            desk.org()?
                .find_column(name)
                .map_or_else(|| name.clone(), |c| c.id.clone()),
        ),
        None => None,
    };
    let filter = Filter {
        states: narrow
            .states
            .iter()
            .map(|s| code(s, State::parse))
            .collect::<Result<_, _>>()?,
        site: narrow.site.clone(),
        column,
        creator: narrow.mine.then(|| desk.person().to_owned()),
        text: words,
        ..Filter::default()
    };
    let lines = desk.list(&filter, None, narrow.limit.clamp(1, 10_000))?;
    if filter.text.is_some() && !cx.json() {
        out::note(&crate::tr!(
            "cli-hits",
            count = desk.count(&filter)?.to_string()
        ));
    }
    print_lines(cx, desk, &lines)
}

pub(super) fn show(cx: &Context, desk: &mut Desk, a: &Show) -> Done {
    let view = desk.show(&a.item)?;
    let content = match a.revision {
        Some(n) => desk.content(&a.item, Some(n))?,
        None => view.content.clone(),
    };
    let names = desk.person_names()?;
    let name = |id: &String| names.get(id).cloned().unwrap_or_else(|| id.clone());
    if cx.json() {
        let steps: Vec<_> = view
            .steps
            .iter()
            .map(|s| json!({"name": s.name, "role": s.role.code(), "kind": s.kind.code(), "needed": s.needed, "passed_by": s.passed_by, "waiting": s.waiting}))
            .collect();
        let reviews: Vec<_> = view
            .clearances
            .iter()
            .map(|c| json!({"form": c.form_no, "conclusion": c.conclusion.code(), "ground": c.ground.map(crate::rules::clearance::Ground::code), "reviewer": c.reviewer, "revision": c.revision, "fingerprint": c.fingerprint.to_string(), "at": times::rfc3339(c.at)}))
            .collect();
        let offers: Vec<_> = view
            .offers
            .iter()
            .filter(|o| o.refusal.is_none())
            .map(|o| o.act)
            .collect();
        out::object(&json!({
            "item": view.line.id, "number": view.line.number, "state": view.line.state.code(),
            "revision": a.revision.unwrap_or(view.line.revision), "fingerprint": view.fingerprint.to_string(),
            "fields": content.fields, "shape": content.shape, "text": content.text,
            "attachments": content.attachments.iter().map(|f| &f.name).collect::<Vec<_>>(),
            "steps": steps, "clearances": reviews, "held": view.held, "closed": view.closed, "purged": view.purged,
            "escalated": view.line.escalated, "correcting": view.line.correcting, "live_revision": view.live_revision,
            "due": view.line.due.map(times::rfc3339), "expire": view.line.expire.map(times::rfc3339),
            "contributors": view.contributors, "submitter": view.submitter, "offers": offers, "bundle": view.bundle,
            "claim": view.claim.as_ref().map(|c| &c.person),
        }));
        return Ok(exit::DONE);
    }
    out::line(&format!(
        "{}  {}  {}",
        view.line.number,
        locale::word("state", view.line.state.code()),
        out::safe(&content.fields.title)
    ));
    for code in Fields::CODES.iter().skip(1) {
        if let Some(value) = content.fields.get(code).filter(|v| !v.is_empty()) {
            out::line(&format!(
                "{}: {}",
                locale::word("field", code),
                out::safe(value)
            ));
        }
    }
    out::line(&format!(
        "{}: {}",
        locale::word("field", "columns"),
        content.shape.columns.join(" ")
    ));
    if let Some(disclosure) = content.shape.disclosure {
        out::line(&format!(
            "{}: {}",
            locale::word("field", "disclosure"),
            locale::word("disclosure", disclosure.code())
        ));
    }
    for step in &view.steps {
        let mark = if step.waiting {
            ">"
        } else if step.passed_by.len() >= usize::from(step.needed) {
            "x"
        } else {
            "-"
        };
        let by: Vec<String> = step.passed_by.iter().map(name).collect();
        out::line(&format!(
            "[{mark}] {} {}",
            locale::word("step", &step.name),
            by.join(" ")
        ));
    }
    if view.held {
        out::line(&locale::by_id("rule-route-held", &[]));
    }
    for file in &content.attachments {
        out::line(&format!(
            "{}: {}",
            locale::word("field", "attachments"),
            out::safe(&file.name)
        ));
    }
    out::line("");
    out::line(&out::safe(&content.text));
    Ok(exit::DONE)
}

struct Words;

impl Labels for Words {
    fn unchanged(&self, paragraphs: usize) -> String {
        crate::tr!("cli-diff-unchanged", count = paragraphs.to_string())
    }

    fn moved(&self, from: usize, to: usize) -> String {
        crate::tr!(
            "cli-diff-moved",
            from = from.to_string(),
            to = to.to_string()
        )
    }
}

pub(super) fn diff(cx: &Context, desk: &mut Desk, a: &Diff) -> Done {
    let row = desk.find(&a.item)?;
    let difference = if a.review {
        desk.review_diff(&row.facts.id)?
    } else {
        let to = a.to.unwrap_or(row.facts.revision);
        desk.diff(&row.facts.id, a.from.unwrap_or(to.saturating_sub(1)), to)?
    };
    if a.html {
        out::line(&html(&difference.text, Some(1), &Words));
        return Ok(exit::DONE);
    }
    if cx.json() {
        let stats = difference.text.stats();
        out::object(&json!({
            "item": row.facts.id, "from": difference.from, "to": difference.to,
            "added": stats.added, "removed": stats.removed, "hunks": stats.hunks, "moved": stats.moved,
            "fields": difference.fields.iter().map(|f| &f.name).collect::<Vec<_>>(),
            "attachments": difference.attachments.len(),
            "text": marked(&difference.text, Some(1), false, &Words),
        }));
        return Ok(exit::DONE);
    }
    let color = match a.color.as_str() {
        "always" => true,
        "never" => false,
        _ => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    };
    out::line(&crate::tr!(
        "cli-diff-head",
        from = difference.from.to_string(),
        to = difference.to.to_string()
    ));
    for field in &difference.fields {
        let change = match &field.edit {
            FieldEdit::Added(new) => compare("", new),
            FieldEdit::Removed(old) => compare(old, ""),
            FieldEdit::Changed(change) => change.clone(),
        };
        out::line(&format!(
            "{}: {}",
            locale::word("field", &field.name),
            marked(&change, None, color, &Words).trim_end()
        ));
    }
    for file in &difference.attachments {
        out::line(&format!(
            "{}: {}",
            locale::word("field", "attachments"),
            attachment(file)
        ));
    }
    out::line(&marked(&difference.text, Some(1), color, &Words));
    Ok(exit::DONE)
}

fn attachment(change: &crate::diff::AttachmentChange) -> String {
    use crate::diff::AttachmentChange as C;
    match change {
        C::Added { name, .. } => format!("{{+{}+}}", out::safe(name)),
        C::Removed { name, .. } => format!("[-{}-]", out::safe(name)),
        C::Replaced { name, .. } => format!("[-{0}-]{{+{0}+}}", out::safe(name)),
        C::Renamed { from, to } => format!("[-{}-]{{+{}+}}", out::safe(from), out::safe(to)),
        C::Reordered { name, from, to } => format!("{} {} > {}", out::safe(name), from + 1, to + 1),
    }
}

pub(super) fn history(cx: &Context, desk: &mut Desk, item: &str) -> Done {
    let lines = desk.history(item)?;
    print_history(cx, desk, &lines)
}

/// Comments with the words they are about; a settled thread is marked.
pub(super) fn comments(cx: &Context, desk: &mut Desk, item: &str) -> Done {
    let names = desk.person_names()?;
    let name = |id: &String| names.get(id).unwrap_or(id).clone();
    let mut rows = Vec::new();
    for c in desk.comments(item)? {
        if cx.json() {
            out::object(&json!({
                "seq": c.seq, "at": times::rfc3339(c.at), "actor": c.person, "text": c.text,
                "answers": c.answers, "quote": c.quote, "here": c.here.map(|r| [r.start, r.end]),
                "place": c.anchor.map(|a| a.place), "settled": c.settled_by,
            }));
            continue;
        }
        let mut words = Vec::new();
        words.extend(
            c.answers
                .map(|n| crate::tr!("cli-comment-answers", n = n.to_string())),
        );
        words.extend(c.quote.map(|quote| {
            if c.here.is_some() {
                crate::tr!("cli-comment-quote", quote = out::safe(&quote))
            } else {
                crate::tr!("cli-comment-quote-changed", quote = out::safe(&quote))
            }
        }));
        words.push(
            c.text
                .map_or_else(|| crate::tr!("cli-comment-destroyed"), |t| out::safe(&t)),
        );
        words.extend(
            c.settled_by
                .as_ref()
                .map(|by| crate::tr!("cli-comment-settled", person = name(by))),
        );
        rows.push(vec![
            c.seq.to_string(),
            locale::instant(c.at),
            name(&c.person),
            words.join(" ").replace('\n', " "),
        ]);
    }
    out::table(&rows);
    Ok(exit::DONE)
}

/// Lines of a history or of the journal.
pub fn print_history(
    cx: &Context,
    desk: &mut Desk,
    lines: &[crate::desk::view::HistoryLine],
) -> Done {
    let names = desk.person_names()?;
    let mut rows = Vec::new();
    for line in lines {
        if cx.json() {
            let detail: serde_json::Map<String, serde_json::Value> = line
                .detail
                .iter()
                .map(|(k, v)| ((*k).to_owned(), v.clone().into()))
                .collect();
            out::object(&json!({
                "seq": line.seq, "at": times::rfc3339(line.at), "actor": line.actor, "kind": line.kind,
                "detail": detail, "note": line.note, "verdict": line.verdict,
            }));
        } else {
            let mut words: Vec<String> = line
                .detail
                .iter()
                .map(|(k, v)| shown(k, v, &names))
                .collect();
            words.extend(line.note.clone());
            words.extend(line.verdict.clone());
            rows.push(vec![
                line.seq.to_string(),
                locale::instant(line.at),
                names
                    .get(&line.actor)
                    .cloned()
                    .unwrap_or_else(|| line.actor.clone()),
                locale::word("kind", &line.kind),
                words.join(" ").replace('\n', " "),
            ]);
        }
    }
    out::table(&rows);
    Ok(exit::DONE)
}

fn shown(key: &str, value: &str, names: &std::collections::HashMap<String, String>) -> String {
    match key {
        "conclusion" | "cause" | "role" => locale::word(key, value),
        "ground" => locale::word("ground", value),
        "publish-at" | "expire-at" => value
            .parse()
            .map_or_else(|_| value.to_owned(), locale::instant),
        "person" => names
            .get(value)
            .cloned()
            .unwrap_or_else(|| value.to_owned()),
        "step" => value.parse::<u32>().map_or_else(
            |_| value.to_owned(),
            |n| format!("#{}", n.saturating_add(1)),
        ),
        _ => value.to_owned(),
    }
}

pub(super) fn preview(cx: &Context, desk: &mut Desk, item: &str) -> Done {
    let content = desk.preview(item, ViewMode::Preview)?;
    if cx.json() {
        out::object(&json!({"fields": content.fields, "text": content.text}));
    } else {
        out::line(&out::safe(&content.fields.title));
        out::line("");
        out::line(&out::safe(&content.text));
    }
    Ok(exit::DONE)
}

pub(super) fn form(cx: &Context, desk: &mut Desk, a: &Form) -> Done {
    let form = desk.review_form(&a.item)?;
    let Some(path) = &a.out else {
        out::line(&form.to_text());
        return Ok(exit::DONE);
    };
    let page = form.to_html()?;
    crate::report::export(path, a.force, |file| Ok(file.write_all(page.as_bytes())?))
        .map_err(DeskError::from)?;
    out::result(
        cx.json(),
        json!({"file": path}),
        &crate::tr!("cli-written", path = path.display().to_string()),
    );
    Ok(exit::DONE)
}
