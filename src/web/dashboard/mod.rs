//! The dashboard on the admin listener: pages for the shopkeeper and the operator, rendered here, without a script where
//! one is not needed. Pages ask the API in this process (`web/admin/inside.rs`) as a program would, with the rights of
//! the key that signed in; so there is no rule that only the dashboard knows.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;

use super::admin::Inside;
use super::public::rate_limit::RateLimit;

mod assets;
mod cookie;
mod icons;
mod json;
mod layout;
mod pages;
mod parts;
mod routes;
mod sessions;
mod sign_in;
mod trouble;
mod visit;
mod words;

use sessions::Sessions;
use visit::Dashboard;

/// How often one address may try a key: a few times at once, then every ten seconds.
const ATTEMPTS_PER_MINUTE: u64 = 6;
const ATTEMPTS_AT_ONCE: u64 = 8;

/// What pages may load, and where their forms may lead: only here.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The pages.
pub(super) fn router<S>(api: Arc<Inside>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let shared = api.shared();
    let sessions = Sessions::new(
        Arc::clone(&shared.clock),
        Arc::clone(&shared.entropy),
        Arc::clone(&shared.secrets),
    );
    let attempts = RateLimit::new(Arc::clone(&shared.clock), ATTEMPTS_PER_MINUTE, ATTEMPTS_AT_ONCE);
    let dash = Dashboard { sessions: Arc::new(sessions), attempts: Arc::new(attempts), api };
    routes::pages().layer(from_fn(guard)).with_state(dash)
}

/// No other site may show these pages in a frame, and nothing is loaded from anywhere else. The referrer is kept from
/// others; without any, browsers would not say the origin of a form either.
async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
