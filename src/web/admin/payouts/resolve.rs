//! `POST /payouts/{id}/resolve`.

use axum::response::Response;

use crate::domain::bytes::Preimage;
use crate::domain::id::PayoutId;
use crate::engine::command::{Order, Resolution};
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::request::Call;

/// Longest reason.
const MAX_REASON: usize = 500;

/// The operator says what became of a payout: `paid` with the preimage that proves it, or `failed` with a reason, which
/// is allowed only for payouts of an earlier node epoch past their deadline height (DESIGN D22).
pub(in super::super) async fn resolve(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    call.caller.must_be_operator()?;
    let id = PayoutId::parse(&id).map_err(|_| ApiError::not_found(Object::Payout))?;
    let mut form = call.form()?;
    if !form.has("status") {
        form.missing("status");
    }
    let paid = form.word("status", "paid or failed", |word| match word {
        "paid" => Some(true),
        "failed" => Some(false),
        _ => None,
    });
    let resolution = match paid {
        Some(true) => {
            form.not_offered(&["reason"]);
            let hex = form.required_text("preimage", 64);
            let preimage = hex.as_deref().and_then(|hex| Preimage::parse(hex).ok());
            if hex.is_some() && preimage.is_none() {
                form.problem("invalid_field", "preimage", "preimage must be 64 hex digits");
            }
            preimage.map(Resolution::Paid)
        }
        Some(false) => {
            form.not_offered(&["preimage"]);
            form.required_text("reason", MAX_REASON).map(Resolution::Failed)
        }
        None => {
            // It would decide what the rest means.
            form.forget(&["preimage", "reason"]);
            None
        }
    };
    form.finish()?;
    // Nothing was wrong, so there is a resolution.
    let resolution = resolution.ok_or_else(ApiError::broken)?;
    call.order(Order::ResolvePayout(id, resolution)).await
}
