//! `GET /node/payments`: what the node itself has on record, beside what the books say.

use axum::response::Response;

use super::super::answer::json;
use super::super::error::ApiError;
use super::super::list::Envelope;
use super::super::objects::NodePayment;
use super::super::request::Look;

/// All Lightning payments that the node has a record of.
pub(in super::super) async fn list_payments(look: Look) -> Result<Response, ApiError> {
    look.caller.must_be_operator()?;
    let shared = &look.admin.shared;
    let records = shared.blocking(|desk| desk.records()).await.map_err(|_| ApiError::broken())?;
    let data: Vec<_> = records?.into_iter().map(NodePayment::of).collect();
    Ok(json(&Envelope::whole(data)))
}
