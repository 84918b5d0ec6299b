//! `POST /node/address`.

use axum::response::Response;

use super::super::error::ApiError;
use super::super::request::Call;

/// An address of the on-chain wallet that nobody has seen before. What arrives there is the operator's.
pub(in super::super) async fn new_address(call: Call) -> Result<Response, ApiError> {
    call.caller.must_be_operator()?;
    call.no_fields()?;
    let origin = call.origin.clone();
    let made = call.admin.shared.blocking(move |desk| desk.new_address(origin)).await;
    call.answer(&made.map_err(|_| ApiError::broken())??)
}
