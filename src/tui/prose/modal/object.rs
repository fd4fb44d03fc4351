//! Text objects: a word, a sentence, a paragraph, what stands in brackets or quotes.

use std::ops::Range;

use crate::text::sentence_at;
use crate::tui::prose::Prose;
use crate::tui::prose::buffer::Pos;
use crate::tui::prose::motion::{PAIRS, enclosing, word_at};

/// The stretch that `name` means around the caret, and whether it is whole paragraphs. With
/// `around` the blanks behind, or the marks, belong to it.
pub(super) fn find(prose: &Prose, name: &str, around: bool) -> Option<(Range<Pos>, bool)> {
    let Pos { paragraph, byte } = prose.caret.head;
    let text = prose.buffer.paragraph(paragraph);
    let on = |range: Range<usize>| {
        (
            Pos::new(paragraph, range.start)..Pos::new(paragraph, range.end),
            false,
        )
    };
    match name {
        "w" | "W" => {
            let mut word = word_at(text, byte);
            if around && text[word.clone()].trim().is_empty() {
                word.end = word_at(text, word.end).end;
            } else if around {
                let behind = blanks(&text[word.end..]);
                if behind > 0 {
                    word.end += behind;
                } else {
                    let head = &text[..word.start];
                    word.start = head.trim_end_matches(BLANKS).len();
                }
            }
            Some(on(word))
        }
        "s" => {
            let mut sentence = sentence_at(text, byte);
            if !around {
                let inner = text[sentence.clone()].trim_end_matches(BLANKS);
                sentence.end = sentence.start + inner.len();
            }
            Some(on(sentence))
        }
        "p" => {
            let mut last = paragraph;
            while around
                && last + 1 < prose.buffer.len()
                && prose.buffer.paragraph(last + 1).trim().is_empty()
            {
                last += 1;
            }
            let end = prose.buffer.paragraph(last).len();
            Some((Pos::new(paragraph, 0)..Pos::new(last, end), true))
        }
        _ => {
            let (open, close) = candidates(name)
                .into_iter()
                .filter_map(|(o, c)| Some((enclosing(text, byte, o, c)?.len(), (o, c))))
                .min()?
                .1;
            let whole = enclosing(text, byte, open, close)?;
            Some(on(if around {
                whole
            } else {
                whole.start + open.len_utf8()..whole.end - close.len_utf8()
            }))
        }
    }
}

const BLANKS: [char; 3] = [' ', '\t', '\u{3000}'];

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches(BLANKS).len()
}

/// The pairs that a key may mean: an ASCII bracket means its full-width relatives too, a
/// full-width one only itself.
fn candidates(name: &str) -> Vec<(char, char)> {
    let of = |list: &[char]| {
        PAIRS
            .iter()
            .copied()
            .filter(|p| list.contains(&p.0))
            .collect::<Vec<_>>()
    };
    match name {
        "(" | ")" | "b" => of(&['（', '(']),
        "[" | "]" => of(&['【', '〔', '[']),
        "<" | ">" => of(&['《', '〈', '<']),
        "{" | "}" | "B" => of(&['{', '「', '『']),
        "\"" | "q" => {
            let mut list = of(&['“']);
            list.push(('"', '"'));
            list
        }
        "'" => {
            let mut list = of(&['‘']);
            list.push(('\'', '\''));
            list
        }
        "`" => vec![('`', '`')],
        other => {
            let mut chars = other.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => PAIRS
                    .iter()
                    .copied()
                    .filter(|p| p.0 == c || p.1 == c)
                    .collect(),
                _ => Vec::new(),
            }
        }
    }
}
