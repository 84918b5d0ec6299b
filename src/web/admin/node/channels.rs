//! `/node/channels`.

use axum::response::Response;

use crate::domain::bytes::NodeId;
use crate::domain::money::Sat;
use crate::ports::node_admin::{Closing, Contact, NewChannel};
use crate::web::named::Named;

use super::super::answer::json;
use super::super::error::ApiError;
use super::super::form::Form;
use super::super::list::Envelope;
use super::super::objects::Channel;
use super::super::request::{Call, Look};
use super::acts;

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

/// Opens a channel.
pub(in super::super) async fn open_channel(call: Call) -> Result<Response, ApiError> {
    acts::must_have_key(&call)?;
    let mut form = call.form()?;
    let new = read(&mut form);
    form.finish()?;
    // Nothing was wrong, so there is a channel.
    let new = new.ok_or_else(ApiError::broken)?;
    acts::act(call, "channel_refused", move |desk, origin| desk.open_channel(&new, origin)).await
}

/// Closes a channel: with the peer, or by force.
pub(in super::super) async fn close_channel(
    Named(id): Named,
    call: Call,
) -> Result<Response, ApiError> {
    acts::must_have_key(&call)?;
    let mut form = call.form()?;
    let force = form.boolean("force").unwrap_or(false);
    form.finish()?;
    let closing = Closing { channel_id: id, force };
    acts::act(call, "channel_refused", move |desk, origin| desk.close_channel(&closing, origin))
        .await
}

fn read(form: &mut Form) -> Option<NewChannel> {
    let contact = contact(form);
    if !form.has("capacity_sat") {
        form.missing("capacity_sat");
    }
    let capacity = form.number("capacity_sat", MIN_SAT, MAX_SAT).map(Sat::new);
    let announce = form.boolean("announce").unwrap_or(true);
    Some(NewChannel { contact: contact?, capacity: capacity?, announce })
}

/// Where a node can be met.
pub(super) fn contact(form: &mut Form) -> Option<Contact> {
    let text = form.required_text("node_id", 66);
    let node_id = text.as_deref().and_then(|text| NodeId::parse(text).ok());
    if text.is_some() && node_id.is_none() {
        form.problem("invalid_field", "node_id", "node_id must be 66 hex digits");
    }
    let address = form.required_text("address", 300);
    Some(Contact { node_id: node_id?, address: address? })
}
