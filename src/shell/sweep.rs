//! The sweep (DESIGN section 5 row 7): asks the node about everything that is open, because an event can get lost, and
//! keeps the books' idea of the node's money true.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::bytes::PaymentHash;
use crate::domain::money::Msat;
use crate::domain::payout::PayoutState;
use crate::domain::time::Span;
use crate::engine::command::{Command, Evidence, EvidenceSource, Reconcile, Tick};
use crate::engine::queue::NoAnswer;
use crate::engine::recovery::{evidence_of, receipt_of};
use crate::engine::reply::{OpenPayout, Reply, Survey};
use crate::ports::clock::Clock;
use crate::ports::lightning::{Lightning, NodeDown};

use super::Ask;

/// Payments that one sweep asks about; the others have their turn in the next ones.
const PAYMENTS_PER_SWEEP: usize = 500;
/// For how long the node's money must have been the same, with nothing moving in the books, before it is believed to
/// rest: an event that tells of a receipt may lag behind the channel's balance.
const QUIET: Span = Span::from_secs(1);

/// A reading of the node's money, to be confirmed by a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    total: Msat,
    mark: u64,
}

/// Asks the node about what is open.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub struct Sweep<A> {
    engine: A,
    node: Arc<dyn Lightning>,
    clock: Arc<dyn Clock>,
    next_payment: usize,
    held: Option<(Held, Span)>,
}

impl<A: Ask> Sweep<A> {
    /// A sweep that has asked nothing yet.
    pub const fn new(engine: A, node: Arc<dyn Lightning>, clock: Arc<dyn Clock>) -> Self {
        Self { engine, node, clock, next_payment: 0, held: None }
    }

    /// Tells the engine the time, and what it should know of disk and node.
    ///
    /// # Errors
    /// The engine has ended.
    pub fn tick(&self, disk_low: bool) -> Result<(), NoAnswer> {
        let chain = self.node.chain().ok();
        let tick = Tick {
            reading: self.clock.now(),
            best_block: chain.and_then(|chain| chain.best_block_time),
            height: chain.map(|chain| chain.height),
            usable_peers: self.node.liquidity().map_or(0, |liquidity| liquidity.usable_peers),
            disk_low,
        };
        self.engine.ask(Command::Tick(tick)).map(drop)
    }

    fn survey(&self) -> Result<Survey, NoAnswer> {
        match self.engine.ask(Command::Survey)? {
            Ok(Reply::Survey(survey)) => Ok(survey),
            _ => Ok(Survey::default()),
        }
    }

    /// Asks the node about every open payout, and about payments in turns.
    ///
    /// # Errors
    /// The engine has ended. A node that is down is asked again the next time.
    pub fn sweep(&mut self) -> Result<(), NoAnswer> {
        let survey = self.survey()?;
        let Ok(pending) = self.node.pending_hashes() else { return Ok(()) };
        let mut with_htlc = pending.clone();
        for payout in survey.payouts.iter().filter(|payout| is_askable(payout)) {
            match self.look_at(payout, &pending) {
                Ok(Some((evidence, source))) => {
                    if evidence == Evidence::Pending {
                        with_htlc.insert(payout.hash);
                    }
                    self.engine.ask(Command::Evidence(payout.hash, evidence, source))?.ok();
                }
                Ok(None) => {}
                Err(down) => return self.give_up(&down),
            }
        }
        self.engine.ask(Command::HtlcsSeen(with_htlc))?.ok();
        self.sweep_payments(&survey)
    }

    fn give_up(&self, down: &NodeDown) -> Result<(), NoAnswer> {
        tracing::warn!(%down, "the sweep ends early");
        Ok(())
    }

    /// What the node knows of a payout by now.
    fn look_at(
        &self,
        payout: &OpenPayout,
        pending: &BTreeSet<PaymentHash>,
    ) -> Result<Option<(Evidence, EvidenceSource)>, NodeDown> {
        let record = self.node.record(&payout.hash)?;
        let height = self.node.chain()?.height;
        let evidence = record.as_ref().and_then(|record| evidence_of(record, height));
        // A stranger can have sent us money on the hash: a record of that decides nothing about what we sent.
        let decided = matches!(evidence, Some(Evidence::Succeeded { .. } | Evidence::Failed(..)));
        if !decided && !pending.contains(&payout.hash) {
            let chain = self.node.chain()?;
            let past = payout.deadline_height.is_some_and(|deadline| chain.height >= deadline);
            if past && chain.is_synced() && !self.node.has_event() {
                let nothing = Evidence::NothingLeft(chain.height);
                return Ok(Some((nothing, EvidenceSource::Event)));
            }
        }
        Ok(evidence.map(|evidence| (evidence, EvidenceSource::Record)))
    }

    fn sweep_payments(&mut self, survey: &Survey) -> Result<(), NoAnswer> {
        let count = survey.payments.len();
        for _ in 0..count.min(PAYMENTS_PER_SWEEP) {
            self.next_payment = (self.next_payment + 1) % count;
            let hash = survey.payments[self.next_payment];
            let record = match self.node.record(&hash) {
                Ok(record) => record,
                Err(down) => return self.give_up(&down),
            };
            if let Some(money) = record.as_ref().and_then(receipt_of) {
                self.engine.ask(Command::Received(money))?.ok();
            }
        }
        Ok(())
    }

    /// Brings the books' `node` account to what the node holds, once nothing moves on either side (DESIGN D12).
    ///
    /// # Errors
    /// The engine has ended.
    pub fn reconcile(&mut self) -> Result<(), NoAnswer> {
        let survey = self.survey()?;
        let held = match self.node.holdings() {
            Ok(holdings) if holdings.at_rest && survey.at_rest && !self.node.has_event() => {
                Held { total: holdings.total, mark: survey.mark }
            }
            _ => {
                self.held = None;
                return Ok(());
            }
        };
        let now = self.clock.now().monotonic;
        let since = match self.held {
            Some((before, since)) if before == held => since,
            _ => now,
        };
        self.held = Some((held, since));
        let differs = i64::try_from(held.total.get()) != Ok(survey.booked);
        if differs && now.millis() - since.millis() >= QUIET.millis() {
            let request = Reconcile { held: held.total, mark: held.mark };
            self.engine.ask(Command::Reconcile(request))?.ok();
            self.held = None;
        }
        Ok(())
    }
}

/// The node is not asked about a payout that the runner is asking it to pay at this moment: the answer is on its way.
fn is_askable(payout: &OpenPayout) -> bool {
    match payout.state {
        PayoutState::Reserved => false,
        PayoutState::Dispatching => payout.of_earlier_process,
        _ => true,
    }
}
