//! The Lightning node, as far as the books depend on it.

use std::collections::BTreeSet;
use std::fmt;

use crate::domain::bytes::{NodeId, PaymentHash, Preimage};
use crate::domain::invoice::{Invoice, InvoiceText};
use crate::domain::money::Msat;
use crate::domain::payout::FailureCode;
use crate::domain::time::{Span, Timestamp};

/// An order to pay one invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayOrder {
    /// What to pay.
    pub invoice: InvoiceText,
    /// Its payment hash.
    pub hash: PaymentHash,
    /// What routing may cost at most.
    pub max_fee: Msat,
    /// The route's total CLTV limit in blocks.
    pub cltv_limit: u32,
}

/// Why `pay` did not take an order. There is no variant that says "failed": one proves that nothing left, the other
/// proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayError {
    /// Nothing left the node by this call. Proof of failure only for the first and only dispatch of the hash.
    Rejected(FailureCode),
    /// It may have left.
    Unclear(&'static str),
}

/// Which way a payment went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowDirection {
    /// To us.
    Inbound,
    /// From us.
    Outbound,
}

/// What the node's own record says of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordStatus {
    /// Nothing is proven.
    Pending,
    /// It was paid.
    Succeeded,
    /// It was not paid by the attempt that wrote the record.
    Failed,
}

/// The node's own record of a Lightning payment (never of an on-chain one).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRecord {
    /// Its hash.
    pub hash: PaymentHash,
    /// Which way.
    pub direction: FlowDirection,
    /// What came of it.
    pub status: RecordStatus,
    /// What was transferred, without fees.
    pub amount: Option<Msat>,
    /// What routing cost, once it succeeded.
    pub fee: Option<Msat>,
    /// The proof.
    pub preimage: Option<Preimage>,
    /// What a just-in-time provider kept of an inbound payment.
    pub skimmed: Msat,
    /// When the record last changed; for an inbound one that succeeded, when the money came in.
    pub updated: Option<Timestamp>,
}

/// What the node tells of its own accord. At least once each, in any order, and rarely not at all: the records are the
/// other half of the truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeEvent {
    /// A payment of ours arrived.
    Sent {
        /// Its hash.
        hash: PaymentHash,
        /// The proof.
        preimage: Option<Preimage>,
        /// What routing cost.
        fee: Option<Msat>,
    },
    /// A payment of ours failed for good.
    SendFailed {
        /// Its hash.
        hash: PaymentHash,
        /// Why.
        code: FailureCode,
    },
    /// Money came in.
    Received {
        /// Its hash.
        hash: PaymentHash,
        /// What we got.
        amount: Msat,
        /// What a just-in-time provider kept.
        skimmed: Msat,
        /// When it came in, if the node can tell.
        at: Option<Timestamp>,
    },
    /// Something that the books take no notice of (channels, forwards); in words for the log.
    Other(String),
}

impl NodeEvent {
    /// What kind of event it is, for logs and probes.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::SendFailed { .. } => "send_failed",
            Self::Received { .. } => "received",
            Self::Other(_) => "other",
        }
    }
}

/// An invoice that the node made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedInvoice {
    /// The invoice.
    pub text: InvoiceText,
    /// Its hash.
    pub hash: PaymentHash,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// Blocks that the node may lag behind its chain source and still pay: between a block and the node's next look at it.
const MAX_LAG_TO_PAY: u32 = 3;

/// How far the node has come with the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChainView {
    /// The height the node has reached.
    pub height: u32,
    /// How many blocks that is behind the chain source; `None` while the source does not answer.
    pub behind: Option<u32>,
    /// The time in the header of the best block that the chain source knows.
    pub best_block_time: Option<Timestamp>,
}

impl ChainView {
    /// True if the node knows every block that the chain source knows.
    pub fn is_synced(&self) -> bool {
        self.behind == Some(0)
    }

    /// True if the node knows the chain well enough to take part in new HTLCs.
    pub fn may_pay(&self) -> bool {
        self.behind.is_some_and(|blocks| blocks <= MAX_LAG_TO_PAY)
    }
}

/// What the channels can do at this moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Liquidity {
    /// Peers with a usable channel.
    pub usable_peers: u32,
    /// The largest single payment that some channel can send now.
    pub largest_send: Msat,
    /// All that can be sent over usable channels.
    pub outbound: Msat,
    /// All that can be received over usable channels.
    pub inbound: Msat,
}

/// What the node holds, to the millisatoshi, and whether it holds still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// Our side of all channels, and the on-chain wallet's trusted money.
    pub total: Msat,
    /// True if no HTLC, open, close or sweep is pending: only then is `total` all there is.
    pub at_rest: bool,
}

/// The node cannot answer: not started, stopping, or out of order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeDown(pub String);

impl fmt::Display for NodeDown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the node cannot answer: {}", self.0)
    }
}

impl std::error::Error for NodeDown {}

/// A text that is not a BOLT11 invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// The node.
///
/// Duties of the caller: [`pay`](Self::pay) is called by the payout runner alone, at most once for a hash, and only
/// after the intent is durable. One thread alone takes events, and acknowledges each only after the commit that used
/// it. Every method may block for as long as a disk write takes; none may be called on an async worker.
///
/// Duties of the implementor: an event that was not acknowledged comes again, also after a restart; a record once
/// terminal stays; methods answer [`NodeDown`] rather than wait for a node that is not running.
pub trait Lightning: Send + Sync {
    /// Our node's public key.
    fn node_id(&self) -> NodeId;

    /// Reads an invoice: either case, with or without `lightning:` and outer blanks. Works while the node is down.
    fn parse_invoice(&self, text: &str) -> Result<Invoice, Unreadable>;

    /// Makes an invoice that nobody has seen before.
    fn create_invoice(
        &self,
        amount: Msat,
        description: &str,
        expiry: Span,
    ) -> Result<IssuedInvoice, NodeDown>;

    /// Pays an invoice. `Ok` means that the node has it; the outcome comes as an event.
    fn pay(&self, order: &PayOrder) -> Result<(), PayError>;

    /// The record of a payment hash, whichever way it went. Works while the node is down: what it has on disk is
    /// compared with the books before it is started (DESIGN D22).
    fn record(&self, hash: &PaymentHash) -> Result<Option<PaymentRecord>, NodeDown>;

    /// Every record; also while the node is down.
    fn records(&self) -> Result<Vec<PaymentRecord>, NodeDown>;

    /// Hashes of outgoing HTLCs that some balance of the node still carries. Presence proves that one is out; absence
    /// proves nothing (dust, or the first milliseconds).
    fn pending_hashes(&self) -> Result<BTreeSet<PaymentHash>, NodeDown>;

    /// True while a channel that was closed, by whomever and for whatever reason, is not settled on chain.
    fn is_closing(&self) -> Result<bool, NodeDown>;

    /// The next event, waiting for it no longer than `patience`. The same one until it is acknowledged.
    fn next_event(&self, patience: Span) -> Option<NodeEvent>;

    /// Lets go of the event that [`next_event`](Self::next_event) returned. If this fails it must not be repeated:
    /// the node may have let go of it already, and would drop the next one unseen (facts, section 2).
    fn acknowledge(&self) -> Result<(), NodeDown>;

    /// True if an event waits.
    fn has_event(&self) -> bool;

    /// How far the node has come with the chain.
    fn chain(&self) -> Result<ChainView, NodeDown>;

    /// What the channels can do.
    fn liquidity(&self) -> Result<Liquidity, NodeDown>;

    /// What the node holds.
    fn holdings(&self) -> Result<Holdings, NodeDown>;
}
