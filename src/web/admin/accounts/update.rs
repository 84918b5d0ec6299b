//! `POST /accounts/{id}`.

use axum::response::Response;

use crate::domain::id::AccountId;
use crate::engine::command::{AccountChange, Order};
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::request::Call;
use super::{MAX_NAME, fee_limits, low_balance};

/// Changes an account; what is absent stays as it is.
pub(in super::super) async fn update(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    call.caller.must_be_operator()?;
    let id = AccountId::parse(&id).map_err(|_| ApiError::not_found(Object::Account))?;
    let mut form = call.form()?;
    let change = AccountChange {
        name: form.text("name", MAX_NAME),
        fees: fee_limits(&mut form),
        low_balance: low_balance(&mut form),
        claims_paused: form.boolean("claims_paused"),
        metadata: form.metadata(),
    };
    form.finish()?;
    call.order(Order::UpdateAccount(id, change)).await
}
