//! `GET /rates`: what exchange rates are, and which are missing.

use axum::response::Response;

use super::answer::json;
use super::error::ApiError;
use super::objects::Rates;
use super::request::Look;

/// All rates that something is configured for.
pub(super) async fn list(look: Look) -> Result<Response, ApiError> {
    look.caller.may_read()?;
    Ok(json(&Rates::of(&look.admin.shared.desk.rates().known())))
}
