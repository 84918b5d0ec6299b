//! The state of a hosted page as JSON.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Public;
use super::session::{View, read};

/// How long a customer should wait while another payout uses the account.
const RETRY_AFTER_SECS: u64 = 5;

/// `GET /s/{token}/status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Status {
    session: &'static str,
    payment: &'static str,
    claim: Option<&'static str>,
    last_error: Option<&'static str>,
    claim_expires_at: Option<u64>,
    retry_after_secs: Option<u64>,
}

impl Status {
    pub(super) fn of(view: &View) -> Self {
        let claim = view.claim.as_ref();
        Self {
            session: view.session.status.name(),
            payment: view.payment.status.name(),
            claim: claim.map(|claim| claim.status.name()),
            last_error: claim
                .and_then(|claim| claim.last_error)
                .map(crate::domain::payout::FailureCode::customer_text),
            claim_expires_at: claim.map(|claim| claim.expires_at.millis()),
            retry_after_secs: view.is_locked.then_some(RETRY_AFTER_SECS),
        }
    }
}

pub(super) async fn status(State(public): State<Public>, Path(token): Path<String>) -> Response {
    match read(&public.shared, &token) {
        Ok(view) => Json(Status::of(&view)).into_response(),
        Err(none) => none.into_response(),
    }
}
