//! The HTTP client for requests that carry a secret: they go to the one address they are meant for and to nobody else,
//! whatever proxy the environment names and wherever an answer points.

use std::time::Duration;

/// A blocking client whose requests end within `patience`; status codes are for the caller to judge.
pub(crate) fn client(patience: Duration) -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(patience))
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .build()
        .into()
}
