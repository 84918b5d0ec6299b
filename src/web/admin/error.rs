//! Errors of the admin API: one table from what the engine refuses to status, type, code, text and parameter. Nothing
//! else knows status codes.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::currency::Currency;
use crate::domain::payout::Refused;
use crate::engine::queue::NoAnswer;
use crate::engine::reply::{Object, Refusal};
use crate::ports::rates::NoRate;
use crate::ports::store::StoreFault;

mod desk;
mod sends;

/// One problem of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    code: &'static str,
    message: String,
    param: Option<String>,
}

/// All problems of a request.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Errors {
    errors: Vec<Problem>,
}

impl Problem {
    /// Something that is wrong with the request as a whole.
    pub(super) fn whole(code: &'static str, message: impl Into<String>) -> Self {
        Self { kind: "invalid_request_error", code, message: message.into(), param: None }
    }

    /// A field that breaks a rule.
    pub(super) fn field(code: &'static str, param: &str, message: impl Into<String>) -> Self {
        let param = Some(param.to_owned());
        Self { kind: "invalid_request_error", code, message: message.into(), param }
    }
}

/// An answer that is not the one that was wished for.
#[derive(Clone, Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    problems: Vec<Problem>,
}

impl ApiError {
    pub(super) fn new(
        status: StatusCode,
        kind: &'static str,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        let problem = Problem { kind, code, message: message.into(), param: None };
        Self { status, problems: vec![problem] }
    }

    /// Names the field that something was not found by.
    pub(super) fn not_found_by(self, param: &str) -> Self {
        if self.status == StatusCode::NOT_FOUND { self.about(param) } else { self }
    }

    /// Names the field by what it is called in this request.
    pub(super) fn renamed(mut self, from: &str, to: &str) -> Self {
        for problem in &mut self.problems {
            if problem.param.as_deref() == Some(from) {
                problem.param = Some(to.to_owned());
            }
        }
        self
    }

    fn about(mut self, param: &str) -> Self {
        for problem in &mut self.problems {
            problem.param = Some(param.to_owned());
        }
        self
    }

    /// All problems of a request at once.
    pub(super) const fn invalid(problems: Vec<Problem>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, problems }
    }

    pub(super) fn unauthorized(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "authentication_error", "unauthorized", message)
    }

    pub(super) fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "permission_error", "forbidden", message)
    }

    pub(super) fn not_found(object: Object) -> Self {
        let message = format!("there is no such {}", name(object));
        Self::new(StatusCode::NOT_FOUND, "invalid_request_error", "not_found", message)
    }

    pub(super) fn no_route() -> Self {
        let message = "there is no such path";
        Self::new(StatusCode::NOT_FOUND, "invalid_request_error", "not_found", message)
    }

    pub(super) fn wrong_method() -> Self {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        let message = "this path does not know that method";
        Self::new(status, "invalid_request_error", "method_not_allowed", message)
    }

    pub(super) fn conflict(code: &'static str, message: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "idempotency_error", code, message)
    }

    /// Commits come too often to read all of the books between two of them.
    pub(super) fn busy() -> Self {
        closed("busy", "too many commits at the moment, try again")
    }

    /// Nothing is priced without a rate that is known to be fresh (DESIGN D19).
    pub(super) fn no_rate(currency: Currency, why: NoRate) -> Self {
        let message = format!("there is no exchange rate for {}: {why}", currency.code());
        refused("rate_unavailable", &message).about("currency")
    }

    pub(super) fn broken() -> Self {
        let message = "something broke here; the log has it under this request's id";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "api_error", "internal", message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let retry_later =
            matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::FAILED_DEPENDENCY);
        let mut response = (self.status, Json(Errors { errors: self.problems })).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let basic = HeaderValue::from_static("Basic realm=\"satback\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
        }
        if retry_later {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

const fn name(object: Object) -> &'static str {
    match object {
        Object::Account => "account",
        Object::ApiKey => "key",
        Object::Cashback => "cashback",
        Object::Session => "checkout session",
        Object::Payment => "payment",
        Object::CheckoutLink => "checkout link",
        Object::PaymentLink => "payment link",
        Object::Claim => "claim",
        Object::Payout => "payout",
        Object::Send => "send",
        Object::Transfer => "transfer",
        Object::Suspense => "receipt in suspense",
        Object::Act => "act",
        Object::Channel => "channel",
        Object::Event => "event",
        Object::Endpoint => "webhook endpoint",
        Object::Delivery => "message",
    }
}

impl From<StoreFault> for ApiError {
    fn from(fault: StoreFault) -> Self {
        tracing::error!(%fault, "the books cannot be read");
        Self::broken()
    }
}

impl From<NoAnswer> for ApiError {
    fn from(none: NoAnswer) -> Self {
        match none {
            NoAnswer::Full => closed("queue_full", "too much to do at the moment, try again"),
            NoAnswer::Ended => closed("ending", "the daemon is ending"),
        }
    }
}

/// What a cashback, a session or a link cannot be.
fn terms(refusal: &Refusal) -> ApiError {
    match refusal {
        Refusal::CashbackInactive => {
            let message = "the cashback is not active";
            ApiError::invalid(vec![Problem::field("cashback_inactive", "cashback.id", message)])
        }
        Refusal::SessionNotActive => misfit("session_not_active", "the session was paid"),
        Refusal::LinkNotActive => misfit("link_not_active", "the link is paid or closed"),
        Refusal::AlreadyAssigned => misfit("already_assigned", "the receipt was assigned before"),
        Refusal::CashbackOver => {
            misfit("cashback_deactivated", "a deactivated cashback cannot be changed any more")
        }
        Refusal::EndTooEarly => invalid("end_date", "must be after start_date and in the future"),
        Refusal::NotAChoice => invalid("amount", "is none that the customer may choose"),
        Refusal::TooManyPayments => {
            misfit("too_many_payments", "the session has had as many payments as it may have")
        }
        Refusal::TwoEndings => invalid("success_message", "and success_url exclude each other"),
        Refusal::TooLong => {
            invalid("metadata", "and the other texts of a session are too long together")
        }
        Refusal::Unpriced => refused("rate_unavailable", "there is no exchange rate any more"),
        Refusal::ClaimNotOpen => misfit("claim_not_open", "only an open claim can be cancelled"),
        _ => ApiError::broken(),
    }
}

/// A field that breaks a rule of the books.
fn invalid(field: &str, rule: &str) -> ApiError {
    let message = format!("{field} {rule}");
    ApiError::invalid(vec![Problem::field("invalid_field", field, message)])
}

/// A request that is well formed but cannot be granted.
fn refused(code: &'static str, message: &str) -> ApiError {
    ApiError::new(StatusCode::PAYMENT_REQUIRED, "invalid_request_error", code, message)
}

/// A request that does not fit what is.
fn misfit(code: &'static str, message: &str) -> ApiError {
    ApiError::new(StatusCode::CONFLICT, "invalid_request_error", code, message)
}

fn closed(code: &'static str, message: &str) -> ApiError {
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "api_error", code, message)
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoSuch(object) => Self::not_found(object),
            Refusal::CashbackInactive
            | Refusal::SessionNotActive
            | Refusal::LinkNotActive
            | Refusal::ClaimNotOpen
            | Refusal::CashbackOver
            | Refusal::EndTooEarly
            | Refusal::NotAChoice
            | Refusal::TooManyPayments
            | Refusal::TwoEndings
            | Refusal::TooLong
            | Refusal::AlreadyAssigned
            | Refusal::Unpriced => terms(&refusal),
            Refusal::BeyondUnallocated => refused(
                "beyond_unallocated",
                "the operator's own money in the books does not cover the amount",
            )
            .about("amount"),
            Refusal::BeyondAvailable => {
                refused("beyond_available", "the account's balance does not cover the amount")
                    .about("amount")
            }
            Refusal::TooManyParked => {
                refused("too_many_parked", "the account has three parked payouts already")
            }
            Refusal::Payout(refused) => payout(refused),
            Refusal::WrongPreimage => {
                let message = "the preimage does not hash to the payout's payment hash";
                Self::invalid(vec![Problem::field("wrong_preimage", "preimage", message)])
            }
            Refusal::TooManyEndpoints => too_many_endpoints(),
            Refusal::EndpointDisabled => {
                misfit("webhook_disabled", "the webhook endpoint is disabled")
            }
            Refusal::TooManyWaiting => too_many_waiting(),
            Refusal::IdempotencyConflict => Self::conflict(
                "idempotency_key_reused",
                "this idempotency key was used with another request",
            ),
            Refusal::OutcomeUnknown => Self::conflict(
                "outcome_unknown",
                "nobody knows what became of the act under this key; it is not done again",
            ),
            Refusal::Drained => closed("drained", "no new claims and sessions are taken"),
            Refusal::Stopping => closed("stopping", "the daemon is ending"),
            Refusal::LowDisk => closed("disk_low", "the disk has too little room"),
            Refusal::Frozen(rule) => {
                closed("frozen", &format!("the books are frozen until this is mended: {rule}"))
            }
            Refusal::Invoice(_)
            | Refusal::TooManyStuck
            | Refusal::Locked
            | Refusal::InsufficientFunds
            | Refusal::Paused => sends::refusal(&refusal),
            Refusal::UnknownLink
            | Refusal::WrongK1
            | Refusal::OldK1
            | Refusal::AlreadyProcessing
            | Refusal::AlreadyUsed
            | Refusal::ClaimExpired
            | Refusal::ClaimCancelled
            | Refusal::TooManyFailures => {
                tracing::error!(?refusal, "a refusal for wallets reached the admin API");
                Self::broken()
            }
        }
    }
}

fn too_many_endpoints() -> ApiError {
    let message = "the account has as many active webhook endpoints as it may have";
    refused("too_many_webhooks", message)
}

fn too_many_waiting() -> ApiError {
    refused("too_many_waiting", "too many messages wait for this endpoint already")
}

fn payout(refused: Refused) -> ApiError {
    match refused {
        Refused::NotReserved | Refused::NotParkable => misfit(
            "not_parkable",
            "only a payout that is in flight or in doubt and not parked can be parked",
        ),
        Refused::AlreadyResolved => misfit("already_resolved", "the payout is resolved already"),
        Refused::CurrentEpoch => misfit(
            "current_epoch",
            "the node will tell the outcome of this payout by itself; only payouts that it said have \
             failed after it lost a channel, or from before a restore, can be written off",
        ),
        Refused::BeforeDeadline => {
            misfit("before_deadline", "the payout's deadline height has not come yet")
        }
    }
}
