//! Search tokens: one per Chinese character.
//!
//! The full-text index of the store (SQLite FTS5, tokenizer `unicode61`) knows
//! no Chinese words. With every character a token of its own and the query a
//! phrase, a word is found wherever it stands, whatever its length; dictionary
//! words would miss those the dictionary cuts otherwise.
//!
//! Index and query go through the same folding here, so they cannot disagree.

use std::fmt::Write as _;

/// Terms a query may have; SQLite bounds the depth of an expression, and nobody
/// types more.
const MAX_TERMS: usize = 64;

/// Whether a character is a Chinese ideograph (〇 and 々 among them).
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{3005}'..='\u{3007}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}' | '\u{30000}'..='\u{323af}')
        && c != '\u{3006}'
}

/// Whether a character is written without spaces between words: ideographs,
/// kana, bopomofo and hangul.
pub fn is_cjk(c: char) -> bool {
    is_han(c)
        || (c.is_alphanumeric()
            && matches!(c,
                '\u{3041}'..='\u{318f}' | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}'
                | '\u{ac00}'..='\u{d7af}' | '\u{ff66}'..='\u{ffdc}' | '\u{1b000}'..='\u{1b16f}'))
}

/// The text as the index stores it: tokens separated by single spaces.
///
/// Each Chinese character is a token, each run of letters and digits of other
/// scripts is one; full-width ASCII becomes ASCII, ASCII letters become small,
/// punctuation only separates.
pub fn index_tokens(text: &str) -> String {
    let mut tokens = String::with_capacity(text.len() + text.len() / 3);
    let mut in_run = false;
    for c in text.chars().map(fold) {
        if is_cjk(c) {
            separate(&mut tokens);
            push_cjk(&mut tokens, c);
            in_run = false;
        } else if c.is_alphanumeric() {
            if !in_run {
                separate(&mut tokens);
            }
            tokens.push(c);
            in_run = true;
        } else {
            in_run = false;
        }
    }
    tokens
}

/// What a person typed as an FTS5 query: each term between spaces a phrase, all
/// of them wanted. `税收优惠 2024` becomes `"税 收 优 惠" AND "2024"`.
///
/// Nothing of FTS5's own syntax gets through, since a token holds only letters
/// and digits. Nothing to search for gives `None`. A run of Latin letters or
/// digits matches whole runs only.
pub fn query_phrase(query: &str) -> Option<String> {
    let phrases: Vec<String> = query
        .split_whitespace()
        .map(index_tokens)
        .filter(|phrase| !phrase.is_empty())
        .take(MAX_TERMS)
        .map(|phrase| format!("\"{phrase}\""))
        .collect();
    (!phrases.is_empty()).then(|| phrases.join(" AND "))
}

fn separate(tokens: &mut String) {
    if !tokens.is_empty() {
        tokens.push(' ');
    }
}

/// Ideographs younger than the tokenizer's tables would be separators to it;
/// they occur in names, so they are spelt by code point.
fn push_cjk(tokens: &mut String, c: char) {
    if c >= '\u{2b820}' && !matches!(c, '\u{2f800}'..='\u{2fa1f}') {
        // Writing to a String cannot fail.
        let _ = write!(tokens, "u{:x}", u32::from(c));
    } else {
        tokens.push(c);
    }
}

/// Full-width ASCII to ASCII, ASCII letters to small ones.
fn fold(c: char) -> char {
    let half = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    half.to_ascii_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rusqlite::Connection;

    #[test]
    fn one_token_per_character() {
        assert_eq!(index_tokens("税收优惠"), "税 收 优 惠");
        assert_eq!(
            index_tokens("财税〔2024〕第３号ＡＢＣ"),
            "财 税 2024 第 3 号 abc"
        );
        assert_eq!(index_tokens("  VAT-13%，a1b2 "), "vat 13 a1b2");
        assert_eq!(index_tokens("，。！"), "");
        assert_eq!(index_tokens("𬭎某"), "u2cb4e 某");
    }

    #[test]
    fn queries_are_phrases() {
        assert_eq!(query_phrase("税收优惠").unwrap(), "\"税 收 优 惠\"");
        assert_eq!(
            query_phrase("税收　2024").unwrap(),
            "\"税 收\" AND \"2024\""
        );
        assert_eq!(
            query_phrase("a\" OR * NEAR(b)").unwrap(),
            "\"a\" AND \"or\" AND \"near b\""
        );
        assert_eq!(query_phrase(" ，。 "), None);
        assert_eq!(query_phrase(""), None);
    }

    /// A reader of the query language as small as this room writes it.
    fn matches(text: &str, query: &str) -> bool {
        let stored = index_tokens(text);
        let stored: Vec<&str> = stored.split(' ').collect();
        query.split(" AND ").all(|phrase| {
            let wanted: Vec<&str> = phrase.trim_matches('"').split(' ').collect();
            stored.windows(wanted.len()).any(|w| w == wanted)
        })
    }

    fn run_char(c: Option<char>) -> bool {
        c.is_some_and(|c| c.is_alphanumeric() && !is_cjk(c))
    }

    /// Whether cutting here would cut a run of letters in two.
    fn inside_run(text: &str, at: usize) -> bool {
        run_char(text[..at].chars().next_back()) && run_char(text[at..].chars().next())
    }

    proptest! {
        #[test]
        fn any_part_of_a_text_finds_it(text in "([税收优惠政策。，　 Ａ1〇]|[a-zA-Z]{1,3}|\\PC){1,40}", a: prop::sample::Index, b: prop::sample::Index) {
            let places: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            let (a, b) = (*a.get(&places), *b.get(&places));
            let (a, b) = (a.min(b), a.max(b));
            prop_assume!(!inside_run(&text, a) && !inside_run(&text, b));
            if let Some(query) = query_phrase(&text[a..b]) {
                prop_assert!(matches(&text, &query), "{} in {:?}", query, text);
            }
        }
    }

    #[test]
    fn the_real_tokenizer_agrees() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE VIRTUAL TABLE t USING fts5(body, tokenize = 'unicode61')")
            .unwrap();
        let text = "关于𬭎某公司〇二四年税收优惠々的公告（ＶＡＴ１３％）㐀か한①";
        db.execute("INSERT INTO t VALUES (?1)", [index_tokens(text)])
            .unwrap();
        let hits = |query: &str| -> i64 {
            db.query_row(
                "SELECT count(*) FROM t WHERE t MATCH ?1",
                [query_phrase(query).unwrap()],
                |r| r.get(0),
            )
            .unwrap()
        };
        for query in [
            "税",
            "优惠",
            "税收优惠",
            "𬭎某",
            "〇二四",
            "惠々的",
            "vat13%",
            "㐀か한",
            "公告 公司",
            "①",
        ] {
            assert_eq!(hits(query), 1, "{query}");
        }
        for query in ["税优", "收税", "va", "𬭎公"] {
            assert_eq!(hits(query), 0, "{query}");
        }
    }
}
