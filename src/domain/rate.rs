//! Exchange rates as exact decimals, and how amounts become whole satoshis by them (DESIGN D19).

use std::fmt;

use super::currency::Currency;
use super::decimal::Decimal;
use super::money::{Msat, Sat};

/// Satoshis in one unit of a currency: the API's `exchange_rate` towards SATS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(Decimal);

/// Satoshis in one bitcoin.
const SATS_PER_BTC: u64 = 100_000_000;
/// Decimal places that the inverse of a price is rounded to.
const PLACES: u32 = 12;

impl Rate {
    /// SATS to SATS.
    pub const ONE: Self = Self(Decimal::whole(1));
    /// BTC to SATS.
    pub const BITCOIN: Self = Self(Decimal::whole(SATS_PER_BTC));

    /// A rate that is given as satoshis per unit; `None` unless it is from a millionth of a satoshi to a bitcoin.
    pub fn new(sats_per_unit: Decimal) -> Option<Self> {
        let (least, most) = (Decimal::from_units(1, 6), Decimal::whole(SATS_PER_BTC));
        (least <= sats_per_unit && sats_per_unit <= most).then_some(Self(sats_per_unit))
    }

    /// The rate that follows from the price of one bitcoin, rounded half up to twelve decimal places. From here on it is
    /// exact: what is shown, stored and multiplied with is the same number.
    pub fn from_price(units_per_btc: Decimal) -> Option<Self> {
        let (digits, scale) = units_per_btc.parts();
        if digits == 0 {
            return None;
        }
        let numerator = u128::from(SATS_PER_BTC) * 10_u128.pow(scale + PLACES);
        Self::new(Decimal::from_parts((numerator + digits / 2) / digits, PLACES)?)
    }

    /// The number.
    pub const fn get(self) -> Decimal {
        self.0
    }

    /// `amount` units in whole satoshis, rounded up as checkouts are; `None` beyond all bitcoin there can be.
    pub fn ceil_sat(self, amount: Decimal) -> Option<Sat> {
        let (product, unit) = self.product(amount)?;
        whole(product.div_ceil(unit))
    }

    /// `amount` units in whole satoshis, rounded down as cashbacks are.
    pub fn floor_sat(self, amount: Decimal) -> Option<Sat> {
        let (product, unit) = self.product(amount)?;
        whole(product / unit)
    }

    /// `amount` units to the millisatoshi; `None` if it is finer than that.
    pub fn exact_msat(self, amount: Decimal) -> Option<Msat> {
        let (product, unit) = self.product(amount)?;
        let msat = product.checked_mul(1_000)?;
        let exact = msat.is_multiple_of(unit).then_some(msat / unit)?;
        u64::try_from(exact).ok().map(Msat::new).filter(|msat| *msat <= Msat::MAX)
    }

    /// What money comes to in units of `currency` at this rate, rounded down to its minor unit. What was due and paid
    /// comes back as no less than it was.
    pub fn amount_of(self, currency: Currency, money: Msat) -> Decimal {
        let (rate, scale) = self.0.parts();
        let places = u32::from(currency.places());
        let units = u128::from(money.get()).checked_mul(10_u128.pow(scale + places));
        let units = units.map(|units| units / (rate * 1_000));
        units.and_then(|units| Decimal::from_parts(units, places)).unwrap_or(Decimal::ZERO)
    }

    /// True if `other` is further away than this share of this rate.
    pub fn jumps_to(self, other: Self, percent: u64) -> bool {
        let ((mine, my_scale), (theirs, their_scale)) = (self.0.parts(), other.0.parts());
        let (mine, theirs) = (mine * 10_u128.pow(their_scale), theirs * 10_u128.pow(my_scale));
        mine.abs_diff(theirs).saturating_mul(100) > mine.saturating_mul(u128::from(percent))
    }

    /// The product with an amount, and the unit it is in.
    fn product(self, amount: Decimal) -> Option<(u128, u128)> {
        let ((rate, rate_scale), (amount, scale)) = (self.0.parts(), amount.parts());
        Some((rate.checked_mul(amount)?, 10_u128.pow(rate_scale + scale)))
    }
}

fn whole(sat: u128) -> Option<Sat> {
    u64::try_from(sat).ok().map(Sat::new).filter(|sat| *sat <= Sat::MAX)
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a payment asks for: an amount of some currency, and what it comes to at the rate that is fixed with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// The amount as it was written.
    pub amount: Decimal,
    /// Satoshis in one unit of its currency.
    pub rate: Rate,
    /// The amount in satoshis, rounded up.
    pub due: Sat,
}

impl Price {
    /// The price of an amount; `None` for nothing, and for more than all bitcoin there can be.
    pub fn of(amount: Decimal, rate: Rate) -> Option<Self> {
        let due = rate.ceil_sat(amount).filter(|due| *due >= Sat::new(1))?;
        Some(Self { amount, rate, due })
    }

    /// A price in satoshis.
    pub fn in_sats(due: Sat) -> Self {
        Self { amount: Decimal::whole(due.get()), rate: Rate::ONE, due }
    }
}

#[cfg(test)]
mod tests;
