//! `GET /checkout-links` and `GET /checkout-links/{id}`.

use axum::response::Response;

use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::link_lists::CheckoutLinkRow;
use super::super::list::{self, one};
use super::super::request::Look;

/// A merchant's checkout links.
pub(in super::super) async fn list(look: Look) -> Result<Response, ApiError> {
    list::answer::<CheckoutLinkRow>(&look)
}

/// One checkout link.
pub(in super::super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    one::<CheckoutLinkRow>(&look, &id, Object::CheckoutLink)
}
