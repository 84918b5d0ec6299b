//! The HTTP client for addresses that a merchant names: webhook endpoints, and the hosts of Lightning addresses. It
//! reaches public addresses only, unless it is told otherwise, and follows nobody anywhere.

use std::fmt;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

mod address;

pub use address::is_public;

/// Largest head of an answer.
const MAX_HEAD_BYTES: usize = 16 * 1024;

/// What a request may do.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Whether it may go to private addresses, and over http.
    pub allow_private: bool,
    /// How long it may take in all.
    pub timeout: Duration,
}

/// A client within these limits; status codes are for the caller to judge.
pub fn client(limits: Limits) -> Agent {
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
    Agent::with_parts(config, DefaultConnector::default(), resolver)
}

/// True if the request was not made because of where it would have gone.
pub fn is_forbidden(error: &Error) -> bool {
    match error {
        Error::Other(other) => other.is::<Forbidden>(),
        Error::RequireHttpsOnly(_) => true,
        _ => false,
    }
}

/// The host has no address that a request may go to.
#[derive(Debug)]
struct Forbidden;

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host has no public address")
    }
}

impl std::error::Error for Forbidden {}

/// Looks a host up, and lets through only what requests may go to. The connection is made to these very addresses: there
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
