//! `/node/channels`.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::domain::act::ActOutcome;
use crate::domain::bytes::NodeId;
use crate::domain::money::Sat;
use crate::domain::snapshot::Snapshot;
use crate::ports::node_admin::NewChannel;

use super::super::answer::json;
use super::super::error::{ApiError, Problem};
use super::super::form::Form;
use super::super::list::Envelope;
use super::super::objects::Channel;
use super::super::request::{Call, Look};

/// Smallest and largest channel, in satoshis.
const MIN_SAT: u64 = 20_000;
const MAX_SAT: u64 = 1_000_000_000;

/// All channels.
pub(in super::super) async fn list_channels(look: Look) -> Result<Response, ApiError> {
    look.caller.must_be_operator()?;
    let shared = &look.admin.shared;
    let channels = shared.blocking(|desk| desk.channels()).await.map_err(|_| ApiError::broken())?;
    let data: Vec<_> = channels?.into_iter().map(Channel::of).collect();
    Ok(json(&Envelope::whole(data)))
}

/// Opens a channel (DESIGN D24): an idempotency key is required, and while the outcome under it is unknown nobody acts
/// again.
pub(in super::super) async fn open_channel(call: Call) -> Result<Response, ApiError> {
    call.caller.must_be_operator()?;
    if call.origin.idempotency.is_none() {
        let message = "opening a channel needs an Idempotency-Key header";
        let problem = Problem::field("idempotency_key_required", "Idempotency-Key", message);
        return Err(ApiError::invalid(vec![problem]));
    }
    let mut form = call.form()?;
    let new = read(&mut form);
    form.finish()?;
    // Nothing was wrong, so there is a channel.
    let new = new.ok_or_else(ApiError::broken)?;
    let origin = call.origin.clone();
    let opened = call.admin.shared.blocking(move |desk| desk.open_channel(&new, origin)).await;
    let done = opened.map_err(|_| ApiError::broken())??;
    let mut response = call.answer(&done)?;
    if let Snapshot::Act(act) = &done.snapshot
        && let ActOutcome::Refused(why) = &act.outcome
    {
        let replayed = response.headers_mut().remove("idempotent-replayed");
        let status = StatusCode::PAYMENT_REQUIRED;
        let kind = "invalid_request_error";
        response = ApiError::new(status, kind, "channel_refused", why.clone()).into_response();
        if let Some(replayed) = replayed {
            response.headers_mut().insert("idempotent-replayed", replayed);
        }
    }
    Ok(response)
}

fn read(form: &mut Form) -> Option<NewChannel> {
    let text = form.required_text("node_id", 66);
    let peer = text.as_deref().and_then(|text| NodeId::parse(text).ok());
    if text.is_some() && peer.is_none() {
        form.problem("invalid_field", "node_id", "node_id must be 66 hex digits");
    }
    let address = form.required_text("address", 300);
    if !form.has("capacity_sat") {
        form.missing("capacity_sat");
    }
    let capacity = form.number("capacity_sat", MIN_SAT, MAX_SAT).map(Sat::new);
    let announce = form.boolean("announce").unwrap_or(true);
    Some(NewChannel { peer: peer?, address: address?, capacity: capacity?, announce })
}
