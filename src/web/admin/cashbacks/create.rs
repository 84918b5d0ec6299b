//! `POST /cashbacks`.

use axum::response::Response;

use crate::domain::cashback::{CashbackTerms, Limit, Rule, Stated};
use crate::domain::currency::Currency;
use crate::domain::decimal::Decimal;
use crate::domain::money::BasisPoints;
use crate::domain::time::{Span, Timestamp};
use crate::engine::command::Order;

use super::super::error::ApiError;
use super::super::form::Form;
use super::super::request::Call;
use super::limits::Pricing;

/// Longest name.
pub(super) const MAX_NAME: usize = 100;
/// Longest text that wallets show.
pub(super) const MAX_DESCRIPTION: usize = 100;
/// How long a claim is good for unless the merchant says otherwise.
const CLAIM_TTL_SECS: u64 = 30 * 86_400;
/// Longest life of a claim.
pub(super) const MAX_CLAIM_TTL_SECS: u64 = 5 * 365 * 86_400;

/// Makes a cashback.
pub(in super::super) async fn create(call: Call) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    let account = call.account()?;
    let mut form = call.form()?;
    let mut rates = Pricing::new(call.admin.shared.desk.rates());
    let terms = read(&mut form, &mut rates, call.made_at);
    form.finish()?;
    rates.finish()?;
    // Nothing was wrong, so there are terms.
    let terms = terms.ok_or_else(ApiError::broken)?;
    call.order(Order::CreateCashback(account, Box::new(terms))).await
}

fn read(form: &mut Form, rates: &mut Pricing<'_>, now: Timestamp) -> Option<CashbackTerms> {
    let name = form.required_text("name", MAX_NAME);
    let rule_text = "SATS, BTC or an ISO 4217 code";
    let currency = form.word("currency", rule_text, Currency::parse).unwrap_or(Currency::Sats);
    let rule = rule(form, rates, currency);
    let start = form.moment("start_date").unwrap_or(now);
    let end = form.moment("end_date");
    if end.is_some_and(|end| end <= start || end <= now) {
        form.problem(
            "invalid_field",
            "end_date",
            "end_date must be after start_date and in the future",
        );
    }
    let claim_ttl = form.number("claim_ttl", 60, MAX_CLAIM_TTL_SECS).unwrap_or(CLAIM_TTL_SECS);
    let description = form.text("description", MAX_DESCRIPTION);
    let max_amount = rates.limit(form, "max_amount", currency);
    let min_spend = rates.limit(form, "min_spend", currency);
    let budget = rates.limit(form, "budget", currency);
    let max_claims = form.number("max_claims", 1, u64::from(u32::MAX));
    let metadata = form.metadata().unwrap_or_default();
    let name = name?;
    let (rule, amount) = rule?;
    let written = |limit: Option<Limit>| limit.map(|limit| limit.stated);
    let stated = currency.own_rate().is_none().then(|| Stated {
        amount,
        max_amount: written(max_amount),
        min_spend: written(min_spend),
        budget: written(budget),
    });
    let sat = |limit: Option<Limit>| limit.map(|limit| limit.sat);
    Some(CashbackTerms {
        description: description.unwrap_or_else(|| name.clone()),
        name,
        rule,
        currency,
        stated,
        start,
        end,
        max_amount: sat(max_amount),
        min_spend: sat(min_spend),
        budget: sat(budget),
        max_claims,
        claim_ttl: Span::from_secs(claim_ttl),
        metadata,
    })
}

/// Which of the two kinds of cashback it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fixed,
    Percentage,
}

/// The rule, and of a fixed one the amount as it was written.
fn rule(
    form: &mut Form,
    rates: &mut Pricing<'_>,
    currency: Currency,
) -> Option<(Rule, Option<Decimal>)> {
    if !form.has("type") {
        form.missing("type");
    }
    let kind = form.word("type", "fixed or percentage", |word| match word {
        "fixed" => Some(Kind::Fixed),
        "percentage" => Some(Kind::Percentage),
        _ => None,
    });
    let amount = form.has("amount");
    let percentage = form.has("percentage").then(|| form.decimal("percentage"));
    if kind.is_none() {
        // What the amount would be is not known.
        form.forget(&["amount"]);
    }
    match kind? {
        Kind::Fixed => {
            if percentage.is_some() {
                form.problem("invalid_field", "percentage", "a fixed cashback has no percentage");
            }
            if !amount {
                form.missing("amount");
                return None;
            }
            let limit = rates.limit(form, "amount", currency)?;
            Some((Rule::Fixed(limit.sat), Some(limit.stated)))
        }
        Kind::Percentage => {
            if amount {
                form.decimal("amount");
                form.problem("invalid_field", "amount", "a percentage cashback has no amount");
            }
            share(form, percentage).map(|rule| (rule, None))
        }
    }
}

/// `Some(None)` is a number that could not be read, and of which that has been said.
fn share(form: &mut Form, percentage: Option<Option<Decimal>>) -> Option<Rule> {
    let Some(percentage) = percentage else {
        form.missing("percentage");
        return None;
    };
    let hundredths = percentage?.to_units(2).ok().and_then(|units| u16::try_from(units).ok());
    let share = hundredths.and_then(BasisPoints::new);
    if share.is_none() {
        let rule = "percentage must be above 0 and at most 100, with at most two decimals";
        form.problem("invalid_field", "percentage", rule);
    }
    share.map(Rule::Percentage)
}
