//! `POST /accounts/{id}/credits` and `…/debits`: the operator gives from its own money in the node, and takes back.

use axum::response::Response;

use crate::domain::currency::Currency;
use crate::domain::id::AccountId;
use crate::domain::money::Msat;
use crate::domain::rate::Rate;
use crate::engine::command::Order;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::form::Form;
use super::super::request::Call;

/// Credits an account; refused beyond what the books call the operator's own.
pub(in super::super) async fn credit(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    let (id, amount) = read(&id, &call)?;
    call.order(Order::Credit(id, amount)).await
}

/// Takes money back; refused beyond what is available.
pub(in super::super) async fn debit(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    let (id, amount) = read(&id, &call)?;
    call.order(Order::Debit(id, amount)).await
}

/// The account and the amount: `amount_msat`, or `amount` in the unit of `currency` (SATS).
fn read(id: &str, call: &Call) -> Result<(AccountId, Msat), ApiError> {
    call.caller.must_be_operator()?;
    let id = AccountId::parse(id).map_err(|_| ApiError::not_found(Object::Account))?;
    let mut form = call.form()?;
    let amount = amount(&mut form);
    form.finish()?;
    // Nothing was wrong, so there is an amount.
    amount.map(|amount| (id, amount)).ok_or_else(ApiError::broken)
}

fn amount(form: &mut Form) -> Option<Msat> {
    // What is credited is money that is there: satoshis, at no rate.
    let rate = form
        .word("currency", "SATS or BTC", |code| Currency::parse(code)?.own_rate())
        .unwrap_or(Rate::ONE);
    match (form.has("amount_msat"), form.has("amount")) {
        (true, false) => form.number("amount_msat", 1, Msat::MAX.get()).map(Msat::new),
        (false, true) => {
            let written = form.decimal("amount")?;
            let amount = rate.exact_msat(written).filter(|amount| !amount.is_zero());
            if amount.is_none() {
                let rule = "amount must be at least one millisatoshi, and no finer than that";
                form.problem("invalid_field", "amount", rule);
            }
            amount
        }
        (true, true) => {
            form.problem("invalid_field", "amount", "either amount or amount_msat");
            form.forget(&["amount", "amount_msat"]);
            None
        }
        (false, false) => {
            form.missing("amount");
            None
        }
    }
}
