//! `POST /payment-links`.

use axum::response::Response;

use crate::engine::command::{LinkOrder, NewLink, Order};

use super::super::error::ApiError;
use super::super::link_form;
use super::super::request::Call;
use super::super::terms::Prices;

/// Makes a payment link. Sessions begin when somebody opens it.
pub(in super::super) async fn create(call: Call) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    let account = call.account()?;
    let mut form = call.form()?;
    let read = link_form::read(&mut form, &call.admin.shared, Prices::Any);
    form.finish()?;
    // Nothing was wrong, so there are terms.
    let terms = read.ok_or_else(ApiError::broken)?;
    let order = LinkOrder::CreatePayment(NewLink { account, terms });
    let made = call.order(Order::Link(Box::new(order))).await;
    made.map_err(|error| error.not_found_by("cashback.id"))
}
