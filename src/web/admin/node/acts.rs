//! Acts outside the books (DESIGN D24): an idempotency key is required, and while the outcome under it is unknown nobody
//! acts again.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::domain::act::ActOutcome;
use crate::domain::snapshot::Snapshot;
use crate::engine::command::Origin;
use crate::engine::queue::Handle;
use crate::shell::desk::{Desk, DeskFault, Done};

use super::super::error::{ApiError, Problem};
use super::super::request::Call;

/// Who acts is the operator, and says under which key.
pub(super) fn must_have_key(call: &Call) -> Result<(), ApiError> {
    call.caller.must_be_operator()?;
    if call.origin.idempotency.is_some() {
        return Ok(());
    }
    let message = "this needs an Idempotency-Key header: it cannot be taken back";
    let problem = Problem::field("idempotency_key_required", "Idempotency-Key", message);
    Err(ApiError::invalid(vec![problem]))
}

/// Acts, and answers with the act; what the node refused is a 402 with this code.
pub(super) async fn act(
    call: Call,
    refused: &'static str,
    act: impl FnOnce(&Desk<Handle>, Origin) -> Result<Done, DeskFault> + Send + 'static,
) -> Result<Response, ApiError> {
    let origin = call.origin.clone();
    let acted = call.admin.shared.blocking(move |desk| act(desk, origin)).await;
    let done = acted.map_err(|_| ApiError::broken())??;
    match &done.snapshot {
        Snapshot::Act(act) => match &act.outcome {
            ActOutcome::Refused(why) => {
                let status = StatusCode::PAYMENT_REQUIRED;
                let error = ApiError::new(status, "invalid_request_error", refused, why.clone());
                Ok(call.mark(error.into_response(), done.replayed))
            }
            ActOutcome::Done(_) | ActOutcome::Unknown => call.answer(&done),
        },
        _ => call.answer(&done),
    }
}
