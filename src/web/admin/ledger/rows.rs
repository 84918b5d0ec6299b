//! `GET /balance-transactions` (a merchant's statement) and `GET /ledger/transfers` (the whole books).

use axum::response::Response;

use super::super::error::ApiError;
use super::super::list;
use super::super::lists::{BookRow, StatementRow};
use super::super::request::Look;

/// A merchant's statement: what touched its available balance.
pub(in super::super) async fn statement(look: Look) -> Result<Response, ApiError> {
    list::answer::<StatementRow>(&look)
}

/// Every row of the books.
pub(in super::super) async fn transfers(look: Look) -> Result<Response, ApiError> {
    look.caller.must_be_operator()?;
    list::answer::<BookRow>(&look)
}
