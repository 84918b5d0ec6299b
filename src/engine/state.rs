//! What the engine keeps in memory: the rows that decisions need most, and what is derived from the rows of open
//! things. All of it can be computed from the store again, and is at start-up.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::act::{Act, ActKind, ActOutcome};
use crate::domain::bytes::PaymentHash;
use crate::domain::cashback::Cashback;
use crate::domain::checkout::{Payment, PaymentStatus};
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::id::{AccountId, ActId, CashbackId, ClaimId, PaymentId, PayoutId};
use crate::domain::network::Network;
use crate::domain::payout::{Payout, PayoutState};
use crate::domain::time::{ClockGuard, Span, Timestamp};
use crate::ports::store::{AnswerKey, Books, Key, Row};

use super::crowds::Crowds;
use super::living_claims::LivingClaims;
use super::outbox::Outbox;
use super::policy::Policy;

/// Something that time does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// An unpaid payment expires.
    Payment(PaymentId),
    /// A cashback starts or ends.
    Cashback(CashbackId),
    /// An open claim expires.
    Claim(ClaimId),
    /// A payout takes too long.
    Payout(PayoutId),
    /// An answer need not be kept any longer.
    Answer(AnswerKey),
}

/// The engine's memory.
#[derive(Debug)]
pub(super) struct State {
    /// The books' counters.
    pub(super) books: Books,
    /// Rows of accounts, cashbacks, balances, locks, open payouts and active endpoints.
    hot: BTreeMap<Key, Row>,
    /// Open payouts.
    open: BTreeSet<PayoutId>,
    /// Open payouts that hold a permit.
    permits: BTreeSet<PayoutId>,
    /// Open payouts that take too long.
    stuck: BTreeSet<PayoutId>,
    /// How many payouts of an account are parked.
    parked: BTreeMap<AccountId, usize>,
    /// Sendings of this process of which nobody knows yet whether the node did them.
    pub(super) sends: BTreeSet<ActId>,
    /// Payments on which money might still come in, and until when.
    watched: BTreeMap<PaymentHash, Timestamp>,
    /// What waits to be sent to webhook endpoints.
    pub(super) outbox: Outbox,
    /// Unpaid sessions.
    pub(super) crowds: Crowds,
    /// Claims that are not over.
    pub(super) claims: LivingClaims,
    /// When something is due.
    timers: BTreeSet<(Timestamp, Timer)>,
    due: BTreeMap<Timer, Timestamp>,
    /// Counts changes of balances.
    pub(super) money_mark: u64,

    /// When this process began.
    pub(super) started: Timestamp,
    /// Judges whether timers may run.
    pub(super) clock: ClockGuard,
    /// Its last judgement.
    pub(super) timers_run: bool,
    /// The rule of the books that is broken, if one is.
    pub(super) frozen: Option<String>,
    /// The height at the start of this process, if that may have cost the node a channel.
    pub(super) lost_channel: Option<u32>,
    /// True once the daemon is ending.
    pub(super) stopping: bool,
    /// True while the disk is low.
    pub(super) disk_low: bool,
    /// Peers with a usable channel, when last looked at.
    pub(super) usable_peers: u32,
    /// The chain's height, when last looked at.
    pub(super) height: u32,
    /// Hashes of outgoing HTLCs, when last looked at.
    pub(super) htlcs: BTreeSet<PaymentHash>,
    stuck_after: Span,
    permit_wait: Span,
    answers_kept: Span,
}

impl State {
    pub(super) fn new(books: Books, policy: &Policy, started: Timestamp) -> Self {
        Self {
            books,
            hot: BTreeMap::new(),
            open: BTreeSet::new(),
            permits: BTreeSet::new(),
            stuck: BTreeSet::new(),
            parked: BTreeMap::new(),
            sends: BTreeSet::new(),
            watched: BTreeMap::new(),
            outbox: Outbox::default(),
            crowds: Crowds::default(),
            claims: LivingClaims::default(),
            timers: BTreeSet::new(),
            due: BTreeMap::new(),
            money_mark: 0,
            started,
            clock: ClockGuard::new(policy.network != Network::Regtest),
            timers_run: false,
            frozen: None,
            lost_channel: None,
            stopping: false,
            disk_low: false,
            usable_peers: 0,
            height: 0,
            htlcs: BTreeSet::new(),
            stuck_after: policy.stuck_after,
            permit_wait: policy.permit_wait,
            answers_kept: policy.answers_kept,
        }
    }

    /// Takes note of a row that was (or, in the batch at hand, will be) committed.
    pub(super) fn apply(&mut self, key: &Key, row: Option<&Row>) {
        match row {
            Some(Row::Books(books)) => self.books = (**books).clone(),
            Some(Row::Balance(_)) => self.money_mark += 1,
            Some(Row::Session(session)) => self.crowds.apply(session),
            Some(Row::Payment(payment)) => self.apply_payment(payment),
            Some(Row::Cashback(cashback)) => self.apply_cashback(cashback),
            Some(Row::Claim(claim)) => self.apply_claim(claim),
            Some(Row::Payout(payout)) => self.apply_payout(payout),
            Some(Row::Act(act)) => self.apply_act(act),
            Some(Row::Endpoint(endpoint)) => self.outbox.apply_endpoint(endpoint),
            Some(Row::Delivery(delivery)) => {
                self.outbox.apply_delivery(&delivery.id, Some(delivery));
            }
            Some(Row::Answer(answer)) => {
                if let Key::Answer(key) = key {
                    let due = answer.created + self.answers_kept;
                    self.set_timer(Timer::Answer(key.clone()), Some(due));
                }
            }
            None => match key {
                Key::Answer(key) => self.set_timer(Timer::Answer(key.clone()), None),
                Key::Delivery(id) => self.outbox.apply_delivery(id, None),
                _ => {}
            },
            Some(_) => {}
        }
        match row {
            Some(row) if is_hot(row) => {
                self.hot.insert(key.clone(), row.clone());
            }
            _ => {
                self.hot.remove(key);
            }
        }
    }

    fn apply_payment(&mut self, payment: &Payment) {
        let unpaid = payment.status == PaymentStatus::Unpaid;
        self.set_timer(Timer::Payment(payment.id.clone()), unpaid.then_some(payment.expires_at));
        if payment.receipt.is_none() {
            self.watched.insert(payment.hash, payment.watched_until());
        } else {
            self.watched.remove(&payment.hash);
        }
    }

    fn apply_cashback(&mut self, cashback: &Cashback) {
        self.set_timer(Timer::Cashback(cashback.id.clone()), cashback.next_change());
    }

    fn apply_claim(&mut self, claim: &Claim) {
        self.claims.apply(claim);
        let open = claim.status == ClaimStatus::Open;
        self.set_timer(Timer::Claim(claim.id.clone()), open.then_some(claim.expires_at));
    }

    fn apply_payout(&mut self, payout: &Payout) {
        if self.payout(&payout.id).is_some_and(|before| before.parked) {
            let count = self.parked.entry(payout.account.clone()).or_insert(0);
            *count = count.saturating_sub(1);
        }
        if payout.parked && !payout.state.is_terminal() {
            *self.parked.entry(payout.account.clone()).or_insert(0) += 1;
        }
        let under_way = matches!(payout.state, PayoutState::Dispatching | PayoutState::InFlight);
        set(&mut self.open, &payout.id, !payout.state.is_terminal());
        set(&mut self.permits, &payout.id, under_way && !payout.stuck);
        set(&mut self.stuck, &payout.id, payout.stuck && !payout.state.is_terminal());
        let due = self.payout_due(payout);
        self.set_timer(Timer::Payout(payout.id.clone()), due);
    }

    fn apply_act(&mut self, act: &Act) {
        let open = act.kind == ActKind::SendOnchain && act.outcome == ActOutcome::Unknown;
        set(&mut self.sends, &act.id, open);
    }

    /// When a payout is next to be looked at: to give it up if it was never dispatched, to report it as stuck, to park it
    /// if it is in doubt.
    fn payout_due(&self, payout: &Payout) -> Option<Timestamp> {
        if payout.state.is_terminal() {
            return None;
        }
        let Some(dispatch) = payout.dispatch else {
            // The runner gives it up at the permit's deadline. This is for a runner that hangs.
            return Some(payout.created + self.permit_wait + self.permit_wait);
        };
        if !payout.stuck {
            return Some(dispatch.at + self.stuck_after);
        }
        let left_behind = dispatch.process != self.books.process;
        let doubtful = payout.state == PayoutState::InDoubt || left_behind;
        (doubtful && !payout.parked).then(|| self.doubt_ends(dispatch.at))
    }

    /// `stuck_after` after the later of a dispatch and this process's start (DESIGN D5).
    pub(super) fn doubt_ends(&self, dispatched: Timestamp) -> Timestamp {
        dispatched.max(self.started) + self.stuck_after
    }

    fn set_timer(&mut self, timer: Timer, due: Option<Timestamp>) {
        if let Some(before) = self.due.remove(&timer) {
            self.timers.remove(&(before, timer.clone()));
        }
        if let Some(due) = due {
            self.timers.insert((due, timer.clone()));
            self.due.insert(timer, due);
        }
    }

    /// What is due by now, the longest overdue first.
    pub(super) fn due_timers(&self, now: Timestamp, limit: usize) -> Vec<Timer> {
        let due = self.timers.iter().take_while(|(due, _)| *due <= now);
        due.take(limit).map(|(_, timer)| timer.clone()).collect()
    }

    /// A row kept in memory.
    pub(super) fn hot(&self, key: &Key) -> Option<&Row> {
        self.hot.get(key)
    }

    /// All rows kept in memory.
    pub(super) fn rows_in_memory(&self) -> impl Iterator<Item = (&Key, &Row)> {
        self.hot.iter()
    }

    /// An open payout.
    pub(super) fn payout(&self, id: &PayoutId) -> Option<&Payout> {
        match self.hot.get(&Key::Payout(id.clone())) {
            Some(Row::Payout(payout)) => Some(payout),
            _ => None,
        }
    }

    /// All open payouts.
    pub(super) fn open_payouts(&self) -> impl Iterator<Item = &Payout> {
        self.open.iter().filter_map(|id| self.payout(id))
    }

    /// Permits taken.
    pub(super) fn permits_taken(&self) -> usize {
        self.permits.len()
    }

    /// True while a payout is being dispatched or in flight, or on-chain money is being sent.
    pub(super) fn money_moves(&self) -> bool {
        !self.sends.is_empty()
            || self
                .open_payouts()
                .any(|p| matches!(p.state, PayoutState::Dispatching | PayoutState::InFlight))
    }

    /// Parked payouts of an account.
    pub(super) fn parked_of(&self, account: &AccountId) -> usize {
        self.parked.get(account).copied().unwrap_or(0)
    }

    /// Stuck payouts.
    pub(super) fn stuck_payouts(&self) -> impl Iterator<Item = &Payout> {
        self.stuck.iter().filter_map(|id| self.payout(id))
    }

    /// Payments on which money might still come in; those that are past watching are forgotten, if the clock may be
    /// believed.
    pub(super) fn watched(&mut self, now: Timestamp) -> Vec<PaymentHash> {
        if self.timers_run {
            self.watched.retain(|_, until| *until > now);
        }
        self.watched.keys().copied().collect()
    }
}

fn set<I: Clone + Ord>(ids: &mut BTreeSet<I>, id: &I, member: bool) {
    if member {
        ids.insert(id.clone());
    } else {
        ids.remove(id);
    }
}

/// Rows kept in memory: few, and read by almost every decision.
fn is_hot(row: &Row) -> bool {
    match row {
        Row::Account(_) | Row::Cashback(_) | Row::Balance(_) | Row::Lock(_) => true,
        Row::Payout(payout) => !payout.state.is_terminal(),
        Row::Endpoint(endpoint) => endpoint.is_active(),
        _ => false,
    }
}
