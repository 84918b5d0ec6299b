//! The HTTP client of this crate: blocking, bounded, and it lets the caller judge status codes.

use std::time::Duration;

use ureq::Agent;

/// A client whose calls end within `deadline`. Every call has a connection of its own: one kept from before a
/// server's outage would fail the first call after it.
pub(crate) fn client(deadline: Duration) -> Agent {
    Agent::config_builder()
        .timeout_global(Some(deadline))
        .http_status_as_error(false)
        .proxy(None)
        .max_idle_connections(0)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build()
        .into()
}
