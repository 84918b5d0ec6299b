//! Rows that are not objects of the domain: indexes, counters and locks.

use crate::domain::bytes::{Digest, NodeId};
use crate::domain::id::{
    AccountId, ActId, ClaimId, EndpointId, KeyId, PaymentId, PayoutId, SessionId, SuspenseId,
};
use crate::domain::link::LinkId;
use crate::domain::network::Network;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Timestamp;

/// What these books are, and their counters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    /// The network; books of one network never serve another.
    pub network: Network,
    /// The node whose money this is.
    pub node_id: NodeId,
    /// Names the stretch of time in which one state of the node was carried on (DESIGN D22): 1 at first, and a number
    /// that was never used before after each restore.
    pub epoch: u64,
    /// Counts runs of the daemon.
    pub process: u64,
    /// The place in commit order that the next object gets.
    pub next_seq: u64,
    /// The hash of the last transfer.
    pub chain: Digest,
    /// True while no new claims and sessions are taken.
    pub drained: bool,
    /// When the books were opened first.
    pub created: Timestamp,
}

/// Whose token a digest is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenOwner {
    /// An API key.
    ApiKey(KeyId),
    /// The hosted page of a session.
    SessionPage(SessionId),
    /// The address of a checkout link or a payment link.
    Link(LinkId),
    /// The link behind a claim's QR code.
    ClaimLink(ClaimId, u32),
    /// A k1 of a claim, of this generation.
    K1(ClaimId, u32),
}

/// Whose a payment hash is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HashOwner {
    /// We issued it.
    Payment(PaymentId),
    /// A payout was bound to it.
    Payout(PayoutId),
    /// Money came in on it that nobody asked for.
    Suspense(SuspenseId),
}

/// An account lock: one payout at a time uses an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLock {
    /// The payout that holds it.
    pub payout: PayoutId,
    /// Since when.
    pub since: Timestamp,
}

/// Under which idempotency key an answer is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerKey {
    /// Whose key; `None` for the operator.
    pub account: Option<AccountId>,
    /// SHA-256 of the key, so that a row's key has a bound.
    pub digest: Digest,
}

/// An answer that is repeated for the same idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// SHA-256 of method, path and body: the same key with another request is a conflict.
    pub request: Digest,
    /// When it was given.
    pub created: Timestamp,
    /// The answer.
    pub outcome: Outcome,
}

/// What is known under an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The answer.
    Answered(Snapshot),
    /// An act whose outcome may be unknown; its own row says.
    Act(ActId),
}

/// The lists there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// Accounts.
    Accounts,
    /// API keys.
    ApiKeys,
    /// Cashbacks.
    Cashbacks,
    /// Sessions.
    Sessions,
    /// Payments.
    Payments,
    /// Claims.
    Claims,
    /// Payouts.
    Payouts,
    /// Transfers: all of them, or a merchant's statement.
    Transfers,
    /// Receipts in suspense.
    Suspense,
    /// Events.
    Events,
    /// Acts outside the books.
    Acts,
    /// Webhook endpoints.
    Endpoints,
    /// Messages to webhook endpoints.
    Deliveries,
    /// Checkout links.
    CheckoutLinks,
    /// Payment links.
    PaymentLinks,
    /// Merchants' own payments.
    Sends,
}

impl List {
    /// All lists, each with the byte it has in keys.
    pub const ALL: [(Self, u8); 16] = [
        (Self::Accounts, 1),
        (Self::ApiKeys, 2),
        (Self::Cashbacks, 3),
        (Self::Sessions, 4),
        (Self::Payments, 5),
        (Self::Claims, 6),
        (Self::Payouts, 7),
        (Self::Transfers, 8),
        (Self::Suspense, 9),
        (Self::Events, 10),
        (Self::Acts, 11),
        (Self::Endpoints, 12),
        (Self::Deliveries, 13),
        (Self::CheckoutLinks, 20),
        (Self::PaymentLinks, 21),
        (Self::Sends, 22),
    ];
}

/// Of whom a list is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Of all: what the operator sees.
    All,
    /// Of one account.
    Account(AccountId),
    /// Of one claim.
    Claim(ClaimId),
    /// Of one webhook endpoint.
    Endpoint(EndpointId),
}

/// One place in a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListKey {
    /// Which list.
    pub list: List,
    /// Of whom.
    pub scope: Scope,
    /// Place in commit order.
    pub seq: u64,
}
