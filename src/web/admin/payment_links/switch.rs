//! `POST /payment-links/{id}/deactivate` and `…/activate`.

use axum::response::Response;

use crate::domain::id::PaymentLinkId;
use crate::domain::link::LinkId;
use crate::engine::command::{LinkOrder, Order};
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::request::Call;

/// Closes a link, its open sessions and their unpaid payments with it.
pub(in super::super) async fn deactivate(
    Named(id): Named,
    call: Call,
) -> Result<Response, ApiError> {
    switch(&id, call, LinkOrder::Deactivate).await
}

/// Opens a link again.
pub(in super::super) async fn activate(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    switch(&id, call, LinkOrder::Activate).await
}

async fn switch(
    id: &str,
    call: Call,
    order: fn(LinkId) -> LinkOrder,
) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    call.no_fields()?;
    let id = PaymentLinkId::parse(id).map_err(|_| ApiError::not_found(Object::PaymentLink))?;
    call.order(Order::Link(Box::new(order(LinkId::Payment(id))))).await
}
