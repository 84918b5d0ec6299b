//! `POST /checkout-links/{id}/deactivate`.

use axum::response::Response;

use crate::domain::id::CheckoutLinkId;
use crate::domain::link::LinkId;
use crate::engine::command::{LinkOrder, Order};
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::request::Call;

/// Closes a link that is not paid, its session and its unpaid payment with it.
pub(in super::super) async fn deactivate(
    Named(id): Named,
    call: Call,
) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    call.no_fields()?;
    let id = CheckoutLinkId::parse(&id).map_err(|_| ApiError::not_found(Object::CheckoutLink))?;
    let order = LinkOrder::Deactivate(LinkId::Checkout(id));
    call.order(Order::Link(Box::new(order))).await
}
