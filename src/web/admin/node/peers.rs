//! `GET /node/peers`: whom the node knows, and where to find them again.

use axum::response::Response;

use super::super::answer::json;
use super::super::error::ApiError;
use super::super::list::Envelope;
use super::super::objects::Peer;
use super::super::request::Look;

/// All peers.
pub(in super::super) async fn list_peers(look: Look) -> Result<Response, ApiError> {
    look.caller.must_be_operator()?;
    let shared = &look.admin.shared;
    let peers = shared.blocking(|desk| desk.peers()).await.map_err(|_| ApiError::broken())?;
    let data: Vec<_> = peers?.into_iter().map(Peer::of).collect();
    Ok(json(&Envelope::whole(data)))
}
