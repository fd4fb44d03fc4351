//! Names and titles against the board's roster: a name misspelt beside its title, a title that is
//! another's or has ended, several names out of order.

use std::ops::Range;

use jiff::civil::Date;

use super::super::finding::{Class, Hit, Severity};
use super::confuse;
use super::lists::{Lists, Office, People};
use super::view::View;
use crate::text::is_han;

/// A name or title found: its key in [`People`] and its characters.
struct Mention {
    key: usize,
    chars: Range<usize>,
}

/// Words that say "then" or "former": whoever held an office may be named with it.
const FORMER: [&str; 8] = ["时任", "原", "前", "原任", "曾任", "历任", "已故", "离任"];

pub(super) fn scan(view: &View, lists: &Lists, on: Date, hits: &mut Vec<Hit>) {
    let people = lists.people();
    let Some(finder) = &people.finder else { return };
    let mentions: Vec<Mention> = finder
        .find_iter(view.text)
        .map(|m| Mention {
            key: m.pattern().as_usize(),
            chars: view.index(m.start())..view.index(m.end()),
        })
        .collect();
    let case = Case {
        view,
        people,
        roster: lists.roster(),
        on,
    };
    for (k, mention) in mentions.iter().enumerate() {
        if mention.key < people.names {
            case.name(&mentions, k, hits);
        } else {
            case.title(&mentions, k, hits);
        }
    }
    case.order(&mentions, hits);
}

struct Case<'a> {
    view: &'a View<'a>,
    people: &'a People,
    roster: &'a [Office],
    on: Date,
}

impl Case<'_> {
    fn is_title(&self, key: usize) -> bool {
        key >= self.people.names
    }

    /// Rows of a name that bear a title.
    fn offices(&self, name: usize, title: usize) -> impl Iterator<Item = &Office> {
        let title = self.people.keys[title].as_str();
        self.people.rows[name]
            .iter()
            .map(|&r| &self.roster[r])
            .filter(move |o| o.title == title)
    }

    /// Titles joined to a name: 省长张三, 书记、省长 张三, 张三局长.
    fn joined<'m>(&self, mentions: &'m [Mention], k: usize) -> Vec<&'m Mention> {
        let mut titles = Vec::new();
        let mut edge = mentions[k].chars.start;
        for m in mentions[..k].iter().rev().take(4) {
            let gap = &self.view.raw[m.chars.end..edge];
            let link = gap.len() <= 2
                && gap
                    .iter()
                    .all(|c| matches!(c, '、' | '兼' | ' ' | '\u{3000}' | '和'));
            if !(self.is_title(m.key) && link) || (titles.is_empty() && gap.contains(&'、')) {
                break;
            }
            edge = m.chars.start;
            titles.push(m);
        }
        if titles.is_empty()
            && let Some(next) = mentions.get(k + 1)
            && self.is_title(next.key)
            && next.chars.start == mentions[k].chars.end
            // 张三省长李四: the title belongs to the name behind it.
            && mentions.get(k + 2).is_none_or(|m| self.is_title(m.key) || m.chars.start != next.chars.end)
        {
            titles.push(next);
        }
        titles
    }

    /// Whether the text speaks of the past at a place.
    fn past(&self, from: usize) -> bool {
        let before: String = self.view.raw[from.saturating_sub(4)..from].iter().collect();
        FORMER.iter().any(|w| before.ends_with(w))
    }

    /// A year in the sentence that lies within the days of an office.
    fn dated(&self, place: usize, office: &Office) -> bool {
        let sentence = self.view.sentence(place, 120);
        years(&self.view.ch[sentence]).into_iter().any(|y| {
            office.from.is_none_or(|d| i32::from(d.year()) <= y)
                && office.until.is_none_or(|d| y <= i32::from(d.year()))
                && y != i32::from(self.on.year())
        })
    }

    /// A known name with a title that is not the person's on that day.
    fn name(&self, mentions: &[Mention], k: usize, hits: &mut Vec<Hit>) {
        let name = mentions[k].key;
        for title in self.joined(mentions, k) {
            if self.offices(name, title.key).any(|o| o.holds(self.on)) {
                continue;
            }
            let chars = title.chars.start.min(mentions[k].chars.start)
                ..title.chars.end.max(mentions[k].chars.end);
            if self.past(chars.start) || self.past(title.chars.start) {
                continue;
            }
            let held: Vec<&Office> = self.offices(name, title.key).collect();
            if held.iter().any(|o| self.dated(chars.start, o)) {
                continue;
            }
            let ended = held.iter().any(|o| o.until.is_some_and(|d| d < self.on));
            let why = match (held.is_empty(), ended) {
                (true, _) => "roster-title",
                (false, true) => "roster-ended",
                (false, false) => "roster-early",
            };
            let mut hit = self.view.hit(chars, Class::Roster, Severity::Serious, why);
            let now: Vec<&str> = self.people.rows[name]
                .iter()
                .map(|&r| &self.roster[r])
                .filter(|o| o.holds(self.on))
                .map(|o| o.title.as_str())
                .collect();
            hit.detail = now.join("、");
            hits.push(hit);
        }
    }

    /// A title with a name beside it that is nearly, and not quite, the holder's.
    fn title(&self, mentions: &[Mention], k: usize, hits: &mut Vec<Hit>) {
        let title = &mentions[k];
        // A name that is known stands beside it: `name` has the say.
        let beside = |m: Option<&Mention>, at: usize| {
            m.is_some_and(|m| !self.is_title(m.key) && (m.chars.start == at || m.chars.end == at))
        };
        if beside(mentions.get(k + 1), title.chars.end)
            || (k > 0 && beside(mentions.get(k - 1), title.chars.start))
        {
            return;
        }
        let mut start = title.chars.end;
        if matches!(self.view.get(start), ' ' | '\u{3000}') {
            start += 1;
        }
        let mut best: Option<(Range<usize>, Severity, &Office)> = None;
        for office in self.people.rows[title.key]
            .iter()
            .map(|&r| &self.roster[r])
            .filter(|o| o.holds(self.on))
        {
            let name: Vec<char> = office.name.chars().collect();
            let near = near(
                &self.view.raw[start..(start + name.len() + 2).min(self.view.len())],
                &name,
            )
            .map(|(len, severity)| (start..start + len, severity))
            .or_else(|| {
                // 张三局长: only a substitution, since where the name begins cannot be known.
                let from = title.chars.start.checked_sub(name.len())?;
                let severity = substituted(&self.view.raw[from..title.chars.start], &name)?;
                Some((from..title.chars.start, severity))
            });
            if let Some((chars, severity)) = near
                && best.as_ref().is_none_or(|b| severity < b.1)
            {
                best = Some((chars, severity, office));
            }
        }
        if let Some((chars, severity, office)) = best {
            let mut hit = self.view.hit(chars, Class::Roster, severity, "roster-name");
            hit.suggestion = Some(office.name.clone());
            hit.detail.clone_from(&office.title);
            hits.push(hit);
        }
    }

    /// Several names in one list of a sentence, against their order.
    fn order(&self, mentions: &[Mention], hits: &mut Vec<Hit>) {
        let rank = |m: &Mention| {
            self.people.rows[m.key]
                .iter()
                .map(|&r| &self.roster[r])
                .filter(|o| o.holds(self.on))
                .filter_map(|o| o.order)
                .min()
        };
        let named: Vec<(&Mention, u32)> = mentions
            .iter()
            .filter(|m| !self.is_title(m.key))
            .filter_map(|m| rank(m).map(|r| (m, r)))
            .collect();
        let mut from = 0;
        while from < named.len() {
            let mut to = from + 1;
            while to < named.len() && self.listed(&named[to - 1].0.chars, &named[to].0.chars) {
                to += 1;
            }
            let list = &named[from..to];
            if list.windows(2).any(|w| w[0].1 > w[1].1) {
                let chars = list[0].0.chars.start..list[list.len() - 1].0.chars.end;
                let mut sorted: Vec<(u32, &str)> = list
                    .iter()
                    .map(|(m, r)| (*r, self.people.keys[m.key].as_str()))
                    .collect();
                sorted.sort_by_key(|s| s.0);
                let mut hit =
                    self.view
                        .hit(chars, Class::Roster, Severity::Serious, "roster-order");
                hit.detail = sorted
                    .iter()
                    .take(12)
                    .map(|s| s.1)
                    .collect::<Vec<_>>()
                    .join("、");
                hits.push(hit);
            }
            from = to;
        }
    }

    /// Whether two names stand in one list: only titles and 、 between them.
    fn listed(&self, a: &Range<usize>, b: &Range<usize>) -> bool {
        let gap = &self.view.raw[a.end..b.start];
        gap.len() <= 40
            && gap
                .iter()
                .any(|c| matches!(c, '、' | ' ' | '\u{3000}' | '和'))
            && gap
                .iter()
                .all(|&c| is_han(c) || matches!(c, '、' | ' ' | '\u{3000}'))
    }
}

/// Years in a sentence.
fn years(chars: &[char]) -> Vec<i32> {
    let mut years = Vec::new();
    for i in 0..chars.len().saturating_sub(4) {
        if chars[i + 4] == '年' && chars[i..i + 4].iter().all(char::is_ascii_digit) {
            years.push(
                chars[i..i + 4]
                    .iter()
                    .fold(0, |n, &c| n * 10 + c.to_digit(10).unwrap_or(0) as i32),
            );
        }
    }
    years
}

/// How near what stands here is to a name: characters it takes, and how sure. Equal is not near.
fn near(text: &[char], name: &[char]) -> Option<(usize, Severity)> {
    let n = name.len();
    if text.len() >= n && text[..n] == *name {
        return None;
    }
    if let Some(severity) = text.get(..n).and_then(|t| substituted(t, name)) {
        return Some((n, severity));
    }
    if n < 3 {
        return None;
    }
    // Two neighbours exchanged.
    if let Some(t) = text.get(..n) {
        let differ: Vec<usize> = (0..n).filter(|&i| t[i] != name[i]).collect();
        if let [a, b] = differ[..]
            && b == a + 1
            && t[a] == name[b]
            && t[b] == name[a]
        {
            return Some((n, Severity::Serious));
        }
    }
    // One character too many, inside the name.
    if let Some(t) = text.get(..=n)
        && t[0] == name[0]
        && t[n] == name[n - 1]
        && (1..n).any(|k| t[..k] == name[..k] && t[k + 1..] == name[k..])
    {
        return Some((n + 1, Severity::Serious));
    }
    // One too few: the first and the last are there.
    if let Some(t) = text.get(..n - 1)
        && (1..n - 1).any(|k| t[..k] == name[..k] && t[k..] == name[k + 1..])
    {
        return Some((n - 1, Severity::Suspect));
    }
    None
}

/// One character replaced: grave where the two are confused, doubtful in a long name, else another person.
fn substituted(text: &[char], name: &[char]) -> Option<Severity> {
    if text.len() != name.len() || !text.iter().all(|&c| is_han(c) || c == '·') {
        return None;
    }
    let mut differ = text.iter().zip(name).filter(|(a, b)| a != b);
    let (&a, &b) = differ.next()?;
    if differ.next().is_some() {
        return None;
    }
    match confuse::alike(a, b) {
        Some(_) => Some(Severity::Serious),
        None if super::chars::cure(a) == Some(b) => Some(Severity::Serious),
        None if name.len() >= 3 && text[0] == name[0] => Some(Severity::Suspect),
        None => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::lists::parse_roster;
    use super::*;

    // All persons made up.
    const ROSTER: &str = "姓名,职务,排序,起,止\n\
        郑成功海,省税务局局长,1,2024-01-01,\n\
        林建国,省税务局副局长,2,2022-01-01,\n\
        何晓明,省税务局副局长,3,2022-01-01,\n\
        许大山,省税务局局长,1,2019-01-01,2023-12-31\n";

    fn found(text: &str) -> Vec<(String, &'static str, Severity)> {
        let lists = Lists::new(Vec::new(), parse_roster(ROSTER).unwrap());
        let mut hits = Vec::new();
        scan(
            &View::new(text),
            &lists,
            Date::constant(2026, 1, 1),
            &mut hits,
        );
        hits.into_iter()
            .map(|h| (text[h.range].to_owned(), h.why, h.severity))
            .collect()
    }

    #[test]
    fn as_the_roster_has_it() {
        for clean in [
            "省税务局局长郑成功海出席，省税务局副局长林建国、何晓明参加。",
            "时任省税务局局长许大山",
            "2021年，省税务局局长许大山到任。",
            "省税务局局长办公会议",
            "何晓明主持会议，林建国讲话。",
            "省税务局副局长王小二",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
    }

    #[test]
    fn misspelt() {
        assert_eq!(
            found("省税务局副局长林建过参加"),
            [("林建过".into(), "roster-name", Severity::Serious)]
        );
        assert_eq!(
            found("省税务局副局长何明晓参加"),
            [("何明晓".into(), "roster-name", Severity::Serious)]
        );
        assert_eq!(
            found("省税务局副局长 林建军参加"),
            [("林建军".into(), "roster-name", Severity::Suspect)]
        );
        assert_eq!(
            found("林建过省税务局副局长"),
            [("林建过".into(), "roster-name", Severity::Serious)]
        );
    }

    #[test]
    fn wrong_title_ended_and_out_of_order() {
        assert_eq!(
            found("省税务局局长林建国"),
            [(
                "省税务局局长林建国".into(),
                "roster-title",
                Severity::Serious
            )]
        );
        assert_eq!(
            found("省税务局局长许大山出席"),
            [(
                "省税务局局长许大山".into(),
                "roster-ended",
                Severity::Serious
            )]
        );
        assert_eq!(
            found("何晓明、林建国出席"),
            [("何晓明、林建国".into(), "roster-order", Severity::Serious)]
        );
        assert_eq!(found("省税务局副局长何晓明，副局长林建国"), []);
    }
}
