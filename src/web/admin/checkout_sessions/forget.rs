//! `DELETE /checkout-sessions/{id}/customer-details`.

use axum::response::Response;

use crate::domain::id::SessionId;
use crate::engine::command::Order;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::request::Call;

/// Deletes what the customer said about itself, and answers the session without it.
pub(in super::super) async fn forget(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    call.no_fields()?;
    let id = SessionId::parse(&id).map_err(|_| ApiError::not_found(Object::Session))?;
    call.order(Order::ForgetDetails(id)).await
}
