//! Times as people write them.

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::desk::release::ZONE;
use crate::desk::{DeskError, Result};

/// µs in a second.
const SECOND: i64 = 1_000_000;

fn bad(text: &str) -> DeskError {
    DeskError::Usage {
        key: "error-time",
        about: text.to_owned(),
    }
}

/// An instant: RFC 3339 with zone, `2026-01-31T09:00` or `2026-01-31` in the house's zone, or
/// `+90s`, `+15m`, `+2h`, `+3d` from now.
pub fn instant(text: &str, now: i64) -> Result<i64> {
    let text = text.trim();
    if let Some(ahead) = text.strip_prefix('+') {
        return Ok(now + span(ahead)?);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at.as_microsecond());
    }
    let zone = jiff::tz::TimeZone::get(ZONE).map_err(|_| bad(text))?;
    let civil: DateTime = text.replace(' ', "T").parse().map_err(|_| bad(text))?;
    zone.to_timestamp(civil)
        .map(Timestamp::as_microsecond)
        .map_err(|_| bad(text))
}

/// A span such as `90s`, `15m`, `2h`, `3d`, in µs.
pub fn span(text: &str) -> Result<i64> {
    let (number, unit) = text.split_at(text.len().saturating_sub(1));
    let number: i64 = number.parse().map_err(|_| bad(text))?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(bad(text)),
    };
    number
        .checked_mul(seconds)
        .and_then(|s| s.checked_mul(SECOND))
        .filter(|s| *s > 0)
        .ok_or_else(|| bad(text))
}

/// An instant for programs.
pub fn rfc3339(at: i64) -> String {
    Timestamp::from_microsecond(at).map_or_else(|_| String::new(), |t| t.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn wall_times_are_in_the_zone_of_the_house() {
        let utc = instant("2026-01-31T01:00:00Z", 0).unwrap();
        assert_eq!(instant("2026-01-31T09:00", 0).unwrap(), utc);
        assert_eq!(instant("2026-01-31 09:00", 0).unwrap(), utc);
        assert_eq!(instant("+2h", 5).unwrap(), 7_200_000_005);
        assert!(instant("明天", 0).is_err());
        assert!(instant("+2x", 0).is_err());
        assert!(instant("2026-02-30", 0).is_err());
    }
}
