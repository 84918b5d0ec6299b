//! `POST /checkout-sessions/{id}/deactivate`.

use axum::response::Response;

use crate::domain::id::SessionId;
use crate::engine::command::Order;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::request::Call;

/// Closes a session before it is paid.
pub(in super::super) async fn deactivate(
    Named(id): Named,
    call: Call,
) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    call.no_fields()?;
    let id = SessionId::parse(&id).map_err(|_| ApiError::not_found(Object::Session))?;
    call.order(Order::DeactivateSession(id)).await
}
