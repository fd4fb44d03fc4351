//! Characters outside the national table (通用规范汉字表, 2013: 8,105 characters in three levels).
//!
//! A traditional form, a variant, a compatibility code point or a radical is an error with a known
//! cure. A rare character without one may stand in a name or an old quotation and is only listed.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::super::finding::{Class, Hit, Severity};
use super::view::{View, table};
use crate::text::is_han;

static TABLE: LazyLock<Table> = LazyLock::new(Table::load);

/// What a character is to the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Traditional,
    Variant,
    Compatibility,
    Radical,
    Private,
    Broken,
    Rare,
    Kept,
}

struct Table {
    /// The basic block, one bit a character: nearly every question ends here.
    basic: Vec<u64>,
    /// The rest of the table, in the extensions.
    beyond: HashSet<char>,
    /// Traditional form to the form of the table.
    simple: HashMap<char, &'static str>,
    compatible: HashMap<char, &'static str>,
    /// Look-alikes and variants seen in print: (cure, the row's class).
    alike: HashMap<char, (char, &'static str)>,
}

const FROM: u32 = 0x4e00;

impl Table {
    fn load() -> Table {
        let mut basic = vec![0_u64; (0xa000 - FROM as usize).div_ceil(64)];
        let mut beyond = HashSet::new();
        let levels = [
            include_str!("data/gf8105_level1.txt"),
            include_str!("data/gf8105_level2.txt"),
            include_str!("data/gf8105_level3.txt"),
        ];
        for c in levels
            .iter()
            .flat_map(|l| l.chars())
            .filter(|c| !c.is_whitespace())
        {
            match (c as u32).checked_sub(FROM) {
                Some(i) if c < '\u{a000}' => basic[i as usize / 64] |= 1 << (i % 64),
                _ => {
                    beyond.insert(c);
                }
            }
        }
        let mut alike = HashMap::new();
        for line in include_str!("data/lookalike.csv").lines().skip(1) {
            let mut cells = line.split(',');
            if let (Some(bad), Some(good), _, Some(class)) =
                (cells.next(), cells.next(), cells.next(), cells.next())
                && let (Some(bad), Some(good)) = (bad.chars().next(), good.chars().next())
            {
                alike.insert(bad, (good, class));
            }
        }
        Table {
            basic,
            beyond,
            simple: table(include_str!("data/opencc_TSCharacters.txt")),
            compatible: table(include_str!("data/opencc_CJK_Compatibility_Ideographs.txt")),
            alike,
        }
    }

    fn has(&self, c: char) -> bool {
        match (c as u32).checked_sub(FROM) {
            Some(i) if c < '\u{a000}' => self.basic[i as usize / 64] >> (i % 64) & 1 == 1,
            _ => self.beyond.contains(&c),
        }
    }

    /// What is wrong with a character, and what it stands for.
    fn judge(&self, c: char) -> Option<(Kind, Option<char>)> {
        let known = |c: Option<char>| c.filter(|&c| self.has(c));
        match c {
            '\u{fffd}' => return Some((Kind::Broken, None)),
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => {
                return Some((Kind::Private, None));
            }
            '\u{2e80}'..='\u{2fdf}' => {
                let cure = self.alike.get(&c).map(|a| a.0).or_else(|| c.nfkc().next());
                return Some((Kind::Radical, known(cure)));
            }
            '〇' | '々' => return None,
            _ => {}
        }
        if !is_han(c) || self.has(c) {
            return None;
        }
        if let Some(&(good, class)) = self.alike.get(&c) {
            return Some(match class {
                "keep" => (Kind::Kept, None),
                "char.traditional" => (Kind::Traditional, Some(good)),
                _ => (Kind::Variant, Some(good)),
            });
        }
        if matches!(c, '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}') {
            let plain = self
                .compatible
                .get(&c)
                .and_then(|v| v.chars().next())
                .or_else(|| c.nfkc().next());
            return Some((Kind::Compatibility, plain.and_then(|p| self.cure(p))));
        }
        Some(match self.cure(c) {
            Some(good) => (Kind::Traditional, Some(good)),
            None => (Kind::Rare, None),
        })
    }

    fn cure(&self, c: char) -> Option<char> {
        if self.has(c) {
            return Some(c);
        }
        let simple = self.simple.get(&c)?.chars().next()?;
        self.has(simple).then_some(simple)
    }
}

/// The form of the national table for a traditional, variant or compatibility form.
pub(super) fn cure(c: char) -> Option<char> {
    TABLE.judge(c).and_then(|(_, cure)| cure)
}

fn why(kind: Kind) -> &'static str {
    match kind {
        Kind::Traditional => "char-traditional",
        Kind::Variant => "char-variant",
        Kind::Compatibility => "char-compatibility",
        Kind::Radical => "char-radical",
        Kind::Private => "char-private",
        Kind::Broken => "char-broken",
        Kind::Rare => "char-rare",
        Kind::Kept => "char-kept",
    }
}

/// Whether neighbours are one matter: traditional forms and variants come mixed.
fn akin(a: Kind, b: Kind) -> bool {
    let old = |k| matches!(k, Kind::Traditional | Kind::Variant);
    a == b || (old(a) && old(b))
}

/// Mojibake of GB readers over UTF-8: these never stand in prose.
const MOJIBAKE: [&str; 3] = ["锟斤拷", "烫烫烫", "屯屯屯"];

pub(super) fn scan(view: &View, hits: &mut Vec<Hit>) {
    let table = &*TABLE;
    let mut i = 0;
    while i < view.len() {
        let c = view.raw[i];
        // The two tests that let ordinary text through.
        if c < '\u{2e80}' || table.has(c) {
            i += 1;
            continue;
        }
        let Some((kind, first)) = table.judge(c) else {
            i += 1;
            continue;
        };
        // Neighbours of one kind are one finding: a passage in traditional script is one matter.
        let mut end = i + 1;
        let mut cure: String = first.into_iter().collect();
        let mut cured = first.is_some();
        while end < view.len() {
            match table.judge(view.raw[end]) {
                Some((next, good)) if akin(next, kind) && good.is_some() == first.is_some() => {
                    cured &= good.is_some();
                    cure.extend(good);
                    end += 1;
                }
                _ => break,
            }
        }
        let severity = match kind {
            Kind::Kept => Severity::Hint,
            Kind::Rare => Severity::Suspect,
            Kind::Traditional | Kind::Variant if quoted(view, i, end) => Severity::Suspect,
            _ => Severity::General,
        };
        let mut hit = view.hit(i..end, Class::Character, severity, why(kind));
        hit.suggestion = cured.then_some(cure);
        hit.detail = view.raw[i..end.min(i + 4)]
            .iter()
            .map(|&c| format!("U+{:04X}", c as u32))
            .collect::<Vec<_>>()
            .join(" ");
        hits.push(hit);
        i = end;
    }
    for word in MOJIBAKE {
        for (at, _) in view.text.match_indices(word) {
            let from = view.index(at);
            let mut hit = view.hit(
                from..from + 3,
                Class::Character,
                Severity::General,
                "char-broken",
            );
            hit.detail = word.to_owned();
            hits.push(hit);
        }
    }
}

/// Whether the place is the title of an old book or a quotation that is old throughout: two or more
/// such characters between one pair of marks, or a name behind which a title of address stands.
fn quoted(view: &View, from: usize, to: usize) -> bool {
    let open = view.raw[from.saturating_sub(40)..from]
        .iter()
        .rposition(|c| matches!(c, '《' | '“' | '》' | '”' | '\n'));
    let base = from.saturating_sub(40);
    let inside = open.is_some_and(|k| matches!(view.raw[base + k], '《' | '“'));
    if inside {
        let start = base + open.unwrap_or(0) + 1;
        let end = (to..(to + 40).min(view.len()))
            .find(|&k| matches!(view.raw[k], '》' | '”' | '\n'))
            .unwrap_or(to);
        let old = view.raw[start..end]
            .iter()
            .filter(|&&c| is_han(c) && !TABLE.has(c))
            .count();
        if old >= 2 {
            return true;
        }
    }
    let after: String = view.raw[to..(to + 3).min(view.len())].iter().collect();
    ["先生", "女士", "同志", "教授", "院士"]
        .iter()
        .any(|t| after.starts_with(t) || after.get(3..).is_some_and(|a| a.starts_with(t)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, &'static str, Severity, Option<String>)> {
        let mut hits = Vec::new();
        scan(&View::new(text), &mut hits);
        hits.into_iter()
            .map(|h| (text[h.range].to_owned(), h.why, h.severity, h.suggestion))
            .collect()
    }

    #[test]
    fn clean_text_has_none() {
        assert!(
            found("二〇二四年，国家税务总局发布公告：增值税税率为13%。喆、堃、镕、𬭎都在表内。")
                .is_empty()
        );
    }

    #[test]
    fn old_forms_and_their_cure() {
        let old = |found: &str, cure: &str| {
            (
                found.to_owned(),
                "char-traditional",
                Severity::General,
                Some(cure.to_owned()),
            )
        };
        assert_eq!(
            found("納稅人應當"),
            [old("納稅", "纳税"), old("應當", "应当")]
        );
    }

    #[test]
    fn forms_by_kind() {
        assert_eq!(
            found("釆购")[0],
            (
                "釆".into(),
                "char-variant",
                Severity::General,
                Some("采".into())
            )
        );
        assert_eq!(found("\u{f9e8}")[0].1, "char-compatibility");
        assert_eq!(
            found("⽀持")[0],
            (
                "⽀".into(),
                "char-radical",
                Severity::General,
                Some("支".into())
            )
        );
        assert_eq!(found("税\u{e000}")[0].1, "char-private");
        assert_eq!(found("锟斤拷")[0].1, "char-broken");
        assert_eq!(found("硫磺")[0].2, Severity::Hint);
        assert_eq!(found("㐂")[0].1, "char-rare");
    }

    #[test]
    fn old_quotations_and_names_are_only_listed() {
        assert_eq!(found("见《説文解字注疏證》")[0].2, Severity::Suspect);
        assert_eq!(found("王淸先生")[0].2, Severity::Suspect);
        assert_eq!(found("淸单")[0].2, Severity::General);
    }
}
