//! Moments: in UTC as they are written, in the reader's zone as soon as a script runs.

use maud::{Markup, html};

use super::none;
use crate::web::dashboard::words;

const DAY_MILLIS: u64 = 86_400_000;

/// A moment of the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Civil {
    pub(in super::super) year: i64,
    pub(in super::super) month: i64,
    pub(in super::super) day: i64,
    pub(in super::super) hour: u64,
    pub(in super::super) minute: u64,
    pub(in super::super) second: u64,
}

/// Takes Unix milliseconds apart (days to dates after Howard Hinnant's `civil_from_days`).
pub(in super::super) fn civil(millis: u64) -> Civil {
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

/// Reads `2026-11-22T17:20` (as browsers send a local time) as UTC.
pub(in super::super) fn parse(text: &str) -> Option<u64> {
    let (date, time) = text.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut time = time.split(':').map(|part| part.parse::<u64>().ok());
    let (hour, minute) = (time.next()??, time.next()??);
    let second = time.next().unwrap_or(Some(0))?;
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
pub(in super::super) fn iso(millis: u64) -> String {
    let Civil { year, month, day, hour, minute, second } = civil(millis);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// As a form shows it.
pub(in super::super) fn local(millis: u64) -> String {
    iso(millis).chars().take(16).collect()
}

/// A moment for people.
pub(in super::super) fn moment(millis: Option<u64>) -> Markup {
    let Some(millis) = millis else { return none() };
    let Civil { year, month, day, hour, minute, .. } = civil(millis);
    let month = words::MONTHS[usize::try_from(month - 1).unwrap_or(0).min(11)];
    html! {
        time datetime=(iso(millis)) {
            (day) " " (month) " " (year) ", " (format!("{hour:02}:{minute:02}")) " UTC"
        }
    }
}

/// When the reader's day began.
pub(in super::super) fn day_began(now_millis: u64, zone_minutes: i64) -> u64 {
    let shift = zone_minutes * 60_000;
    let local = now_millis.saturating_add_signed(shift);
    (local - local % DAY_MILLIS).saturating_add_signed(-shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_they_are_written() {
        for (text, millis) in [
            ("1970-01-01T00:00", 0),
            ("2000-02-29T12:30", 951_827_400_000),
            ("2024-03-01T00:00", 1_709_251_200_000),
            ("2026-11-22T17:20", 1_795_368_000_000),
        ] {
            assert_eq!(parse(text), Some(millis), "{text}");
            assert_eq!(local(millis), text);
        }
        for none in
            ["", "2026-02-30T00:00", "2026-13-01T00:00", "2026-01-01T24:00", "x", "1-1-1T0:0"]
        {
            assert_eq!(parse(none), None, "{none}");
        }
    }

    #[test]
    fn days_begin_where_the_reader_is() {
        let noon = parse("2026-11-22T12:00").unwrap();
        assert_eq!(local(day_began(noon, 0)), "2026-11-22T00:00");
        assert_eq!(local(day_began(noon, 60)), "2026-11-21T23:00");
        assert_eq!(local(day_began(noon, -14 * 60)), "2026-11-21T14:00");
    }
}
