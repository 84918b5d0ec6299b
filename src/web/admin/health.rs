//! `GET /healthz` (the process lives) and `GET /readyz` (what is not ready, and why).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::metrics::Disk;

use super::Admin;

/// Something that is not ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotReady {
    /// Which rule, as a stable word.
    pub rule: &'static str,
    /// Why, for people.
    pub message: String,
}

/// Whether the daemon is ready, and what is not.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Ready {
    ready: bool,
    not_ready: Vec<NotReady>,
    warnings: Vec<NotReady>,
}

/// Knows what is not ready. It may block, and is never asked on an async worker.
pub trait Readiness: Send + Sync {
    /// Everything that is not ready now.
    fn not_ready(&self) -> Vec<NotReady>;

    /// The data folder, where there is one.
    fn disk(&self) -> Option<Disk> {
        None
    }

    /// What the operator should know of although the daemon is ready.
    fn warnings(&self) -> Vec<NotReady> {
        vec![]
    }
}

/// `GET /healthz`.
pub(super) async fn alive() -> &'static str {
    "ok"
}

/// `GET /readyz`.
pub(super) async fn ready(State(admin): State<Admin>) -> Response {
    let readiness = std::sync::Arc::clone(&admin.readiness);
    let ask = move || (readiness.not_ready(), readiness.warnings());
    let asked = admin.shared.blocking.spawn_blocking(ask).await;
    let (not_ready, warnings) = asked.unwrap_or_else(|error| {
        (vec![NotReady { rule: "internal", message: error.to_string() }], vec![])
    });
    let ready = not_ready.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready, not_ready, warnings })).into_response()
}
