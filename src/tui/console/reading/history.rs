//! What happened to an item, in words.

use super::about::{line, notices, steps};
use super::comments::quoted;
use crate::desk::findings::WaiverView;
use crate::desk::view::{Hand, HistoryLine, ItemView};
use crate::locale;
use crate::tr;
use crate::tui::console::kit::{labelled, when};
use crate::tui::console::seat::Words;
use crate::tui::draw::Piece;
use crate::tui::theme::Styles;
use crate::tui::widgets::Paragraph;

/// The word for a kind of entry: that of its act, or the kind itself.
pub fn kind(kind: &str) -> String {
    locale::word("kind", kind)
}

/// What a history line says besides who and what.
pub fn detail(entry: &HistoryLine, words: &Words, column: Option<&str>) -> String {
    let parts: Vec<String> = entry
        .detail
        .iter()
        .map(|(what, value)| match *what {
            "step" => {
                let step = value
                    .parse()
                    .ok()
                    .and_then(|n| words.step(column?, n))
                    .map(|s| locale::word("step", s));
                // People count from one.
                let number = value
                    .parse::<u32>()
                    .map_or_else(|_| value.clone(), |n| (n + 1).to_string());
                step.unwrap_or_else(|| tr!("tui-step-number", n = number))
            }
            "conclusion" => locale::word("conclusion", value),
            "ground" => locale::word("ground", value),
            "cause" => locale::word("cause", value),
            "role" => locale::word("role", value),
            "mode" => locale::word("tui-view-mode", value),
            "person" => words.person(value).to_owned(),
            "scope" if value == "*" => tr!("tui-scope-all"),
            "scope" => {
                let column = words.column(value);
                if column == value {
                    words.site(value).to_owned()
                } else {
                    column.to_owned()
                }
            }
            "site" => words.site(value).to_owned(),
            "column" => words.column(value).to_owned(),
            "publish-at" | "expire-at" => value
                .parse()
                .map_or_else(|_| value.clone(), locale::instant),
            "why" if locale::has(&crate::rules::refusal::key_of(value)) => {
                locale::by_id(&crate::rules::refusal::key_of(value), &[])
            }
            _ => value.clone(),
        })
        .collect();
    parts.join(" ")
}

/// One entry of a history: a line, and its note below.
pub fn entry(
    out: &mut Vec<Paragraph>,
    e: &HistoryLine,
    words: &Words,
    column: Option<&str>,
    styles: &Styles,
    now: i64,
) {
    out.push(line(vec![
        Piece::new(format!("{}  ", when(e.at, now)), styles.muted),
        Piece::new(kind(&e.kind), styles.strong),
        Piece::new(format!("  {}", words.person(&e.actor)), styles.text),
        Piece::new(format!("  {}", detail(e, words, column)), styles.muted),
        Piece::new(
            e.verdict
                .as_ref()
                .map(|rule| format!("  {}", tr!("tui-entry-void", rule = rule.as_str())))
                .unwrap_or_default(),
            styles.error,
        ),
    ]));
    if let Some(note) = &e.note {
        for text in note.split('\n') {
            out.push(Paragraph {
                pieces: vec![Piece::new(text, styles.text)],
                indent: 4,
            });
        }
    }
}

/// A history, oldest first.
pub fn history(
    lines: &[HistoryLine],
    words: &Words,
    column: &str,
    styles: &Styles,
    now: i64,
) -> Vec<Paragraph> {
    let mut out = Vec::new();
    for e in lines {
        entry(&mut out, e, words, Some(column), styles, now);
    }
    out
}

/// The record a reviewer goes by: the steps, and what was decided and said so far.
pub fn record(
    view: &ItemView,
    lines: &[HistoryLine],
    words: &Words,
    styles: &Styles,
    now: i64,
) -> Vec<Paragraph> {
    const SAID: &[&str] = &[
        "item.submit",
        "item.approve",
        "item.return",
        "item.reject",
        "item.clear",
        "item.sign-off",
        "item.comment",
        "item.correct",
        "item.unlock",
        "item.withdraw",
    ];
    let mut out = notices(view, words, styles);
    out.extend(clocks(view, styles, now));
    if let Some(person) = &view.submitter {
        let name = words.person(person).to_owned();
        out.push(labelled(&tr!("tui-label-submitter"), name, styles));
    }
    out.push(Paragraph::new(tr!("tui-label-route"), styles.head));
    out.extend(steps(view, words, styles));
    out.push(Paragraph::new("", styles.text));
    out.push(Paragraph::new(tr!("tui-label-record"), styles.head));
    for e in lines.iter().filter(|e| SAID.contains(&e.kind.as_str())) {
        entry(&mut out, e, words, Some(&view.line.column), styles, now);
    }
    for c in &view.clearances {
        out.push(labelled(
            &tr!("tui-label-form"),
            format!(
                "{}  {}  {}",
                c.form_no,
                locale::word("conclusion", c.conclusion.code()),
                tr!("tui-label-revision-n", n = c.revision)
            ),
            styles,
        ));
    }
    out
}

/// Whose hands an item went through, oldest first: when, who, what, on which version.
pub fn custody(
    hands: &[Hand],
    words: &Words,
    column: &str,
    styles: &Styles,
    now: i64,
) -> Vec<Paragraph> {
    let mut out = vec![Paragraph::new(tr!("tui-custody-about"), styles.muted)];
    for hand in hands {
        let version = if hand.revision == 0 {
            String::new()
        } else {
            tr!("tui-label-revision-n", n = hand.revision)
        };
        let e = &hand.line;
        out.push(line(vec![
            Piece::new(format!("{}  ", when(e.at, now)), styles.muted),
            Piece::new(words.person(&e.actor).to_owned(), styles.strong),
            Piece::new(format!("  {}", kind(&e.kind)), styles.text),
            Piece::new(format!("  {version}"), styles.text),
            Piece::new(
                format!("  {}", detail(e, words, Some(column))),
                styles.muted,
            ),
            Piece::new(format!("  #{}", e.seq), styles.muted),
        ]));
    }
    out
}

/// What was left as it is although screening found it, and why.
pub fn waivers(waivers: &[WaiverView], words: &Words, styles: &Styles, now: i64) -> Vec<Paragraph> {
    let mut out = Vec::new();
    for waiver in waivers {
        if out.is_empty() {
            out.push(Paragraph::default());
            out.push(Paragraph::new(tr!("tui-label-waivers"), styles.head));
        }
        let class = waiver
            .class
            .map(|c| locale::word("screening-class", c.code()))
            .unwrap_or_default();
        let quote = waiver
            .passage
            .as_ref()
            .map(|p| quoted(&p.words))
            .unwrap_or_default();
        let mut pieces = vec![
            Piece::new(format!("{}  ", when(waiver.at, now)), styles.muted),
            Piece::new(words.person(&waiver.person).to_owned(), styles.strong),
            Piece::new(format!("  {class} {quote}"), styles.text),
        ];
        if !waiver.open {
            pieces.push(Piece::new(
                format!("  {}", tr!("tui-waiver-ended")),
                styles.muted,
            ));
        }
        out.push(line(pieces));
        if let Some(reason) = &waiver.reason {
            out.push(Paragraph {
                pieces: vec![Piece::new(reason.clone(), styles.text)],
                indent: 4,
            });
        }
    }
    out
}

/// How long something has waited, in one unit: for a narrow column.
pub fn waiting(us: i64) -> String {
    let minutes = us.max(0) / 60_000_000;
    let (days, hours) = (minutes / 1440, minutes / 60);
    if days > 0 {
        tr!("tui-waiting-days", n = days)
    } else if hours > 0 {
        tr!("tui-waiting-hours", n = hours)
    } else {
        tr!("tui-lasting-minutes", minutes = minutes)
    }
}

/// A length of time in the two largest units that say something.
pub fn lasting(us: i64) -> String {
    let minutes = us.max(0) / 60_000_000;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    if days > 0 {
        tr!("tui-lasting-days", days = days, hours = hours)
    } else if hours > 0 {
        tr!("tui-lasting-hours", hours = hours, minutes = minutes)
    } else {
        tr!("tui-lasting-minutes", minutes = minutes)
    }
}

/// The clocks that run while an item waits: how long it has waited, and what it should be out by.
/// What is past is marked.
pub fn clocks(view: &ItemView, styles: &Styles, now: i64) -> Vec<Paragraph> {
    let mut out = Vec::new();
    let line_of = &view.line;
    if let (Some(at), false) = (line_of.submitted_at, line_of.state.is_live()) {
        let text = tr!(
            "tui-clock-waits",
            at = when(at, now),
            time = lasting(now - at)
        );
        out.push(Paragraph::new(text, styles.text));
    }
    if line_of.urgency != crate::rules::act::Urgency::Normal {
        let urgency = locale::word("urgency", line_of.urgency.code());
        out.push(labelled(&locale::word("field", "urgency"), urgency, styles));
    }
    let mut clock = |label: String, at: i64| {
        let (text, style) = if at <= now {
            let late = tr!("tui-clock-late", time = lasting(now - at));
            (
                format!("! {label} {}  {late}", when(at, now)),
                styles.warning,
            )
        } else {
            let left = tr!("tui-clock-left", time = lasting(at - now));
            (format!("{label} {}  {left}", when(at, now)), styles.text)
        };
        out.push(Paragraph::new(text, style));
    };
    if let (Some(at), false) = (view.content.shape.go_live, line_of.state.is_live()) {
        clock(tr!("tui-label-wanted"), at);
    }
    if let Some(at) = line_of.due {
        clock(tr!("tui-label-publish-at"), at);
    }
    if let Some(at) = line_of.expire {
        clock(tr!("tui-label-expire-at"), at);
    }
    if let Some(at) = view.content.shape.embargo.filter(|at| *at > now) {
        out.push(Paragraph::new(
            format!("! {} {}", tr!("tui-label-embargo"), when(at, now)),
            styles.warning,
        ));
    }
    out
}
