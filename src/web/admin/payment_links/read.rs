//! `GET /payment-links` and `GET /payment-links/{id}`.

use axum::response::Response;

use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::link_lists::PaymentLinkRow;
use super::super::list::{self, one};
use super::super::request::Look;

/// A merchant's payment links.
pub(in super::super) async fn list(look: Look) -> Result<Response, ApiError> {
    list::answer::<PaymentLinkRow>(&look)
}

/// One payment link.
pub(in super::super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    one::<PaymentLinkRow>(&look, &id, Object::PaymentLink)
}
