//! Exchange rates.

use schemars::JsonSchema;
use serde::Serialize;

use crate::ports::rates::RateInfo;

use super::Number;

/// All rates.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Rates {
    object: &'static str,
    target_currency: &'static str,
    data: Vec<Rate>,
}

/// One currency's rate: satoshis in one unit.
#[derive(Debug, Serialize, JsonSchema)]
struct Rate {
    currency: &'static str,
    exchange_rate: Option<Number>,
    usable: bool,
    fixed: bool,
    fetched_at: Option<u64>,
    problem: Option<String>,
}

impl Rates {
    pub(in super::super) fn of(known: &[RateInfo]) -> Self {
        let rate = |info: &RateInfo| Rate {
            currency: info.currency.code(),
            exchange_rate: info.rate.map(|rate| Number(rate.get())),
            usable: info.missing.is_none(),
            fixed: info.is_fixed,
            fetched_at: info.fetched_at.map(|at| at.millis()),
            problem: info.last_error.clone().or(info.missing.map(|missing| missing.to_string())),
        };
        Self { object: "rates", target_currency: "SATS", data: known.iter().map(rate).collect() }
    }
}
