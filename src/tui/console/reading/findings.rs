//! What screening found, gravest first: words, ground, what could stand there, and what was waived.

use std::ops::Range;

use super::comments::quoted;
use crate::desk::comments::CommentView;
use crate::desk::findings::FindingView;
use crate::desk::{self, Desk, DeskError};
use crate::locale;
use crate::screening::{Place, Severity, ground_text, why};
use crate::store::StoreError;
use crate::tr;
use crate::tui::console::seat::Words;
use crate::tui::draw::Piece;
use crate::tui::theme::Styles;
use crate::tui::widgets::Paragraph;

/// Whether it stands in the way of a sign-off.
pub fn is_grave(found: &FindingView) -> bool {
    found.waiver.is_none() && found.finding.hit.severity == Severity::Serious
}

/// Where in the manuscript it lies, in bytes; none where it is elsewhere.
pub fn in_text(found: &FindingView) -> Option<Range<usize>> {
    (found.finding.place == Place::Body).then(|| found.finding.hit.range.clone())
}

/// What screening finds on an item, gravest first, then in the order of the item; waived ones
/// last. Nothing can be found in a destroyed text.
pub fn of(desk: &mut Desk, item: &str) -> desk::Result<Vec<FindingView>> {
    match desk.findings(item) {
        Ok(list) => Ok(sorted(list)),
        Err(DeskError::Store(StoreError::Purged(_))) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn sorted(mut list: Vec<FindingView>) -> Vec<FindingView> {
    list.sort_by(|a, b| {
        let key = |f: &FindingView| {
            let hit = &f.finding.hit;
            (
                f.waiver.is_some(),
                hit.severity,
                f.finding.place.clone(),
                hit.range.start,
            )
        };
        key(a).cmp(&key(b))
    });
    list
}

/// Those not waived, by severity: "serious 1, general 2"; empty where there are none.
pub fn counts(list: &[FindingView]) -> String {
    let parts: Vec<String> = Severity::ALL
        .iter()
        .filter_map(|severity| {
            let open = |f: &&FindingView| f.waiver.is_none() && f.finding.hit.severity == *severity;
            let n = list.iter().filter(open).count();
            let word = locale::word("screening-severity", severity.code());
            (n > 0).then(|| format!("{word} {n}"))
        })
        .collect();
    parts.join("  ")
}

/// What a reviewer sees of an item before he opens it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// Findings that are not waived, in the order of [`Severity::ALL`], gravest first.
    pub found: [usize; Severity::ALL.len()],
    /// Threads of comments that are not settled.
    pub comments: usize,
}

impl Weight {
    /// Weighs an item.
    pub fn of(desk: &mut Desk, item: &str) -> desk::Result<Self> {
        let mut weight = Self::default();
        for found in of(desk, item)?.iter().filter(|f| f.waiver.is_none()) {
            let severity = found.finding.hit.severity;
            if let Some(at) = Severity::ALL.iter().position(|s| *s == severity) {
                weight.found[at] += 1;
            }
        }
        let open = |c: &&CommentView| c.answers.is_none() && c.settled_by.is_none();
        weight.comments = desk.comments(item)?.iter().filter(open).count();
        Ok(weight)
    }

    /// The gravest severity found.
    pub fn gravest(&self) -> Option<Severity> {
        let at = self.found.iter().position(|n| *n > 0)?;
        Severity::ALL.get(at).copied()
    }

    /// In a few cells: "S1 G6 C1"; `short` names the gravest alone.
    pub fn words(&self, short: bool) -> String {
        let mut parts = Vec::new();
        for (severity, n) in Severity::ALL.iter().zip(self.found) {
            if n > 0 && !(short && !parts.is_empty()) {
                let n: usize = n;
                let key = format!("tui-weight-{}", severity.code());
                parts.push(locale::by_id(&key, &[("n", n.to_string())]));
            }
        }
        if self.comments > 0 {
            parts.push(tr!("tui-weight-comments", n = self.comments.to_string()));
        }
        parts.join(" ")
    }
}

/// Where a finding lies, in words.
fn place(place: &Place) -> String {
    match place {
        Place::Body => tr!("tui-diff-part-text"),
        Place::Field { code } => locale::word("field", code),
        Place::AttachmentName { index } | Place::AttachmentText { index, .. } => {
            let n: usize = index + 1;
            format!("{} {n}", locale::word("field", "attachments"))
        }
        Place::Item => String::new(),
    }
}

/// The list, and with each finding the paragraph it begins at.
pub fn list(
    list: &[FindingView],
    selected: usize,
    words: &Words,
    styles: &Styles,
) -> (Vec<Paragraph>, Vec<usize>) {
    let mut out = Vec::new();
    let mut starts = Vec::new();
    if list.is_empty() {
        out.push(Paragraph::new(tr!("tui-findings-none"), styles.muted));
    }
    for (n, found) in list.iter().enumerate() {
        starts.push(out.len());
        let hit = &found.finding.hit;
        let grave = match (hit.severity, found.waiver.is_some()) {
            (_, true) => styles.muted,
            (Severity::Serious, _) => styles.error,
            (Severity::General, _) => styles.warning,
            _ => styles.text,
        };
        let (mark, quote) = if n == selected {
            (">", styles.selected_unfocused)
        } else {
            (" ", styles.strong)
        };
        out.push(Paragraph {
            pieces: vec![
                Piece::new(format!("{mark}{}. ", n + 1), styles.key),
                Piece::new(
                    locale::word("screening-severity", hit.severity.code()),
                    grave,
                ),
                Piece::new(
                    format!("  {}  ", locale::word("screening-class", hit.class.code())),
                    styles.text,
                ),
                Piece::new(quoted(&found.finding.evidence), quote),
                Piece::new(format!("  {}", place(&found.finding.place)), styles.muted),
            ],
            indent: 0,
        });
        let mut below = |text: String, style| {
            if !text.is_empty() {
                out.push(Paragraph {
                    pieces: vec![Piece::new(text, style)],
                    indent: 4,
                });
            }
        };
        if let Some(waiver) = &found.waiver {
            let name = words.person(&waiver.person);
            let reason = waiver.reason.clone().unwrap_or_default();
            below(
                tr!("tui-finding-waived", name = name, reason = reason),
                styles.muted,
            );
            continue;
        }
        below(why(hit), styles.text);
        if let Some(suggestion) = &hit.suggestion {
            below(
                tr!("tui-finding-suggestion", text = suggestion.as_str()),
                styles.added,
            );
        }
        below(ground_text(hit.class), styles.muted);
    }
    (out, starts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::findings::{Passage, WaiverView};
    use crate::screening::{Class, Finding, Hit};

    fn finding(at: usize, severity: Severity, evidence: &str) -> FindingView {
        let finding = Finding {
            place: Place::Body,
            hit: Hit {
                range: at..at + evidence.len(),
                class: Class::Mobile,
                severity,
                suggestion: None,
                why: "mobile",
                detail: String::new(),
            },
            evidence: evidence.to_owned(),
            ground: "openness-15",
        };
        FindingView {
            finding,
            waiver: None,
        }
    }

    #[test]
    fn the_gravest_comes_first_and_what_was_waived_last() {
        let waiver = WaiverView {
            seq: 1,
            class: Some(Class::Mobile),
            severity: Severity::Serious,
            person: "p".into(),
            at: 0,
            passage: Some(Passage {
                place: Place::Body,
                words: "13800138000".into(),
            }),
            reason: Some("公开的值班电话".into()),
            open: true,
        };
        let mut waived = finding(3, Severity::Serious, "13800138000");
        waived.waiver = Some(waiver);
        let list = sorted(vec![
            finding(0, Severity::Hint, "甲"),
            waived,
            finding(20, Severity::Serious, "13900139000"),
            finding(40, Severity::General, "乙"),
        ]);
        let order: Vec<&str> = list.iter().map(|f| f.finding.evidence.as_str()).collect();
        assert_eq!(order, ["13900139000", "乙", "甲", "13800138000"]);
        assert_eq!(in_text(&list[0]), Some(20..31));
        let (rows, starts) = super::list(&list, 0, &Words::default(), &Styles::plain());
        assert_eq!(starts.len(), 4);
        assert!(rows.len() >= 8);
    }
}
