//! Amounts of a cashback: as they were written, and what they come to in satoshis now.

use crate::domain::cashback::Limit;
use crate::domain::currency::Currency;
use crate::domain::money::Sat;
use crate::domain::rate::Rate;
use crate::ports::rates::{NoRate, Rates};

use super::super::error::ApiError;
use super::super::form::Form;

/// Prices amounts, and remembers for which currency it could not.
pub(super) struct Pricing<'a> {
    rates: &'a dyn Rates,
    missing: Option<(Currency, NoRate)>,
}

impl<'a> Pricing<'a> {
    pub(super) fn new(rates: &'a dyn Rates) -> Self {
        Self { rates, missing: None }
    }

    /// An amount that may be absent, of at least one satoshi.
    pub(super) fn limit(
        &mut self,
        form: &mut Form,
        name: &str,
        currency: Currency,
    ) -> Option<Limit> {
        let stated = form.amount(name, Some(currency))?;
        let rate = match self.rates.rate(currency) {
            Ok(rate) => Some(rate),
            Err(why) => {
                self.missing = Some((currency, why));
                None
            }
        };
        // Of what has no rate now, it can still be told that nothing is not enough.
        let sat = rate.unwrap_or(Rate::BITCOIN).floor_sat(stated);
        let Some(sat) = sat.filter(|sat| *sat >= Sat::new(1)) else {
            form.problem("invalid_field", name, format!("{name} must be at least one satoshi"));
            return None;
        };
        Some(Limit { stated, sat })
    }

    /// Refuses what could not be priced, once everything else is right.
    pub(super) fn finish(self) -> Result<(), ApiError> {
        match self.missing {
            Some((currency, why)) => Err(ApiError::no_rate(currency, why)),
            None => Ok(()),
        }
    }
}
