//! How many cells a text takes, and how outside text is made harmless.
//!
//! Terminals disagree about characters such as “ ” … — ①: most draw them one
//! cell wide, some Chinese setups two. The program probes its terminal once
//! and passes the answer as [`Ambiguous`] to everything that measures. There
//! is one width function, [`cells`]; two would drift apart, and the drift shows
//! up as a caret that is not where the text is.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What ends a truncated text. The ellipsis character is itself of ambiguous
/// width, two full stops are two cells everywhere.
const CUT: &str = "..";

/// A tab in a list or a preview: the column it stands in is not known there.
const TAB: &str = "    ";

/// How wide the terminal draws characters of ambiguous East Asian width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ambiguous {
    /// One cell, as most terminals do.
    #[default]
    Narrow,
    /// Two cells, as terminals set up for legacy Chinese do.
    Wide,
    /// Two cells are kept for it, whatever the terminal draws: for terminals that say one and draw
    /// two.
    Safe,
}

impl Ambiguous {
    /// Whether such a character takes two cells of the layout.
    pub const fn two(self) -> bool {
        matches!(self, Self::Wide | Self::Safe)
    }
}

/// The cells one grapheme cluster takes.
///
/// The only width function of the program: drawing, wrapping, truncation and
/// caret movement all come here. `clippy.toml` forbids the others.
#[allow(clippy::disallowed_methods)] // here and nowhere else
pub fn cells(grapheme: &str, amb: Ambiguous) -> u16 {
    let mut chars = grapheme.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        match c {
            ' '..='~' => return 1,
            '\u{4e00}'..='\u{9fff}' => return 2,
            _ => {}
        }
    }
    let width = if amb.two() {
        UnicodeWidthStr::width_cjk(grapheme)
    } else {
        UnicodeWidthStr::width(grapheme)
    };
    u16::try_from(width).unwrap_or(u16::MAX)
}

/// The cells a text takes on one row.
pub fn text_width(text: &str, amb: Ambiguous) -> usize {
    text.graphemes(true)
        .map(|g| usize::from(cells(g, amb)))
        .sum()
}

/// The text, or as much of it as fits into `max` cells followed by "..".
///
/// Never cuts a grapheme cluster; the result is never wider than `max`.
pub fn truncate(text: &str, max: usize, amb: Ambiguous) -> Cow<'_, str> {
    let mark = max.min(CUT.len());
    let mut used = 0;
    // The last boundary at which the mark still fits behind the text.
    let mut keep = 0;
    for (at, g) in text.grapheme_indices(true) {
        used += usize::from(cells(g, amb));
        if used > max {
            return Cow::Owned(format!("{}{}", &text[..keep], &CUT[..mark]));
        }
        if used + mark <= max {
            keep = at + g.len();
        }
    }
    Cow::Borrowed(text)
}

/// The text as a column of exactly `width` cells: filled with spaces, or
/// truncated.
pub fn pad(text: &str, width: usize, amb: Ambiguous) -> String {
    let mut column = truncate(text, width, amb).into_owned();
    let missing = width.saturating_sub(text_width(&column, amb));
    column.extend(std::iter::repeat_n(' ', missing));
    column
}

/// Outside text made safe to show on one row.
///
/// A manuscript, a file name or a feed title may carry escape sequences that
/// repaint the screen, or bidi controls that show a text other than the one
/// being approved. Here controls become control pictures (␛), tabs become
/// spaces, and everything invisible becomes its code point in angle brackets.
/// Line breaks too are shown as pictures; only functions that split a text into
/// lines may take them out beforehand.
///
/// Joiners inside an emoji and variation selectors behind a base stay: they
/// are part of what the reader sees.
pub fn inert(text: &str) -> Cow<'_, str> {
    let Some(first) = text
        .char_indices()
        .find(|&(_, c)| suspicious(c))
        .map(|(at, _)| at)
    else {
        return Cow::Borrowed(text);
    };
    let mut safe = String::with_capacity(text.len() + 16);
    safe.push_str(&text[..first]);
    let mut before = text[..first].chars().next_back();
    let mut rest = text[first..].chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\t' => safe.push_str(TAB),
            '\u{0}'..='\u{1f}' => safe.push(picture(c)),
            '\u{7f}' => safe.push('\u{2421}'),
            '\u{200d}' if before.is_some_and(emoji) && rest.peek().copied().is_some_and(emoji) => {
                safe.push(c);
            }
            _ if selector(c) && before.is_some_and(takes_selector) => safe.push(c),
            _ if suspicious(c) => {
                // Writing to a String cannot fail.
                let _ = write!(safe, "<U+{:04X}>", u32::from(c));
            }
            _ => safe.push(c),
        }
        before = Some(c);
    }
    Cow::Owned(safe)
}

/// The control picture of a C0 control.
fn picture(c: char) -> char {
    char::from_u32(0x2400 + u32::from(c)).unwrap_or('?')
}

/// Characters [`inert`] has to look at: controls and everything that is
/// invisible yet changes what is shown.
fn suspicious(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Variation selectors, the ideographic ones included.
fn selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a variation selector behind this character means something; a run
/// of selectors hides data instead.
fn takes_selector(base: char) -> bool {
    !suspicious(base) && !base.is_whitespace()
}

/// Roughly the characters that join into emoji sequences, their modifiers and
/// the emoji selector included.
fn emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOTH: [Ambiguous; 2] = [Ambiguous::Narrow, Ambiguous::Wide];

    #[test]
    fn widths_follow_the_probed_terminal() {
        for (g, narrow, wide) in [
            ("a", 1, 1),
            ("税", 2, 2),
            ("，", 2, 2),
            ("“", 1, 2),
            ("…", 1, 2),
            ("—", 1, 2),
            ("①", 1, 2),
            ("👨‍👩‍👧", 2, 2),
            ("e\u{301}", 1, 1),
            ("葛\u{e0100}", 2, 2),
            ("ｶ\u{ff9e}", 2, 2),
        ] {
            assert_eq!(cells(g, Ambiguous::Narrow), narrow, "{g}");
            assert_eq!(cells(g, Ambiguous::Wide), wide, "{g}");
            assert_eq!(cells(g, Ambiguous::Safe), wide, "{g}");
        }
    }

    #[test]
    fn control_pictures_are_one_cell_everywhere() {
        for c in ('\u{2400}'..='\u{241f}').chain(['\u{2421}']) {
            for amb in BOTH {
                assert_eq!(cells(&c.to_string(), amb), 1, "{c}");
            }
        }
    }

    #[test]
    fn truncation_keeps_clusters_whole() {
        let amb = Ambiguous::Narrow;
        assert_eq!(truncate("税收优惠", 8, amb), "税收优惠");
        assert_eq!(truncate("税收优惠", 7, amb), "税收..");
        assert_eq!(truncate("税收优惠", 5, amb), "税..");
        assert_eq!(truncate("税收优惠", 1, amb), ".");
        assert_eq!(truncate("税收优惠", 0, amb), "");
        assert_eq!(truncate("a👨‍👩‍👧bcd", 5, amb), "a👨‍👩‍👧..");
        assert_eq!(truncate("“税收”", 6, Ambiguous::Wide), "“税..");
        assert_eq!(pad("税", 4, amb), "税  ");
        assert_eq!(pad("税收优惠", 5, amb), "税.. ");
    }

    #[test]
    fn escape_sequences_and_bidi_controls_are_shown() {
        assert_eq!(inert("\u{1b}[2J清屏"), "␛[2J清屏");
        assert_eq!(inert("\u{9b}31m"), "<U+009B>31m");
        assert_eq!(inert("公告\u{202e}txt.exe"), "公告<U+202E>txt.exe");
        assert_eq!(inert("a\tb\r\nc\u{7f}"), "a    b␍␊c␡");
        assert_eq!(inert("零\u{200b}宽\u{feff}"), "零<U+200B>宽<U+FEFF>");
        assert_eq!(inert("a\u{200d}b"), "a<U+200D>b");
        assert!(matches!(inert("税收（2024年）“第3号”"), Cow::Borrowed(_)));
    }

    #[test]
    fn emoji_and_variant_ideographs_stay_as_they_are() {
        for text in ["👨‍👩‍👧", "葛\u{e0100}城", "❤\u{fe0f}‍🔥", "☎\u{fe0f}12366"]
        {
            assert_eq!(inert(text), text);
        }
        assert_eq!(
            inert("税\u{fe01}\u{fe02}"),
            "税\u{fe01}<U+FE02>",
            "a run of selectors hides data"
        );
    }

    proptest! {
        #[test]
        fn inert_leaves_no_control(text in any::<String>()) {
            let safe = inert(&text);
            prop_assert!(!safe.chars().any(char::is_control));
            let hidden = safe.contains(['\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{200b}', '\u{feff}']);
            prop_assert!(!hidden);
            prop_assert_eq!(inert(&safe), safe.clone(), "a second pass changes nothing");
        }

        #[test]
        fn truncation_fits(text in "[a-z“”…税收👍\u{301}]{0,30}", max in 0usize..40, wide: bool) {
            let amb = BOTH[usize::from(wide)];
            let cut = truncate(&text, max, amb);
            prop_assert!(text_width(&cut, amb) <= max);
            if text_width(&text, amb) <= max {
                prop_assert_eq!(&*cut, text.as_str());
            }
            prop_assert_eq!(text_width(&pad(&text, max, amb), amb), max);
        }
    }
}
