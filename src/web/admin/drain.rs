//! `POST /drain` and `POST /undrain`: no new claims and sessions; everything else goes on.

use axum::response::Response;

use crate::engine::command::Order;

use super::error::ApiError;
use super::request::Call;

/// Closes.
pub(super) async fn drain(call: Call) -> Result<Response, ApiError> {
    set(call, true).await
}

/// Opens again.
pub(super) async fn undrain(call: Call) -> Result<Response, ApiError> {
    set(call, false).await
}

async fn set(call: Call, drained: bool) -> Result<Response, ApiError> {
    call.caller.must_be_operator()?;
    call.no_fields()?;
    call.order(Order::Drain(drained)).await
}
