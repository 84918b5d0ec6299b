//! What the others of a world know: customers what they paid, wallets what they claim, the operator what it did.

use std::collections::BTreeSet;

use crate::domain::bytes::{Digest, PaymentHash, Preimage};
use crate::domain::id::{AccountId, CashbackId, ClaimId, SessionId};
use crate::domain::invoice::Invoice;
use crate::domain::link::LinkId;
use crate::domain::money::Msat;
use crate::domain::time::Timestamp;
use crate::engine::command::{Order, Origin};

use super::super::auditor::{Entry, Received, Statements};
use super::super::node::Arrival;

/// A merchant.
#[derive(Clone, Debug)]
pub(super) struct Shop {
    pub(super) account: AccountId,
    pub(super) cashbacks: Vec<CashbackId>,
}

/// A checkout that was made.
#[derive(Clone, Debug)]
pub(super) struct Checkout {
    pub(super) account: AccountId,
    pub(super) session: SessionId,
    pub(super) hash: PaymentHash,
    pub(super) due: Msat,
    /// When its invoice expires.
    pub(super) expires_at: Timestamp,
    /// What its customer did.
    pub(super) paid: Option<Paid>,
}

/// What a customer paid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paid {
    pub(super) amount: Msat,
    /// As much as was due.
    pub(super) in_full: bool,
    /// Early enough for a cashback, by the clock at that moment.
    pub(super) in_time: bool,
}

/// A link that a merchant handed out.
#[derive(Clone, Debug)]
pub(super) struct Handed {
    pub(super) account: AccountId,
    pub(super) link: LinkId,
}

/// A claim that a customer holds.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) id: ClaimId,
    pub(super) account: AccountId,
    pub(super) amount: Msat,
    /// The last invoice that a wallet brought for it, with the k1 it used.
    pub(super) last: Option<(u32, Invoice)>,
    /// True once it was told that this one is accepted.
    pub(super) accepted: bool,
}

/// An order of the operator whose answer it has not got yet: it repeats it under the same key until it has.
#[derive(Clone, Debug)]
pub(super) struct Unanswered {
    pub(super) order: Order,
    pub(super) origin: Origin,
    pub(super) account: AccountId,
    pub(super) msat: i64,
}

/// What everybody outside knows.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) shops: Vec<Shop>,
    pub(super) checkouts: Vec<Checkout>,
    pub(super) links: Vec<Handed>,
    pub(super) claims: Vec<Held>,
    pub(super) invoices: Vec<(Preimage, Invoice)>,
    pub(super) unanswered: Vec<Unanswered>,
    pub(super) parked: BTreeSet<String>,
    /// Accounts that are closed to claims for certain: every answer since says so.
    pub(super) paused: BTreeSet<AccountId>,
    pub(super) drained: bool,
    /// Nobody knows any more what time it is.
    pub(super) clock_jumped: bool,
    pub(super) keys: u64,
    /// Events that merchants had sent again by hand.
    pub(super) resent: BTreeSet<String>,
    entries: Vec<Entry>,
}

impl Log {
    /// Money came to an account, or went.
    pub(super) fn entry(&mut self, account: &AccountId, msat: i64) {
        self.entries.push(Entry { account: account.to_string(), msat });
    }

    /// Money of the operator's own came, or went.
    pub(super) fn operator(&mut self, msat: i64) {
        self.entries.push(Entry { account: "operator".to_owned(), msat });
    }

    /// A new idempotency key, and the digest of the request that comes with it.
    pub(super) fn key(&mut self) -> (Digest, Digest) {
        self.keys += 1;
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&self.keys.to_be_bytes());
        (Digest(digest), Digest([1; 32]))
    }

    /// Everything that outsiders can testify.
    pub(super) fn statements(
        &self,
        export: String,
        arrived: &[Arrival],
        holds: Option<Msat>,
        at_rest: bool,
    ) -> Statements {
        let wallets = arrived.iter().map(|arrival| Received {
            hash: arrival.hash.to_hex(),
            msat: arrival.amount.get(),
            fee_msat: arrival.fee.get(),
        });
        Statements {
            export,
            wallets: wallets.collect(),
            entries: self.entries.clone(),
            parked: self.parked.clone(),
            node_holds_msat: holds.map(Msat::get),
            at_rest,
        }
    }
}
