//! What the shell is to do after a commit. Effects are not stored: each can be read off the state again at start-up.

use crate::domain::bytes::PaymentHash;
use crate::domain::event::EventKind;
use crate::domain::id::{PayoutId, SessionId};
use crate::domain::ledger::TransferKind;
use crate::domain::money::Msat;
use crate::domain::payout::PayoutState;
use crate::domain::time::Span;

/// A payout that waits to be dispatched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// Which.
    pub payout: PayoutId,
    /// Its payment hash, which the node must not know yet.
    pub hash: PaymentHash,
}

/// Something to do after a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A payout waits to be dispatched.
    Pay(Due),
    /// A permit or an HTLC slot may be free: look at what waits.
    LookAgain,
    /// A session's page shows something else now.
    SessionChanged(SessionId),
    /// Something to be counted.
    Happened(Happening),
}

/// What is counted, each as often as it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// An event was told.
    Event(EventKind),
    /// Money moved in the books.
    Transfer(TransferKind, Msat),
    /// A payout came to this end, so long after its wallet had brought the invoice.
    PayoutEnded(PayoutState, Span),
    /// A claim was paid, so long after it had been made.
    ClaimPaid(Span),
    /// A webhook endpoint was tried, and took the message or did not.
    Tried(bool),
}
