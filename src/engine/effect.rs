//! What the shell is to do after a commit. Effects are not stored: each can be read off the state again at start-up.

use crate::domain::id::{PayoutId, SessionId};

/// Something to do after a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A payout waits to be dispatched.
    Pay(PayoutId),
    /// A permit or an HTLC slot may be free: look at what waits.
    LookAgain,
    /// A session's page shows something else now.
    SessionChanged(SessionId),
}
