//! Moments: in UTC as they are written, in the reader's zone as soon as a script runs.

use maud::{Markup, html};

use super::none;
use crate::domain::calendar::{Civil, civil};
pub(in super::super) use crate::domain::calendar::{iso, parse};
use crate::web::dashboard::words;

/// Of a day.
const DAY_MILLIS: u64 = 86_400_000;

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
