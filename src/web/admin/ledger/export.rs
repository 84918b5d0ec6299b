//! `GET /ledger/export`: every transfer, claim, payout and lock as JSON lines, for checks that share nothing with us.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::books_export;
use crate::ports::store::at_one_moment;

use super::super::error::ApiError;
use super::super::request::Look;

/// The whole books as they are at one moment.
pub(in super::super) async fn export(look: Look) -> Result<Response, ApiError> {
    look.caller.must_be_operator()?;
    let rows = std::sync::Arc::clone(&look.admin.shared.rows);
    let reading = look
        .admin
        .shared
        .blocking
        .spawn_blocking(move || at_one_moment(&*rows, books_export::lines));
    let text = reading.await.map_err(|_| ApiError::broken())??.ok_or_else(ApiError::busy)?;
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], text).into_response())
}
