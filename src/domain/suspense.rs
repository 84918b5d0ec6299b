//! Receipts that nobody can be credited for: money on a hash we never issued (keysend, say). They wait in `suspense`
//! until the operator says whose they are.

use super::bytes::PaymentHash;
use super::id::{AccountId, SuspenseId};
use super::money::Msat;
use super::time::Timestamp;

/// A receipt in suspense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspenseReceipt {
    /// Its id.
    pub id: SuspenseId,
    /// Its place in commit order.
    pub seq: u64,
    /// The payment hash it came on; it belongs to this receipt for ever (DESIGN D7).
    pub hash: PaymentHash,
    /// What came in.
    pub amount: Msat,
    /// Whose the operator says it is.
    pub assigned_to: Option<AccountId>,
    /// When it came in.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
}
