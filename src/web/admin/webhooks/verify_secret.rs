//! `POST /webhooks/verify-secret`.

use axum::response::Response;
use bitcoin::hashes::cmp::fixed_time_eq;

use crate::domain::id::EndpointId;
use crate::ports::store::{List, Page, Scope, fetch, table};

use super::super::answer::json;
use super::super::error::ApiError;
use super::super::objects::{Verified, endpoint_status};
use super::super::request::Call;

/// Endpoints that are looked at, the newest ones.
const MAX_LOOKED_AT: usize = 1_000;

/// Says whether one of the account's endpoints has this address and this secret. Speed's shop plugins ask it with a
/// publishable key, so every kind of key may: who asks has the secret already.
pub(in super::super) async fn verify_secret(call: Call) -> Result<Response, ApiError> {
    let account = call.account()?;
    let mut form = call.form()?;
    let url = form.required_text("url", 1_024);
    let secret = form.required_text("secret", 255);
    form.finish()?;
    let (Some(url), Some(secret)) = (url, secret) else { return Err(ApiError::broken()) };
    let shared = &call.admin.shared;
    let (list, scope, limit) = (List::Endpoints, Scope::Account(account), MAX_LOOKED_AT);
    let (after, before, ascending) = (None, None, false);
    let page = shared.rows.page(&Page { list, scope, after, before, ascending, limit })?;
    let mut status = None;
    for (_, id) in page {
        let Ok(id) = EndpointId::parse(&id) else { continue };
        let Some(endpoint) = fetch::<table::Endpoint>(&*shared.rows, id)? else { continue };
        let own = shared.webhook_secret(&endpoint);
        let same = own.len() == secret.len() && fixed_time_eq(own.as_bytes(), secret.as_bytes());
        // The same address may have been registered twice: an active one counts before one that is not.
        if same && endpoint.terms.url == url && status != Some("active") {
            status = Some(endpoint_status(&endpoint));
        }
    }
    Ok(json(&Verified { exists: status.is_some(), status }))
}
