//! Acts of the operator outside the books (DESIGN D24): the intent is committed first, and while its outcome is unknown
//! nobody acts again under the same idempotency key.

use super::account::Metadata;
use super::id::ActId;
use super::time::Timestamp;

/// What the operator asked the node to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActKind {
    /// Open a channel.
    OpenChannel,
    /// Close a channel.
    CloseChannel,
    /// Send on-chain money.
    SendOnchain,
}

impl ActKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::OpenChannel, Self::CloseChannel, Self::SendOnchain];

    /// The word in rows and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenChannel => "open_channel",
            Self::CloseChannel => "close_channel",
            Self::SendOnchain => "send_onchain",
        }
    }

    /// Reads the word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActOutcome {
    /// The daemon ended before the node answered: it may have happened.
    Unknown,
    /// The node did it; the text is what the node calls the result.
    Done(String),
    /// The node refused.
    Refused(String),
}

/// An act outside the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Its id.
    pub id: ActId,
    /// Its place in commit order.
    pub seq: u64,
    /// What was asked.
    pub kind: ActKind,
    /// With what, in the words of the request.
    pub terms: Metadata,
    /// What came of it.
    pub outcome: ActOutcome,
    /// When it was asked.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
}
