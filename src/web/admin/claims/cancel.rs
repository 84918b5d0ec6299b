//! `POST /claims/{id}/cancel`.

use axum::response::Response;

use crate::domain::id::ClaimId;
use crate::engine::command::Order;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::request::Call;

/// Withdraws an open claim; refused while a payout of it is unresolved, parked and in doubt included.
pub(in super::super) async fn cancel(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    call.no_fields()?;
    let id = ClaimId::parse(&id).map_err(|_| ApiError::not_found(Object::Claim))?;
    call.order(Order::CancelClaim(id)).await
}
