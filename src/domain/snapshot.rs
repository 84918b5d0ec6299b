//! Objects as they were at some moment: what an event tells, and what an idempotency key repeats. Secrets are not
//! part of any object (DESIGN D11); they are put in when an answer leaves.

use super::account::{Account, ApiKey};
use super::act::Act;
use super::cashback::Cashback;
use super::checkout::{Payment, Session};
use super::claim::Claim;
use super::id::PaymentId;
use super::ledger::Transfer;
use super::link::Link;
use super::payout::Payout;
use super::send::InstantSend;
use super::suspense::SuspenseReceipt;
use super::webhook::{Delivery, Endpoint};

/// An object as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Snapshot {
    /// An account.
    Account(Box<Account>),
    /// An API key, without the key.
    ApiKey(Box<ApiKey>),
    /// A cashback.
    Cashback(Box<Cashback>),
    /// A session with the newest of its payments, oldest first ([`Snapshot::session`]).
    Session(Box<Session>, Vec<Payment>),
    /// A payment.
    Payment(Box<Payment>),
    /// A link, with the payments of a checkout link's session.
    Link(Box<Link>, Vec<PaymentId>),
    /// A claim, with the payout that this is about if there is one.
    Claim(Box<Claim>, Option<Box<Payout>>),
    /// A payout.
    Payout(Box<Payout>),
    /// A send, with its payout.
    Send(Box<InstantSend>, Box<Payout>),
    /// A ledger row.
    Transfer(Box<Transfer>),
    /// A receipt in suspense.
    Suspense(Box<SuspenseReceipt>),
    /// An act outside the books.
    Act(Box<Act>),
    /// A webhook endpoint, without its secret.
    Endpoint(Box<Endpoint>),
    /// A message to a webhook endpoint.
    Delivery(Box<Delivery>),
    /// Whether the daemon is drained.
    Drained(bool),
    /// An address of the on-chain wallet.
    Address(String),
    /// What the operator's own money in the node comes to, in msat.
    Operator(i64),
}

/// Most payments of a session that a snapshot keeps, the newest ones: it has to fit into a row, and a session that is
/// renewed again and again has no bound.
const MAX_PAYMENTS: usize = 3;

impl Snapshot {
    /// A session with the newest of its payments, which are given oldest first.
    pub fn session(session: Session, payments: &[Payment]) -> Self {
        let newest = &payments[payments.len().saturating_sub(MAX_PAYMENTS)..];
        Self::Session(Box::new(session), newest.to_vec())
    }
}
