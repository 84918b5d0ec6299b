//! A node in memory: it does to each payment what its script says, and keeps a log of what really happened.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::domain::bytes::{NodeId, PaymentHash, Preimage};
use crate::domain::money::Msat;
use crate::domain::payout::FailureCode;
use crate::domain::time::Timestamp;
use crate::ports::lightning::{
    ChainView, FlowDirection, Liquidity, NodeDown, NodeEvent, PayError, PayOrder, PaymentRecord,
    RecordStatus,
};

use super::invoice::{hash_of, parse};
use super::node_admin::OnChain;

mod port;

/// What happens to a payment that is dispatched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// It arrives at once, for this fee.
    Arrive(Msat),
    /// It is in flight until the test says otherwise.
    Hold,
    /// The node takes it and tells of its failure in an event.
    Fail(FailureCode),
    /// The node refuses it, and writes a failed record as ldk-node does.
    Reject(FailureCode),
    /// The node takes it but answers that its own record could not be written.
    UnclearAndSent,
    /// The node loses it before anything left.
    UnclearAndLost,
}

#[derive(Debug)]
pub(super) struct Inner {
    running: bool,
    now: Timestamp,
    preimages: BTreeMap<PaymentHash, Preimage>,
    records: BTreeMap<PaymentHash, PaymentRecord>,
    events: VecDeque<NodeEvent>,
    in_flight: BTreeMap<PaymentHash, PayOrder>,
    behaviour: Behaviour,
    scripted: BTreeMap<PaymentHash, Behaviour>,
    liquidity: Liquidity,
    chain: ChainView,
    held: u64,
    dispatched: Vec<PaymentHash>,
    arrived: Vec<(PaymentHash, Msat)>,
    issued: u64,
    receipts_dated: Option<Timestamp>,
    /// On-chain wallet and channels that were opened; they stand beside `liquidity`, which tests set as they need it.
    pub(super) onchain: OnChain,
}

/// The node of the simulated world.
#[derive(Debug)]
pub struct SimNode(Mutex<Inner>);

impl SimNode {
    /// Our node's key in the simulated world.
    pub const ID: NodeId = NodeId([2; 33]);

    /// A running node with one peer and plenty of liquidity, whose payments arrive for one satoshi.
    pub fn new(now: Timestamp) -> Self {
        let plenty = Msat::new(1_000_000_000_000);
        Self(Mutex::new(Inner {
            running: true,
            now,
            preimages: BTreeMap::new(),
            records: BTreeMap::new(),
            events: VecDeque::new(),
            in_flight: BTreeMap::new(),
            behaviour: Behaviour::Arrive(Msat::new(1_000)),
            scripted: BTreeMap::new(),
            liquidity: Liquidity {
                usable_peers: 1,
                largest_send: plenty,
                outbound: plenty,
                inbound: plenty,
            },
            chain: ChainView { height: 100, behind: Some(0), best_block_time: Some(now) },
            held: 0,
            dispatched: vec![],
            arrived: vec![],
            issued: 0,
            receipts_dated: None,
            onchain: OnChain::default(),
        }))
    }

    pub(super) fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn up<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> Result<T, NodeDown> {
        self.with(|inner| {
            if inner.running { Ok(act(inner)) } else { Err(NodeDown("not running".to_owned())) }
        })
    }

    /// The preimage of the invoice that the node makes as its first, second, … one.
    pub fn preimage_of(number: u64) -> Preimage {
        let mut preimage = Preimage([0; 32]);
        preimage.0[..8].copy_from_slice(&number.to_be_bytes());
        preimage
    }

    /// What payments without a script of their own do.
    pub fn behave(&self, behaviour: Behaviour) {
        self.with(|inner| inner.behaviour = behaviour);
    }

    /// What the payment of this preimage's hash will do.
    pub fn script(&self, preimage: &Preimage, behaviour: Behaviour) {
        self.with(|inner| {
            inner.preimages.insert(hash_of(preimage), *preimage);
            inner.scripted.insert(hash_of(preimage), behaviour);
        });
    }

    /// Lets the node know the preimage with which a wallet will take its payment.
    pub fn know(&self, preimage: &Preimage) {
        self.with(|inner| inner.preimages.insert(hash_of(preimage), *preimage));
    }

    /// Starts or stops it.
    pub fn set_running(&self, running: bool) {
        self.with(|inner| inner.running = running);
    }

    /// Changes what its channels can do.
    pub fn set_liquidity(&self, change: impl FnOnce(&mut Liquidity)) {
        self.with(|inner| change(&mut inner.liquidity));
    }

    /// Changes how far it has come with the chain.
    pub fn set_chain(&self, change: impl FnOnce(&mut ChainView)) {
        self.with(|inner| change(&mut inner.chain));
    }

    /// Money that moves beside payments: a deposit or a channel's cost.
    pub fn set_held(&self, held: Msat) {
        self.with(|inner| inner.held = held.get());
    }

    /// A payment that was held arrives.
    pub fn settle(&self, hash: &PaymentHash, fee: Msat) {
        self.with(|inner| {
            if let Some(order) = inner.in_flight.remove(hash) {
                inner.arrive(&order, fee);
            }
        });
    }

    /// A payment that was held comes back.
    pub fn fail(&self, hash: &PaymentHash, code: FailureCode) {
        self.with(|inner| {
            if inner.in_flight.remove(hash).is_some() {
                inner.record(*hash, RecordStatus::Failed);
                inner.events.push_back(NodeEvent::SendFailed { hash: *hash, code });
            }
        });
    }

    /// A customer pays one of our invoices, or sends unasked on any other hash.
    pub fn receive(&self, hash: PaymentHash, amount: Msat) {
        self.with(|inner| {
            let at = inner.receipts_dated;
            inner.held += amount.get();
            inner.records.insert(
                hash,
                PaymentRecord {
                    hash,
                    direction: FlowDirection::Inbound,
                    status: RecordStatus::Succeeded,
                    amount: Some(amount),
                    fee: None,
                    preimage: None,
                    skimmed: Msat::ZERO,
                    updated: at,
                },
            );
            let skimmed = Msat::ZERO;
            inner.events.push_back(NodeEvent::Received { hash, amount, skimmed, at });
        });
    }

    /// From now on receipts carry this moment, however late we learn of them.
    pub fn date_receipts(&self, at: Timestamp) {
        self.with(|inner| inner.receipts_dated = Some(at));
    }

    /// Repeats an event, as the real node does after a crash.
    pub fn repeat(&self, event: NodeEvent) {
        self.with(|inner| inner.events.push_back(event));
    }

    /// Puts a record in place of the one of its hash.
    pub fn set_record(&self, record: PaymentRecord) {
        self.with(|inner| inner.records.insert(record.hash, record));
    }

    /// Loses the record of a payment, as the real node may in a crash.
    pub fn lose_record(&self, hash: &PaymentHash) {
        self.with(|inner| inner.records.remove(hash));
    }

    /// Loses the events that wait, as the real node may in a crash.
    pub fn lose_events(&self) {
        self.with(|inner| inner.events.clear());
    }

    /// Every hash that `pay` was called with, in order.
    pub fn dispatched(&self) -> Vec<PaymentHash> {
        self.with(|inner| inner.dispatched.clone())
    }

    /// Every payment that arrived, with its amount.
    pub fn arrived(&self) -> Vec<(PaymentHash, Msat)> {
        self.with(|inner| inner.arrived.clone())
    }
}

impl Inner {
    fn record(&mut self, hash: PaymentHash, status: RecordStatus) {
        let record = PaymentRecord {
            hash,
            direction: FlowDirection::Outbound,
            status,
            amount: None,
            fee: None,
            preimage: None,
            skimmed: Msat::ZERO,
            updated: None,
        };
        self.records.insert(hash, record);
    }

    fn arrive(&mut self, order: &PayOrder, fee: Msat) {
        let amount = parse(order.invoice.as_str()).and_then(|invoice| invoice.amount);
        let amount = amount.unwrap_or_default();
        let preimage = self.preimages.get(&order.hash).copied();
        self.held = self.held.saturating_sub(amount.get() + fee.get());
        self.arrived.push((order.hash, amount));
        self.record(order.hash, RecordStatus::Succeeded);
        if let Some(record) = self.records.get_mut(&order.hash) {
            record.fee = Some(fee);
            record.preimage = preimage;
        }
        let event = NodeEvent::Sent { hash: order.hash, preimage, fee: Some(fee) };
        self.events.push_back(event);
    }

    fn pay(&mut self, order: &PayOrder) -> Result<(), PayError> {
        if !self.running {
            return Err(PayError::Rejected(FailureCode::NodeNotReady));
        }
        let taken = self.records.get(&order.hash).map(|record| record.status);
        if matches!(taken, Some(RecordStatus::Pending | RecordStatus::Succeeded)) {
            return Err(PayError::Unclear("duplicate payment"));
        }
        self.dispatched.push(order.hash);
        match self.scripted.get(&order.hash).copied().unwrap_or(self.behaviour) {
            Behaviour::Arrive(fee) => self.arrive(order, fee),
            Behaviour::Hold => {
                self.record(order.hash, RecordStatus::Pending);
                self.in_flight.insert(order.hash, order.clone());
            }
            Behaviour::Fail(code) => {
                self.record(order.hash, RecordStatus::Failed);
                self.events.push_back(NodeEvent::SendFailed { hash: order.hash, code });
            }
            Behaviour::Reject(code) => {
                self.record(order.hash, RecordStatus::Failed);
                return Err(PayError::Rejected(code));
            }
            Behaviour::UnclearAndSent => {
                self.in_flight.insert(order.hash, order.clone());
                return Err(PayError::Unclear("its record could not be written"));
            }
            Behaviour::UnclearAndLost => return Err(PayError::Unclear("no answer")),
        }
        Ok(())
    }
}
