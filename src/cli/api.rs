//! `satback api METHOD PATH [JSON]`: any admin request, with the configured key.

use crate::app::Fault;

use super::client::{Ask, ask};
use super::{Settings, print};

/// Arguments of `satback api`.
#[derive(Debug, clap::Args)]
pub(super) struct Api {
    #[command(flatten)]
    settings: Settings,
    /// GET, POST or DELETE
    method: String,
    /// The path, with its query
    path: String,
    /// The body
    json: Option<String>,
    /// Makes a POST that is repeated do nothing again
    #[arg(long)]
    idempotency_key: Option<String>,
    /// The account that the operator acts for
    #[arg(long, value_name = "ID")]
    account: Option<String>,
}

pub(super) fn run(api: &Api) -> Result<(), Fault> {
    let config = api.settings.config()?;
    let method = api.method.to_ascii_uppercase();
    let mut headers = vec![];
    if let Some(key) = &api.idempotency_key {
        headers.push(("Idempotency-Key", key.clone()));
    }
    if let Some(account) = &api.account {
        headers.push(("speed-account", account.clone()));
    }
    let path = if api.path.starts_with('/') { api.path.clone() } else { format!("/{}", api.path) };
    let request = Ask { method: &method, path: &path, body: api.json.as_deref(), headers };
    let body = ask(&config, &request)?.granted()?;
    print(&pretty(&body));
    Ok(())
}

/// JSON with line breaks; anything else as it came.
fn pretty(body: &str) -> String {
    let parsed = serde_json::from_str::<serde_json::Value>(body);
    match parsed.map(|value| serde_json::to_string_pretty(&value)) {
        Ok(Ok(text)) => format!("{text}\n"),
        _ => body.to_owned(),
    }
}
