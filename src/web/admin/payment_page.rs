//! `POST /payment-page`: Speed's older way to make a session, which its browser client and its shop plugins use.

use axum::response::Response;

use super::checkout_sessions::create_as;
use super::error::ApiError;
use super::request::Call;
use super::terms::Thanks;

/// Makes a session. Speed's clients read its `url`, and send their customer there.
pub(super) async fn create(call: Call) -> Result<Response, ApiError> {
    create_as(call, Thanks::Both).await
}
