//! Counting characters the way Chinese offices do.

use unicode_segmentation::UnicodeSegmentation;

use super::han::is_cjk;
use super::width::{Ambiguous, cells};

/// What [`count`] found in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// 字数: every Chinese character one, every punctuation mark one, every run
    /// of Latin letters and digits one. The figure contracts and forms ask for.
    pub characters: usize,
    /// The same without punctuation marks and symbols.
    pub without_punctuation: usize,
    /// Chinese characters alone (kana and hangul count with them).
    pub han: usize,
    /// Runs of letters and digits of other scripts: `2024`, `1,234.5`, `don’t`.
    pub words: usize,
    /// Punctuation marks and symbols; …… and —— are two each, as typed.
    pub punctuation: usize,
    /// Paragraphs that hold anything but space.
    pub paragraphs: usize,
}

/// Counts a text as 字数.
///
/// Spaces, line breaks, controls and combining marks count nothing. A full
/// stop, hyphen, underscore or apostrophe between two letters or digits, and a
/// comma between two digits, belong to the run they stand in. Full-width
/// letters and digits form runs like their half-width forms.
pub fn count(text: &str) -> Counts {
    let mut counts = Counts::default();
    for paragraph in text.split('\n') {
        if !paragraph.trim().is_empty() {
            counts.paragraphs += 1;
        }
        count_paragraph(paragraph, &mut counts);
    }
    counts.sum();
    counts
}

impl Counts {
    fn parts(&mut self) -> [&mut usize; 3] {
        [&mut self.han, &mut self.words, &mut self.punctuation]
    }

    fn sum(&mut self) {
        self.without_punctuation = self.han + self.words;
        self.characters = self.without_punctuation + self.punctuation;
    }

    /// The counts of a text in which one stretch gave way to another. `paragraphs` stays as it
    /// was: a stretch does not know whether it is one.
    #[must_use]
    pub fn changed(mut self, before: Self, after: Self) -> Self {
        let (mut before, mut after) = (before, after);
        for ((part, b), a) in self
            .parts()
            .into_iter()
            .zip(before.parts())
            .zip(after.parts())
        {
            *part = (*part + *a).saturating_sub(*b);
        }
        self.sum();
        self
    }
}

/// The stretch of a paragraph that must be counted anew when `range` of it changes: up to places
/// on both sides where one count ends and another begins. Counting the stretch before and after
/// the change gives the difference ([`Counts::changed`]).
///
/// The stretch lies at the same distance from both ends of the paragraph before and after.
pub fn stretch(paragraph: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let mut after = None;
    let from = paragraph[..range.start]
        .char_indices()
        .rev()
        .find(|&(at, c)| {
            // The change may join the character right before it, so that one is not enough.
            let found = at + c.len_utf8() < range.start && after.is_some_and(|a| parted(c, a));
            if !found {
                after = Some(c);
            }
            found
        })
        .map_or(0, |(at, c)| at + c.len_utf8());
    let mut before = None;
    let to = paragraph[range.end..]
        .char_indices()
        .find(|&(at, c)| {
            let found = at > 0 && before.is_some_and(|b| parted(b, c));
            before = Some(c);
            found
        })
        .map_or(paragraph.len(), |(at, _)| range.end + at);
    from..to
}

/// Whether counting knows nothing of the first character when it comes to the second.
fn parted(a: char, b: char) -> bool {
    let han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
    (han(a) || a == ' ') && (han(b) || b.is_ascii_alphanumeric())
}

fn count_paragraph(paragraph: &str, counts: &mut Counts) {
    let mut run: Option<char> = None; // last character of the run we are in
    let mut graphemes = paragraph.graphemes(true).peekable();
    while let Some(grapheme) = graphemes.next() {
        let Some(c) = grapheme.chars().next() else {
            continue;
        };
        if is_cjk(c) {
            counts.han += 1;
            run = None;
        } else if c.is_alphanumeric() {
            if run.is_none() {
                counts.words += 1;
            }
            run = Some(c);
        } else if c.is_whitespace() || c.is_control() || cells(grapheme, Ambiguous::Narrow) == 0 {
            run = None;
        } else {
            let next = graphemes.peek().and_then(|g| g.chars().next());
            if joins(run, c, next) {
                continue;
            }
            counts.punctuation += 1;
            run = None;
        }
    }
}

/// Whether a mark stands inside a run rather than between two.
fn joins(before: Option<char>, mark: char, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    match mark {
        ',' => before.is_ascii_digit() && after.is_ascii_digit(),
        '.' | '-' | '_' | '\'' | '’' => after.is_alphanumeric() && !is_cjk(after),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_change_is_counted_where_it_is(
            before in "([税收优惠]{1,3}|[a-z0-9]{1,4}|[，。“”—.,’-]| |葛\u{e0100}|e\u{301}|👨‍👩‍👧|\u{200d}){0,30}",
            new in "([税收]|[a-z0-9]{1,3}|[，.,’-]| |\u{301}|\u{200d}){0,5}",
            a: prop::sample::Index, b: prop::sample::Index,
        ) {
            let places: Vec<usize> = before.char_indices().map(|(i, _)| i).chain([before.len()]).collect();
            let (a, b) = (*a.get(&places), *b.get(&places));
            let (a, b) = (a.min(b), a.max(b));
            let after = format!("{}{new}{}", &before[..a], &before[b..]);
            let around = stretch(&before, a..b);
            let end = after.len() - (before.len() - around.end);
            let mended = count(&before).changed(count(&before[around.clone()]), count(&after[around.start..end]));
            let fresh = count(&after);
            prop_assert_eq!(
                (mended.han, mended.words, mended.punctuation, mended.characters),
                (fresh.han, fresh.words, fresh.punctuation, fresh.characters)
            );
        }
    }

    #[test]
    fn counts_like_a_form() {
        let c = count("自2024年1月1日起，增值税减按1,234.5元征收。");
        assert_eq!(c.han, 13);
        assert_eq!(c.words, 4);
        assert_eq!(c.punctuation, 2);
        assert_eq!(c.characters, 19);
        assert_eq!(c.without_punctuation, 17);
        assert_eq!(c.paragraphs, 1);
    }

    #[test]
    fn runs_and_marks() {
        assert_eq!(count("don’t stop").words, 2);
        assert_eq!(count("www.example.com").characters, 1);
        assert_eq!(count("end.").characters, 2);
        assert_eq!(count("a,b").characters, 3);
        assert_eq!(count("ＡＢＣ１２").words, 1);
        assert_eq!(count("3税4").characters, 3);
        assert_eq!(count("50%").characters, 2);
        assert_eq!(count("……——").punctuation, 4);
        assert_eq!(count("cafe\u{301}").characters, 1);
        assert_eq!(count("葛\u{e0100}").characters, 1);
    }

    #[test]
    fn space_counts_nothing() {
        assert_eq!(count(""), Counts::default());
        assert_eq!(count(" 　\n\n\t\u{feff}").characters, 0);
        assert_eq!(count("甲\n\n　\n乙").paragraphs, 2);
    }
}
