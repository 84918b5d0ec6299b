//! Cashbacks.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::cashback::{self, CashbackStatus, DeactivatedReason, Rule, Stated};
use crate::domain::decimal::Decimal;
use crate::domain::money::Sat;

use super::{Common, Number, Of};

/// A cashback. Amounts are in the unit of its currency.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Cashback {
    #[serde(flatten)]
    common: Common,
    name: String,
    description: String,
    #[serde(rename = "type")]
    kind: &'static str,
    currency: &'static str,
    amount: Option<Number>,
    percentage: Option<Number>,
    start_date: u64,
    end_date: Option<u64>,
    max_amount: Option<Number>,
    min_spend: Option<Number>,
    budget: Option<Number>,
    budget_msat: Option<u64>,
    version: u32,
    max_claims: Option<u64>,
    claim_ttl: u64,
    status: &'static str,
    deactivated_reason: Option<&'static str>,
    exhausted: bool,
    claims: u64,
    committed_msat: u64,
}

/// The first of the words that [`status`] knows.
pub(in super::super) const CASHBACK_STATUSES: [&str; 3] = ["scheduled", "active", "deactivated"];

/// A status as the API's two fields.
pub(in super::super) const fn status(
    status: CashbackStatus,
) -> (&'static str, Option<&'static str>) {
    match status {
        CashbackStatus::Scheduled => ("scheduled", None),
        CashbackStatus::Active => ("active", None),
        CashbackStatus::Deactivated(DeactivatedReason::Manual) => ("deactivated", Some("manual")),
        CashbackStatus::Deactivated(DeactivatedReason::Expired) => ("deactivated", Some("expired")),
    }
}

impl Cashback {
    pub(in super::super) fn of(row: &cashback::Cashback, livemode: bool) -> Self {
        let terms = &row.terms;
        let (kind, amount, percentage) = match terms.rule {
            Rule::Fixed(sat) => ("fixed", Some(sat), None),
            Rule::Percentage(share) => {
                let percent = Decimal::from_units(u64::from(share.get()), 2);
                ("percentage", None, Some(Number(percent)))
            }
        };
        // What was stated in a currency whose rate moves is shown as it was stated.
        let stated = terms.stated;
        let in_unit = |sat: Option<Sat>, written: fn(&Stated) -> Option<Decimal>| match &stated {
            Some(stated) => written(stated).map(Number),
            None => sat.map(|sat| Number::of_sat(terms.currency, sat)),
        };
        let (status, deactivated_reason) = status(row.status);
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "cashback",
                account: Some(&row.account),
                created: row.created,
                modified: row.modified,
                metadata: Some(&terms.metadata),
            }
            .common(livemode),
            name: terms.name.clone(),
            description: terms.description.clone(),
            kind,
            currency: terms.currency.code(),
            amount: in_unit(amount, |stated| stated.amount),
            percentage,
            start_date: terms.start.millis(),
            end_date: terms.end.map(|end| end.millis()),
            max_amount: in_unit(terms.max_amount, |stated| stated.max_amount),
            min_spend: in_unit(terms.min_spend, |stated| stated.min_spend),
            budget: in_unit(terms.budget, |stated| stated.budget),
            budget_msat: terms.budget.map(|sat| sat.msat().get()),
            version: row.version,
            max_claims: terms.max_claims,
            claim_ttl: terms.claim_ttl.secs(),
            status,
            deactivated_reason,
            exhausted: row.exhausted(),
            claims: row.claims,
            committed_msat: row.committed.get(),
        }
    }
}
