//! The fee budget of a payout (DESIGN D10): what routing may cost, reserved beside the amount and passed to the node
//! as its limit.

use super::money::{Msat, Ppm, Sat};

/// The limits that make a fee budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeLimits {
    /// What routing may always cost, however small the amount.
    pub base: Sat,
    /// What it may cost in proportion to the amount.
    pub ppm: Ppm,
    /// What it may never exceed.
    pub max: Sat,
}

/// An account's own limits, each replacing the configured one where it is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeOverrides {
    /// Replaces [`FeeLimits::base`].
    pub base: Option<Sat>,
    /// Replaces [`FeeLimits::ppm`].
    pub ppm: Option<Ppm>,
    /// Replaces [`FeeLimits::max`].
    pub max: Option<Sat>,
}

/// A change of an account's own limits: what is `None` stays, what is `Some(None)` is as configured again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeChange {
    /// Changes [`FeeOverrides::base`].
    pub base: Option<Option<Sat>>,
    /// Changes [`FeeOverrides::ppm`].
    pub ppm: Option<Option<Ppm>>,
    /// Changes [`FeeOverrides::max`].
    pub max: Option<Option<Sat>>,
}

impl FeeChange {
    /// What `own` becomes.
    pub fn over(self, own: FeeOverrides) -> FeeOverrides {
        FeeOverrides {
            base: self.base.unwrap_or(own.base),
            ppm: self.ppm.unwrap_or(own.ppm),
            max: self.max.unwrap_or(own.max),
        }
    }
}

impl FeeLimits {
    /// These limits with an account's own in place of them.
    pub fn with(self, own: FeeOverrides) -> Self {
        Self {
            base: own.base.unwrap_or(self.base),
            ppm: own.ppm.unwrap_or(self.ppm),
            max: own.max.unwrap_or(self.max),
        }
    }

    /// The fee budget for `amount`.
    pub fn budget(self, amount: Msat) -> Msat {
        self.base.msat().max(self.ppm.of(amount)).min(self.max.msat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULTS: FeeLimits =
        FeeLimits { base: Sat::new(5), ppm: Ppm(10_000), max: Sat::new(1_000) };

    #[test]
    fn the_budget_is_the_larger_of_base_and_share_but_never_above_the_maximum() {
        assert_eq!(DEFAULTS.budget(Sat::new(1).msat()), Sat::new(5).msat());
        assert_eq!(DEFAULTS.budget(Sat::new(500).msat()), Sat::new(5).msat());
        assert_eq!(DEFAULTS.budget(Sat::new(501).msat()), Msat::new(5_010));
        assert_eq!(DEFAULTS.budget(Sat::new(1_000_000).msat()), Sat::new(1_000).msat());
    }

    #[test]
    fn an_accounts_own_limits_replace_the_configured_ones() {
        let own = FeeOverrides { base: Some(Sat::ZERO), ppm: None, max: Some(Sat::new(1)) };
        assert_eq!(DEFAULTS.with(own).budget(Sat::new(50).msat()), Msat::new(500));
        assert_eq!(DEFAULTS.with(own).budget(Sat::new(5_000).msat()), Sat::new(1).msat());
    }
}
