//! `GET /payments` and `GET /payments/{id}`.

use axum::response::Response;

use crate::domain::checkout::Payment;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::list::{self, one};
use super::super::request::Look;

/// A merchant's payments.
pub(in super::super) async fn list(look: Look) -> Result<Response, ApiError> {
    list::answer::<Payment>(&look)
}

/// One payment.
pub(in super::super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    one::<Payment>(&look, &id, Object::Payment)
}
