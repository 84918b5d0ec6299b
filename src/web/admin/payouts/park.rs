//! `POST /payouts/{id}/park`.

use axum::response::Response;

use crate::domain::id::PayoutId;
use crate::engine::command::Order;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::request::Call;

/// Frees the account lock of a payout that takes too long; its money stays reserved (DESIGN D5).
pub(in super::super) async fn park(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    call.caller.must_be_operator()?;
    call.no_fields()?;
    let id = PayoutId::parse(&id).map_err(|_| ApiError::not_found(Object::Payout))?;
    call.order(Order::ParkPayout(id)).await
}
