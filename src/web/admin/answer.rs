//! What leaves: an object as the body of an answer.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::domain::snapshot::Snapshot;

use super::error::ApiError;

/// An object as the body of an answer.
pub(super) fn json(object: &impl Serialize) -> Response {
    (StatusCode::OK, Json(object)).into_response()
}

/// An order that leaves an object of another kind than it should is a mistake of ours.
pub(super) fn unexpected(snapshot: &Snapshot) -> ApiError {
    tracing::error!(?snapshot, "an order left an unexpected object");
    ApiError::broken()
}
