//! The state of a hosted page as JSON.

use crate::web::named::Named;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::domain::checkout::PaymentStatus;
use crate::domain::claim::ClaimStatus;
use crate::domain::time::Timestamp;

use super::Public;
use super::session::{View, look};

/// How long a customer should wait while another payout uses the account. (After too many failures: until it may try
/// again.)
const RETRY_AFTER_SECS: u64 = 5;

/// `GET /s/{token}/status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Status {
    session: &'static str,
    payment: &'static str,
    claim: Option<&'static str>,
    last_error: Option<&'static str>,
    claim_expires_at: Option<u64>,
    pub(super) retry_after_secs: Option<u64>,
}

impl Status {
    /// True while a wallet may claim, or may as soon as the shop's account is free.
    pub(super) fn can_be_claimed(&self) -> bool {
        self.claim == Some(ClaimStatus::Open.name())
    }

    pub(super) fn of(view: &View, now: Timestamp) -> Self {
        let claim = view.claim.as_ref();
        let pause = claim.filter(|claim| claim.must_wait(now)).and_then(|claim| claim.retry_at);
        let pause_secs = pause.map(|until| until.since(now).millis().div_ceil(1_000));
        let lock_secs = view.is_locked.then_some(RETRY_AFTER_SECS);
        Self {
            session: view.session.status.name(),
            payment: view.payment.as_ref().map_or(PaymentStatus::Unpaid, |p| p.status).name(),
            claim: claim.map(|claim| claim.status.name()),
            last_error: claim
                .and_then(|claim| claim.last_error)
                .map(crate::domain::payout::FailureCode::customer_text),
            claim_expires_at: claim.map(|claim| claim.expires_at.millis()),
            retry_after_secs: pause_secs.max(lock_secs),
        }
    }
}

pub(super) async fn status(State(public): State<Public>, Named(token): Named) -> Response {
    match look(&public.shared, &token).await {
        Ok(view) => {
            public.views.note(&public.shared, &view);
            let now = public.shared.clock.now().wall;
            Json(Status::of(&view, now)).into_response()
        }
        Err(none) => none.into_response(),
    }
}
