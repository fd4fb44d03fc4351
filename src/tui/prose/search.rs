//! Finding and replacing. One engine serves both ways: plain words become a pattern too.

use std::ops::Range;

use regex::{Captures, Regex, RegexBuilder};

use crate::tui::prose::buffer::{Buffer, Pos};
use crate::tui::prose::history::Edit;

/// Bound of a compiled pattern and of its cache, so that a hostile one fails instead of eating
/// the memory.
const SIZE: usize = 1 << 20;

/// What to look for. Paragraph by paragraph: no match reaches over a line break.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Words, or a pattern.
    pub text: String,
    /// Whether it is a pattern.
    pub regex: bool,
    /// Whether full-width letters, digits and marks are the same as their ASCII ones.
    pub width: bool,
}

/// A query that can be asked.
#[derive(Debug, Clone)]
pub struct Finder {
    query: Query,
    regex: Regex,
}

impl Finder {
    /// Makes a query ready; ASCII letters match in both cases. A pattern that cannot be read
    /// gives the reason.
    pub fn new(query: Query) -> Result<Self, String> {
        let pattern = if query.regex {
            query.text.clone()
        } else {
            query.text.chars().map(|c| class(c, query.width)).collect()
        };
        let regex = RegexBuilder::new(&pattern)
            .case_insensitive(query.regex)
            .size_limit(SIZE)
            .dfa_size_limit(SIZE)
            .build()
            .map_err(|e| reason(&e))?;
        Ok(Self { query, regex })
    }

    /// What it looks for.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The matches in a paragraph.
    pub fn matches<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.regex.find_iter(text).map(|m| m.range())
    }

    /// Every match, or those within a stretch.
    pub fn all(&self, buffer: &Buffer, within: Option<&Range<Pos>>) -> Vec<(usize, Range<usize>)> {
        let (from, to) = match within {
            Some(range) => (range.start, range.end),
            None => (Pos::default(), buffer.end()),
        };
        (from.paragraph..=to.paragraph)
            .flat_map(|p| {
                self.matches(buffer.paragraph(p))
                    .map(move |r| (p, r))
                    .filter(|(p, r)| Pos::new(*p, r.start) >= from && Pos::new(*p, r.end) <= to)
            })
            .collect()
    }

    /// The next match behind a place (before it, if not forward), around the end of the text.
    /// With `here` a match at the place itself counts.
    pub fn next(
        &self,
        buffer: &Buffer,
        from: Pos,
        forward: bool,
        here: bool,
    ) -> Option<Range<Pos>> {
        let count = buffer.len();
        let found = |p: usize, keep: &dyn Fn(&Range<usize>) -> bool| {
            let text = buffer.paragraph(p);
            let hit = if forward {
                self.matches(text).find(keep)
            } else {
                self.matches(text).filter(keep).last()
            };
            hit.map(|r| Pos::new(p, r.start)..Pos::new(p, r.end))
        };
        (0..=count).find_map(|step| {
            let p = if forward {
                (from.paragraph + step) % count
            } else {
                (from.paragraph + count - step % count) % count
            };
            let first = step == 0;
            let around = step == count;
            found(p, &|r| match (first, around, forward) {
                (true, _, true) => r.start > from.byte || (here && r.start == from.byte),
                (true, _, false) => r.start < from.byte || (here && r.start == from.byte),
                (_, true, true) => r.start <= from.byte,
                (_, true, false) => r.start >= from.byte,
                _ => true,
            })
        })
    }

    /// What stands for a match: `$1` means the first group in a pattern, and itself elsewhere.
    fn expand(&self, captures: &Captures<'_>, with: &str, out: &mut String) {
        if self.query.regex {
            captures.expand(with, out);
        } else {
            out.push_str(with);
        }
    }

    /// The edit that replaces the match at exactly this stretch.
    pub fn replace_one(&self, buffer: &Buffer, at: &Range<Pos>, with: &str) -> Option<Edit> {
        let text = buffer.paragraph(at.start.paragraph);
        let captures = self.regex.captures_at(text, at.start.byte)?;
        let whole = captures.get(0)?;
        if whole.start() != at.start.byte || whole.end() != at.end.byte {
            return None;
        }
        let mut inserted = String::new();
        self.expand(&captures, with, &mut inserted);
        Some(Edit {
            at: at.start,
            removed: whole.as_str().to_owned(),
            inserted,
        })
    }

    /// The edits that replace every match, last paragraph first and one a paragraph, and how many
    /// matches there were. With `first` only the first of each paragraph. None where more than
    /// `limit` bytes would have to be inserted.
    pub fn replace_all(
        &self,
        buffer: &Buffer,
        within: Option<&Range<Pos>>,
        with: &str,
        first: bool,
        limit: usize,
    ) -> Option<(Vec<Edit>, usize)> {
        let (from, to) = match within {
            Some(range) => (range.start, range.end),
            None => (Pos::default(), buffer.end()),
        };
        let mut edits = Vec::new();
        let mut count = 0;
        let mut bytes = 0;
        for p in (from.paragraph..=to.paragraph).rev() {
            let text = buffer.paragraph(p);
            let mut span: Option<Range<usize>> = None;
            let mut inserted = String::new();
            for captures in self.regex.captures_iter(text) {
                let Some(whole) = captures.get(0) else {
                    continue;
                };
                if Pos::new(p, whole.start()) < from || Pos::new(p, whole.end()) > to {
                    continue;
                }
                let before = span.as_ref().map_or(whole.start(), |s| s.end);
                inserted.push_str(&text[before..whole.start()]);
                self.expand(&captures, with, &mut inserted);
                span = Some(span.map_or(whole.start(), |s| s.start)..whole.end());
                count += 1;
                if bytes + inserted.len() > limit {
                    return None;
                }
                if first {
                    break;
                }
            }
            bytes += inserted.len();
            if let Some(span) = span
                && text[span.clone()] != inserted
            {
                edits.push(Edit {
                    at: Pos::new(p, span.start),
                    removed: text[span].to_owned(),
                    inserted,
                });
            }
        }
        Some((edits, count))
    }
}

/// A character as a class of those that mean the same.
fn class(c: char, width: bool) -> String {
    let mut same = vec![c];
    if c.is_ascii_alphabetic() {
        same = vec![c.to_ascii_lowercase(), c.to_ascii_uppercase()];
    }
    if width {
        let half = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
            '\u{3000}' => Some(' '),
            _ => None,
        };
        if let Some(half) = half {
            same.push(half);
            if half.is_ascii_alphabetic() {
                same = vec![half.to_ascii_lowercase(), half.to_ascii_uppercase()];
            }
        }
        for c in same.clone() {
            match c {
                '!'..='~' => same.extend(char::from_u32(u32::from(c) + 0xfee0)),
                ' ' => same.push('\u{3000}'),
                _ => {}
            }
        }
    }
    let list: Vec<String> = same.iter().map(|c| regex::escape(&c.to_string())).collect();
    if list.len() == 1 {
        list.concat()
    } else {
        format!("(?:{})", list.join("|"))
    }
}

/// The last line of the error says what is wrong; the lines before draw an arrow.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn finder(text: &str, regex: bool, width: bool) -> Finder {
        Finder::new(Query {
            text: text.into(),
            regex,
            width,
        })
        .unwrap()
    }

    fn found(text: &str, f: &Finder) -> Vec<String> {
        f.matches(text).map(|r| text[r].to_owned()).collect()
    }

    #[test]
    fn words_fold_case_and_width() {
        let text = "VAT vat ＶＡＴ 13% １３％";
        assert_eq!(found(text, &finder("vat", false, false)), ["VAT", "vat"]);
        assert_eq!(
            found(text, &finder("vat", false, true)),
            ["VAT", "vat", "ＶＡＴ"]
        );
        assert_eq!(
            found(text, &finder("１３％", false, true)),
            ["13%", "１３％"]
        );
        assert_eq!(found("a.c abc", &finder("a.c", false, false)), ["a.c"]);
    }

    #[test]
    fn patterns_and_their_mistakes() {
        assert_eq!(
            found("第3号、第12号", &finder(r"第\d+号", true, false)),
            ["第3号", "第12号"]
        );
        let bad = |text: &str| {
            Finder::new(Query {
                text: text.into(),
                regex: true,
                width: false,
            })
            .unwrap_err()
        };
        assert!(bad("(税").contains("unclosed group"), "{}", bad("(税"));
        assert!(!bad(r"(\w{1000}){1000}").is_empty(), "too large is refused");
    }

    #[test]
    fn the_next_match_goes_around() {
        let b = Buffer::new("税收税收\n没有\n收税");
        let f = finder("税", false, false);
        let next = |p, byte, forward, here| {
            f.next(&b, Pos::new(p, byte), forward, here)
                .map(|r| (r.start.paragraph, r.start.byte))
        };
        assert_eq!(next(0, 0, true, true), Some((0, 0)));
        assert_eq!(next(0, 0, true, false), Some((0, 6)));
        assert_eq!(next(0, 6, true, false), Some((2, 3)));
        assert_eq!(next(2, 3, true, false), Some((0, 0)));
        assert_eq!(next(0, 0, false, false), Some((2, 3)));
        assert_eq!(next(2, 3, false, false), Some((0, 6)));
        let none = finder("无此", false, false);
        assert!(none.next(&b, Pos::default(), true, true).is_none());
        let one = Buffer::new("只有税一个");
        assert!(
            f.next(&one, Pos::new(0, 6), true, false).is_some(),
            "around to itself"
        );
    }

    #[test]
    fn groups_are_filled_in() {
        let mut b = Buffer::new("第1条、第22条\n无\n第3条");
        let f = finder(r"第(\d+)条", true, false);
        let (edits, count) = f
            .replace_all(&b, None, "Article $1", false, 1 << 20)
            .unwrap();
        assert_eq!(count, 3);
        for e in &edits {
            e.apply(&mut b);
        }
        assert_eq!(b.text(), "Article 1、Article 22\n无\nArticle 3");
        let plain = finder("无", false, false);
        let (edits, _) = plain.replace_all(&b, None, "$1", false, 1 << 20).unwrap();
        assert_eq!(edits[0].inserted, "$1");
        let within = Pos::new(0, 0)..Pos::new(0, 9);
        assert_eq!(
            finder("Article", false, false)
                .replace_all(&b, Some(&within), "x", false, 1 << 20)
                .unwrap()
                .1,
            1
        );
        let all = finder(".", true, false);
        assert!(
            all.replace_all(&b, None, "0123456789", false, 100)
                .is_none()
        );
    }
}
