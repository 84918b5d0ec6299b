//! `POST /checkout-links`.

use axum::response::Response;

use crate::engine::command::NewLink;

use super::super::error::ApiError;
use super::super::link_form;
use super::super::request::Call;
use super::super::terms::Prices;

/// Makes a checkout link with its session and its first invoice.
pub(in super::super) async fn create(call: Call) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    let account = call.account()?;
    let mut form = call.form()?;
    let read = link_form::read(&mut form, &call.admin.shared, Prices::One);
    form.finish()?;
    // Nothing was wrong, so there are terms, and something is owed.
    let terms = read.ok_or_else(ApiError::broken)?;
    let owed = terms.price.fixed().ok_or_else(ApiError::broken)?;
    let (new, origin) = (NewLink { account, terms }, call.origin.clone());
    let shared = &call.admin.shared;
    let made = shared.blocking(move |desk| desk.create_checkout_link(new, owed, origin)).await;
    let done = made.map_err(|_| ApiError::broken())?;
    let done = done.map_err(|fault| ApiError::from(fault).not_found_by("cashback.id"))?;
    call.answer(&done)
}
