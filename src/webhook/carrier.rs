//! One try: the event as its body, the headers of Standard Webhooks, a connection to an address that was looked at, and
//! the status of the answer. The answer's body is nobody's business.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use crate::domain::event::Event;
use crate::domain::webhook::{Delivery, Endpoint, Outcome, SendError};
use crate::ports::clock::Clock;
use crate::ports::post::Post;
use crate::ports::secrets::Secrets;

use super::address::is_public;
use super::sign::signature;

/// Largest head of an answer.
const MAX_HEAD_BYTES: usize = 16 * 1024;

/// How the body of a message about an event is written; `None` if the books cannot be read.
pub type Write = Box<dyn Fn(&Event) -> Option<Vec<u8>> + Send + Sync>;

/// What a try may do.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Whether it may go to private addresses, and over http.
    pub allow_private: bool,
    /// How long it may take in all.
    pub timeout: Duration,
}

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
        let config = Agent::config_builder()
            .timeout_global(Some(limits.timeout))
            .https_only(!limits.allow_private)
            // No proxy of the environment: it would connect to addresses that nobody looked at.
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_idle_connections(0)
            .max_response_header_size(MAX_HEAD_BYTES)
            .user_agent(concat!("satback/", env!("CARGO_PKG_VERSION")))
            .build();
        let resolver = Guard { resolver: DefaultResolver::default(), open: limits.allow_private };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
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
        Error::Other(other) if other.is::<Forbidden>() => SendError::ForbiddenAddress,
        Error::RequireHttpsOnly(_) => SendError::ForbiddenAddress,
        Error::HostNotFound => SendError::UnknownHost,
        Error::Timeout(_) => SendError::TimedOut,
        Error::Tls(_) | Error::Rustls(_) => SendError::Tls,
        Error::Protocol(_) | Error::LargeResponseHeader(..) => SendError::BadAnswer,
        _ => SendError::Connection,
    }
}

/// The host has no address that a message may go to.
#[derive(Debug)]
struct Forbidden;

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host has no public address")
    }
}

impl std::error::Error for Forbidden {}

/// Looks a host up, and lets through only what messages may go to. The connection is made to these very addresses: there
/// is no second look-up that could say something else.
#[derive(Debug)]
struct Guard {
    resolver: DefaultResolver,
    open: bool,
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.resolver.resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|address| self.open || is_public(address.ip())) {
            allowed.push(*address);
        }
        if allowed.is_empty() { Err(Error::Other(Box::new(Forbidden))) } else { Ok(allowed) }
    }
}
