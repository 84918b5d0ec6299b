//! Merchants' accounts, their API keys, and the metadata that any object may carry.

use std::collections::BTreeMap;

use super::bytes::Digest;
use super::fees::FeeOverrides;
use super::id::{AccountId, KeyId};
use super::money::Msat;
use super::time::Timestamp;

/// What a merchant attaches to an object for itself.
pub type Metadata = BTreeMap<String, String>;

/// Most pairs of [`Metadata`].
pub const METADATA_MAX_PAIRS: usize = 50;
/// Most bytes of all keys and values of [`Metadata`] together, as UTF-8.
pub const METADATA_MAX_BYTES: usize = 8 * 1024;

/// A merchant's account. Its balance is in the books, not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its place in commit order.
    pub seq: u64,
    /// What customers and operators call it.
    pub name: String,
    /// Its own fee limits.
    pub fees: FeeOverrides,
    /// True while the operator (or a restore) holds its claims back.
    pub claims_paused: bool,
    /// Below what available balance the merchant is told so.
    pub low_balance: Option<Msat>,
    /// What was available when it fell below that; `None` while it is not below.
    pub fell_to: Option<Msat>,
    /// The operator's notes.
    pub metadata: Metadata,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
}

impl Account {
    /// Takes note of what is available; true if the merchant is to be told that it is too little, which is once each time
    /// that it falls.
    pub fn observe(&mut self, available: Msat) -> bool {
        let is_low = self.low_balance.is_some_and(|least| available < least);
        match (is_low, self.fell_to) {
            (true, None) => {
                self.fell_to = Some(available);
                true
            }
            (false, Some(_)) => {
                self.fell_to = None;
                false
            }
            (true, Some(_)) | (false, None) => false,
        }
    }
}

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Everything of one account (`sk_…`).
    Secret,
    /// Reading (`rk_…`); bearer links are hidden from it.
    Restricted,
    /// Creating sessions (`pk_…`), so that it may stand in a shop's page.
    Publishable,
}

impl KeyKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Secret, Self::Restricted, Self::Publishable];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Restricted => "restricted",
            Self::Publishable => "publishable",
        }
    }

    /// Reads the API's word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What a key of this kind begins with.
    pub const fn prefix(self, livemode: bool) -> &'static str {
        match (self, livemode) {
            (Self::Secret, true) => "sk_live_",
            (Self::Secret, false) => "sk_test_",
            (Self::Restricted, true) => "rk_live_",
            (Self::Restricted, false) => "rk_test_",
            (Self::Publishable, true) => "pk_live_",
            (Self::Publishable, false) => "pk_test_",
        }
    }
}

/// One API key of an account; the key itself is shown once and never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// Its place in commit order.
    pub seq: u64,
    /// Whose it is.
    pub account: AccountId,
    /// What it may do.
    pub kind: KeyKind,
    /// SHA-256 of the key.
    pub digest: Digest,
    /// The key's last characters, so that people can tell keys apart.
    pub hint: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
    /// From when on it counts no more, if it was revoked.
    pub revoked: Option<Timestamp>,
}
