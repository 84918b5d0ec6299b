//! `GET /events` and `GET /events/{id}`.

use axum::response::Response;

use crate::domain::event::Event;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::error::ApiError;
use super::list::{self, one};
use super::request::Look;

/// What happened to a merchant's objects.
pub(super) async fn list(look: Look) -> Result<Response, ApiError> {
    list::answer::<Event>(&look)
}

/// One event.
pub(super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    one::<Event>(&look, &id, Object::Event)
}
