//! The payout state machine (DESIGN D6, and the tables "payout state machine" and "crash-recovery" of
//! `ldk-node-facts.md`): one attempt to pay one invoice, dispatched once and never again. Success is absorbing;
//! failure needs proof.

use super::bytes::{PaymentHash, Preimage};
use super::id::{AccountId, ClaimId, PayoutId, SendId};
use super::invoice::InvoiceText;
use super::money::Msat;
use super::time::Timestamp;

mod failure;
mod step;

pub use failure::FailureCode;
pub use step::{Claiming, Context, Input, Locking, Money, Refused, Step};

/// Blocks after the route's own limit until no HTLC of a payout can be left: 3 of grace before LDK goes on chain, 144
/// for the transactions to confirm, 6 for the depth at which LDK believes them (facts, "Deadline").
pub const DEADLINE_SLACK_BLOCKS: u32 = 3 + 144 + 6;

/// Where a payout is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutState {
    /// Money reserved, nothing dispatched.
    Reserved,
    /// The intent to dispatch is durable: the node may have been asked.
    Dispatching,
    /// The node has it.
    InFlight,
    /// Nobody can tell yet whether it left.
    InDoubt,
    /// It was paid.
    Paid,
    /// It is proven not to have been paid.
    Failed,
}

impl PayoutState {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::Reserved,
        Self::Dispatching,
        Self::InFlight,
        Self::InDoubt,
        Self::Paid,
        Self::Failed,
    ];

    /// The word in rows, logs and exports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Dispatching => "dispatching",
            Self::InFlight => "in_flight",
            Self::InDoubt => "in_doubt",
            Self::Paid => "paid",
            Self::Failed => "failed",
        }
    }

    /// Reads the word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// True once the outcome is known. Only a late success still changes anything.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Paid | Self::Failed)
    }

    /// True where the operator may park it.
    pub const fn may_park(self) -> bool {
        matches!(self, Self::InFlight | Self::InDoubt)
    }
}

/// What the node was told when the payout was dispatched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// When the intent was committed.
    pub at: Timestamp,
    /// The chain's height then.
    pub height: u32,
    /// The route's total CLTV limit passed to the node.
    pub cltv_limit: u32,
    /// Which run of the daemon did it.
    pub process: u64,
}

impl Dispatch {
    /// The height from which on no HTLC of the payout can be left.
    pub const fn deadline_height(&self) -> u32 {
        self.height.saturating_add(self.cltv_limit).saturating_add(DEADLINE_SLACK_BLOCKS)
    }
}

/// What a payout is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A claim, with the generation of the k1 that it was made with.
    Claim(ClaimId, u32),
    /// A merchant's own send.
    Send(SendId),
}

/// One attempt to pay one invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payout {
    /// Its id.
    pub id: PayoutId,
    /// Its place in commit order.
    pub seq: u64,
    /// The account that pays.
    pub account: AccountId,
    /// What it is for.
    pub purpose: Purpose,
    /// The invoice.
    pub invoice: InvoiceText,
    /// Its payment hash, which belongs to this payout for ever (DESIGN D7).
    pub hash: PaymentHash,
    /// When the invoice expires.
    pub invoice_expires_at: Timestamp,
    /// What the payee receives.
    pub amount: Msat,
    /// What routing may cost.
    pub fee_budget: Msat,
    /// Where it is in its life.
    pub state: PayoutState,
    /// True if it gave its account lock back while its money stays reserved (DESIGN D5).
    pub parked: bool,
    /// True if success came after failure had been booked.
    pub late: bool,
    /// True once the operator has been told that it takes too long.
    pub stuck: bool,
    /// The node epoch it belongs to (DESIGN D22).
    pub epoch: u64,
    /// How it was dispatched.
    pub dispatch: Option<Dispatch>,
    /// True once the node answered `Ok` or a record of it was seen: the node must know it for ever (DESIGN D22).
    pub node_knows: bool,
    /// What routing cost, as booked.
    pub fee: Option<Msat>,
    /// The proof of payment.
    pub preimage: Option<Preimage>,
    /// Why it failed; of one in doubt, why the node says that it did.
    pub failure: Option<FailureCode>,
    /// Money that somebody sent to us on its hash.
    pub stray: Option<Msat>,
    /// What the operator wrote when it was resolved by hand.
    pub resolution_note: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
    /// When its outcome became known.
    pub resolved_at: Option<Timestamp>,
}

impl Payout {
    /// The claim that it pays, if it is for one.
    pub const fn claim(&self) -> Option<&ClaimId> {
        match &self.purpose {
            Purpose::Claim(id, _) => Some(id),
            Purpose::Send(_) => None,
        }
    }

    /// The send that it carries out, if it is for one.
    pub const fn send(&self) -> Option<&SendId> {
        match &self.purpose {
            Purpose::Claim(..) => None,
            Purpose::Send(id) => Some(id),
        }
    }

    /// Everything that is reserved for it.
    pub fn hold(&self) -> Msat {
        self.amount + self.fee_budget
    }

    /// True if the node says that it failed and cannot be believed: only a preimage proves anything now.
    pub fn is_disputed(&self) -> bool {
        self.state == PayoutState::InDoubt && self.failure.is_some()
    }

    /// True while it keeps its account locked.
    pub const fn holds_lock(&self) -> bool {
        !self.state.is_terminal() && !self.parked
    }
}

#[cfg(test)]
mod tests;
