//! Sentences of Chinese prose, for motion and selection.

use std::ops::Range;

/// What ends a sentence.
fn stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '…' | '；' | ';' | '．')
}

/// What may follow a stop and still belongs to the sentence.
fn closer(c: char) -> bool {
    matches!(
        c,
        '”' | '’' | '」' | '』' | '）' | ')' | '》' | '】' | '"' | '\''
    )
}

/// Whether a full stop of Latin text ends a sentence here: a blank or the end follows.
fn latin_stop(c: char, rest: &str) -> bool {
    c == '.' && rest.chars().next().is_none_or(|n| n == ' ' || closer(n))
}

/// The end of the sentence that `from` stands in: behind its stop, closing quotes included, and
/// behind the blanks that follow.
pub fn sentence_end(text: &str, from: usize) -> usize {
    let mut chars = text[from..].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let behind = from + at + c.len_utf8();
        if !stop(c) && !latin_stop(c, &text[behind..]) {
            continue;
        }
        let mut end = behind;
        while let Some((_, c)) = chars.next_if(|&(_, c)| stop(c) || c == '.' || closer(c)) {
            end += c.len_utf8();
        }
        while let Some((_, c)) = chars.next_if(|&(_, c)| c == ' ' || c == '\u{3000}') {
            end += c.len_utf8();
        }
        return end;
    }
    text.len()
}

/// The start of the sentence that `at` stands in; of the one before if `at` is a start.
pub fn sentence_start(text: &str, at: usize) -> usize {
    // Enough text back to hold the stop before; a longer sentence is walked through as a whole.
    let mut reach = 600;
    loop {
        let mut from = at.saturating_sub(reach);
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        // The first end found from the middle of a text is a true one, what lies before is not known.
        let mut starts = Vec::new();
        let mut here = if from == 0 {
            starts.push(0);
            0
        } else {
            sentence_end(text, from)
        };
        while here < at {
            if starts.last() != Some(&here) {
                starts.push(here);
            }
            here = sentence_end(text, here);
        }
        match starts.pop() {
            Some(start) => return start,
            None if from == 0 => return 0,
            None => reach *= 4,
        }
    }
}

/// The sentence that holds `at`, the blanks behind it included.
pub fn sentence_at(text: &str, at: usize) -> Range<usize> {
    let next = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    let start = sentence_start(text, next.max(1).min(text.len()));
    start..sentence_end(text, start).max(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "他说：“好了。”然后走了！真的吗？！……（是的。）It costs 1.5 yuan. Yes.完";

    #[test]
    fn stops_take_their_quotes_along() {
        let mut found = Vec::new();
        let mut at = 0;
        while at < TEXT.len() {
            let end = sentence_end(TEXT, at);
            found.push(&TEXT[at..end]);
            at = end;
        }
        assert_eq!(
            found,
            [
                "他说：“好了。”",
                "然后走了！",
                "真的吗？！……",
                "（是的。）",
                "It costs 1.5 yuan. ",
                "Yes.完"
            ]
        );
    }

    #[test]
    fn back_is_the_way_forth() {
        let mut ends = vec![0];
        while ends.last() != Some(&TEXT.len()) {
            ends.push(sentence_end(TEXT, *ends.last().unwrap_or(&0)));
        }
        for pair in ends.windows(2) {
            assert_eq!(sentence_start(TEXT, pair[1]), pair[0]);
        }
        for (at, _) in TEXT.char_indices() {
            let sentence = sentence_at(TEXT, at);
            assert!(sentence.contains(&at), "{at} {sentence:?}");
            assert!(ends.contains(&sentence.start) && ends.contains(&sentence.end));
        }
        assert_eq!(sentence_start("", 0), 0);
        assert_eq!(sentence_at("", 0), 0..0);
    }

    #[test]
    fn long_texts_are_the_same() {
        let long = format!("{}。{}", "税".repeat(3_000), "收".repeat(3_000));
        assert_eq!(sentence_start(&long, long.len()), 9_003);
        assert_eq!(sentence_start(&long, 9_003), 0);
    }
}
