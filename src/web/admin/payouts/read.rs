//! `GET /payouts` and `GET /payouts/{id}`.

use axum::response::Response;

use crate::domain::payout::Payout;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::list::{self, one};
use super::super::request::Look;

/// A merchant's payouts.
pub(in super::super) async fn list(look: Look) -> Result<Response, ApiError> {
    list::answer::<Payout>(&look)
}

/// One payout.
pub(in super::super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    one::<Payout>(&look, &id, Object::Payout)
}
