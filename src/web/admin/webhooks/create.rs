//! `POST /webhooks`.

use axum::response::Response;

use crate::domain::webhook::{API_VERSION, EndpointTerms, is_filter};
use crate::engine::command::Order;

use super::super::error::ApiError;
use super::super::form::Form;
use super::super::request::Call;

/// Most filters of one endpoint.
const MAX_FILTERS: usize = 100;
/// Longest description.
const MAX_DESCRIPTION: usize = 255;

/// Makes a webhook endpoint.
pub(in super::super) async fn create(call: Call) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    let account = call.account()?;
    let mut form = call.form()?;
    let terms = terms(&mut form, call.admin.shared.webhooks_allow_private);
    form.finish()?;
    let terms = terms.ok_or_else(ApiError::broken)?;
    call.order(Order::CreateEndpoint(account, terms)).await
}

fn terms(form: &mut Form, allow_private: bool) -> Option<EndpointTerms> {
    let url = url(form, allow_private);
    let events = filters(form);
    let description = form.text("description", MAX_DESCRIPTION);
    form.word("api_version", API_VERSION, |text| (text == API_VERSION).then_some(()));
    form.not_offered(&["connect"]);
    Some(EndpointTerms { url: url?, events: events?, description })
}

/// Where messages go. Whether the host is private shows only when a connection is made.
fn url(form: &mut Form, allow_private: bool) -> Option<String> {
    if !form.has("url") {
        form.missing("url");
        return None;
    }
    let url = form.url("url")?;
    let parsed = url.parse::<axum::http::Uri>().ok();
    let plain = parsed.as_ref().and_then(axum::http::Uri::authority).is_some_and(|authority| {
        !authority.host().is_empty() && !authority.as_str().contains('@') && !url.contains('#')
    });
    if !plain {
        let rule = "url must name a host, without user name and without fragment";
        form.problem("invalid_field", "url", rule);
        return None;
    }
    if !allow_private && !url.starts_with("https://") {
        form.problem("invalid_field", "url", "url must be an https address");
        return None;
    }
    Some(url)
}

fn filters(form: &mut Form) -> Option<Vec<String>> {
    if !form.has("enabled_events") {
        form.missing("enabled_events");
        return None;
    }
    let filters = form.texts("enabled_events")?;
    if filters.is_empty() || filters.len() > MAX_FILTERS {
        let rule = format!("enabled_events must have 1 to {MAX_FILTERS} entries");
        form.problem("invalid_field", "enabled_events", rule);
        return None;
    }
    if !filters.iter().all(|filter| is_filter(filter)) {
        let rule = "enabled_events must be names of events, families of them (claim.*), or *";
        form.problem("invalid_field", "enabled_events", rule);
        return None;
    }
    Some(filters)
}
