//! Working days 工作日 by the holiday notices of the State Council.
//!
//! Legal terms (a reply to a letter, a disclosure on request) count working days, and which days
//! those are is announced year by year. A year nobody has announced is [`DayKind::Unknown`]: a
//! deadline guessed from the week would be a wrong legal date stated with confidence.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};

use crate::tr;

/// The announced years, as a table inside the program.
const EMBEDDED: &str = include_str!("data/holidays.txt");

/// One run of days in the table may not be longer than this; a longer one is a slip of the pen.
const LONGEST_RUN: usize = 31;

/// What a day is to the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// Offices work, also on a Saturday made up for a holiday.
    Workday,
    /// A weekend or a holiday.
    Rest,
    /// The notice for that year is not in the table.
    Unknown,
}

/// A count met a year whose notice is not in the table; there is no honest answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("rules.unknown-year: {0}")]
pub struct UnknownYear(
    /// The year in question.
    pub i16,
);

impl UnknownYear {
    /// The stable id of this refusal.
    pub fn code(&self) -> &'static str {
        "rules.unknown-year"
    }

    /// What a person reads.
    pub fn message(&self) -> String {
        tr!("rules-calendar-unknown-year", year = self.0.to_string())
    }
}

/// An overlay that cannot be read; nothing of it is used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A line that is neither a comment nor `year`, `rest` or `work`.
    #[error("rules.calendar-line: line {line}")]
    Line {
        /// Counted from 1.
        line: usize,
    },
    /// Something that should be a date, or a run of dates, and is not.
    #[error("rules.calendar-date: line {line}: {text:?}")]
    Day {
        /// Counted from 1.
        line: usize,
        /// As found.
        text: String,
    },
    /// One day listed both as rest and as work.
    #[error("rules.calendar-contradiction: line {line}: {date}")]
    Contradiction {
        /// Counted from 1.
        line: usize,
        /// The day.
        date: Date,
    },
}

impl CalendarError {
    /// The stable id of this refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Line { .. } => "rules.calendar-line",
            Self::Day { .. } => "rules.calendar-date",
            Self::Contradiction { .. } => "rules.calendar-contradiction",
        }
    }

    /// What a person reads.
    pub fn message(&self) -> String {
        match self {
            Self::Line { line } => tr!("rules-calendar-line", line = line.to_string()),
            Self::Day { line, text } => tr!(
                "rules-calendar-date",
                line = line.to_string(),
                // The overlay is a file from outside; what it holds must not reach a terminal raw.
                text = text.escape_debug().to_string()
            ),
            Self::Contradiction { line, date } => tr!(
                "rules-calendar-contradiction",
                line = line.to_string(),
                date = date.to_string()
            ),
        }
    }
}

/// Which days are working days.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    years: BTreeSet<i16>,
    /// Days that depart from the week: `true` is a working day.
    days: BTreeMap<Date, bool>,
}

impl Calendar {
    /// The years announced when the program was built.
    ///
    /// A damaged table would leave years unknown rather than stop the program; a test reads it
    /// through the strict parser.
    pub fn embedded() -> Self {
        parse(EMBEDDED).unwrap_or_default()
    }

    /// The embedded years, with those of `text` (same format) over them. A year the overlay
    /// declares replaces the embedded one as a whole, so that a corrected notice leaves no
    /// leftovers.
    pub fn with_overlay(text: &str) -> Result<Self, CalendarError> {
        let over = parse(text)?;
        let mut calendar = Self::embedded();
        calendar
            .days
            .retain(|date, _| !over.years.contains(&date.year()));
        calendar.years.extend(over.years);
        calendar.days.extend(over.days);
        Ok(calendar)
    }

    /// The years whose notice is known, in order.
    pub fn years(&self) -> impl Iterator<Item = i16> + '_ {
        self.years.iter().copied()
    }

    /// What `date` is. A day a notice names is known even when its year is not: the notice of
    /// January also settles the last days of December.
    pub fn kind(&self, date: Date) -> DayKind {
        let working = match self.days.get(&date) {
            Some(working) => *working,
            None if self.years.contains(&date.year()) => {
                !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
            }
            None => return DayKind::Unknown,
        };
        if working {
            DayKind::Workday
        } else {
            DayKind::Rest
        }
    }

    /// The `n`-th working day after `from`. The day itself does not count (民法典第二百零一条:
    /// the day of receipt is left out); with `n` = 0 the answer is `from`.
    pub fn add_workdays(&self, from: Date, n: u32) -> Result<Date, UnknownYear> {
        let mut date = from;
        let mut left = n;
        while left > 0 {
            date = date.tomorrow().map_err(|_| UnknownYear(date.year()))?;
            if self.is_workday(date)? {
                left -= 1;
            }
        }
        Ok(date)
    }

    /// Working days after `from` up to and including `to`; negative when `to` lies before `from`.
    /// The inverse of [`Calendar::add_workdays`].
    pub fn workdays_between(&self, from: Date, to: Date) -> Result<i64, UnknownYear> {
        let (first, last, sign) = if from <= to {
            (from, to, 1)
        } else {
            (to, from, -1)
        };
        let mut count = 0;
        let mut date = first;
        while date < last {
            date = date.tomorrow().map_err(|_| UnknownYear(date.year()))?;
            if self.is_workday(date)? {
                count += 1;
            }
        }
        Ok(sign * count)
    }

    fn is_workday(&self, date: Date) -> Result<bool, UnknownYear> {
        match self.kind(date) {
            DayKind::Workday => Ok(true),
            DayKind::Rest => Ok(false),
            DayKind::Unknown => Err(UnknownYear(date.year())),
        }
    }
}

fn parse(text: &str) -> Result<Calendar, CalendarError> {
    let mut calendar = Calendar::default();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let number = number + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut words = line.split_whitespace();
        let working = match words.next() {
            Some("year") => {
                let year = words.next().and_then(|word| word.parse::<i16>().ok());
                match (year, words.next()) {
                    (Some(year @ 1949..=2200), None) => calendar.years.insert(year),
                    _ => return Err(CalendarError::Line { line: number }),
                };
                continue;
            }
            Some("rest") => false,
            Some("work") => true,
            _ => return Err(CalendarError::Line { line: number }),
        };
        for word in words {
            for date in run(word).ok_or_else(|| CalendarError::Day {
                line: number,
                text: word.to_owned(),
            })? {
                if calendar.days.insert(date, working) == Some(!working) {
                    return Err(CalendarError::Contradiction { line: number, date });
                }
            }
        }
    }
    Ok(calendar)
}

/// `2026-02-15` or `2026-02-15/2026-02-23`, both ends included.
fn run(word: &str) -> Option<Vec<Date>> {
    let (first, last) = word.split_once('/').unwrap_or((word, word));
    let (mut date, last) = (first.parse::<Date>().ok()?, last.parse::<Date>().ok()?);
    let mut dates = vec![date];
    while date < last && dates.len() < LONGEST_RUN {
        date = date.tomorrow().ok()?;
        dates.push(date);
    }
    (date == last).then_some(dates)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_embedded_table_is_well_formed() {
        let calendar = parse(EMBEDDED).unwrap();
        assert_eq!(
            calendar.years().collect::<Vec<_>>(),
            (2014..=2026).collect::<Vec<_>>()
        );
        assert_eq!(calendar, Calendar::embedded());
    }

    #[test]
    fn every_day_agrees_with_an_independent_table() {
        let calendar = Calendar::embedded();
        let mut seen = 0;
        for line in include_str!("data/days_2015_2026.txt").lines() {
            let (year, days) = line.split_once(' ').unwrap();
            let mut day = date(year.parse().unwrap(), 1, 1);
            for letter in days.chars() {
                let expected = if letter == 'W' {
                    DayKind::Workday
                } else {
                    DayKind::Rest
                };
                assert_eq!(calendar.kind(day), expected, "{day}");
                day = day.tomorrow().unwrap();
                seen += 1;
            }
        }
        assert_eq!(seen, 4_383);
    }

    #[test]
    fn due_days_agree_with_the_golden_vectors() {
        let calendar = Calendar::embedded();
        let golden: serde_json::Value =
            serde_json::from_str(include_str!("data/workday_golden.json")).unwrap();
        let mut unknown = 0;
        for vector in golden["vectors"].as_array().unwrap() {
            let received: Date = vector["received"].as_str().unwrap().parse().unwrap();
            assert_eq!(
                calendar.kind(received) == DayKind::Workday,
                vector["received_is_workday"].as_bool().unwrap(),
                "{received}"
            );
            for n in [5_u32, 7, 15, 20] {
                let due = calendar.add_workdays(received, n);
                if let Some(text) = vector[format!("due_{n}")].as_str() {
                    let expected: Date = text.parse().unwrap();
                    assert_eq!(due, Ok(expected), "{received} + {n}");
                    assert_eq!(
                        calendar.workdays_between(received, expected),
                        Ok(i64::from(n))
                    );
                    assert_eq!(
                        calendar.workdays_between(expected, received),
                        Ok(-i64::from(n))
                    );
                } else {
                    assert_eq!(due, Err(UnknownYear(2027)), "{received} + {n}");
                    unknown += 1;
                }
            }
        }
        assert_eq!(unknown, 5);
    }

    #[test]
    fn an_unannounced_year_is_unknown_until_an_overlay_names_it() {
        let calendar = Calendar::embedded();
        assert_eq!(calendar.kind(date(2027, 1, 4)), DayKind::Unknown);
        assert_eq!(calendar.kind(date(2013, 6, 3)), DayKind::Unknown);
        assert_eq!(
            calendar.workdays_between(date(2026, 12, 30), date(2027, 1, 5)),
            Err(UnknownYear(2027))
        );
        let overlay = "# notice\nyear 2027\nrest 2027-01-01/2027-01-03\nwork 2027-01-09\n";
        let calendar = Calendar::with_overlay(overlay).unwrap();
        assert_eq!(calendar.kind(date(2027, 1, 4)), DayKind::Workday);
        assert_eq!(calendar.kind(date(2027, 1, 9)), DayKind::Workday);
        assert_eq!(calendar.kind(date(2027, 1, 10)), DayKind::Rest);
        assert_eq!(
            calendar.add_workdays(date(2026, 12, 31), 6),
            Ok(date(2027, 1, 9))
        );
    }

    #[test]
    fn the_notice_of_january_settles_the_last_days_of_december() {
        assert_eq!(
            Calendar::embedded().kind(date(2018, 12, 29)),
            DayKind::Workday
        );
    }

    #[test]
    fn an_overlay_replaces_a_year_as_a_whole() {
        let calendar = Calendar::with_overlay("year 2026\nrest 2026-01-02\n").unwrap();
        assert_eq!(calendar.kind(date(2026, 10, 1)), DayKind::Workday);
        assert_eq!(calendar.kind(date(2026, 1, 2)), DayKind::Rest);
        assert_eq!(calendar.kind(date(2025, 10, 1)), DayKind::Rest);
    }

    #[test]
    fn a_bad_overlay_is_refused_with_its_line() {
        let line = |text| Calendar::with_overlay(text).unwrap_err();
        assert_eq!(
            line("year 2027\nholiday x"),
            CalendarError::Line { line: 2 }
        );
        assert_eq!(line("year 27"), CalendarError::Line { line: 1 });
        assert!(matches!(
            line("year 2027\nrest 2027-02-30"),
            CalendarError::Day { line: 2, .. }
        ));
        assert!(matches!(
            line("rest 2027-01-03/2027-01-01"),
            CalendarError::Day { line: 1, .. }
        ));
        assert!(matches!(
            line("rest 2027-01-01/2028-01-01"),
            CalendarError::Day { .. }
        ));
        assert!(matches!(
            line("rest 2027-01-01\nwork 2027-01-01"),
            CalendarError::Contradiction { line: 2, .. }
        ));
        assert!(!line("rest \u{1b}[31m").message().contains('\u{1b}'));
    }
}
