//! `GET /payments` and `GET /payments/{id}`.

use axum::response::Response;

use crate::domain::checkout::Payment;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::error::ApiError;
use super::list::{self, one};
use super::request::Look;

/// A merchant's payments.
pub(super) async fn list(look: Look) -> Result<Response, ApiError> {
    list::answer::<Payment>(&look)
}

/// One payment.
pub(super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    one::<Payment>(&look, &id, Object::Payment)
}
