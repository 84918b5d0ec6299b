//! `GET /claims` and `GET /claims/{id}`.

use axum::response::Response;

use crate::domain::claim::Claim;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::list::{self, one};
use super::super::request::Look;

/// A merchant's claims.
pub(in super::super) async fn list(look: Look) -> Result<Response, ApiError> {
    list::answer::<Claim>(&look)
}

/// One claim, with its payouts.
pub(in super::super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    one::<Claim>(&look, &id, Object::Claim)
}
