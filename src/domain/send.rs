//! Instant sends: a merchant's own payments, out of its balance. Each is one payout, and fails or succeeds with it.

use super::id::{AccountId, PayoutId, SendId};
use super::time::Timestamp;

/// A merchant's order to pay somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstantSend {
    /// Its id.
    pub id: SendId,
    /// Its place in commit order.
    pub seq: u64,
    /// Whose money it is.
    pub account: AccountId,
    /// The payout that carries it out.
    pub payout: PayoutId,
    /// The Lightning address (LUD-16) that gave us the invoice; `None` if the merchant did.
    pub address: Option<String>,
    /// The merchant's own words.
    pub note: Option<String>,
    /// When it was ordered.
    pub created: Timestamp,
}
