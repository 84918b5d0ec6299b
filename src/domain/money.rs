//! Amounts of bitcoin with their unit in the type, and the roundings that DESIGN D19 fixes.

use std::fmt;
use std::ops::{Add, AddAssign};

/// Millisatoshis: the unit of the ledger and of every Lightning amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Msat(u64);

/// Whole satoshis: the unit in which checkouts and cashbacks are quoted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sat(u64);

/// Hundredths of a percent: `500` is 5 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BasisPoints(u16);

/// Parts per million, the unit of proportional routing fees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ppm(pub u32);

/// Millisatoshis in one satoshi.
const MSAT_PER_SAT: u64 = 1_000;

impl Msat {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// All bitcoin there can be. Every amount that enters satback is held against it, so sums of a few never overflow.
    pub const MAX: Self = Self(21_000_000 * 100_000_000 * MSAT_PER_SAT);

    /// An amount in millisatoshis.
    pub const fn new(msat: u64) -> Self {
        Self(msat)
    }

    /// The number of millisatoshis.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// True for no money at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The difference, if `other` is not the larger one.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The difference, or nothing if `other` is the larger one.
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Whole satoshis, rounded down: how cashbacks are rounded.
    pub const fn floor_sat(self) -> Sat {
        Sat(self.0 / MSAT_PER_SAT)
    }

    /// Whole satoshis, rounded up: how checkout amounts are rounded.
    pub const fn ceil_sat(self) -> Sat {
        Sat(self.0.div_ceil(MSAT_PER_SAT))
    }

    /// True if no fraction of a satoshi is left over.
    pub const fn is_whole_sat(self) -> bool {
        self.0.is_multiple_of(MSAT_PER_SAT)
    }
}

impl Add for Msat {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Msat {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl fmt::Display for Msat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} msat", self.0)
    }
}

impl Sat {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// All bitcoin there can be.
    pub const MAX: Self = Self(21_000_000 * 100_000_000);

    /// An amount in satoshis.
    pub const fn new(sat: u64) -> Self {
        Self(sat)
    }

    /// The number of satoshis.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The same amount in millisatoshis; anything above all bitcoin there can be counts as that.
    pub const fn msat(self) -> Msat {
        if self.0 > Self::MAX.0 { Msat::MAX } else { Msat(self.0 * MSAT_PER_SAT) }
    }
}

impl fmt::Display for Sat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sat", self.0)
    }
}

impl BasisPoints {
    /// The whole.
    pub const WHOLE: u16 = 10_000;

    /// A share greater than nothing and at most the whole.
    pub const fn new(hundredths_of_percent: u16) -> Option<Self> {
        if hundredths_of_percent == 0 || hundredths_of_percent > Self::WHOLE {
            return None;
        }
        Some(Self(hundredths_of_percent))
    }

    /// Hundredths of a percent.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// This share of `base`, rounded down to the millisatoshi.
    pub fn of(self, base: Msat) -> Msat {
        proportion(base, u64::from(self.0), u64::from(Self::WHOLE))
    }
}

impl Ppm {
    /// This share of `base`, rounded down to the millisatoshi.
    pub fn of(self, base: Msat) -> Msat {
        proportion(base, u64::from(self.0), 1_000_000)
    }
}

/// `base * numerator / denominator` without losing digits on the way; saturates at what no wallet holds.
fn proportion(base: Msat, numerator: u64, denominator: u64) -> Msat {
    let product = u128::from(base.0) * u128::from(numerator) / u128::from(denominator);
    u64::try_from(product).map_or(Msat::MAX, Msat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cashbacks_round_down_and_checkouts_round_up() {
        assert_eq!(Msat::new(1_999).floor_sat(), Sat::new(1));
        assert_eq!(Msat::new(1_001).ceil_sat(), Sat::new(2));
        assert_eq!(Msat::new(2_000).ceil_sat(), Sat::new(2));
    }

    #[test]
    fn a_share_is_exact_to_the_millisatoshi_and_never_more_than_the_base() {
        let five_percent = BasisPoints::new(500).unwrap();
        assert_eq!(five_percent.of(Msat::new(20_019)), Msat::new(1_000));
        assert_eq!(BasisPoints::new(10_000).unwrap().of(Msat::MAX), Msat::MAX);
        assert_eq!(BasisPoints::new(1).unwrap().of(Msat::new(9_999)), Msat::ZERO);
        assert_eq!(Ppm(10_000).of(Msat::new(500_000)), Msat::new(5_000));
    }

    #[test]
    fn a_share_of_nothing_or_of_more_than_the_whole_does_not_exist() {
        assert_eq!(BasisPoints::new(0), None);
        assert_eq!(BasisPoints::new(10_001), None);
    }
}
