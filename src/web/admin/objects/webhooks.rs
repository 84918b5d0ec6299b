//! Events, webhook endpoints and the messages to them.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::domain::event;
use crate::domain::webhook::{self, API_VERSION};

use super::{Common, Of};

/// An event, with the object as it was when it happened.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Event {
    #[serde(flatten)]
    common: Common,
    api_version: &'static str,
    event_type: &'static str,
    sequence: u64,
    data: Data,
    request: Request,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Data {
    #[schemars(schema_with = "super::subjects::subject")]
    object: Box<RawValue>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Request {
    id: Option<String>,
}

impl Event {
    pub(in super::super) fn of(row: &event::Event, object: Box<RawValue>, livemode: bool) -> Self {
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "events",
                account: row.account.as_ref(),
                created: row.created,
                modified: row.created,
                metadata: None,
            }
            .common(livemode),
            api_version: API_VERSION,
            event_type: row.kind.name(),
            sequence: row.seq,
            data: Data { object },
            request: Request { id: row.request.clone() },
        }
    }
}

/// A webhook endpoint. Its secret is there for those who may see it.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Endpoint {
    #[serde(flatten)]
    common: Common,
    api_version: &'static str,
    enabled_events: Vec<String>,
    status: &'static str,
    deactivated_reason: Option<&'static str>,
    url: String,
    secret: Option<String>,
    description: Option<String>,
    failing_since: Option<u64>,
}

/// Speed's words for whether anything is sent.
pub(in super::super) const ENDPOINT_STATUSES: [&str; 2] = ["active", "deactivated"];

/// Speed's word for whether anything is sent.
pub(in super::super) const fn endpoint_status(endpoint: &webhook::Endpoint) -> &'static str {
    if endpoint.is_active() { "active" } else { "deactivated" }
}

impl Endpoint {
    pub(in super::super) fn of(
        row: &webhook::Endpoint,
        secret: Option<String>,
        livemode: bool,
    ) -> Self {
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "webhook.endpoint",
                account: Some(&row.account),
                created: row.created,
                modified: row.modified,
                metadata: None,
            }
            .common(livemode),
            api_version: API_VERSION,
            enabled_events: row.terms.events.clone(),
            status: endpoint_status(row),
            deactivated_reason: row.disabled.map(webhook::DisabledReason::name),
            url: row.terms.url.clone(),
            secret,
            description: row.terms.description.clone(),
            failing_since: row.failing_since.map(|at| at.millis()),
        }
    }
}

/// A message to an endpoint.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Delivery {
    #[serde(flatten)]
    common: Common,
    webhook: String,
    event: String,
    event_type: &'static str,
    status: &'static str,
    attempts: u32,
    last_attempt_at: Option<u64>,
    last_status_code: Option<u16>,
    last_error: Option<&'static str>,
    next_attempt_at: Option<u64>,
}

impl Delivery {
    pub(in super::super) fn of(row: &webhook::Delivery, livemode: bool) -> Self {
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "webhook.delivery",
                account: Some(&row.account),
                created: row.created,
                modified: row.modified,
                metadata: None,
            }
            .common(livemode),
            webhook: row.endpoint.to_string(),
            event: row.event.to_string(),
            event_type: row.kind.name(),
            status: row.status.name(),
            attempts: row.attempts,
            last_attempt_at: row.last_attempt.map(|at| at.millis()),
            last_status_code: row.last_status,
            last_error: row.last_error.map(webhook::SendError::name),
            next_attempt_at: row.next_attempt.map(|at| at.millis()),
        }
    }
}

/// What `POST /webhooks/verify-secret` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Verified {
    pub(in super::super) exists: bool,
    pub(in super::super) status: Option<&'static str>,
}
