//! `GET /webhooks` and `GET /webhooks/{id}`.

use axum::response::Response;

use crate::domain::webhook::Endpoint;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::list::{self, one};
use super::super::request::Look;

/// A merchant's webhook endpoints.
pub(in super::super) async fn list(look: Look) -> Result<Response, ApiError> {
    list::answer::<Endpoint>(&look)
}

/// One endpoint.
pub(in super::super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    one::<Endpoint>(&look, &id, Object::Endpoint)
}
