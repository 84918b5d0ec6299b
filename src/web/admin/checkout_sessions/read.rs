//! `GET /checkout-sessions` and `GET /checkout-sessions/{id}`.

use axum::response::Response;

use crate::domain::checkout::Session;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::list::{self, one};
use super::super::request::Look;

/// A merchant's sessions.
pub(in super::super) async fn list(look: Look) -> Result<Response, ApiError> {
    list::answer::<Session>(&look)
}

/// One session.
pub(in super::super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    one::<Session>(&look, &id, Object::Session)
}
