//! Instants as people and programs read them.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// The zone of the house. Machines without a zone database still get the right hour: China
/// has kept +08:00 without summer time since 1991, and nothing here is older.
pub fn shanghai() -> TimeZone {
    TimeZone::get("Asia/Shanghai")
        .unwrap_or_else(|_| Offset::from_hours(8).map_or(TimeZone::UTC, Offset::to_time_zone))
}

/// `2026-11-24 16:30`: the form the web guide prescribes for pages.
pub fn minute(at: Timestamp, zone: &TimeZone) -> String {
    let t = zone.to_datetime(at);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}",
        t.year(),
        t.month(),
        t.day(),
        t.hour(),
        t.minute()
    )
}

/// `2026-11-24T16:30:05+08:00`: for the `datetime` attribute of a page.
pub fn machine(at: Timestamp, zone: &TimeZone) -> String {
    let mut out = String::with_capacity(32);
    stamp(&mut out, at, zone, 'T', false);
    out
}

/// `2026-11-24 16:30:05.123456+08:00`: for table cells; sorts, and keeps every microsecond.
pub fn local(out: &mut String, at: Timestamp, zone: &TimeZone) {
    stamp(out, at, zone, ' ', true);
}

fn stamp(out: &mut String, at: Timestamp, zone: &TimeZone, between: char, micros: bool) {
    let offset = zone.to_offset(at);
    let t = offset.to_datetime(at);
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "{:04}-{:02}-{:02}{between}{:02}:{:02}:{:02}",
        t.year(),
        t.month(),
        t.day(),
        t.hour(),
        t.minute(),
        t.second()
    );
    if micros {
        let _ = write!(out, ".{:06}", t.subsec_nanosecond() / 1_000);
    }
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    let _ = write!(out, "{sign}{:02}:{:02}", minutes / 60, minutes % 60);
}
