//! What the shell is to do after a commit. Effects are not stored: each can be read off the state again at start-up.

use crate::domain::bytes::PaymentHash;
use crate::domain::id::{PayoutId, SessionId};

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
}
