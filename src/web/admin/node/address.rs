//! `POST /node/address`.

use axum::response::Response;

use super::super::error::ApiError;
use super::super::objects::Address;
use super::super::request::{Call, json};

/// An address of the on-chain wallet that nobody has seen before. What arrives there is the operator's.
pub(in super::super) async fn new_address(call: Call) -> Result<Response, ApiError> {
    call.caller.must_be_operator()?;
    call.no_fields()?;
    let made = call.admin.shared.blocking(|desk| desk.new_address()).await;
    Ok(json(&Address::of(made.map_err(|_| ApiError::broken())??)))
}
