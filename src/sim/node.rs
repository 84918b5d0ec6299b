//! A node in memory: it does to each payment what its script says, and keeps a log of what really happened.
//!
//! It may do what the real one can do, and nothing else. What holds it to that:
//!
//! | what it does | the real one, shown by |
//! |---|---|
//! | arrives at once, is held, settles, comes back, is refused without a record but a failed one, is down, rests | `tests/contracts/lightning.rs`, the same suite over both |
//! | fails by an event after it was accepted | `regtest::failures::a_customer_that_is_away_…` |
//! | gives the same event again after a crash | `regtest::crashes::death_between_booking_and_acknowledging_…` |
//! | has an outcome that nobody was told of while we were down | `regtest::crashes::a_kill_in_flight_then_…` |
//! | takes a payment of which nothing is written yet, then the process dies | `regtest::crashes::death_right_after_the_call_…` |
//! | takes money on a hash of nobody's | `regtest::receipts::money_that_nobody_asked_for_…` |
//! | answers `PersistenceFailed` after it has accepted, and has no record then or later | not provoked: one write of SQLite has to fail between two others (facts, section 1.1, read) |
//! | keeps a record pending for ever, having lost the payment | not provoked: the process has to die while the peer is away and the HTLC waits in the holding cell (fact 4, read) |
//! | loses an event whose record is terminal | not provoked: the process has to die between the record and the event queue's write (facts, section 2, read) |
//! | tells the outcome before `send` has returned | not provoked: a matter of two threads; the engine's tests do it |
//! | loses a channel in a crash, says of payments in it that they failed, and forgets them, although the payee can have them | not provoked: the process has to die after an HTLC left the holding cell and before the manager is written; `make kill` met it once (lightning 0.2.7, channelmanager.rs:16910, read) |
//! | fails every HTLC on chain before the deadline | not provoked: takes days of blocks and a closed channel; `regtest::adjustments` closes one at rest |

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::domain::bytes::{NodeId, PaymentHash, Preimage};
use crate::domain::money::Msat;
use crate::domain::payout::FailureCode;
use crate::domain::time::Timestamp;
use crate::ports::lightning::{
    ChainView, FlowDirection, Liquidity, NodeDown, NodeEvent, PayOrder, PaymentRecord, RecordStatus,
};

use super::chance::Chance;
use super::invoice::hash_of;
use super::node_admin::OnChain;

use inner::is_recorded;

mod inner;
mod payees;
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
    /// The node takes it but cannot send it yet: its peer is away. A crash may lose it then, and its record stays pending
    /// for ever (fact 4).
    Queue,
}

/// A payment that the node has taken.
#[derive(Clone, Debug)]
struct Flight {
    order: PayOrder,
    sent: bool,
    /// The node has said that it failed, and knows nothing of it any more.
    forgotten: bool,
    /// From this height on no HTLC of it can be left.
    ends: u32,
}

/// A payment that reached a wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Its hash.
    pub hash: PaymentHash,
    /// What the wallet received.
    pub amount: Msat,
    /// What routing cost.
    pub fee: Msat,
}

/// Blocks after a route's limit by which the node has failed its HTLCs on chain; fewer than the deadline allows.
const CLOSING_BLOCKS: u32 = 100;

#[derive(Debug)]
pub(super) struct Inner {
    running: bool,
    now: Timestamp,
    preimages: BTreeMap<PaymentHash, Preimage>,
    records: BTreeMap<PaymentHash, PaymentRecord>,
    events: VecDeque<NodeEvent>,
    in_flight: BTreeMap<PaymentHash, Flight>,
    /// Taken, and nothing about it written yet.
    unwritten: Option<PaymentHash>,
    /// The event that was acknowledged last.
    acknowledged: Option<NodeEvent>,
    behaviour: Behaviour,
    scripted: BTreeMap<PaymentHash, Behaviour>,
    liquidity: Liquidity,
    chain: ChainView,
    held: u64,
    /// The next start loses a channel, and says of these payments that they failed.
    to_be_lost: Option<Vec<PaymentHash>>,
    /// The height at which the last channel that was lost is settled.
    closed_until: u32,
    dispatched: Vec<PaymentHash>,
    arrived: Vec<Arrival>,
    issued: u64,
    /// Invoices that owners of Lightning addresses made.
    addressed: u64,
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
            unwritten: None,
            acknowledged: None,
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
            to_be_lost: None,
            closed_until: 0,
            dispatched: vec![],
            arrived: vec![],
            issued: 0,
            addressed: 0,
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

    /// As a new node beside restored books: the invoices it makes are not those that the old node made.
    pub fn skip_invoices(&self, count: u64) {
        self.with(|inner| inner.issued = count);
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

    /// What time it is for the node.
    pub fn set_time(&self, now: Timestamp) {
        self.with(|inner| inner.now = now);
    }

    /// Money that moves beside payments: a deposit or a channel's cost.
    pub fn set_held(&self, held: Msat) {
        self.with(|inner| inner.held = held.get());
    }

    /// A payment that was held arrives.
    pub fn settle(&self, hash: &PaymentHash, fee: Msat) {
        self.with(|inner| {
            if let Some(flight) = inner.in_flight.remove(hash) {
                inner.arrive(&flight, fee);
            }
        });
    }

    /// What was queued is sent.
    pub fn send_queued(&self) {
        self.with(|inner| inner.in_flight.values_mut().for_each(|flight| flight.sent = true));
    }

    /// Payments that left and are not settled.
    pub fn in_flight(&self) -> Vec<PaymentHash> {
        let sent = |(hash, flight): (&PaymentHash, &Flight)| flight.sent.then_some(*hash);
        self.with(|inner| inner.in_flight.iter().filter_map(sent).collect())
    }

    /// Blocks are mined. What cannot be in flight any more has failed on chain.
    pub fn mine(&self, blocks: u32) {
        self.with(|inner| {
            inner.chain.height += blocks;
            let height = inner.chain.height;
            let over: Vec<_> = inner
                .in_flight
                .iter()
                .filter(|(_, flight)| flight.ends <= height)
                .map(|(hash, _)| *hash)
                .collect();
            for hash in over {
                inner.end(hash, FailureCode::NodeError);
            }
        });
    }

    /// The process that the node lives in has died: what was not sent may be lost, events whose record says the same may
    /// be lost, and the one acknowledged last may come again (facts, the crash table).
    pub fn crash(&self, chance: &Chance) {
        self.with(|inner| {
            inner.running = true;
            let unwritten = inner.unwritten.take();
            let records = &inner.records;
            inner.in_flight.retain(|hash, flight| {
                let may_vanish = unwritten == Some(*hash) || !flight.sent;
                !(may_vanish && chance.one_in(2))
            });
            inner.events.retain(|event| !(is_recorded(event, records) && chance.one_in(8)));
            if chance.one_in(8) {
                let flights = inner.in_flight.keys().copied();
                inner.to_be_lost = Some(flights.filter(|_| chance.one_in(2)).collect());
            }
            if let Some(event) = inner.acknowledged.take().filter(|_| chance.one_in(3)) {
                inner.events.push_front(event);
            }
        });
    }

    /// The next process has started it.
    pub fn come_up(&self) {
        self.with(|inner| {
            if let Some(hashes) = inner.to_be_lost.take() {
                inner.lose_channel(hashes);
            }
        });
    }

    /// The next start will find a channel newer than what it knows.
    pub fn will_lose(&self, hashes: &[PaymentHash]) {
        self.with(|inner| inner.to_be_lost = Some(hashes.to_vec()));
    }

    /// A payment that was held comes back.
    pub fn fail(&self, hash: &PaymentHash, code: FailureCode) {
        self.with(|inner| {
            inner.end(*hash, code);
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

    /// Every payment that arrived.
    pub fn arrived(&self) -> Vec<Arrival> {
        self.with(|inner| inner.arrived.clone())
    }
}
