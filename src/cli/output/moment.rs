//! Moments as the command line reads and writes them: in UTC, as ISO 8601 has them.

use crate::domain::calendar;

pub(super) use calendar::iso;

/// To the minute, for tables.
pub(super) fn short(millis: u64) -> String {
    iso(millis).chars().take(16).chain(['Z']).collect()
}

/// Reads a day, a minute or a second in UTC, or Unix milliseconds.
pub(in crate::cli) fn parse(text: &str) -> Option<u64> {
    if let Ok(millis) = text.parse() {
        return Some(millis);
    }
    let text = text.strip_suffix('Z').unwrap_or(text);
    match text.split_once('T') {
        Some(_) => calendar::parse(text),
        None => calendar::parse(&format!("{text}T00:00")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_they_are_written() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:30:00Z", 951_827_400_000),
            ("2024-03-01T00:00:00Z", 1_709_251_200_000),
            ("2026-11-22T17:20:07Z", 1_795_368_007_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ] {
            assert_eq!(iso(millis), text);
            assert_eq!(parse(text), Some(millis), "{text}");
        }
        assert_eq!(short(1_795_368_007_000), "2026-11-22T17:20Z");
        assert_eq!(parse("2026-11-22T17:20Z"), Some(1_795_368_000_000));
        assert_eq!(parse("2024-03-01"), Some(1_709_251_200_000));
        assert_eq!(parse("1709251200000"), Some(1_709_251_200_000));
    }

    #[test]
    fn what_the_calendar_does_not_have_is_no_moment() {
        for none in ["", "x", "2026-02-30", "2026-13-01", "2026-01-01T24:00", "1969-12-31", "1-1T0"]
        {
            assert_eq!(parse(none), None, "{none}");
        }
    }
}
