//! `GET /node`.

use axum::response::Response;

use super::super::answer::json;
use super::super::error::ApiError;
use super::super::objects::NodeObject;
use super::super::request::Look;

/// What the node is and how it fares.
pub(in super::super) async fn get(look: Look) -> Result<Response, ApiError> {
    look.caller.must_be_operator()?;
    let shared = &look.admin.shared;
    let node = shared.blocking(|desk| desk.node()).await.map_err(|_| ApiError::broken())?;
    let (info, chain, liquidity) = node?;
    Ok(json(&NodeObject::of(info, chain, liquidity, shared.network.name())))
}
