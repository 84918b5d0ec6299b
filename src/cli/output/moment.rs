//! Moments in UTC, as ISO 8601 writes them.

const DAY_MILLIS: u64 = 86_400_000;

/// Year, month and day of so many days after 1970 (after Howard Hinnant's `civil_from_days`).
fn date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

/// To the second.
pub(super) fn iso(millis: u64) -> String {
    let (year, month, day) = date(millis / DAY_MILLIS);
    let secs = millis % DAY_MILLIS / 1_000;
    let (hour, minute, second) = (secs / 3_600, secs / 60 % 60, secs % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

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
    let (day, time) = text.split_once('T').unwrap_or((text, "00:00"));
    let numbers = |text: &str, mark| {
        let parts = text.split(mark).map(|part| part.parse::<u64>().ok());
        parts.collect::<Option<Vec<_>>>()
    };
    let [year, month, day] = numbers(day, '-')?.try_into().ok()?;
    let (hour, minute, second) = match numbers(time, ':')?.as_slice() {
        [hour, minute] => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    if !(1970..=9999).contains(&year) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // The day is found by looking, from a day that no century without a leap year has brought beyond it: a date that the
    // calendar does not have is none of them.
    let first = (year - 1970) * 365 + (year - 1969) / 4;
    let days =
        (first.saturating_sub(70)..first + 370).find(|days| date(*days) == (year, month, day))?;
    Some(days * DAY_MILLIS + (hour * 3_600 + minute * 60 + second) * 1_000)
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
        for year in 1970..=9999 {
            for day in ["01-01", "12-31"] {
                let text = format!("{year}-{day}");
                let back = parse(&text).map(|millis| iso(millis)[..10].to_owned());
                assert_eq!(back, Some(text));
            }
        }
    }
}
