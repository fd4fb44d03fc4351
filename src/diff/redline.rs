//! A difference as lines to go through: fields, files and text in one walk.
//!
//! A reviewer steps from change to change and must not miss the one in a field because he was
//! reading the text. So everything that differs becomes a [`Line`] of one list, whatever it is a
//! difference of, and a [`Stop`] is a place in that list. What a line is about (the name of a
//! field) is said by the caller, in the reader's language.

use super::{Block, Difference, FieldEdit, Span, SpanKind};

/// What a line belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// A heading, no change itself.
    Head,
    /// A field.
    Field,
    /// An attachment.
    File,
    /// A paragraph of the text.
    Text,
}

/// What happened to a line as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    Same,
    /// It was edited.
    Changed,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands elsewhere, word for word.
    Moved,
}

/// One line of a redline: a heading, a field, a file, a paragraph or a pair of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it belongs to.
    pub part: Part,
    /// What stands before it, such as the name of a field; may be empty.
    pub label: String,
    /// The line with its changes; a line break in a span is one that came or went, or one inside
    /// paragraphs that were split or joined.
    pub spans: Vec<Span>,
    /// Where the paragraph stood, counted from 1, if it moved.
    pub moved_from: Option<usize>,
    /// First paragraph in the old text, from 0.
    pub old_par: Option<usize>,
    /// First paragraph in the new text, from 0.
    pub new_par: Option<usize>,
}

impl Line {
    fn new(part: Part, label: &str, spans: Vec<Span>) -> Self {
        Self {
            part,
            label: label.to_owned(),
            spans,
            moved_from: None,
            old_par: None,
            new_par: None,
        }
    }

    /// What happened to it.
    pub fn fate(&self) -> Fate {
        if self.moved_from.is_some() {
            return Fate::Moved;
        }
        let has = |kind| self.spans.iter().any(|s| s.kind == kind);
        match (has(SpanKind::Same), has(SpanKind::Del), has(SpanKind::Add)) {
            (_, false, false) => Fate::Same,
            (false, false, true) => Fate::Added,
            (false, true, false) => Fate::Removed,
            _ => Fate::Changed,
        }
    }

    /// The text of one side: `Add` for the new, `Del` for the old.
    pub fn side(&self, kind: SpanKind) -> String {
        self.spans
            .iter()
            .filter(|s| s.kind == SpanKind::Same || s.kind == kind)
            .map(|s| s.text.as_str())
            .collect()
    }
}

/// Where a change begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Index into [`Redline::lines`].
    pub line: usize,
    /// Index into the spans of the line.
    pub span: usize,
}

/// A difference, ready to be gone through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redline {
    /// The lines, in reading order.
    pub lines: Vec<Line>,
}

fn span(kind: SpanKind, text: &str) -> Span {
    Span {
        kind,
        text: text.to_owned(),
    }
}

impl Redline {
    /// A text that is compared with nothing: as it is, without changes.
    pub fn whole(text: &str) -> Self {
        let mut redline = Self::default();
        for (at, paragraph) in text.split('\n').enumerate() {
            let mut line = Line::new(Part::Text, "", vec![span(SpanKind::Same, paragraph)]);
            line.new_par = Some(at);
            redline.lines.push(line);
        }
        redline
    }

    /// A heading.
    pub fn head(&mut self, text: &str) {
        let spans = vec![span(SpanKind::Same, text)];
        self.lines.push(Line::new(Part::Head, "", spans));
    }

    /// A field whose value is prose.
    pub fn field(&mut self, label: &str, edit: &FieldEdit) {
        let spans = match edit {
            FieldEdit::Added(text) => vec![span(SpanKind::Add, text)],
            FieldEdit::Removed(text) => vec![span(SpanKind::Del, text)],
            FieldEdit::Changed(difference) => flat(difference),
        };
        self.lines.push(Line::new(Part::Field, label, spans));
    }

    /// A field whose value is one of a list, or a file: exchanged as a whole, where an empty value
    /// is none.
    pub fn exchange(&mut self, part: Part, label: &str, old: &str, new: &str) {
        let mut spans = Vec::new();
        if !old.is_empty() {
            spans.push(span(SpanKind::Del, old));
        }
        if !new.is_empty() {
            spans.push(span(SpanKind::Add, new));
        }
        self.lines.push(Line::new(part, label, spans));
    }

    /// The paragraphs of a text.
    pub fn text(&mut self, difference: &Difference) {
        for block in &difference.blocks {
            let one = |kind, text: &str| vec![span(kind, text)];
            let (spans, old_par, new_par, moved_from) = match block {
                Block::Same {
                    old_par,
                    new_par,
                    text,
                } => (
                    one(SpanKind::Same, text),
                    Some(*old_par),
                    Some(*new_par),
                    None,
                ),
                Block::Added { new_par, text } => {
                    (one(SpanKind::Add, text), None, Some(*new_par), None)
                }
                Block::Removed { old_par, text } => {
                    (one(SpanKind::Del, text), Some(*old_par), None, None)
                }
                Block::Moved { from, to, text } => (
                    one(SpanKind::Same, text),
                    Some(*from),
                    Some(*to),
                    Some(from + 1),
                ),
                Block::Changed {
                    old_pars,
                    new_pars,
                    spans,
                } => (
                    spans.clone(),
                    Some(old_pars.start),
                    Some(new_pars.start),
                    None,
                ),
            };
            self.lines.push(Line {
                part: Part::Text,
                label: String::new(),
                spans,
                moved_from,
                old_par,
                new_par,
            });
        }
    }

    /// The places where something changed, in reading order. A replacement is one place, and so
    /// is a run of removed and added paragraphs; a field or a file is a place of its own.
    pub fn stops(&self) -> Vec<Stop> {
        let mut stops = Vec::new();
        let mut in_run = false;
        for (at, line) in self.lines.iter().enumerate() {
            let fate = line.fate();
            let whole = line.part == Part::Text && matches!(fate, Fate::Added | Fate::Removed);
            match fate {
                Fate::Same => {}
                Fate::Moved => stops.push(Stop { line: at, span: 0 }),
                Fate::Added | Fate::Removed if whole && in_run => {}
                _ => {
                    let mut before = SpanKind::Same;
                    for (span, s) in line.spans.iter().enumerate() {
                        if s.kind != SpanKind::Same && before == SpanKind::Same {
                            stops.push(Stop { line: at, span });
                        }
                        before = s.kind;
                    }
                }
            }
            in_run = whole;
        }
        stops
    }

    /// How many lines of a part differ.
    pub fn differing(&self, part: Part) -> usize {
        self.lines
            .iter()
            .filter(|l| l.part == part && l.fate() != Fate::Same)
            .count()
    }
}

/// All spans of the difference of a field, which has no paragraphs.
fn flat(difference: &Difference) -> Vec<Span> {
    let mut out = Vec::new();
    for block in &difference.blocks {
        match block {
            Block::Same { text, .. } | Block::Moved { text, .. } => {
                out.push(span(SpanKind::Same, text));
            }
            Block::Added { text, .. } => out.push(span(SpanKind::Add, text)),
            Block::Removed { text, .. } => out.push(span(SpanKind::Del, text)),
            Block::Changed { spans, .. } => out.extend(spans.iter().cloned()),
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::diff::compare;

    const OLD: &str =
        "第一条规定的内容没有变化。\n纳税人应当按期申报缴纳税款。\n第三条规定的内容没有变化。";

    #[test]
    fn fields_files_and_text_are_one_walk() {
        let mut r = Redline::default();
        r.head("字段");
        r.field(
            "标题",
            &FieldEdit::Changed(compare("关于减税的通知", "关于减税的公告")),
        );
        r.exchange(Part::Field, "栏目", "政策", "新闻");
        r.exchange(Part::File, "附件", "", "表.docx");
        r.text(&compare(OLD, &OLD.replace("按期", "依法按期")));
        assert_eq!(r.stops().len(), 4);
        assert_eq!(r.lines[1].fate(), Fate::Changed);
        assert_eq!(r.lines[3].fate(), Fate::Added);
        assert_eq!(
            (
                r.differing(Part::Field),
                r.differing(Part::File),
                r.differing(Part::Text)
            ),
            (2, 1, 1)
        );
    }

    #[test]
    fn stops_are_the_changes_of_the_difference() {
        let lines: Vec<&str> = OLD.lines().collect();
        for new in [
            OLD.to_owned(),
            format!("{}\n{}\n{}", lines[2], lines[0], lines[1]),
            format!("{}\n另起一段，与前文无关的新内容。\n再起一段。", lines[0]),
            String::new(),
        ] {
            let d = compare(OLD, &new);
            let mut r = Redline::default();
            r.text(&d);
            assert_eq!(r.stops().len(), d.changes().len(), "{new}");
        }
        assert!(Redline::whole(OLD).stops().is_empty());
    }

    #[test]
    fn an_empty_paragraph_that_came_is_a_change() {
        let mut r = Redline::default();
        r.text(&compare("甲\n乙", "甲\n\n乙"));
        assert_eq!(r.stops().len(), 1);
        assert_eq!(r.lines[1].fate(), Fate::Added);
        assert_eq!(r.lines[1].side(SpanKind::Add), "");
    }
}
