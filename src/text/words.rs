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
    }
}
