//! One try: the event as its body, the headers of Standard Webhooks, a connection to an address that was looked at, and
//! the status of the answer. The answer's body is nobody's business.

use std::fmt;
use std::sync::Arc;

use ureq::{Agent, Error};

use crate::domain::event::Event;
use crate::domain::webhook::{Delivery, Endpoint, Outcome, SendError};
use crate::guarded::{self, Limits};
use crate::ports::clock::Clock;
use crate::ports::post::Post;
use crate::ports::secrets::Secrets;

use super::sign::signature;

/// How the body of a message about an event is written; `None` if the books cannot be read.
pub type Write = Box<dyn Fn(&Event) -> Option<Vec<u8>> + Send + Sync>;

/// Carries messages over HTTP.
pub struct Carrier {
    agent: Agent,
    secrets: Arc<dyn Secrets>,
    clock: Arc<dyn Clock>,
    write: Write,
}

impl fmt::Debug for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Carrier")
    }
}

impl Carrier {
    /// A carrier that signs with keys of `secrets` and has bodies written by `write`.
    pub fn new(
        limits: Limits,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
        write: Write,
    ) -> Self {
        let agent = guarded::client(limits);
        Self { agent, secrets, clock, write }
    }
}

impl Post for Carrier {
    fn post(&self, delivery: &Delivery, endpoint: &Endpoint, event: &Event) -> Outcome {
        let Some(body) = (self.write)(event) else { return Outcome::Failed(SendError::Internal) };
        let timestamp = self.clock.now().wall.millis() / 1_000;
        let id = delivery.id.as_str();
        let key = self.secrets.webhook_key(endpoint);
        let answer = self
            .agent
            .post(&endpoint.terms.url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", signature(&key, id, timestamp, &body))
            .send(&body[..]);
        match answer {
            Ok(answer) => Outcome::Answered(answer.status().as_u16()),
            Err(error) => Outcome::Failed(reason(&error)),
        }
    }
}

fn reason(error: &Error) -> SendError {
    match error {
        error if guarded::is_forbidden(error) => SendError::ForbiddenAddress,
        Error::HostNotFound => SendError::UnknownHost,
        Error::Timeout(_) => SendError::TimedOut,
        Error::Tls(_) | Error::Rustls(_) => SendError::Tls,
        Error::Protocol(_) | Error::LargeResponseHeader(..) => SendError::BadAnswer,
        _ => SendError::Connection,
    }
}
