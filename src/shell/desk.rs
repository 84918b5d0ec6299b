//! The desk: what the web asks for that needs the node. Every method may block on the node; none may be called on an
//! async worker.

use std::fmt;
use std::sync::{Arc, Mutex};

use crate::domain::currency::Currency;
use crate::domain::invoice::Invoice;
use crate::domain::snapshot::Snapshot;
use crate::engine::audit::{AuditReport, audit};
use crate::engine::command::{Command, Order, Origin};
use crate::engine::queue::NoAnswer;
use crate::engine::reply::{Refusal, Reply, Survey};
use crate::ports::lightning::{
    ChainView, Holdings, Lightning, Liquidity, NodeDown, PaymentRecord, Unreadable,
};
use crate::ports::node_admin::{ChannelInfo, ConnectError, Contact, NodeAdmin, NodeInfo, PeerInfo};
use crate::ports::payees::{NoInvoice, Payees};
use crate::ports::rates::{NoRate, Rates};
use crate::ports::secrets::Secrets;
use crate::ports::store::{Rows, at_one_moment};

use super::Ask;

mod acts;
mod checkouts;
mod links;
mod sends;

pub use sends::{Payable, SendOrder};

/// Why something could not be done at the desk.
#[derive(Debug)]
pub enum DeskFault {
    /// The engine refuses.
    Refused(Refusal),
    /// The engine does not answer.
    NoAnswer(NoAnswer),
    /// The node does not answer.
    Node(NodeDown),
    /// Another node cannot be reached.
    Unreachable(String),
    /// More is asked for than the channels can receive.
    InboundCapacity,
    /// The owner of a Lightning address gives no invoice.
    NoInvoice(NoInvoice),
    /// There is no rate for a currency.
    NoRate(Currency, NoRate),
    /// The amount comes to less than a satoshi, or to more than all bitcoin there can be.
    NoPrice,
}

impl fmt::Display for DeskFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "refused: {refusal:?}"),
            Self::NoAnswer(none) => none.fmt(f),
            Self::Node(down) => down.fmt(f),
            Self::Unreachable(why) => write!(f, "the other node cannot be reached: {why}"),
            Self::InboundCapacity => f.write_str("the channels cannot receive that much"),
            Self::NoInvoice(why) => why.fmt(f),
            Self::NoRate(currency, why) => write!(f, "no rate for {}: {why}", currency.code()),
            Self::NoPrice => f.write_str("the amount comes to no number of satoshis"),
        }
    }
}

impl From<Refusal> for DeskFault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<NoAnswer> for DeskFault {
    fn from(none: NoAnswer) -> Self {
        Self::NoAnswer(none)
    }
}

impl From<NodeDown> for DeskFault {
    fn from(down: NodeDown) -> Self {
        Self::Node(down)
    }
}

impl From<ConnectError> for DeskFault {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Down(down) => Self::Node(down),
            ConnectError::Unreachable(why) => Self::Unreachable(why),
        }
    }
}

/// An order that was carried out, now or before.
#[derive(Clone, Debug)]
pub struct Done {
    /// The object afterwards.
    pub snapshot: Snapshot,
    /// True if it had been carried out before, under the same idempotency key.
    pub replayed: bool,
}

/// How books and node compare.
#[derive(Clone, Debug)]
pub struct ExternalAudit {
    /// What the books say.
    pub survey: Survey,
    /// What the node says.
    pub holdings: Holdings,
}

/// The desk.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub struct Desk<A> {
    engine: A,
    node: Arc<dyn Lightning>,
    admin: Arc<dyn NodeAdmin>,
    payees: Arc<dyn Payees>,
    rates: Arc<dyn Rates>,
    /// Held while a payment that follows another is made: all who look at an expired one come at once.
    renewing: Mutex<()>,
}

impl<A: Ask> Desk<A> {
    /// A desk.
    pub const fn new(
        engine: A,
        node: Arc<dyn Lightning>,
        admin: Arc<dyn NodeAdmin>,
        payees: Arc<dyn Payees>,
        rates: Arc<dyn Rates>,
    ) -> Self {
        Self { engine, node, admin, payees, rates, renewing: Mutex::new(()) }
    }

    /// What exchange rates are. This one does not block.
    pub fn rates(&self) -> &dyn Rates {
        &*self.rates
    }

    /// Reads an invoice. This one does not block.
    ///
    /// # Errors
    /// It is none.
    pub fn parse_invoice(&self, text: &str) -> Result<Invoice, Unreadable> {
        self.node.parse_invoice(text)
    }

    fn order(&self, order: Order, origin: Origin) -> Result<Done, DeskFault> {
        done(self.engine.ask_now(Command::Order(Box::new(order), origin))??)
    }

    /// What was answered under the origin's idempotency key, so that nothing is asked of the node again.
    fn recall(&self, origin: &Origin) -> Result<Option<Done>, DeskFault> {
        match self.engine.ask_now(Command::Recall(origin.clone()))?? {
            Reply::Object { snapshot, replayed } => Ok(Some(Done { snapshot, replayed })),
            _ => Ok(None),
        }
    }

    /// What the node is, and how far it has come with the chain.
    ///
    /// # Errors
    /// The node does not answer.
    pub fn node(&self) -> Result<(NodeInfo, ChainView, Liquidity), DeskFault> {
        Ok((self.admin.info()?, self.node.chain()?, self.node.liquidity()?))
    }

    /// The channels.
    ///
    /// # Errors
    /// The node does not answer.
    pub fn channels(&self) -> Result<Vec<ChannelInfo>, DeskFault> {
        Ok(self.admin.channels()?)
    }

    /// What the node holds.
    ///
    /// # Errors
    /// The node does not answer.
    pub fn holdings(&self) -> Result<Holdings, DeskFault> {
        Ok(self.node.holdings()?)
    }

    /// The peers.
    ///
    /// # Errors
    /// The node does not answer.
    pub fn peers(&self) -> Result<Vec<PeerInfo>, DeskFault> {
        Ok(self.admin.peers()?)
    }

    /// Connects with a node, and tells who the peers are now.
    ///
    /// # Errors
    /// The node does not answer, or the peer does not.
    pub fn connect(&self, contact: &Contact) -> Result<Vec<PeerInfo>, DeskFault> {
        self.admin.connect(contact)?;
        self.peers()
    }

    /// Whether the text is an on-chain address of our network. This one does not block.
    pub fn is_address(&self, text: &str) -> bool {
        self.admin.is_address(text)
    }

    /// The node's own records of Lightning payments, which the books are compared with.
    ///
    /// # Errors
    /// The node does not answer.
    pub fn records(&self) -> Result<Vec<PaymentRecord>, DeskFault> {
        Ok(self.node.records()?)
    }

    /// A new address of the on-chain wallet; under an idempotency key, the same one again.
    ///
    /// # Errors
    /// [`DeskFault`].
    pub fn new_address(&self, origin: Origin) -> Result<Done, DeskFault> {
        if let Some(done) = self.recall(&origin)? {
            return Ok(done);
        }
        let address = self.admin.new_address()?;
        // Without a key there is nothing to keep, and a frozen engine need not be asked.
        if origin.idempotency.is_none() {
            return Ok(Done { snapshot: Snapshot::Address(address), replayed: false });
        }
        self.order(Order::NoteAddress(address), origin)
    }

    /// The internal audit. It takes its time with large books, so it reads beside the engine where it can.
    ///
    /// # Errors
    /// [`DeskFault`].
    pub fn audit(&self, rows: &dyn Rows, secrets: &dyn Secrets) -> Result<AuditReport, DeskFault> {
        match at_one_moment(rows, |rows| audit(rows, secrets)) {
            Ok(Some(report)) => Ok(report),
            // Commits come too often, or a row cannot be read: the engine looks between two commits.
            Ok(None) | Err(_) => match self.engine.ask_now(Command::Audit)?? {
                Reply::Audit(report) => Ok(report),
                _ => Err(NoAnswer::Ended.into()),
            },
        }
    }

    /// Compares what the books say with what the node holds: an alarm at most, never a reason to stop (DESIGN D12).
    ///
    /// # Errors
    /// Either side does not answer.
    pub fn external_audit(&self) -> Result<ExternalAudit, DeskFault> {
        let holdings = self.node.holdings()?;
        match self.engine.ask_now(Command::Survey)?? {
            Reply::Survey(survey) => Ok(ExternalAudit { survey, holdings }),
            _ => Err(NoAnswer::Ended.into()),
        }
    }
}

fn done(reply: Reply) -> Result<Done, DeskFault> {
    match reply {
        Reply::Object { snapshot, replayed } => Ok(Done { snapshot, replayed }),
        _ => Err(NoAnswer::Ended.into()),
    }
}
