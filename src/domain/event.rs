//! What we tell the merchant: one event for each thing that happened, with the object as it was then.

use super::id::{AccountId, EventId};
use super::snapshot::Snapshot;
use super::time::Timestamp;

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)+) => {
        /// What happened. The names are Speed's where Speed has one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EventKind {
            $($(#[$doc])* $kind,)+
        }

        impl EventKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)+];

            /// The name in the API.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }

            /// Reads a name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name() == name)
            }
        }
    };
}

event_kinds! {
    /// An invoice was made for a session.
    PaymentCreated = "payment.created",
    /// Money came in and paid the session.
    PaymentPaid = "payment.paid",
    /// An invoice expired unpaid.
    PaymentExpired = "payment.expired",
    /// A session was closed with an unpaid invoice.
    PaymentCancelled = "payment.cancelled",
    /// Money came in that did not pay the session.
    PaymentLate = "payment.late",
    /// A session was made.
    SessionCreated = "checkout_session.created",
    /// A session was paid in full.
    SessionPaid = "checkout_session.paid",
    /// A payment of a session was paid.
    SessionPaymentPaid = "checkout_session.payment_paid",
    /// A session was closed.
    SessionDeactivated = "checkout_session.deactivated",
    /// A checkout link was made.
    CheckoutLinkCreated = "checkout_link.created",
    /// The session of a checkout link was paid.
    CheckoutLinkPaid = "checkout_link.paid",
    /// A checkout link was closed.
    CheckoutLinkDeactivated = "checkout_link.deactivated",
    /// A payment link was made.
    PaymentLinkCreated = "payment_link.created",
    /// A session of a payment link was paid.
    PaymentLinkPaymentReceived = "payment_link.paymentreceived",
    /// A payment link was closed.
    PaymentLinkDeactivated = "payment_link.deactivated",
    /// A payment link was opened again.
    PaymentLinkActivated = "payment_link.activated",
    /// A cashback was made.
    CashbackCreated = "cashback.created",
    /// A cashback changed, by hand or because its start date came.
    CashbackUpdated = "cashback.updated",
    /// A cashback is over.
    CashbackDeactivated = "cashback.deactivated",
    /// A paid session opened a claim.
    ClaimCreated = "claim.created",
    /// A wallet brought an invoice.
    ClaimProcessing = "claim.processing",
    /// The cashback arrived.
    ClaimPaid = "claim.paid",
    /// A payout failed; the claim is open again.
    ClaimFailed = "claim.failed",
    /// Nobody claimed it in time.
    ClaimExpired = "claim.expired",
    /// The claim was withdrawn.
    ClaimCancelled = "claim.cancelled",
    /// A payout takes too long.
    PayoutStuck = "payout.stuck",
    /// A payout gave its lock back.
    PayoutParked = "payout.parked",
    /// Nobody can tell whether a payout left.
    PayoutInDoubt = "payout.in_doubt",
    /// A merchant's own payment was ordered.
    SendCreated = "withdraw.created",
    /// A merchant's own payment arrived.
    SendPaid = "withdraw.paid",
    /// A merchant's own payment did not leave; amount and fees are back.
    SendFailed = "withdraw.failed",
    /// Money came in on a hash that we never issued.
    SuspenseReceived = "suspense.received",
    /// A payout left after it had been booked as failed, cost more than its budget, or had money sent to us on its hash.
    PayoutIncident = "payout.incident",
    /// What an account has available fell below what it should.
    LowBalance = "account.low_balance",
    /// The operator's own money in the node fell below zero.
    NodeDeficit = "node.deficit",
    /// Nothing more is sent to a webhook endpoint, by hand or because it took nothing.
    WebhookDisabled = "webhook.disabled",
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Its place in commit order.
    pub seq: u64,
    /// Whom it concerns; `None` for the operator alone.
    pub account: Option<AccountId>,
    /// What happened.
    pub kind: EventKind,
    /// The object as it was then.
    pub subject: Snapshot,
    /// The request that caused it, if a request did.
    pub request: Option<String>,
    /// When it happened.
    pub created: Timestamp,
}
