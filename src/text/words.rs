//! Words of Chinese text, by the dictionary inside ICU.

use std::ops::Range;
use std::sync::LazyLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

/// The dictionary is part of the program; making the segmenter only takes
/// references to it.
static WORDS: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));

/// The words of a text as byte ranges that follow one another without a gap.
///
/// A punctuation mark is a word of its own, so is a run of spaces; 编辑部今天 is
/// 编辑 and 部 and 今天. Used by the editor's word motion and by the difference.
pub fn words(text: &str) -> Vec<Range<usize>> {
    let mut from = 0;
    let mut words = Vec::with_capacity(text.len() / 4);
    for to in WORDS.segment_str(text) {
        if to > from {
            words.push(from..to);
            from = to;
        }
    }
    words
}

/// The longest run of text that a word motion segments. The dictionary looks at a run between
/// marks as a whole; a run longer than this is cut, as no word is that long.
const REACH: usize = 900;

/// Words of the stretch of text around `at`, as in [`words`] but at a cost that does not grow
/// with the text. The stretch reaches at least one mark or space to each side.
pub fn words_around(text: &str, at: usize) -> Vec<Range<usize>> {
    let from = stretch(text[..at].char_indices().rev(), at).unwrap_or(0);
    let to = stretch(
        text[at..]
            .char_indices()
            .map(|(n, c)| (at + n + c.len_utf8(), c)),
        at,
    )
    .unwrap_or(text.len());
    words(&text[from..to])
        .into_iter()
        .map(|w| from + w.start..from + w.end)
        .collect()
}

/// The second place outwards at which a mark meets a letter: one mark alone may be the neighbour
/// that is looked for.
fn stretch(chars: impl Iterator<Item = (usize, char)>, at: usize) -> Option<usize> {
    let mut marks = 0;
    let mut letters = 0;
    for (place, c) in chars {
        // A mark between digits or letters may belong to them: 1,234.5, don’t, a.b.
        let mark = !c.is_alphanumeric() && !"'’.,:_-".contains(c) && c >= ' ';
        if c.is_alphanumeric() {
            letters += 1;
        } else if mark && letters > 0 {
            marks += 1;
            letters = 0;
        }
        if marks == 2 || (place.abs_diff(at) > REACH && (mark || super::is_han(c))) {
            return Some(place);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        words(text).into_iter().map(|w| &text[w]).collect()
    }

    #[test]
    fn chinese_words_and_single_marks() {
        assert_eq!(
            split("编辑部今天发布了新的文章。"),
            ["编辑", "部", "今天", "发布", "了", "新的", "文章", "。"]
        );
        assert_eq!(split("“好”……"), ["“", "好", "”", "…", "…"]);
        assert_eq!(
            split("共1,234.5元，don’t"),
            ["共", "1,234.5", "元", "，", "don’t"]
        );
        assert!(split("").is_empty());
    }

    proptest! {
        #[test]
        fn words_cover_the_text(text in any::<String>()) {
            prop_assert_eq!(split(&text).concat(), text);
        }

        #[test]
        fn the_words_around_a_place_are_words_of_the_text(text in "([编辑部今天发布了新的文章]{1,9}|[a-z]{1,6}|[，。“”（） ]|[0-9]{1,3}){0,40}", n: prop::sample::Index) {
            let places: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            let at = *n.get(&places);
            let all = words(&text);
            let near = words_around(&text, at);
            let inner = |w: &&Range<usize>| w.start <= at && w.end >= at;
            prop_assert_eq!(
                near.iter().filter(inner).collect::<Vec<_>>(),
                all.iter().filter(inner).collect::<Vec<_>>()
            );
        }
    }
}
