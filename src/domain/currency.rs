//! The currencies in which merchants state amounts, with their minor units (DESIGN D19).

use super::decimal::Decimal;
use super::rate::Rate;

mod fiat;

pub use fiat::Fiat;

/// The currency in which a merchant states amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Currency {
    /// Satoshis.
    Sats,
    /// Bitcoin.
    Btc,
    /// The money of some country.
    Fiat(Fiat),
}

impl Currency {
    /// All that satback knows: `SATS`, `BTC`, then ISO 4217 codes by the alphabet.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::Sats, Self::Btc].into_iter().chain(Fiat::all().map(Self::Fiat))
    }

    /// The code in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sats => "SATS",
            Self::Btc => "BTC",
            Self::Fiat(fiat) => fiat.code(),
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "SATS" => Some(Self::Sats),
            "BTC" => Some(Self::Btc),
            code => Fiat::parse(code).map(Self::Fiat),
        }
    }

    /// Satoshis in one unit where that never changes: `None` for a currency that needs a rate from outside.
    pub fn own_rate(self) -> Option<Rate> {
        match self {
            Self::Sats => Some(Rate::ONE),
            Self::Btc => Some(Rate::BITCOIN),
            Self::Fiat(_) => None,
        }
    }

    /// Most decimal places that an amount may be written with: down to the millisatoshi, or to the ISO minor unit.
    pub const fn places(self) -> u8 {
        match self {
            Self::Sats => 3,
            Self::Btc => 11,
            Self::Fiat(fiat) => fiat.places(),
        }
    }

    /// True if the amount has no more decimal places than the currency.
    pub fn fits(self, amount: Decimal) -> bool {
        amount.to_units(self.places()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_back_and_none_other_is() {
        let mut count = 0;
        for currency in Currency::all() {
            assert_eq!(Currency::parse(currency.code()), Some(currency));
            assert!(currency.places() <= 11);
            count += 1;
        }
        assert!(count > 150, "{count}");
        for other in ["", "usd", "US", "USDT", "XXX", "sats"] {
            assert_eq!(Currency::parse(other), None, "{other}");
        }
    }

    #[test]
    fn amounts_have_the_decimal_places_of_their_minor_unit() {
        let fits = |code: &str, amount: &str| {
            Currency::parse(code).unwrap().fits(Decimal::parse(amount).unwrap())
        };
        assert!(fits("USD", "1.05") && !fits("USD", "1.055"));
        assert!(fits("JPY", "100") && !fits("JPY", "100.5"));
        assert!(fits("KWD", "1.005") && !fits("KWD", "1.0005"));
        assert!(fits("USD", "1.500"), "a zero at the end says nothing");
        assert!(fits("SATS", "1.001") && !fits("SATS", "1.0001"));
        assert!(fits("BTC", "0.00000001001") && !fits("BTC", "0.000000010001"));
    }
}
