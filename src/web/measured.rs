//! Requests, counted and timed by the pattern of their route: paths hold tokens and never get into a metric.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use super::Shared;

/// Which listener, and what it works with.
#[derive(Clone)]
pub(super) struct Measured {
    pub(super) shared: Shared,
    pub(super) listener: &'static str,
}

/// The layer around a router's routes.
pub(super) async fn measure(
    State(Measured { shared, listener }): State<Measured>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = name(request.method());
    let begun = shared.clock.now().monotonic.millis();
    let response = next.run(request).await;
    let took = shared.clock.now().monotonic.millis().saturating_sub(begun);
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status().as_u16();
    shared.metrics.answered(listener, route, method, status, Duration::from_millis(took));
    response
}

/// A method that we know: strangers may send any word.
const fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
