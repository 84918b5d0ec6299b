//! Unix milliseconds and the calendar, in UTC.

const DAY_MILLIS: u64 = 86_400_000;

/// A moment of the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The year.
    pub year: i64,
    /// The month, from 1.
    pub month: i64,
    /// The day of the month, from 1.
    pub day: i64,
    /// The hour.
    pub hour: u64,
    /// The minute.
    pub minute: u64,
    /// The second.
    pub second: u64,
}

/// Takes Unix milliseconds apart (days to dates after Howard Hinnant's `civil_from_days`).
pub fn civil(millis: u64) -> Civil {
    let days = i64::try_from(millis / DAY_MILLIS).unwrap_or(0) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let secs = millis % DAY_MILLIS / 1_000;
    Civil { year, month, day, hour: secs / 3_600, minute: secs / 60 % 60, second: secs % 60 }
}

/// Reads `2026-11-22T17:20`, with or without seconds, as UTC.
pub fn parse(text: &str) -> Option<u64> {
    let (date, time) = text.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut time = time.split(':').map(|part| part.parse::<u64>().ok());
    let (hour, minute) = (time.next()??, time.next()??);
    let second = time.next().unwrap_or(Some(0))?;
    if time.next().is_some() {
        return None;
    }
    let is_date = (1970..=9999).contains(&year) && (1..=12).contains(&month);
    if !is_date || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (shifted_year.div_euclid(400), shifted_year.rem_euclid(400));
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    let secs = hour * 3_600 + minute * 60 + second;
    let millis = u64::try_from(days).ok()?.checked_mul(DAY_MILLIS)?.checked_add(secs * 1_000)?;
    // A day that the month does not have comes back as another one.
    let back = civil(millis);
    (back.month == month && back.day == day).then_some(millis)
}

/// As a machine reads it.
pub fn iso(millis: u64) -> String {
    let Civil { year, month, day, hour, minute, second } = civil(millis);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_they_are_written() {
        for (text, millis) in [
            ("1970-01-01T00:00:00", 0),
            ("2000-02-29T12:30:00", 951_827_400_000),
            ("2024-03-01T00:00:00", 1_709_251_200_000),
            ("2026-11-22T17:20:07", 1_795_368_007_000),
            ("9999-12-31T23:59:59", 253_402_300_799_000),
        ] {
            assert_eq!(parse(text), Some(millis), "{text}");
            assert_eq!(iso(millis), format!("{text}Z"));
        }
        assert_eq!(parse("2026-11-22T17:20"), Some(1_795_368_000_000));
    }

    #[test]
    fn what_the_calendar_does_not_have_is_no_moment() {
        for none in [
            "",
            "x",
            "1-1-1T0:0",
            "1-1T0:0",
            "1969-12-31T00:00",
            "2026-02-30T00:00",
            "2026-13-01T00:00",
            "2026-01-01",
            "2026-01-01T24:00",
            "2026-01-01T00:00:00:00",
        ] {
            assert_eq!(parse(none), None, "{none}");
        }
    }

    #[test]
    fn every_year_begins_and_ends_where_it_says() {
        for year in 1970..=9999 {
            for day in ["01-01", "12-31"] {
                let text = format!("{year}-{day}T00:00");
                let back = parse(&text).map(|millis| iso(millis)[..16].to_owned());
                assert_eq!(back, Some(text));
            }
        }
    }
}
