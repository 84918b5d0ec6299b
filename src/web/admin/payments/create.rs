//! `POST /payments`.

use axum::response::Response;

use crate::domain::snapshot::Snapshot;
use crate::engine::command::NewSession;

use super::super::answer::{json, unexpected};
use super::super::checkout_sessions::{make, read_payment};
use super::super::error::ApiError;
use super::super::objects;
use super::super::request::Call;

/// Makes a payment. It has a session of its own, which `checkout_session` names: there is one way in for money.
pub(in super::super) async fn create(call: Call) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    let account = call.account()?;
    let mut form = call.form()?;
    let terms = read_payment(&mut form);
    form.finish()?;
    // Nothing was wrong, so there are terms.
    let terms = terms.ok_or_else(ApiError::broken)?;
    let done = make(&call, NewSession { account, terms }).await?;
    match &done.snapshot {
        Snapshot::Session(session, payments) if !payments.is_empty() => {
            let livemode = call.admin.shared.network.livemode();
            let payment = &payments[payments.len() - 1];
            let response = json(&objects::Payment::of(payment, session, livemode));
            Ok(call.mark(response, done.replayed))
        }
        other => Err(unexpected(other)),
    }
}
