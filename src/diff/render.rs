//! A difference as text, with or without colour, and as HTML.

use super::{Block, Difference, Fold, Span, SpanKind, fold};
use crate::text::width::inert;

/// What a rendering has to say in the reader's language.
pub trait Labels {
    /// So many unchanged paragraphs are left out here.
    fn unchanged(&self, paragraphs: usize) -> String;
    /// The paragraph stood in place `from` and now stands in place `to`; places
    /// count from 1.
    fn moved(&self, from: usize, to: usize) -> String;
}

/// Labels without words, for programs and tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bare;

impl Labels for Bare {
    fn unchanged(&self, paragraphs: usize) -> String {
        format!(".. {paragraphs} ..")
    }

    fn moved(&self, from: usize, to: usize) -> String {
        format!("{from} > {to}")
    }
}

const RED_STRUCK: &str = "\x1b[9;31m";
const GREEN_UNDERLINED: &str = "\x1b[4;32m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// How a line break that was added or removed is shown.
const BREAK: &str = "⏎";

/// A difference as text: `[-removed-]`, `{+added+}`, `{~from > to~}` before a
/// paragraph that moved. With `ansi` the same marks are coloured as well, since
/// colour must never be the only sign. `context` paragraphs are kept around
/// each change; `None` keeps all.
///
/// The texts are untrusted: controls in them are shown, and a mark typed in a
/// text is escaped with a backslash, so that a text cannot pose as a change.
pub fn marked(
    difference: &Difference,
    context: Option<usize>,
    ansi: bool,
    labels: &dyn Labels,
) -> String {
    let colour = |code| if ansi { code } else { "" };
    let plain = colour(PLAIN);
    let removed = |text: &str| format!("{}[-{}-]{plain}", colour(RED_STRUCK), shown(text, BREAK));
    let added = |text: &str| {
        format!(
            "{}{{+{}+}}{plain}",
            colour(GREEN_UNDERLINED),
            shown(text, BREAK)
        )
    };
    let mut out = String::new();
    for group in fold(difference, context.unwrap_or(usize::MAX)) {
        let at = match group {
            Fold::Hidden(blocks) if context.is_some() => {
                out.push_str(colour(DIM));
                out.push_str(&labels.unchanged(blocks.len()));
                out.push_str(plain);
                out.push('\n');
                continue;
            }
            // With nothing changed there is nothing to be near to.
            Fold::Hidden(blocks) => {
                for block in &difference.blocks[blocks] {
                    if let Block::Same { text, .. } = block {
                        out.push_str(&shown(text, ""));
                        out.push('\n');
                    }
                }
                continue;
            }
            Fold::Show(at) => at,
        };
        match &difference.blocks[at] {
            Block::Same { text, .. } => out.push_str(&shown(text, "")),
            Block::Removed { text, .. } => out.push_str(&removed(or_break(text))),
            Block::Added { text, .. } => out.push_str(&added(or_break(text))),
            Block::Moved { from, to, text } => {
                out.push_str(colour(DIM));
                out.push_str(&["{~", &labels.moved(from + 1, to + 1), "~}"].concat());
                out.push_str(plain);
                out.push_str(&shown(text, ""));
            }
            Block::Changed { spans, .. } => {
                for Span { kind, text } in spans {
                    match kind {
                        SpanKind::Same => out.push_str(&shown(text, "\n")),
                        SpanKind::Del => out.push_str(&removed(text)),
                        // A new break is made as well as marked.
                        SpanKind::Add => {
                            for line in text.split_inclusive('\n') {
                                out.push_str(&added(line));
                                if line.ends_with('\n') {
                                    out.push('\n');
                                }
                            }
                        }
                    }
                }
            }
        }
        out.push('\n');
    }
    out
}

/// An empty paragraph that came or went is shown as its line break.
fn or_break(text: &str) -> &str {
    if text.is_empty() { "\n" } else { text }
}

/// Untrusted text, harmless and free of marks.
fn shown(text: &str, line_break: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| {
            let mut safe = inert(line).into_owned();
            for mark in ["[-", "-]", "{+", "+}", "{~", "~}"] {
                if safe.contains(mark) {
                    safe = safe.replace(mark, &format!("\\{mark}"));
                }
            }
            safe
        })
        .collect();
    lines.join(line_break)
}

/// A difference as HTML paragraphs with `<del>` and `<ins>`; those that moved
/// have the class `moved`, the place of those left out the class `unchanged`.
/// Nothing of the texts or labels is markup.
pub fn html(difference: &Difference, context: Option<usize>, labels: &dyn Labels) -> String {
    let mut out = String::new();
    for group in fold(difference, context.unwrap_or(usize::MAX)) {
        let shown = match group {
            Fold::Hidden(blocks) if context.is_some() => {
                let label = escaped(&labels.unchanged(blocks.len()), "");
                out.push_str(&["<p class=\"unchanged\">", &label, "</p>\n"].concat());
                continue;
            }
            Fold::Hidden(blocks) => blocks,
            Fold::Show(at) => at..at + 1,
        };
        for block in &difference.blocks[shown] {
            out.push_str(&html_block(block, labels));
        }
    }
    out
}

fn html_block(block: &Block, labels: &dyn Labels) -> String {
    match block {
        Block::Same { text, .. } => format!("<p>{}</p>\n", escaped(text, "")),
        Block::Removed { text, .. } => {
            format!("<p>{}</p>\n", html_span(SpanKind::Del, or_break(text)))
        }
        // An added paragraph ends by itself; only an empty one shows its break.
        Block::Added { text, .. } => {
            format!("<p><ins>{}</ins></p>\n", escaped(or_break(text), BREAK))
        }
        Block::Moved { from, to, text } => {
            let label = escaped(&labels.moved(from + 1, to + 1), "");
            format!(
                "<p class=\"moved\" title=\"{label}\">{}</p>\n",
                escaped(text, "")
            )
        }
        Block::Changed { spans, .. } => {
            let spans: String = spans.iter().map(|s| html_span(s.kind, &s.text)).collect();
            format!("<p>{spans}</p>\n")
        }
    }
}

fn html_span(kind: SpanKind, text: &str) -> String {
    match kind {
        SpanKind::Same => escaped(text, "<br>"),
        SpanKind::Del => format!("<del>{}</del>", escaped(text, BREAK)),
        SpanKind::Add => format!("<ins>{}</ins>", escaped(text, &format!("{BREAK}<br>"))),
    }
}

/// Text for an HTML document; the line break is taken as it is.
fn escaped(text: &str, line_break: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            out.push_str(line_break);
        }
        for c in inert(line).chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                _ => out.push(c),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::compare;
    use crate::text::{Ambiguous, cells};
    use proptest::prelude::*;

    const OLD: &str = "第一条规定的内容没有变化。\n纳税人应当按期申报缴纳税款。\n第三条规定的内容没有变化。\n第四条规定的内容没有变化。";

    #[test]
    fn text_with_and_without_colour() {
        let d = compare(OLD, &OLD.replace("按期", "依法按期"));
        assert_eq!(
            marked(&d, Some(0), false, &Bare),
            ".. 1 ..\n纳税人应当{+依法+}按期申报缴纳税款。\n.. 2 ..\n"
        );
        assert!(marked(&d, Some(0), true, &Bare).contains("\x1b[4;32m{+依法+}\x1b[0m"));
        assert_eq!(marked(&compare("甲", "甲"), None, false, &Bare), "甲\n");
        assert_eq!(
            marked(&compare("甲", "甲\n"), None, false, &Bare),
            "甲\n{+⏎+}\n"
        );
        assert_eq!(
            cells(BREAK, Ambiguous::Narrow),
            cells(BREAK, Ambiguous::Wide)
        );
    }

    #[test]
    fn a_text_cannot_pose_as_a_change() {
        let d = compare("甲", "甲\n\u{1b}[31m{+同意+}\u{202e}");
        assert_eq!(
            marked(&d, None, false, &Bare),
            "甲\n{+␛[31m\\{+同意\\+}<U+202E>+}\n"
        );
        let page = html(
            &compare("甲", "甲\n<script>alert('x')</script>"),
            None,
            &Bare,
        );
        assert_eq!(
            page,
            "<p>甲</p>\n<p><ins>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</ins></p>\n"
        );
    }

    #[test]
    fn html_marks() {
        let d = compare(OLD, &OLD.replace("按期", "依法按期"));
        assert_eq!(
            html(&d, Some(0), &Bare),
            "<p class=\"unchanged\">.. 1 ..</p>\n<p>纳税人应当<ins>依法</ins>按期申报缴纳税款。</p>\n<p class=\"unchanged\">.. 2 ..</p>\n"
        );
        let moved: Vec<&str> = OLD.lines().skip(1).chain(OLD.lines().take(1)).collect();
        assert!(
            html(&compare(OLD, &moved.join("\n")), None, &Bare)
                .contains("<p class=\"moved\" title=\"1 &gt; 4\">")
        );
    }

    proptest! {
        #[test]
        fn no_control_of_the_texts_gets_out(old in any::<String>(), new in "(\\PC|[\u{1b}\u{9b}\u{202e}\n\r\0<>&]){0,40}") {
            let d = compare(&old, &new);
            let text = marked(&d, None, false, &Bare);
            prop_assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
            let page = html(&d, None, &Bare);
            prop_assert!(!page.contains(|c: char| c.is_control() && c != '\n'));
        }
    }
}
