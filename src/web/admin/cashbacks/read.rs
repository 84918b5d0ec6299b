//! `GET /cashbacks` and `GET /cashbacks/{id}`.

use axum::response::Response;

use crate::domain::cashback::Cashback;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::list::{self, one};
use super::super::request::Look;

/// A merchant's cashbacks.
pub(in super::super) async fn list(look: Look) -> Result<Response, ApiError> {
    list::answer::<Cashback>(&look)
}

/// One cashback.
pub(in super::super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    one::<Cashback>(&look, &id, Object::Cashback)
}
