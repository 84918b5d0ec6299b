//! Decimal numbers without floats: what an amount is while it still has the unit and the digits its writer gave it.

use std::cmp::Ordering;
use std::fmt;

/// A non-negative decimal number: `digits / 10^scale`, kept in its shortest form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    digits: u64,
    scale: u8,
}

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalError {
    /// Not a JSON number.
    NotANumber,
    /// Below zero.
    Negative,
    /// More digits than any amount of money has.
    TooLong,
    /// More decimal places than the unit has.
    TooFine,
}

/// Most decimal places a number may have (bitcoin has 8, and 11 with millisatoshis).
const MAX_SCALE: u32 = 12;

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { digits: 0, scale: 0 };

    /// A whole number.
    pub const fn whole(number: u64) -> Self {
        Self { digits: number, scale: 0 }
    }

    /// `units / 10^scale`.
    pub fn from_units(units: u64, scale: u8) -> Self {
        let mut number = Self { digits: units, scale };
        while number.scale > 0 && number.digits.is_multiple_of(10) {
            number.digits /= 10;
            number.scale -= 1;
        }
        number
    }

    /// Reads the text of a JSON number, exponents included. Nothing is rounded.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let text = match text.strip_prefix('-') {
            // JSON has a minus zero; it is zero.
            Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest,
            Some(_) => return Err(DecimalError::Negative),
            None => text,
        };
        let (mantissa, exponent) = split_exponent(text)?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        let has_idle_zero = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || fraction.is_empty() || has_idle_zero {
            return Err(DecimalError::NotANumber);
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = parse_digits(whole, fraction)?;
        if digits == 0 {
            return Ok(Self::ZERO);
        }
        let places = i64::try_from(fraction.len()).map_err(|_| DecimalError::TooLong)? - exponent;
        place(digits, places)
    }

    /// The number in units of `10^-scale`, exactly.
    pub fn to_units(self, scale: u8) -> Result<u64, DecimalError> {
        if self.scale > scale {
            return Err(DecimalError::TooFine);
        }
        let factor = 10_u64.checked_pow(u32::from(scale - self.scale));
        factor.and_then(|factor| self.digits.checked_mul(factor)).ok_or(DecimalError::TooLong)
    }

    /// True for zero.
    pub const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The sum; the larger of the two if it is longer than numbers may be.
    pub fn plus(self, other: Self) -> Self {
        let ((mine, my_scale), (theirs, their_scale)) = (self.parts(), other.parts());
        let scale = my_scale.max(their_scale);
        let sum = mine * 10_u128.pow(scale - my_scale) + theirs * 10_u128.pow(scale - their_scale);
        Self::from_parts(sum, scale).unwrap_or(self.max(other))
    }

    /// `digits / 10^scale`, for arithmetic in wider integers.
    pub(super) fn parts(self) -> (u128, u32) {
        (u128::from(self.digits), u32::from(self.scale))
    }

    /// `digits / 10^scale` in its shortest form, if it is no longer than numbers may be.
    pub(super) fn from_parts(digits: u128, scale: u32) -> Option<Self> {
        let scale = u8::try_from(scale).ok().filter(|scale| u32::from(*scale) <= MAX_SCALE)?;
        let (mut digits, mut scale) = (digits, scale);
        while scale > 0 && digits.is_multiple_of(10) {
            digits /= 10;
            scale -= 1;
        }
        Some(Self { digits: u64::try_from(digits).ok()?, scale })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mine, my_scale) = self.parts();
        let (theirs, their_scale) = other.parts();
        // At most 20 digits times 10^12: far below what the type holds.
        (mine * 10_u128.pow(their_scale)).cmp(&(theirs * 10_u128.pow(my_scale)))
    }
}

/// The mantissa and the power of ten behind it.
fn split_exponent(text: &str) -> Result<(&str, i64), DecimalError> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return Ok((text, 0));
    };
    let exponent: i64 = exponent.parse().map_err(|_| DecimalError::NotANumber)?;
    if exponent.abs() > 40 {
        return Err(DecimalError::TooLong);
    }
    Ok((mantissa, exponent))
}

fn parse_digits(whole: &str, fraction: &str) -> Result<u64, DecimalError> {
    let mut digits: u64 = 0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        if !byte.is_ascii_digit() {
            return Err(DecimalError::NotANumber);
        }
        digits = digits
            .checked_mul(10)
            .and_then(|digits| digits.checked_add(u64::from(byte - b'0')))
            .ok_or(DecimalError::TooLong)?;
    }
    Ok(digits)
}

/// `digits / 10^places`, in its shortest form.
fn place(mut digits: u64, mut places: i64) -> Result<Decimal, DecimalError> {
    while places > 0 && digits.is_multiple_of(10) {
        digits /= 10;
        places -= 1;
    }
    while places < 0 {
        digits = digits.checked_mul(10).ok_or(DecimalError::TooLong)?;
        places += 1;
    }
    let scale = u8::try_from(places).map_err(|_| DecimalError::TooFine)?;
    if u32::from(scale) > MAX_SCALE {
        return Err(DecimalError::TooFine);
    }
    Ok(Decimal { digits, scale })
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let power = 10_u64.pow(u32::from(self.scale));
        write!(f, "{}", self.digits / power)?;
        if self.scale > 0 {
            write!(f, ".{:0width$}", self.digits % power, width = usize::from(self.scale))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Result<&str, DecimalError>) {
        let got = Decimal::parse(text).map(|number| number.to_string());
        assert_eq!(got, expect.map(str::to_owned), "{text}");
    }

    #[test]
    fn json_numbers_are_read_digit_by_digit() {
        check("0", Ok("0"));
        check("-0.0", Ok("0"));
        check("1.50", Ok("1.5"));
        check("0.00001", Ok("0.00001"));
        check("1e-5", Ok("0.00001"));
        check("2.5E+3", Ok("2500"));
        check("100", Ok("100"));
        check("0.1", Ok("0.1"));
        check("18446744073709551615", Ok("18446744073709551615"));
    }

    #[test]
    fn what_is_no_amount_is_refused_with_its_reason() {
        check("-1", Err(DecimalError::Negative));
        check("", Err(DecimalError::NotANumber));
        check("1.", Err(DecimalError::NotANumber));
        check(".5", Err(DecimalError::NotANumber));
        check("1e", Err(DecimalError::NotANumber));
        check("007", Err(DecimalError::NotANumber));
        check("00.5", Err(DecimalError::NotANumber));
        check("0x10", Err(DecimalError::NotANumber));
        check("18446744073709551616", Err(DecimalError::TooLong));
        check("1e400", Err(DecimalError::TooLong));
        check("0.0000000000001", Err(DecimalError::TooFine));
    }

    #[test]
    fn numbers_are_ordered_by_what_they_are_worth() {
        let number = |text| Decimal::parse(text).unwrap();
        assert!(number("0.5") < number("1"));
        assert!(number("10") > number("9.999999999999"));
        assert!(number("18446744073709551615") > number("0.000000000001"));
    }

    #[test]
    fn units_are_exact_or_refused() {
        let amount = Decimal::parse("0.00001").unwrap();
        assert_eq!(amount.to_units(8), Ok(1_000));
        assert_eq!(amount.to_units(4), Err(DecimalError::TooFine));
        assert_eq!(Decimal::from_units(1_000, 8), amount);
        assert_eq!(Decimal::parse("99999999999").unwrap().to_units(11), Err(DecimalError::TooLong));
    }
}
