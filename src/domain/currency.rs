//! The currencies in which merchants state amounts, and how those become whole satoshis (DESIGN D19).

use super::decimal::Decimal;
use super::money::{Msat, Sat};

/// The currency in which a merchant states amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Currency {
    /// Satoshis.
    Sats,
    /// Bitcoin.
    Btc,
}

impl Currency {
    /// All that satback knows.
    pub const ALL: [Self; 2] = [Self::Sats, Self::Btc];

    /// The code in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sats => "SATS",
            Self::Btc => "BTC",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|currency| currency.code() == code)
    }

    /// Satoshis in one unit: the API's `exchange_rate` towards SATS.
    pub fn exchange_rate(self) -> Decimal {
        Decimal::from_units(10_u64.pow(u32::from(self.places())), 0)
    }

    /// Decimal places that lead from the unit to one satoshi.
    const fn places(self) -> u8 {
        match self {
            Self::Sats => 0,
            Self::Btc => 8,
        }
    }

    /// An amount of this currency in whole satoshis, rounded up as checkouts are.
    pub fn ceil_sat(self, amount: Decimal) -> Option<Sat> {
        let msat = amount.to_units(self.places() + 3).ok()?;
        let sat = Msat::new(msat).ceil_sat();
        (sat <= Sat::MAX).then_some(sat)
    }

    /// An amount of this currency in whole satoshis, rounded down as cashbacks are.
    pub fn floor_sat(self, amount: Decimal) -> Option<Sat> {
        let msat = amount.to_units(self.places() + 3).ok()?;
        let sat = Msat::new(msat).floor_sat();
        (sat <= Sat::MAX).then_some(sat)
    }

    /// An amount of this currency to the millisatoshi; `None` if it is finer than that.
    pub fn exact_msat(self, amount: Decimal) -> Option<Msat> {
        let msat = Msat::new(amount.to_units(self.places() + 3).ok()?);
        (msat <= Msat::MAX).then_some(msat)
    }

    /// Satoshis as an amount of this currency.
    pub fn from_sat(self, sat: Sat) -> Decimal {
        Decimal::from_units(sat.get(), self.places())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bitcoin_amounts_become_whole_satoshis_up_for_checkouts_and_down_for_cashbacks() {
        let amount = Decimal::parse("0.000000015").unwrap();
        assert_eq!(Currency::Btc.ceil_sat(amount), Some(Sat::new(2)));
        assert_eq!(Currency::Btc.floor_sat(amount), Some(Sat::new(1)));
        let exact = |currency: Currency, text: &str| {
            currency.exact_msat(Decimal::parse(text).unwrap()).map(Msat::get)
        };
        assert_eq!(exact(Currency::Btc, "0.00000001001"), Some(1_001));
        assert_eq!(exact(Currency::Sats, "1.0001"), None);
        assert_eq!(Currency::Sats.ceil_sat(Decimal::parse("1.001").unwrap()), Some(Sat::new(2)));
        assert_eq!(Currency::Btc.ceil_sat(Decimal::parse("21000001").unwrap()), None);
        assert_eq!(Currency::Btc.from_sat(Sat::new(1_000)).to_string(), "0.00001");
        assert_eq!(Currency::Btc.exchange_rate().to_string(), "100000000");
    }
}
