//! `POST /accounts/{id}/credits` and `…/debits`: the operator gives from its own money in the node, and takes back.

use axum::extract::Path;
use axum::response::Response;

use crate::domain::id::AccountId;
use crate::domain::money::Msat;
use crate::engine::command::Order;
use crate::engine::reply::Object;

use super::super::error::ApiError;
use super::super::request::Call;

/// Credits an account; refused beyond what the books call the operator's own.
pub(in super::super) async fn credit(
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, ApiError> {
    let (id, amount) = read(&id, &call)?;
    call.order(Order::Credit(id, amount)).await
}

/// Takes money back; refused beyond what is available.
pub(in super::super) async fn debit(
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, ApiError> {
    let (id, amount) = read(&id, &call)?;
    call.order(Order::Debit(id, amount)).await
}

/// The account and the amount: `amount_msat`, or `amount` in satoshis.
fn read(id: &str, call: &Call) -> Result<(AccountId, Msat), ApiError> {
    call.caller.must_be_operator()?;
    let id = AccountId::parse(id).map_err(|_| ApiError::not_found(Object::Account))?;
    let mut form = call.form()?;
    let msat = form.number("amount_msat", 1, Msat::MAX.get());
    let sat = form.decimal("amount");
    form.word("currency", "SATS", |word| (word == "SATS").then_some(()));
    let amount = match (msat, sat) {
        (Some(msat), None) => Some(msat),
        (None, Some(sat)) => {
            sat.to_units(3).ok().filter(|msat| (1..=Msat::MAX.get()).contains(msat))
        }
        (Some(_), Some(_)) => {
            form.problem("invalid_field", "amount", "either amount or amount_msat");
            None
        }
        (None, None) => None,
    };
    if amount.is_none() {
        form.problem("invalid_field", "amount", "amount must be satoshis above zero");
    }
    form.finish()?;
    Ok((id, Msat::new(amount.unwrap_or(0))))
}
