//! Requests to the admin API of a running daemon.

use std::time::Duration;

use crate::app::Fault;
use crate::config::Config;
use crate::direct;

use super::trouble;

/// How long a request may take; an audit of large books takes its time.
const PATIENCE: Duration = Duration::from_secs(300);

/// An answer of the admin API.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    /// After how many seconds to try again.
    pub(super) retry_after: Option<String>,
    /// What the daemon's log calls the request.
    pub(super) request: Option<String>,
}

/// One request.
pub(super) struct Ask<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) body: Option<&'a str>,
    pub(super) headers: Vec<(&'a str, String)>,
}

/// Asks the daemon that runs with this configuration.
pub(super) fn ask(config: &Config, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let without = |what: String| {
        let next = "say with --config which configuration is meant, or make one: `satback init`";
        Fault::Configuration(format!("admin.operator_key: {what}\nnext: {next}"))
    };
    let key = config.admin.operator_key.as_ref().ok_or_else(|| without("not set".to_owned()))?;
    let key = key.read().map_err(|what| without(what.to_string()))?;
    let url = format!("http://{}{}", config.admin.listen, ask.path);
    let mut request = ureq::http::Request::builder()
        .method(ask.method)
        .uri(&url)
        .header("Authorization", format!("Bearer {key}"));
    for (name, value) in &ask.headers {
        request = request.header(*name, value);
    }
    if ask.body.is_some() {
        request = request.header("Content-Type", "application/json");
    }
    let request = request
        .body(ask.body.unwrap_or("").to_owned())
        .map_err(|error| Fault::Configuration(format!("{} {url}: {error}", ask.method)))?;
    let lost = |error: ureq::Error| trouble::lost(ask.method, &url, &error);
    let mut response = direct::client(PATIENCE).run(request).map_err(lost)?;
    let header = |name: &str| {
        let value = response.headers().get(name).and_then(|value| value.to_str().ok());
        value.map(str::to_owned)
    };
    let (retry_after, request) = (header("retry-after"), header("request-id"));
    let body = response.body_mut().with_config().limit(u64::MAX).read_to_string().map_err(lost)?;
    Ok(Answer { status: response.status().as_u16(), body, retry_after, request })
}

impl Answer {
    /// The body, if the request was granted.
    pub(super) fn granted(self) -> Result<String, Fault> {
        match self.status {
            200..300 => Ok(self.body),
            _ => Err(trouble::refused(&self)),
        }
    }
}
