//! Amounts and moments as people read them.

use crate::domain::currency::Currency;
use crate::domain::decimal::Decimal;
use crate::domain::money::{BasisPoints, Msat, Sat};
use crate::domain::time::{Span, Timestamp};

/// `12345` as `12,345`.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount of bitcoin.
pub(super) fn sat(amount: Msat) -> String {
    let (whole, rest) = (amount.get() / 1_000, amount.get() % 1_000);
    let whole = grouped(&whole.to_string());
    if rest == 0 { format!("{whole} sat") } else { format!("{whole}.{rest:03} sat") }
}

/// The same in whole satoshis.
pub(super) fn whole_sat(amount: Sat) -> String {
    sat(amount.msat())
}

/// A number with its thousands apart, and at least so many decimal places.
fn number(amount: Decimal, places: usize) -> String {
    let text = amount.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = grouped(whole);
    let fraction = format!("{fraction:0<places$}");
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}

/// An amount in its currency.
pub(super) fn money(amount: Decimal, currency: Currency) -> String {
    match currency {
        Currency::Sats => format!("{} sat", number(amount, 0)),
        Currency::Btc => format!("{} BTC", number(amount, 0)),
        Currency::Fiat(fiat) => {
            format!("{} {}", number(amount, usize::from(fiat.places())), fiat.code())
        }
    }
}

/// A rate, in satoshis: digits that nobody reads are left out.
pub(super) fn rate(sats_per_unit: Decimal) -> String {
    let text = number(sats_per_unit, 0);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let is_large = whole.len() > 3;
    let kept: String = fraction.chars().take(if is_large { 0 } else { 4 }).collect();
    if kept.is_empty() { format!("{whole} sat") } else { format!("{whole}.{kept} sat") }
}

/// `2.5` for a share of 250 basis points.
pub(super) fn percent(share: BasisPoints) -> String {
    Decimal::from_units(u64::from(share.get()), 2).to_string()
}

/// Time that is left, as on a clock.
pub(super) fn left(span: Span) -> String {
    let secs = span.secs();
    let (hours, minutes, secs) = (secs / 3_600, secs / 60 % 60, secs % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{secs:02}")
    } else {
        format!("{minutes}:{secs:02}")
    }
}

/// A moment in UTC, for who reads the page without scripts; with them, it is shown in the reader's zone.
pub(super) fn moment(at: Timestamp) -> String {
    let (year, month, day) = date(at);
    let minutes = at.millis() / 60_000;
    format!("{year}-{month:02}-{day:02} {:02}:{:02} UTC", minutes / 60 % 24, minutes % 60)
}

/// Year, month and day in UTC, counted from the first of March of the year 0, whose years end with the leap day.
fn date(at: Timestamp) -> (u64, u64, u64) {
    let days = at.millis() / 86_400_000 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + u64::from(month <= 2), month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn thousands_stand_apart_and_minor_units_are_complete() {
        let of = |amount: &str, code: &str| money(decimal(amount), Currency::parse(code).unwrap());
        assert_eq!(of("1234567.5", "USD"), "1,234,567.50 USD");
        assert_eq!(of("20", "EUR"), "20.00 EUR");
        assert_eq!(of("1500", "JPY"), "1,500 JPY");
        assert_eq!(of("1.5", "KWD"), "1.500 KWD");
        assert_eq!(of("20000", "SATS"), "20,000 sat");
        assert_eq!(of("0.0001", "BTC"), "0.0001 BTC");
        assert_eq!(sat(Msat::new(999_000)), "999 sat");
        assert_eq!(sat(Msat::new(1_000_001)), "1,000.001 sat");
        assert_eq!(whole_sat(Sat::new(1_000_000)), "1,000,000 sat");
    }

    #[test]
    fn rates_have_no_more_digits_than_one_reads() {
        assert_eq!(rate(decimal("1100.123456")), "1,100 sat");
        assert_eq!(rate(decimal("0.123456")), "0.1234 sat");
        assert_eq!(rate(decimal("1000")), "1,000 sat");
        assert_eq!(percent(BasisPoints::new(500).unwrap()), "5");
        assert_eq!(percent(BasisPoints::new(125).unwrap()), "1.25");
    }

    #[test]
    fn moments_are_told_by_the_calendar() {
        assert_eq!(moment(Timestamp::from_secs(0)), "1970-01-01 00:00 UTC");
        assert_eq!(moment(Timestamp::from_secs(951_782_400)), "2000-02-29 00:00 UTC");
        assert_eq!(moment(Timestamp::from_secs(1_735_689_599)), "2024-12-31 23:59 UTC");
        assert_eq!(moment(Timestamp::from_secs(4_107_542_400)), "2100-03-01 00:00 UTC");
        assert_eq!(left(Span::from_secs(3_725)), "1:02:05");
        assert_eq!(left(Span::from_secs(59)), "0:59");
    }
}
