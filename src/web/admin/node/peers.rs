//! `/node/peers`: whom the node knows, and where to find them again.

use axum::response::Response;

use super::super::answer::json;
use super::super::error::ApiError;
use super::super::list::Envelope;
use super::super::objects::Peer;
use super::super::request::{Call, Look};
use super::channels::contact;

/// All peers.
pub(in super::super) async fn list_peers(look: Look) -> Result<Response, ApiError> {
    look.caller.must_be_operator()?;
    let shared = &look.admin.shared;
    let peers = shared.blocking(|desk| desk.peers()).await.map_err(|_| ApiError::broken())?;
    let data: Vec<_> = peers?.into_iter().map(Peer::of).collect();
    Ok(json(&Envelope::whole(data)))
}

/// Connects with a node. Nothing is spent, and to be connected already is as good: no key is needed.
pub(in super::super) async fn connect(call: Call) -> Result<Response, ApiError> {
    call.caller.must_be_operator()?;
    let mut form = call.form()?;
    let contact = contact(&mut form);
    form.finish()?;
    // Nothing was wrong, so there is a node.
    let contact = contact.ok_or_else(ApiError::broken)?;
    let shared = &call.admin.shared;
    let asked = contact.clone();
    let peers = shared.blocking(move |desk| desk.connect(&asked)).await;
    let peers = peers.map_err(|_| ApiError::broken())??;
    let peer = peers.into_iter().find(|peer| peer.node_id == contact.node_id);
    Ok(json(&Peer::of(peer.ok_or_else(ApiError::broken)?)))
}
