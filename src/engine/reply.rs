//! What the engine answers: a reply, or a refusal that left nothing behind.

use crate::domain::bytes::PaymentHash;
use crate::domain::currency::Currency;
use crate::domain::decimal::Decimal;
use crate::domain::event::Event;
use crate::domain::id::{PaymentId, PayoutId};
use crate::domain::invoice::InvoiceFault;
use crate::domain::ledger::BalanceMsat;
use crate::domain::payout::{PayoutState, Refused};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Span;
use crate::domain::webhook::{Delivery, Endpoint};
use crate::ports::lightning::PayOrder;

use super::audit::AuditReport;
use super::figures::Figures;

/// An answer. It is given only after the commit that made it true.
#[derive(Clone, Debug)]
pub enum Reply {
    /// An order was carried out.
    Object {
        /// The object afterwards.
        snapshot: Snapshot,
        /// True if the order had been carried out before under the same idempotency key.
        replayed: bool,
    },
    /// A payment would be taken; this is what must be known for it.
    Wanted(Box<Wanted>),
    /// The wallet may expect its money (or had been told so before).
    Accepted,
    /// What the payout runner is to do.
    Dispatch(DispatchReply),
    /// What the shell should ask the node about.
    Survey(Survey),
    /// How many of what there are.
    Figures(Box<Figures>),
    /// What the audit found.
    Audit(AuditReport),
    /// What is to be sent to webhook endpoints.
    Outbox(Vec<Letter>),
    /// What a restore found and changed.
    Restored(Restored),
    /// Taken note of.
    Noted,
}

/// What a payment is to be made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What the customer owes; `None` until it has chosen.
    pub amount: Option<Decimal>,
    /// Its currency.
    pub currency: Currency,
    /// The currency whose rate the cashback needs.
    pub cashback: Option<Currency>,
    /// How long the invoice is to be good for.
    pub ttl: Span,
    /// What the invoice is to say.
    pub text: Option<String>,
    /// The session's payment until then.
    pub after: Option<PaymentId>,
}

/// What a restore found and changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// The node epoch that begins.
    pub epoch: u64,
    /// Payouts whose outcome is for the operator to find out.
    pub in_doubt: usize,
    /// Claims that are open in the backup, and may have been paid since.
    pub open_claims: usize,
    /// Accounts, all of which pay no claims until the operator says so.
    pub accounts: usize,
}

/// A message that is to be sent now, with what it is made of.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The message.
    pub delivery: Delivery,
    /// Where it goes.
    pub endpoint: Endpoint,
    /// What it tells.
    pub event: Event,
}

/// What the payout runner is to do with a payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DispatchReply {
    /// Call the node now: the intent is durable.
    Go(PayOrder),
    /// Ask again later.
    Wait,
    /// There is nothing to do for it any more.
    Over,
}

/// What is open.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Payouts that the node may know more about.
    pub payouts: Vec<OpenPayout>,
    /// Hashes of payments on which money might still come in.
    pub payments: Vec<PaymentHash>,
    /// Changes whenever money moves in the books.
    pub mark: u64,
    /// True while no payout is being dispatched or in flight.
    pub at_rest: bool,
    /// What the books say the node holds.
    pub booked: BalanceMsat,
    /// True while no new claims and sessions are taken.
    pub drained: bool,
    /// True while the disk has less room than it must have.
    pub disk_low: bool,
    /// True while the wall clock is trusted (DESIGN D23).
    pub timers_run: bool,
}

/// A payout whose outcome is open.
#[derive(Clone, Debug)]
pub struct OpenPayout {
    /// Which.
    pub id: PayoutId,
    /// Its payment hash.
    pub hash: PaymentHash,
    /// Where it is in its life.
    pub state: PayoutState,
    /// True if an earlier run of the daemon dispatched it.
    pub of_earlier_process: bool,
    /// The height from which on nothing of it can be left.
    pub deadline_height: Option<u32>,
    /// True if the node must have a record of it (DESIGN D22).
    pub node_knows: bool,
}

/// The kinds of objects that an order can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    /// An account.
    Account,
    /// An API key.
    ApiKey,
    /// A cashback.
    Cashback,
    /// A session.
    Session,
    /// A payment.
    Payment,
    /// A checkout link.
    CheckoutLink,
    /// A payment link.
    PaymentLink,
    /// A claim.
    Claim,
    /// A payout.
    Payout,
    /// A merchant's own payment.
    Send,
    /// A ledger row.
    Transfer,
    /// A receipt in suspense.
    Suspense,
    /// An act outside the books.
    Act,
    /// A channel of the node.
    Channel,
    /// An event.
    Event,
    /// A webhook endpoint.
    Endpoint,
    /// A message to a webhook endpoint.
    Delivery,
}

/// A rule that a command broke. Nothing of the command is left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such object, or it is another merchant's.
    NoSuch(Object),
    /// The link token is nobody's.
    UnknownLink,
    /// The k1 is not one of this claim's.
    WrongK1,
    /// The k1 belongs to an attempt that failed.
    OldK1,
    /// A payout for the claim is under way.
    AlreadyProcessing,
    /// The claim was paid.
    AlreadyUsed,
    /// The claim expired.
    ClaimExpired,
    /// The claim was withdrawn.
    ClaimCancelled,
    /// So many payouts of the claim failed that the next one has to wait a while.
    TooManyFailures,
    /// The invoice breaks a rule.
    Invoice(InvoiceFault),
    /// The account has as many parked payouts as it may have.
    TooManyParked,
    /// Too many payouts are stuck with an HTLC, and this account has one of them.
    TooManyStuck,
    /// Another payout holds the account lock.
    Locked,
    /// The account cannot cover amount and fee budget.
    InsufficientFunds,
    /// No new claims and sessions are taken.
    Drained,
    /// The account's claims are held back.
    Paused,
    /// The books are wrong in this way, and nothing is changed until that is mended.
    Frozen(String),
    /// The disk has less room than it must have.
    LowDisk,
    /// The daemon is ending.
    Stopping,
    /// The cashback is not active.
    CashbackInactive,
    /// The cashback is over and cannot be changed any more.
    CashbackOver,
    /// The end date is not after the start date and in the future.
    EndTooEarly,
    /// The session is not active.
    SessionNotActive,
    /// The customer may not choose this amount, or has none to choose.
    NotAChoice,
    /// The session has had as many payments as it may have.
    TooManyPayments,
    /// A session has either a success URL or a success message.
    TwoEndings,
    /// The texts of a session are too long together.
    TooLong,
    /// A rate that is needed is not there.
    Unpriced,
    /// The link is paid or closed.
    LinkNotActive,
    /// The claim is not open.
    ClaimNotOpen,
    /// The operator has not that much money of its own in the node.
    BeyondUnallocated,
    /// The account has not that much.
    BeyondAvailable,
    /// The payout's state does not allow it.
    Payout(Refused),
    /// The preimage does not hash to the payout's payment hash.
    WrongPreimage,
    /// The account has as many active webhook endpoints as it may have.
    TooManyEndpoints,
    /// The webhook endpoint is disabled.
    EndpointDisabled,
    /// As many messages wait for the webhook endpoint as may.
    TooManyWaiting,
    /// The receipt was assigned before.
    AlreadyAssigned,
    /// The idempotency key was used with another request.
    IdempotencyConflict,
    /// What became of the act under this key is not known.
    OutcomeUnknown,
}
