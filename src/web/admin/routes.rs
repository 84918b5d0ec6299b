//! Every route of the admin listener, in tables of which the router is made and the OpenAPI document too: a route that
//! is not in a table does not exist, and one that is has said who may use it, what it reads and what it answers.

use std::sync::Arc;

use axum::Router;

use super::operation::{Keys, Operation, Route};
use super::{Admin, health, metrics, openapi};

mod buyers;
mod merchants;
mod operator;

/// Routes that need no key.
fn without_key() -> Vec<Route> {
    use super::operation::get;
    vec![
        get("/healthz", health::alive, Keys::None, "Says `ok` as long as the process lives.")
            .answers_text("text/plain; charset=utf-8"),
        get("/readyz", health::ready, Keys::None, "What is not ready, and why.")
            .answers::<health::Ready>()
            .may(&[503]),
        get(
            "/metrics",
            metrics::metrics,
            Keys::None,
            "What is counted and measured, for Prometheus.",
        )
        .answers_text(crate::metrics::CONTENT_TYPE),
        get("/openapi.json", openapi::get, Keys::None, "This document.")
            .answers_text("application/json"),
    ]
}

/// Routes that need a key.
fn with_key() -> Vec<Route> {
    [buyers::routes(), merchants::routes(), operator::routes()].into_iter().flatten().collect()
}

fn router(routes: Vec<Route>) -> Router<Admin> {
    routes.into_iter().fold(Router::new(), |router, route| {
        let (operation, methods) = route.split();
        router.route(operation.path, methods)
    })
}

/// Routes that need no key.
pub(super) fn open() -> Router<Admin> {
    router(without_key())
}

/// Routes that need a key.
pub(super) fn api() -> Router<Admin> {
    router(with_key())
}

/// What a publishable key may call, wherever it is taken.
pub(super) fn publishable() -> Router<Admin> {
    let mut routes = with_key();
    routes.retain(|route| route.operation.keys == Keys::Sessions);
    router(routes)
}

/// Every operation.
pub(super) fn operations() -> Vec<Arc<Operation>> {
    let all = without_key().into_iter().chain(with_key());
    all.map(|route| route.split().0).collect()
}
