//! The admin listener (`API.md` section 3): the REST API, the dashboard, health and readiness.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use tower_http::catch_panic::CatchPanicLayer;

use crate::config;
use crate::domain::bytes::Digest;

use super::Shared;
use super::measured::{Measured, measure};

mod accounts;
mod answer;
mod auth;
mod bodies;
mod cashbacks;
mod checkout_links;
mod checkout_sessions;
mod claims;
mod declared;
mod drain;
mod error;
mod events;
mod form;
mod guard;
mod health;
mod inside;
mod ledger;
mod link_form;
mod link_lists;
mod list;
mod lists;
mod metrics;
mod node;
mod objects;
mod openapi;
mod operation;
mod payment_links;
mod payment_page;
mod payments;
mod payouts;
mod publishable;
mod rates;
mod render;
mod request;
mod routes;
mod sends;
mod terms;
mod told;
mod webhooks;

pub use health::{NotReady, Readiness};
pub(super) use inside::{Holder, Inside, Question, request_id};
pub use openapi::{RouteFacts, document, route_facts};
pub use operation::Keys;
pub use publishable::publishable;
pub use told::{MAX_BODY_BYTES, event_body};

use error::ApiError;
use guard::AllowList;
use request::InProgress;

/// What the admin listener works with.
#[derive(Clone)]
struct Admin {
    shared: Shared,
    operator: Option<Digest>,
    allow: Arc<AllowList>,
    body_max_bytes: usize,
    in_progress: Arc<InProgress>,
    readiness: Arc<dyn Readiness>,
}

/// The router of the admin listener. `operator` is the SHA-256 of the operator's key, `listen` where it really listens.
pub fn router(
    shared: Shared,
    settings: &config::Admin,
    operator: Digest,
    listen: SocketAddr,
    readiness: Arc<dyn Readiness>,
) -> Router {
    let measured = Measured { shared: shared.clone(), listener: "admin" };
    let admin = Admin {
        shared,
        operator: Some(operator),
        allow: Arc::new(AllowList::new(settings, listen)),
        body_max_bytes: settings.limits.body_max_bytes,
        in_progress: Arc::new(InProgress::default()),
        readiness,
    };
    let api = routes::api()
        .fallback(|| async { ApiError::no_route() })
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(admin.clone(), guard::admit));
    routes::open()
        .method_not_allowed_fallback(wrong_method)
        .merge(inside::dashboard(&admin))
        .merge(api)
        .layer(CatchPanicLayer::custom(|_| ApiError::broken().into_response()))
        .layer(from_fn_with_state(admin.clone(), guard::check_host))
        .layer(from_fn_with_state(admin.clone(), guard::identify))
        .layer(from_fn_with_state(measured, measure))
        .with_state(admin)
}

async fn wrong_method() -> ApiError {
    ApiError::wrong_method()
}
