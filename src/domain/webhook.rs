//! Webhook endpoints and the messages that go to them: which events an endpoint wants, when a message is tried again, and
//! when an endpoint is given up.

use super::event::EventKind;
use super::id::{AccountId, DeliveryId, EndpointId, EventId};
use super::time::{Span, Timestamp};

#[cfg(test)]
mod tests;

/// The version of Speed's API whose shapes objects have; endpoints and events name it.
pub const API_VERSION: &str = "2022-10-15";
/// Names of Speed's events that satback never sends: an endpoint may ask for them all the same.
const SPEEDS: [&str; 12] = [
    "payment.confirmed",
    "checkout_link.created",
    "checkout_link.paid",
    "payment_link.created",
    "payment_link.paymentreceived",
    "withdraw.created",
    "withdraw.paid",
    "withdraw.failed",
    "withdraw_request.created",
    "withdraw_request.paid",
    "withdraw_request.failed",
    "connect.completed",
];

/// True if an endpoint may ask for this: `*`, the name of an event, or a family of them (`claim.*`).
pub fn is_filter(text: &str) -> bool {
    let known = || EventKind::ALL.iter().map(|kind| kind.name()).chain(SPEEDS);
    match text.strip_suffix('*') {
        Some("") => true,
        Some(family) => {
            family.ends_with('.')
                && family.len() > 1
                && known().any(|name| name.starts_with(family))
        }
        None => known().any(|name| name == text),
    }
}

/// Why nothing is sent to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisabledReason {
    /// The merchant said so.
    Manual,
    /// It answered 410 Gone.
    Gone,
    /// From the first try of a message to the last, over days, it took no message at all.
    Failing,
    /// Too many messages waited for it.
    Backlog,
}

impl DisabledReason {
    /// All reasons.
    pub const ALL: [Self; 4] = [Self::Manual, Self::Gone, Self::Failing, Self::Backlog];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Gone => "gone",
            Self::Failing => "failing",
            Self::Backlog => "backlog",
        }
    }

    /// Reads the word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// Where a merchant wants to be told what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Its place in commit order.
    pub seq: u64,
    /// Whose.
    pub account: AccountId,
    /// What the merchant said of it.
    pub terms: EndpointTerms,
    /// Why nothing is sent to it; `None` while it is active.
    pub disabled: Option<DisabledReason>,
    /// Its secret is derived with this number (DESIGN D11).
    pub secret_generation: u32,
    /// The place in commit order at which it was last made active: what happened before is not sent any more.
    pub active_since: u64,
    /// When the first message failed that no message has arrived since.
    pub failing_since: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
}

/// What a merchant says of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointTerms {
    /// Where messages go.
    pub url: String,
    /// Which events it wants: filters in the sense of [`is_filter`].
    pub events: Vec<String>,
    /// The merchant's own note.
    pub description: Option<String>,
}

impl Endpoint {
    /// True while messages are sent to it.
    pub const fn is_active(&self) -> bool {
        self.disabled.is_none()
    }

    /// True if it wants to be told of this.
    pub fn wants(&self, kind: EventKind) -> bool {
        self.terms.events.iter().any(|filter| match filter.strip_suffix('*') {
            Some(family) => kind.name().starts_with(family),
            None => kind.name() == filter,
        })
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// It is to be sent, or sent again.
    Pending,
    /// The endpoint took it.
    Delivered,
    /// It was tried as often as it may be.
    Failed,
    /// The endpoint was disabled before it arrived.
    Cancelled,
}

impl DeliveryStatus {
    /// All statuses.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Delivered, Self::Failed, Self::Cancelled];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// Why a try brought no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The address is not one that messages may go to.
    ForbiddenAddress,
    /// The host's name leads nowhere.
    UnknownHost,
    /// Nobody takes the connection, or it broke.
    Connection,
    /// The certificate, or what else TLS is about.
    Tls,
    /// It took too long.
    TimedOut,
    /// What came back is no HTTP.
    BadAnswer,
    /// We could not write it.
    Internal,
}

impl SendError {
    /// All errors.
    pub const ALL: [Self; 7] = [
        Self::ForbiddenAddress,
        Self::UnknownHost,
        Self::Connection,
        Self::Tls,
        Self::TimedOut,
        Self::BadAnswer,
        Self::Internal,
    ];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ForbiddenAddress => "forbidden_address",
            Self::UnknownHost => "unknown_host",
            Self::Connection => "connection_failed",
            Self::Tls => "tls_failed",
            Self::TimedOut => "timed_out",
            Self::BadAnswer => "bad_answer",
            Self::Internal => "internal_error",
        }
    }

    /// Reads the word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|error| error.name() == name)
    }
}

/// What came of one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint answered with this HTTP status.
    Answered(u16),
    /// It did not answer.
    Failed(SendError),
}

impl Outcome {
    /// Only a 2xx means that the endpoint took the message; a redirection is not followed.
    pub const fn is_success(self) -> bool {
        matches!(self, Self::Answered(200..=299))
    }
}

/// A message: one event on its way to one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, the `webhook-id` of all its tries.
    pub id: DeliveryId,
    /// Its place in commit order.
    pub seq: u64,
    /// Whose.
    pub account: AccountId,
    /// Where it goes.
    pub endpoint: EndpointId,
    /// What it tells.
    pub event: EventId,
    /// What happened, in a word.
    pub kind: EventKind,
    /// What became of it.
    pub status: DeliveryStatus,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was tried first.
    pub first_attempt: Option<Timestamp>,
    /// When it was tried last.
    pub last_attempt: Option<Timestamp>,
    /// The HTTP status of the last answer, if the last try had one.
    pub last_status: Option<u16>,
    /// Why the last try had none.
    pub last_error: Option<SendError>,
    /// When it is tried again; `None` for a first try, which is due at once.
    pub next_attempt: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
}

/// Tries beyond which a message is given up.
pub const MAX_ATTEMPTS: u32 = 12;
/// The pauses after the first try, the second, …: those of Standard Webhooks, and two more days, which makes five.
const PAUSES_SECS: [u64; 11] =
    [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400, 86_400];
/// Jitter goes this many thousandths of a pause to either side, so that what failed together does not come back together.
const JITTER_THOUSANDTHS: u64 = 100;

/// The pause after `attempts` tries, jittered by a random number; `None` if there is no further try.
pub fn pause_after(attempts: u32, random: u64) -> Option<Span> {
    let index = usize::try_from(attempts).ok()?.checked_sub(1)?;
    let millis = PAUSES_SECS.get(index)? * 1_000;
    let thousandths = 1_000 - JITTER_THOUSANDTHS + random % (2 * JITTER_THOUSANDTHS + 1);
    Some(Span::from_millis(millis * thousandths / 1_000))
}

impl Delivery {
    /// Takes note of a try that ended `now`.
    pub fn tried(&mut self, outcome: Outcome, now: Timestamp, random: u64) {
        self.attempts += 1;
        self.first_attempt.get_or_insert(now);
        self.last_attempt = Some(now);
        (self.last_status, self.last_error) = match outcome {
            Outcome::Answered(status) => (Some(status), None),
            Outcome::Failed(error) => (None, Some(error)),
        };
        self.modified = now;
        let pause = pause_after(self.attempts, random);
        self.next_attempt = None;
        match pause {
            _ if outcome.is_success() => self.status = DeliveryStatus::Delivered,
            Some(pause) => self.next_attempt = Some(now + pause),
            None => self.status = DeliveryStatus::Failed,
        }
    }

    /// True once nothing more is done with it.
    pub fn is_over(&self) -> bool {
        self.status != DeliveryStatus::Pending
    }
}

impl Endpoint {
    /// Takes note of a try, after the message did; why nothing more is to be sent here, if so.
    pub fn tried(
        &mut self,
        delivery: &Delivery,
        outcome: Outcome,
        now: Timestamp,
    ) -> Option<DisabledReason> {
        if outcome.is_success() {
            self.failing_since = None;
            return None;
        }
        let since = *self.failing_since.get_or_insert(now);
        if outcome == Outcome::Answered(410) {
            return Some(DisabledReason::Gone);
        }
        let all_along = delivery.first_attempt.is_some_and(|first| since <= first);
        (delivery.status == DeliveryStatus::Failed && all_along).then_some(DisabledReason::Failing)
    }
}
