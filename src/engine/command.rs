//! Every input of the engine, on one page.

use std::collections::BTreeSet;

use crate::domain::account::{KeyKind, Metadata};
use crate::domain::act::{ActKind, ActOutcome};
use crate::domain::bytes::{Digest, PaymentHash, Preimage};
use crate::domain::cashback::{CashbackChange, CashbackTerms};
use crate::domain::checkout::SessionChange;
use crate::domain::customer::Details;
use crate::domain::decimal::Decimal;
use crate::domain::fees::{FeeChange, FeeOverrides};
use crate::domain::id::{
    AccountId, ActId, CashbackId, ClaimId, DeliveryId, EndpointId, KeyId, PayoutId, SessionId,
    SuspenseId,
};
use crate::domain::invoice::Invoice;
use crate::domain::money::Msat;
use crate::domain::payout::FailureCode;
use crate::domain::time::{Reading, Span, Timestamp};
use crate::domain::webhook::{EndpointTerms, Outcome};
use crate::ports::lightning::{ChainView, Liquidity, PayError};

use super::recovery::Recovery;

mod links;
mod sends;
mod sessions;

pub use links::{LinkOrder, NewLink, OpenLink};
pub use sends::NewSend;
pub use sessions::{Issued, NewSession, NextPayment};

/// Everything that can be asked of the engine.
#[derive(Clone, Debug)]
pub enum Command {
    /// A request of a merchant or the operator.
    Order(Box<Order>, Origin),
    /// What was answered under this origin's idempotency key, if anything was?
    Recall(Origin),
    /// Would this session be accepted? Nothing is changed; asked before an invoice is made for it.
    CheckSession(Box<NewSession>),
    /// Does this session need a payment, or would it take one over the amount that its customer chose? Nothing is changed.
    CheckPayment(SessionId, Option<Decimal>),
    /// Has this browser an unpaid session of this payment link over this amount? Asked before an invoice is made for one.
    FindVisit(Box<OpenLink>),
    /// Somebody looked at the page of a session.
    Viewed(SessionId),
    /// A wallet brings an invoice for a claim.
    SubmitInvoice(Box<SubmitInvoice>),
    /// The payout runner asks whether it may dispatch.
    Dispatch(DispatchRequest),
    /// The node answered a dispatch.
    Dispatched(PayoutId, Result<(), PayError>),
    /// The node says something about a payment of ours.
    Evidence(PaymentHash, Evidence, EvidenceSource),
    /// Money came in.
    Received(Received),
    /// A look at the node after start-up, before any event is taken (DESIGN section 5 row 7).
    Recover(Recovery),
    /// A look at the hashes of outgoing HTLCs that the node still carries.
    HtlcsSeen(BTreeSet<PaymentHash>),
    /// The node's money, read while nothing moved since the mark.
    Reconcile(Reconcile),
    /// Which messages are to be sent to webhook endpoints now?
    Outbox(OutboxRequest),
    /// A message was tried.
    Attempted(Attempted),
    /// Time passed.
    Tick(Tick),
    /// What the shell should ask the node about.
    Survey,
    /// How many of what there are, and how much.
    Figures,
    /// Check the books.
    Audit,
    /// Stop taking claims and give up what was not dispatched; the daemon ends.
    Stop,
    /// Stop changing anything: the books are wrong in this way.
    Freeze(String),
    /// These books were restored from a backup; the chain is at this height.
    Restore(u32),
}

impl Command {
    /// What kind of command it is, for logs and probes.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Order(..) => "order",
            Self::Recall(_) => "recall",
            Self::CheckSession(_) => "check_session",
            Self::CheckPayment(..) => "check_payment",
            Self::FindVisit(_) => "find_visit",
            Self::Viewed(_) => "viewed",
            Self::SubmitInvoice(_) => "submit_invoice",
            Self::Dispatch(_) => "dispatch",
            Self::Dispatched(..) => "dispatched",
            Self::Evidence(..) => "evidence",
            Self::Received(_) => "received",
            Self::Recover(_) => "recover",
            Self::HtlcsSeen(_) => "htlcs_seen",
            Self::Reconcile(_) => "reconcile",
            Self::Outbox(_) => "outbox",
            Self::Attempted(_) => "attempted",
            Self::Tick(_) => "tick",
            Self::Survey => "survey",
            Self::Figures => "figures",
            Self::Audit => "audit",
            Self::Stop => "stop",
            Self::Freeze(_) => "freeze",
            Self::Restore(_) => "restore",
        }
    }
}

/// Who gives an order, and under which idempotency key.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The merchant; `None` for the operator.
    pub account: Option<AccountId>,
    /// The account that the operator acts for, if it named one.
    pub acts_for: Option<AccountId>,
    /// The idempotency key and the request it came with.
    pub idempotency: Option<Idempotency>,
    /// The id of the request, for the events that it causes.
    pub request: Option<String>,
}

/// An idempotency key with the request it came with, both as digests.
#[derive(Clone, Copy, Debug)]
pub struct Idempotency {
    /// SHA-256 of the key.
    pub key: Digest,
    /// SHA-256 of method, path, the account that the operator acts for, and body.
    pub request: Digest,
}

/// A request of a merchant or the operator.
#[derive(Clone, Debug)]
pub enum Order {
    /// Make an account.
    CreateAccount(AccountTerms),
    /// Change an account; `None` leaves a field as it is.
    UpdateAccount(AccountId, AccountChange),
    /// Add a key to an account.
    CreateKey(NewKey),
    /// Take a key back after this long, so that another can take its place before.
    RevokeKey(AccountId, KeyId, Span),
    /// Credit an account from the operator's own money.
    Credit(AccountId, Msat),
    /// Take money back from an account.
    Debit(AccountId, Msat),
    /// Make a cashback.
    CreateCashback(AccountId, Box<CashbackTerms>),
    /// End a cashback.
    DeactivateCashback(CashbackId),
    /// Change a cashback.
    UpdateCashback(CashbackId, Box<CashbackChange>),
    /// Make a session with the invoice that was made for it; without one if its customer chooses the amount.
    CreateSession(Box<NewSession>, Option<Box<Issued>>),
    /// Change a session.
    UpdateSession(SessionId, Box<SessionChange>),
    /// Add a payment to a session, unless another came first.
    AddPayment(Box<NextPayment>),
    /// Keep what a customer said about itself.
    GiveDetails(SessionId, Box<Details>),
    /// Delete what a customer said about itself.
    ForgetDetails(SessionId),
    /// Close a session.
    DeactivateSession(SessionId),
    /// Make a webhook endpoint.
    CreateEndpoint(AccountId, EndpointTerms),
    /// Send nothing more to an endpoint.
    DisableEndpoint(EndpointId),
    /// Send to an endpoint again.
    EnableEndpoint(EndpointId),
    /// Send the event of a message to its endpoint once more.
    Resend(EndpointId, DeliveryId),
    /// Something about a link.
    Link(Box<LinkOrder>),
    /// Withdraw a claim.
    CancelClaim(ClaimId),
    /// Free the account lock of a payout that takes too long.
    ParkPayout(PayoutId),
    /// Say what became of a payout.
    ResolvePayout(PayoutId, Resolution),
    /// Pay somebody out of an account's balance.
    Send(Box<NewSend>),
    /// Say whose a receipt is.
    AssignSuspense(SuspenseId, AccountId),
    /// Take no new claims and sessions, or take them again.
    Drain(bool),
    /// Keep an address of the on-chain wallet as the answer under the origin's key; the books take no notice of it.
    NoteAddress(String),
    /// Commit the intent of an act outside the books, which spends this much of the operator's own money.
    BeginAct(ActKind, Metadata, Msat),
    /// Commit what came of it; the amount is that of the intent.
    FinishAct(ActId, ActOutcome, Msat),
}

/// What the operator sets when it makes an account.
#[derive(Clone, Debug)]
pub struct AccountTerms {
    /// Its name.
    pub name: String,
    /// Its own fee limits.
    pub fees: FeeOverrides,
    /// Below what available balance the merchant is told so.
    pub low_balance: Option<Msat>,
    /// The operator's notes.
    pub metadata: Metadata,
}

/// What the operator changes of an account.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// Its name.
    pub name: Option<String>,
    /// Its own fee limits.
    pub fees: FeeChange,
    /// Whether its claims are held back.
    pub claims_paused: Option<bool>,
    /// Below what available balance the merchant is told so; the inner `None` takes it away.
    pub low_balance: Option<Option<Msat>>,
    /// The operator's notes.
    pub metadata: Option<Metadata>,
}

/// A key to be added. The key itself stays with whoever made it.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Whose.
    pub account: AccountId,
    /// What it may do.
    pub kind: KeyKind,
    /// SHA-256 of the key.
    pub digest: Digest,
    /// Its last characters.
    pub hint: String,
}

/// What the operator says became of a payout.
#[derive(Clone, Debug)]
pub enum Resolution {
    /// It was paid; here is the proof.
    Paid(Preimage),
    /// It is lost for good, and this is why.
    Failed(String),
}

/// What a wallet's callback carries, tokens as digests.
#[derive(Clone, Debug)]
pub struct SubmitInvoice {
    /// SHA-256 of the link token.
    pub link: Digest,
    /// SHA-256 of the k1; `None` if it cannot be one.
    pub k1: Option<Digest>,
    /// The invoice.
    pub invoice: Invoice,
}

/// The runner's view of the node when it asks to dispatch.
#[derive(Clone, Debug)]
pub struct DispatchRequest {
    /// Which payout.
    pub payout: PayoutId,
    /// True if the node has a record of the payout's hash already; `None` while it cannot answer.
    pub known_to_node: Option<bool>,
    /// The channels; `None` while the node cannot answer.
    pub liquidity: Option<Liquidity>,
    /// The chain; `None` while the node cannot answer.
    pub chain: Option<ChainView>,
}

/// What the node says about a payment of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// It was paid.
    Succeeded {
        /// The proof.
        preimage: Option<Preimage>,
        /// What routing cost.
        fee: Option<Msat>,
    },
    /// It failed for good, as was heard with the node at this height.
    Failed(FailureCode, u32),
    /// The node has a pending record of it.
    Pending,
    /// Nothing of it is left anywhere, with the chain at this height and all events taken.
    NothingLeft(u32),
}

/// Where the node said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceSource {
    /// In an event. In a rare crash the node tells of a payment that it has no record of.
    Event,
    /// In its record: from now on it must have one (DESIGN D22).
    Record,
    /// In a record that an earlier run of it wrote.
    OldRecord,
}

/// Money that came in.
#[derive(Clone, Copy, Debug)]
pub struct Received {
    /// On which hash.
    pub hash: PaymentHash,
    /// What we got.
    pub amount: Msat,
    /// What a just-in-time provider kept.
    pub skimmed: Msat,
    /// When it came in, if the node can tell: we may learn of it much later.
    pub at: Option<Timestamp>,
}

/// What whoever sends messages has room for.
#[derive(Clone, Debug, Default)]
pub struct OutboxRequest {
    /// Endpoints with a message under way.
    pub busy: BTreeSet<EndpointId>,
    /// Most messages that can be sent now.
    pub room: usize,
}

/// What came of trying a message.
#[derive(Clone, Debug)]
pub struct Attempted {
    /// Which message.
    pub delivery: DeliveryId,
    /// How often it had been tried before.
    pub before: u32,
    /// What came of it.
    pub outcome: Outcome,
}

/// The node's money at rest.
#[derive(Clone, Copy, Debug)]
pub struct Reconcile {
    /// What it holds.
    pub held: Msat,
    /// The [`Survey`](super::reply::Survey)'s mark before it was read.
    pub mark: u64,
}

/// A look at the clocks, the disk and the node.
#[derive(Clone, Copy, Debug)]
pub struct Tick {
    /// Both clocks.
    pub reading: Reading,
    /// The time of the best block, if the chain source answers.
    pub best_block: Option<Timestamp>,
    /// The chain's height, if the node can tell.
    pub height: Option<u32>,
    /// Peers with a usable channel.
    pub usable_peers: u32,
    /// True if the disk has less room than it must have.
    pub disk_low: bool,
}
