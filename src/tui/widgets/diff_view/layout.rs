//! From the lines of a redline to rows of cells: what is folded, what stands beside what, where
//! rows break. Nothing here knows where the window stands.

use std::ops::Range;

use crate::diff::{Fate, Line, Part, Redline, SpanKind};
use crate::text::{Ambiguous, inert, wrap};
use crate::tr;

/// How a bit of a row looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// In both texts.
    Same,
    /// New.
    Added,
    /// Gone.
    Removed,
    /// Said about the text, not part of it.
    Label,
    /// The number of a comment, behind the passage it is about, and what it says.
    Remark,
    /// A heading.
    Head,
}

/// A bit of a row, with the number of the change it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bit {
    pub text: String,
    pub look: Look,
    pub number: Option<usize>,
    /// It belongs to a passage with a comment.
    pub marked: bool,
}

/// A comment on a passage of a line: bytes of its new side, and the number it goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Noted {
    pub bytes: Range<usize>,
    pub number: usize,
    pub said: String,
}

pub(super) type Row = Vec<Bit>;

/// One entry of what is shown: a line, two lines beside each other, or a fold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// The line of that index.
    One(usize),
    /// A removed line and the added one that stands beside it.
    Two(usize, usize),
    /// Unchanged lines, folded.
    Fold(Range<usize>),
}

impl Entry {
    /// Whether it shows the line.
    pub(super) fn holds(&self, line: usize) -> bool {
        match self {
            Self::One(at) => *at == line,
            Self::Two(old, new) => *old == line || *new == line,
            Self::Fold(range) => range.contains(&line),
        }
    }

    /// The first line it shows.
    pub(super) fn first(&self) -> usize {
        match self {
            Self::One(at) | Self::Two(at, _) => *at,
            Self::Fold(range) => range.start,
        }
    }
}

/// What is shown of a redline: folded where nothing changed unless `context` paragraphs near a
/// change, `opened` by hand or `noted` with a comment; `None` shows everything.
pub(super) fn entries(
    redline: &Redline,
    context: Option<usize>,
    opened: &[bool],
    noted: &dyn Fn(usize) -> bool,
    sides: bool,
) -> Vec<Entry> {
    let lines = &redline.lines;
    let shown = near(lines, context);
    let mut out: Vec<Entry> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if !shown[at] && !opened.get(at).copied().unwrap_or(false) && !noted(at) {
            match out.last_mut() {
                Some(Entry::Fold(range)) => range.end = at + 1,
                _ => out.push(Entry::Fold(at..at + 1)),
            }
            at += 1;
            continue;
        }
        let run = |from: usize, fate: Fate| {
            let of = |l: &&Line| l.part == Part::Text && l.fate() == fate;
            lines[from..].iter().take_while(of).count()
        };
        let gone = if sides { run(at, Fate::Removed) } else { 0 };
        let came = if gone > 0 {
            run(at + gone, Fate::Added)
        } else {
            0
        };
        if gone == 0 {
            out.push(Entry::One(at));
            at += 1;
            continue;
        }
        for n in 0..gone.max(came) {
            out.push(match (n < gone, n < came) {
                (true, true) => Entry::Two(at + n, at + gone + n),
                (true, false) => Entry::One(at + n),
                _ => Entry::One(at + gone + n),
            });
        }
        at += gone + came;
    }
    out
}

/// Which lines are shown: headings, whatever differs, and unchanged paragraphs near it.
fn near(lines: &[Line], context: Option<usize>) -> Vec<bool> {
    let differs = |l: &Line| l.part != Part::Head && l.fate() != Fate::Same;
    let Some(context) = context.filter(|_| lines.iter().any(differs)) else {
        return vec![true; lines.len()];
    };
    let mut shown: Vec<bool> = lines.iter().map(|l| l.part == Part::Head).collect();
    for (at, line) in lines.iter().enumerate() {
        if !differs(line) {
            continue;
        }
        shown[at] = true;
        if line.part == Part::Text {
            let from = at.saturating_sub(context);
            let to = at.saturating_add(context).min(lines.len() - 1);
            for near in from..=to {
                shown[near] |= lines[near].part == Part::Text;
            }
        }
    }
    shown
}

/// The number of the change each span belongs to, counted from 0.
pub(super) fn numbers(redline: &Redline) -> Vec<Vec<Option<usize>>> {
    let stops = redline.stops();
    let mut next = 0;
    redline
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            if line.moved_from.is_some() {
                next += 1;
                return vec![Some(next - 1)];
            }
            line.spans
                .iter()
                .enumerate()
                .map(|(n, span)| {
                    if stops.get(next).is_some_and(|s| s.line == at && s.span == n) {
                        next += 1;
                    }
                    (span.kind != SpanKind::Same).then(|| next.saturating_sub(1))
                })
                .collect()
        })
        .collect()
}

/// A part of the new side that begins at byte `at` of it, cut where passages with comments begin
/// and end: the text, whether it is in one, and the comments whose passages end with it.
fn cut<'a>(part: &'a str, at: usize, notes: &[Noted]) -> Vec<(&'a str, bool, Vec<usize>)> {
    let end = at + part.len();
    let mut edges: Vec<usize> = notes
        .iter()
        .flat_map(|n| [n.bytes.start, n.bytes.end])
        .filter(|e| (at + 1..end).contains(e) && part.is_char_boundary(e - at))
        .chain([end])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let mut from = at;
    edges
        .into_iter()
        .map(|to| {
            let inside = |n: &&Noted| n.bytes.start < to && from < n.bytes.end;
            let marked = notes.iter().any(|n| inside(&n));
            let over = notes.iter().filter(inside).filter(|n| n.bytes.end <= to);
            let piece = (
                &part[from - at..to - at],
                marked,
                over.map(|n| n.number).collect(),
            );
            from = to;
            piece
        })
        .collect()
}

/// What is said about the passages of a line, as bits of lines of their own.
pub(super) fn remarks(notes: &[Noted]) -> Vec<Vec<Bit>> {
    notes
        .iter()
        .map(|note| {
            vec![Bit {
                text: format!("[{}] {}", note.number + 1, note.said),
                look: Look::Remark,
                number: None,
                marked: false,
            }]
        })
        .collect()
}

/// The bits of a line on one side, or on both in one (`None`). With `marks` every change is
/// written out as well. A bit of a line break is alone.
pub(super) fn bits(
    line: &Line,
    numbers: &[Option<usize>],
    side: Option<SpanKind>,
    marks: bool,
    notes: &[Noted],
) -> Vec<Bit> {
    let mut out = Vec::new();
    let mut put = |text: &str, look, number, marked| {
        if !text.is_empty() {
            out.push(Bit {
                text: text.to_owned(),
                look,
                number,
                marked,
            });
        }
    };
    // Bytes of the new side that are behind.
    let mut at = 0;
    if let Some(from) = line.moved_from {
        let place: usize = from;
        put(
            &tr!("tui-diff-moved", from = place),
            Look::Label,
            numbers.first().copied().flatten(),
            false,
        );
    }
    if !line.label.is_empty() {
        put(&line.label, Look::Label, None, false);
    }
    for (span, number) in line.spans.iter().zip(numbers) {
        let (look, open, close) = match span.kind {
            SpanKind::Same if line.part == Part::Head => (Look::Head, "", ""),
            SpanKind::Same => (Look::Same, "", ""),
            SpanKind::Add => (Look::Added, "{+", "+}"),
            SpanKind::Del => (Look::Removed, "[-", "-]"),
        };
        let new = span.kind != SpanKind::Del;
        if side.is_some_and(|side| span.kind != SpanKind::Same && span.kind != side) {
            at += if new { span.text.len() } else { 0 };
            continue;
        }
        let changed = span.kind != SpanKind::Same;
        let number = number.filter(|_| changed);
        let last = span.text.matches('\n').count();
        for (n, part) in span.text.split('\n').enumerate() {
            // A break that came or went is marked where it stands, at the end; so is an empty
            // paragraph, which would not be seen otherwise.
            let sign = if changed && (n < last || (last == 0 && part.is_empty())) {
                "¶"
            } else {
                ""
            };
            let written = marks && changed && !(part.is_empty() && sign.is_empty());
            let (open, close) = if written { (open, close) } else { ("", "") };
            // The old side has no passages: comments are about what there is now.
            let pieces = if new && side != Some(SpanKind::Del) {
                cut(part, at, notes)
            } else {
                vec![(part, false, Vec::new())]
            };
            let count = pieces.len();
            for (k, (piece, marked, over)) in pieces.into_iter().enumerate() {
                let open = if k == 0 { open } else { "" };
                let (sign, close) = if k + 1 == count {
                    (sign, close)
                } else {
                    ("", "")
                };
                put(&format!("{open}{piece}{sign}{close}"), look, number, marked);
                for number in over {
                    let number: usize = number + 1;
                    put(&format!("[{number}]"), Look::Remark, None, false);
                }
            }
            if new {
                at += part.len() + usize::from(n < last);
            }
            if n < last {
                put("\n", look, number, false);
            }
        }
    }
    out
}

/// Bits broken into rows of `width` cells; always at least one row.
pub(super) fn rows(bits: &[Bit], width: u16, amb: Ambiguous) -> Vec<Row> {
    let mut rows = Vec::new();
    for paragraph in bits.split(|b| b.text == "\n") {
        // Made inert before wrapping, so that the rows measure what will be drawn.
        let pieces: Vec<Bit> = paragraph
            .iter()
            .map(|b| Bit {
                text: inert(&b.text).into_owned(),
                ..b.clone()
            })
            .collect();
        let whole: String = pieces.iter().map(|p| p.text.as_str()).collect();
        for row in wrap(&whole, width, amb) {
            let mut at = 0;
            let mut out = Row::new();
            for piece in &pieces {
                let (from, to) = (row.start.max(at), row.end.min(at + piece.text.len()));
                if from < to {
                    out.push(Bit {
                        text: piece.text[from - at..to - at].to_owned(),
                        ..piece.clone()
                    });
                }
                at += piece.text.len();
            }
            rows.push(out);
        }
    }
    rows
}
