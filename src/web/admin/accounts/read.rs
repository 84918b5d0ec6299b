//! `GET /accounts` and `GET /accounts/{id}`.

use axum::response::Response;

use crate::domain::account::Account;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::list::{self, one};
use super::super::request::Look;

/// All accounts.
pub(in super::super) async fn list(look: Look) -> Result<Response, ApiError> {
    look.caller.must_be_operator()?;
    list::answer::<Account>(&look)
}

/// One account.
pub(in super::super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    look.caller.must_be_operator()?;
    one::<Account>(&look, &id, Object::Account)
}
