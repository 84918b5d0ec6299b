//! Rates over HTTP: one address per currency, and a JSON pointer to the number.

use std::time::Duration;

use crate::config::{RateUnit, Rates as Settings};
use crate::direct;
use crate::domain::currency::Currency;
use crate::domain::decimal::{Decimal, DecimalError};
use crate::domain::rate::Rate;

use super::board::{Board, Offered};
use super::pointer::number_at;

/// Largest answer that is read.
const MAX_BYTES: u64 = 1024 * 1024;

/// Where rates come from.
#[derive(Debug)]
pub struct Source {
    agent: ureq::Agent,
    url: String,
    pointer: String,
    unit: RateUnit,
}

impl Source {
    /// The source of a configuration, if it has one.
    pub fn of(settings: &Settings) -> Option<Self> {
        let url = settings.url.clone()?;
        let agent = direct::client(Duration::from_secs(settings.timeout_secs));
        Some(Self { agent, url, pointer: settings.pointer.clone(), unit: settings.unit })
    }

    /// Asks for one currency's rate.
    ///
    /// # Errors
    /// In words: whatever is not a rate that can be.
    pub fn fetch(&self, currency: Currency) -> Result<Rate, String> {
        let url = filled(&self.url, currency);
        let mut answer = self.agent.get(&url).call().map_err(|error| error.to_string())?;
        if answer.status() != 200 {
            return Err(format!("the source answered {}", answer.status().as_u16()));
        }
        let body = answer.body_mut().with_config().limit(MAX_BYTES).read_to_vec();
        let body = body.map_err(|error| format!("the answer cannot be read: {error}"))?;
        let text = number_at(&body, &filled(&self.pointer, currency))?;
        // What stands there is a stranger's; its size has a bound before it is repeated.
        let shown: String = text.chars().take(40).collect();
        let number = Decimal::parse(&text).map_err(|error| match error {
            DecimalError::NotANumber => format!("{shown:?} is no number"),
            DecimalError::Negative => format!("{shown} is below zero"),
            DecimalError::TooLong | DecimalError::TooFine => format!("{shown} is too long"),
        })?;
        let rate = match self.unit {
            RateUnit::CurrencyPerBtc => Rate::from_price(number),
            RateUnit::SatsPerUnit => Rate::new(number),
        };
        rate.ok_or_else(|| format!("{shown} is out of all proportion"))
    }
}

fn filled(template: &str, currency: Currency) -> String {
    let code = currency.code();
    template.replace("{currency}", code).replace("{currency_lower}", &code.to_ascii_lowercase())
}

/// Asks for all currencies once, and tells the board.
pub fn refresh(
    source: &Source,
    board: &Board,
    currencies: &[Currency],
    stopped: impl Fn() -> bool,
) {
    for currency in currencies {
        if stopped() {
            return;
        }
        let code = currency.code();
        match source.fetch(*currency) {
            Ok(rate) => match board.offer(*currency, rate) {
                Offered::Taken => tracing::debug!(currency = code, %rate, "a rate was read"),
                Offered::HeldBack => tracing::warn!(
                    currency = code, %rate,
                    "a rate jumps; it counts when three readings in a row agree"
                ),
            },
            Err(why) => {
                if board.failed(*currency, why.clone()) {
                    tracing::warn!(currency = code, why, "a rate cannot be read");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
