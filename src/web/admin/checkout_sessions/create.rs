//! `POST /checkout-sessions`.

use axum::response::Response;

use crate::engine::command::NewSession;
use crate::shell::desk::Done;

use super::super::error::ApiError;
use super::super::request::Call;
use super::super::terms::Thanks;
use super::terms;

/// Makes a session with its first invoice.
pub(in super::super) async fn create(call: Call) -> Result<Response, ApiError> {
    create_as(call, Thanks::Either).await
}

/// Makes a session with its first invoice; both of Speed's paths lead here.
pub(in super::super) async fn create_as(call: Call, thanks: Thanks) -> Result<Response, ApiError> {
    call.caller.may_create_sessions()?;
    let account = call.account()?;
    let mut form = call.form()?;
    let terms = terms::read(&mut form, &call.admin.shared, thanks);
    form.finish()?;
    // Nothing was wrong, so there are terms.
    let terms = terms.ok_or_else(ApiError::broken)?;
    let done = make(&call, NewSession { account, terms }).await?;
    call.answer(&done)
}

/// Has the desk make a session.
pub(in super::super) async fn make(call: &Call, new: NewSession) -> Result<Done, ApiError> {
    let origin = call.origin.clone();
    let made = call.admin.shared.blocking(move |desk| desk.create_session(new, origin)).await;
    let done = made.map_err(|_| ApiError::broken())?;
    done.map_err(|fault| ApiError::from(fault).not_found_by("cashback.id"))
}
