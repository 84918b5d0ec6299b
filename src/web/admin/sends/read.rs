//! `GET /send` and `GET /send/{id}`.

use axum::response::Response;

use crate::domain::send::InstantSend;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::list::{self, one};
use super::super::request::Look;

/// A merchant's sends.
pub(in super::super) async fn list(look: Look) -> Result<Response, ApiError> {
    list::answer::<InstantSend>(&look)
}

/// One send.
pub(in super::super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    one::<InstantSend>(&look, &id, Object::Send)
}
