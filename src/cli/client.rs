//! Requests to the admin API of a running daemon.

use std::time::Duration;

use crate::app::Fault;
use crate::config::Config;
use crate::direct;

/// How long a request may take; an audit of large books takes its time.
const PATIENCE: Duration = Duration::from_secs(300);

/// An answer of the admin API.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
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
    let missing = || Fault::Configuration("admin.operator_key is not set".to_owned());
    let key = config.admin.operator_key.as_ref().ok_or_else(missing)?;
    let key =
        key.read().map_err(|what| Fault::Configuration(format!("admin.operator_key: {what}")))?;
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
    let unavailable = |error: ureq::Error| Fault::Unavailable(format!("{url}: {error}"));
    let mut response = direct::client(PATIENCE).run(request).map_err(unavailable)?;
    let body =
        response.body_mut().with_config().limit(u64::MAX).read_to_string().map_err(unavailable)?;
    Ok(Answer { status: response.status().as_u16(), body })
}

impl Answer {
    /// The body, if the request was granted.
    pub(super) fn granted(self) -> Result<String, Fault> {
        let text = format!("{} {}", self.status, self.body.trim_end());
        match self.status {
            200..300 => Ok(self.body),
            424 | 500..503 | 504.. => Err(Fault::Unavailable(text)),
            429 | 503 => Err(Fault::TryAgain(text)),
            _ => Err(Fault::Configuration(text)),
        }
    }
}
