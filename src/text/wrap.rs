//! Breaking one paragraph into rows by the Chinese prohibition rules.
//!
//! UAX #14 decides where a row may end. Two of its answers do not suit Chinese
//! prose and are tailored here:
//!
//! - Curly quotes are glued to both neighbours, since the standard cannot know
//!   which side is inside. They are looked at as 「 and 」, which have the same
//!   length in bytes, so offsets into the shadow copy are offsets into the text.
//!   An apostrophe between Latin letters stays what it is.
//! - A dash may begin a row. In the house style it may not, nor may an ellipsis.
//!
//! Rows are byte ranges that follow one another without a gap; the editor draws
//! and moves the caret by the same rows, so the two cannot disagree.

use std::borrow::Cow;
use std::ops::Range;

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};
use unicode_segmentation::UnicodeSegmentation;

use super::width::{Ambiguous, cells};

/// Rules without the dictionaries of South-East Asian scripts: this room wraps
/// Chinese prose, and loading them would cost every start.
static LINES: LineSegmenterBorrowed<'static> =
    LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());

/// The rows of one paragraph (a text without line breaks) in `width` cells.
///
/// - The rows put together are the text; an empty text has one empty row.
/// - No row is wider than `width`, spaces at its end aside (they hang), unless
///   one grapheme alone is.
/// - No row but the first begins with a closing mark, a dash or an ellipsis and
///   none but the last ends with an opening mark, unless a run of marks is too
///   long for the width.
///
/// A width of 0 is taken as 1.
pub fn wrap(text: &str, width: u16, amb: Ambiguous) -> Vec<Range<usize>> {
    let starts = row_starts(text, width, amb);
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(a, b)| a..b)
        .collect()
}

/// The same as the offsets at which the rows begin; the first is 0.
pub fn row_starts(text: &str, width: u16, amb: Ambiguous) -> Vec<usize> {
    let mut starts = vec![0];
    fill(text, width, amb, |start| starts.push(start));
    starts
}

/// Breaks greedily and tells where each row but the first begins.
fn fill(text: &str, width: u16, amb: Ambiguous, mut begin: impl FnMut(usize)) {
    let width = usize::from(width.max(1));
    if text.len() <= width && text.is_ascii() {
        return;
    }
    let mut breaks = breaks(text).into_iter().peekable();
    let mut row = Row::new(0);
    for (at, grapheme) in text.grapheme_indices(true) {
        while breaks.next_if(|&b| b < at).is_some() {}
        if breaks.next_if_eq(&at).is_some() && at > row.start {
            row.good = Some(row.cuts.len());
        }
        let cells = usize::from(cells(grapheme, amb));
        if grapheme != " " {
            while at > row.start && row.width + cells > width {
                begin(row.split(text, at).end);
            }
        }
        row.cuts.push((at, row.width));
        row.width += cells;
    }
}

/// How much text around a change is looked at first; grown until the rows agree again.
const WINDOW: usize = 2_048;

/// Mends the row starts of a paragraph after a change, at a cost that depends on the change and
/// not on the paragraph.
///
/// `starts` are those of the text before; `changed` are the bytes of `text` that stand where
/// `removed` bytes stood. The result is that of [`row_starts`]. Rows are filled from a place
/// before the change where nothing further back can matter, until one begins where an old one
/// did, again at such a place.
pub fn mend_rows(
    starts: &mut Vec<usize>,
    text: &str,
    changed: Range<usize>,
    removed: usize,
    width: u16,
    amb: Ambiguous,
) {
    // The row before the change may take up what now fits, so one row further back is needed.
    let touched = starts.partition_point(|&s| s <= changed.start);
    let first = (0..touched.saturating_sub(1))
        .rev()
        .find(|&n| starts[n] == 0 || clean(text, starts[n]))
        .unwrap_or(0);
    let from = starts[first];
    let mut length = WINDOW.max(2 * changed.len()) + (changed.end - from);
    loop {
        let mut to = (from + length).min(text.len());
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        let mut rows = Vec::new();
        fill(&text[from..to], width, amb, |start| rows.push(from + start));
        if to < text.len() {
            // What lies behind the window may still move the last rows.
            rows.truncate(rows.len().saturating_sub(2));
        }
        let meeting = rows.iter().position(|&start| {
            start >= changed.end
                && clean(text, start)
                && starts
                    .binary_search(&(start - changed.end + changed.start + removed))
                    .is_ok()
        });
        if let Some(at) = meeting {
            let old = rows[at] - changed.end + changed.start + removed;
            let tail = starts.partition_point(|&s| s <= old);
            let behind: Vec<usize> = starts[tail..]
                .iter()
                .map(|s| s - changed.start - removed + changed.end)
                .collect();
            starts.truncate(first + 1);
            starts.extend_from_slice(&rows[..=at]);
            starts.extend(behind);
            return;
        }
        if to == text.len() {
            starts.truncate(first + 1);
            starts.extend(rows);
            return;
        }
        length *= 4;
    }
}

/// Whether breaking that begins here comes to the same as breaking that began further back: both
/// neighbours are plain letters or ideographs, whose rules look at nothing but each other.
fn clean(text: &str, at: usize) -> bool {
    let plain = |c: char| {
        c.is_ascii_alphabetic() || matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
    };
    text[at..].chars().next().is_some_and(plain)
        && text[..at]
            .trim_end_matches(' ')
            .chars()
            .next_back()
            .is_some_and(plain)
}

/// A row being filled.
struct Row {
    start: usize,
    width: usize,
    /// Where each grapheme of the row begins, in bytes and in cells.
    cuts: Vec<(usize, usize)>,
    /// Index of the grapheme before which the row may last be broken; equal to
    /// `cuts.len()` when that is the grapheme about to be added.
    good: Option<usize>,
}

impl Row {
    fn new(start: usize) -> Self {
        Self {
            start,
            width: 0,
            cuts: Vec::new(),
            good: None,
        }
    }

    /// Ends the row at the last allowed place and carries what follows over to
    /// the next one; with no allowed place, cuts at a grapheme.
    fn split(&mut self, text: &str, at: usize) -> Range<usize> {
        let cut = self.good.take().unwrap_or_else(|| self.forced(text, at));
        let (end, width) = self.cuts.get(cut).copied().unwrap_or((at, self.width));
        let row = self.start..end;
        self.start = end;
        self.width -= width;
        self.cuts.drain(..cut);
        for (_, cells) in &mut self.cuts {
            *cells -= width;
        }
        row
    }

    /// Where to cut a run without a break: as late as possible, but not so that
    /// a mark comes to stand where it must not.
    fn forced(&self, text: &str, at: usize) -> usize {
        let place = |cut: usize| self.cuts.get(cut).map_or(at, |&(byte, _)| byte);
        (1..=self.cuts.len())
            .rev()
            .find(|&cut| allowed(text, place(cut)))
            .unwrap_or(self.cuts.len())
    }
}

/// Byte offsets at which a row may begin, in order; the ends of the text may be
/// among them.
fn breaks(text: &str) -> Vec<usize> {
    LINES
        .segment_str(&shadow(text))
        .filter(|&at| allowed(text, at))
        .collect()
}

/// The text with curly quotes replaced by corner brackets, byte for byte.
fn shadow(text: &str) -> Cow<'_, str> {
    if !text.contains(['“', '”', '‘', '’']) {
        return Cow::Borrowed(text);
    }
    let mut copy = String::with_capacity(text.len());
    let mut before = None::<char>;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        copy.push(match c {
            '’' if before.is_some_and(latin) && rest.peek().copied().is_some_and(latin) => c,
            '“' | '‘' => '「',
            '”' | '’' => '」',
            _ => c,
        });
        before = Some(c);
    }
    Cow::Owned(copy)
}

fn latin(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{c0}'..='\u{24f}')
}

/// Whether the prohibition rules let a row begin at this offset.
fn allowed(text: &str, at: usize) -> bool {
    let next = text[at..].chars().next();
    let last = text[..at].trim_end_matches(' ').chars().next_back();
    !next.is_some_and(|c| "，。；：！？、）】》〉」』〕”’…—·".contains(c))
        && !last.is_some_and(|c| "（【《〈「『〔“‘".contains(c))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::width::text_width;
    use proptest::prelude::*;

    fn rows(text: &str, width: u16, amb: Ambiguous) -> Vec<&str> {
        wrap(text, width, amb)
            .into_iter()
            .map(|r| &text[r])
            .collect()
    }

    const PROSE: &str = "国家税务总局公告指出：“纳税人应当按照规定（见《通知》第三条）如实申报……不得瞒报。”——这是‘底线’，也是“红线”；凡违反规定的，依法处理！是否适用《中华人民共和国税收征收管理法》第六十三条？由主管税务机关（含派出机构）确定：①偷税1,234.5元以上的；②逃避追缴欠税的。请拨打“12366”热线、登录https://www.example.com/path或到“办税服务厅”咨询，don’t wait。";

    #[test]
    fn quotes_hang_with_their_words() {
        let amb = Ambiguous::Narrow;
        assert_eq!(
            rows("测试文本，“测试”", 8, amb),
            ["测试文", "本，“测", "试”"]
        );
        assert_eq!(
            rows("他说：“好。”然后", 6, amb),
            ["他说：", "“好。”", "然后"]
        );
        assert_eq!(rows("应缴1,234.5元", 10, amb), ["应缴", "1,234.5元"]);
        assert_eq!(rows("I don’t know", 7, amb), ["I don’t ", "know"]);
    }

    #[test]
    fn spaces_hang_and_long_words_are_cut() {
        let amb = Ambiguous::Narrow;
        assert_eq!(rows("ab cd", 2, amb), ["ab ", "cd"]);
        assert_eq!(rows("abcdefgh", 3, amb), ["abc", "def", "gh"]);
        assert_eq!(rows("abcdef，gh", 6, amb), ["abcde", "f，gh"]);
        assert_eq!(rows("税收", 1, amb), ["税", "收"]);
        assert_eq!(rows("", 10, amb), [""]);
        assert_eq!(rows("税👨‍👩‍👧收", 2, amb), ["税", "👨‍👩‍👧", "收"]);
    }

    #[test]
    fn prose_keeps_the_prohibition_rules_at_every_width() {
        for width in 10..=90 {
            for amb in [Ambiguous::Narrow, Ambiguous::Wide] {
                let all = rows(PROSE, width, amb);
                for (i, row) in all.iter().enumerate() {
                    assert!(
                        text_width(row.trim_end_matches(' '), amb) <= usize::from(width),
                        "{width}: {row}"
                    );
                    let start = row.chars().next().unwrap();
                    assert!(
                        i == 0 || !"，。；：！？、）】》”’…—".contains(start),
                        "{width}: {row}"
                    );
                    let end = row.chars().next_back().unwrap();
                    assert!(
                        i + 1 == all.len() || !"（【《“‘".contains(end),
                        "{width}: {row}"
                    );
                }
            }
        }
    }

    fn check(text: &str, width: u16, amb: Ambiguous) -> Result<(), TestCaseError> {
        let rows = wrap(text, width, amb);
        let mut at = 0;
        for row in &rows {
            prop_assert_eq!(row.start, at);
            prop_assert!(row.end > at || text.is_empty());
            at = row.end;
            let shown = text[row.clone()].trim_end_matches(' ');
            prop_assert!(
                text_width(shown, amb) <= usize::from(width) || shown.graphemes(true).count() == 1,
                "{:?} in {}",
                shown,
                width
            );
        }
        prop_assert_eq!(at, text.len());
        Ok(())
    }

    proptest! {
        #[test]
        fn any_text_any_width(text in any::<String>(), width in 1u16..200, wide: bool) {
            check(&text, width, if wide { Ambiguous::Wide } else { Ambiguous::Narrow })?;
        }

        #[test]
        fn mixed_prose(text in "([a-z]{1,9}|[税收优惠政策]{1,4}|[，。“”‘’（）《》…—]| |👨‍👩‍👧|e\u{301}|\\PC){0,60}", width in 1u16..40, wide: bool) {
            check(&text, width, if wide { Ambiguous::Wide } else { Ambiguous::Narrow })?;
        }

        #[test]
        fn marks_stand_where_they_may(text in "([税收优惠政策]{2,4}[，。；：！？]|[“《（【][税收]{1,3}[”》）】]|——|……|[a-z]{1,20} ?|[0-9]{1,9}){0,60}", width in 16u16..60) {
            // At this width a run of marks always fits beside a character unless
            // the run itself is longer than a row; the generator can chain those.
            let longest = text.split(|c: char| !"，。；：！？、）】》”’…—（《【“".contains(c)).map(|r| r.chars().count()).max().unwrap_or(0);
            prop_assume!(longest <= 5);
            for row in wrap(&text, width, Ambiguous::Wide).iter().skip(1) {
                prop_assert!(allowed(&text, row.start), "{:?} at {}", text, row.start);
            }
        }

        #[test]
        fn mended_rows_are_those_of_a_fresh_start(
            before in "([税收优惠政策]{2,9}[，。；]?|[“《（][税收]{1,3}[”》）]|——|[a-z]{1,9} |[0-9,.]{1,9}|👨‍👩‍👧|e\u{301}){0,400}",
            new in "([税收]{0,9}[，。]?|[a-z ]{0,12}|[“”]|\\PC){0,8}",
            a: prop::sample::Index, b: prop::sample::Index, width in 4u16..60, wide: bool,
        ) {
            let amb = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
            let places: Vec<usize> = before.char_indices().map(|(i, _)| i).chain([before.len()]).collect();
            let (a, b) = (a.index(places.len()), b.index(places.len()));
            // Mostly small changes in long texts.
            let (a, b) = (places[a], places[(a + b % 12).min(places.len() - 1)]);
            let mut starts = row_starts(&before, width, amb);
            let after = format!("{}{new}{}", &before[..a], &before[b..]);
            mend_rows(&mut starts, &after, a..a + new.len(), b - a, width, amb);
            prop_assert_eq!(starts, row_starts(&after, width, amb));
        }
    }
}
