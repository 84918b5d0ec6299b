//! `POST /cashbacks/{id}/deactivate`.

use axum::response::Response;

use crate::domain::id::CashbackId;
use crate::engine::command::Order;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::request::Call;

/// Ends a cashback. Claims that are open stay payable until they expire.
pub(in super::super) async fn deactivate(
    Named(id): Named,
    call: Call,
) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    call.no_fields()?;
    let id = CashbackId::parse(&id).map_err(|_| ApiError::not_found(Object::Cashback))?;
    call.order(Order::DeactivateCashback(id)).await
}
