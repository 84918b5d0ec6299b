//! The one writer of the books. It takes commands in order, decides each by the rules of the domain, makes one commit
//! of all that were waiting, and only then answers (DESIGN D1, D3).
//!
//! It is synchronous and does no IO of its own: time, chance, disk and node are behind ports, so the simulated world
//! runs the same engine. Nothing else commits, and nothing else changes a claim or a payout.

use std::sync::Arc;

use crate::domain::time::Reading;
use crate::ports::clock::Clock;
use crate::ports::entropy::Entropy;
use crate::ports::secrets::Secrets;
use crate::ports::store::{Batch, Rows, Store, StoreFault};

mod accounts;
mod acts;
pub mod audit;
mod cashbacks;
mod chain;
mod checkouts;
mod claims;
pub mod command;
mod crowds;
mod customers;
mod dispatching;
pub mod effect;
pub mod figures;
mod idempotency;
pub mod links;
mod living_claims;
mod next_payments;
pub mod open;
mod orders;
mod outbox;
mod ownership;
mod payouts;
pub mod policy;
pub mod queue;
mod receipts;
mod reconcile;
pub mod recovery;
pub mod reply;
mod reservation;
mod restore;
mod sends;
mod state;
mod survey;
mod suspense;
mod timers;
mod tx;
mod webhooks;

#[cfg(test)]
mod tests;

use command::{Command, Tick};
use effect::Effect;
use policy::Policy;
use reply::{Refusal, Reply};
use state::State;
use tx::{Accepted, Fail, Surroundings, Tx};

/// What the engine is made of.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub struct Parts {
    /// The books, with the only write handle.
    pub store: Box<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for ids.
    pub entropy: Arc<dyn Entropy>,
    /// Bearer secrets.
    pub secrets: Arc<dyn Secrets>,
    /// Limits.
    pub policy: Policy,
}

/// The engine.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub struct Engine {
    parts: Parts,
    rows: Arc<dyn Rows>,
    state: State,
}

/// What a commit leaves to be done.
#[derive(Debug, Default)]
pub struct Committed {
    /// One answer for each command, in order.
    pub answers: Vec<Result<Reply, Refusal>>,
    /// What the shell is to do now.
    pub effects: Vec<Effect>,
}

impl Engine {
    /// Decides `commands` in order, makes one commit of those that were accepted, and answers all of them.
    ///
    /// # Errors
    /// The store is out of order. Nobody knows what is on disk then: the process must end without answering.
    pub fn step(&mut self, commands: Vec<Command>) -> Result<Committed, StoreFault> {
        let mut committed = Committed::default();
        let mut batch = Batch::default();
        for command in commands {
            let (answer, accepted) = self.decide(command, &batch)?;
            tx::note(&mut self.state, &accepted.rows);
            batch.rows.extend(accepted.rows.rows);
            committed.effects.extend(accepted.effects);
            committed.answers.push(answer);
        }
        if !batch.rows.is_empty() {
            self.parts.store.commit(batch)?;
        }
        Ok(committed)
    }

    fn decide(
        &mut self,
        command: Command,
        batch: &Batch,
    ) -> Result<(Result<Reply, Refusal>, Accepted), StoreFault> {
        // What was judged is what counts: the clock may have been set since.
        let reading = match &command {
            Command::Tick(tick) => tick.reading,
            _ => self.parts.clock.now(),
        };
        let trusted = match &command {
            Command::Tick(tick) => self.observe(tick),
            Command::HtlcsSeen(hashes) => {
                self.state.htlcs.clone_from(hashes);
                true
            }
            Command::Viewed(session) => {
                self.state.crowds.viewed(session, reading.wall);
                true
            }
            Command::Recover(found) => {
                self.state.lost_channel = found.closing_at;
                true
            }
            Command::Stop => {
                self.state.stopping = true;
                true
            }
            Command::Freeze(rule) => {
                self.state.frozen.get_or_insert(rule.clone());
                true
            }
            Command::Survey => {
                let survey = self.survey(self.state.clock.time(reading));
                return Ok((Ok(Reply::Survey(survey)), Accepted::default()));
            }
            Command::Figures => {
                let figures = self.state.figures(self.state.clock.time(reading));
                return Ok((Ok(Reply::Figures(Box::new(figures))), Accepted::default()));
            }
            Command::Audit => {
                // The audit reads what is durable; what this batch will add is checked by the next one.
                let report = audit::audit(&*self.rows, &*self.parts.secrets)?;
                return Ok((Ok(Reply::Audit(report)), Accepted::default()));
            }
            _ => true,
        };
        let mut tx = Tx::new(self.surroundings(reading), &self.state, batch);
        let decided = handle(&mut tx, command, trusted).and_then(|reply| {
            accounts::watch_balances(&mut tx)?;
            Ok(reply)
        });
        match decided {
            Ok(reply) => Ok((Ok(reply), tx.accept())),
            Err(Fail::Refused(refusal)) => Ok((Err(refusal), Accepted::default())),
            Err(Fail::Fault(fault)) => Err(fault),
        }
    }

    fn surroundings(&self, reading: Reading) -> Surroundings<'_> {
        Surroundings {
            policy: &self.parts.policy,
            rows: &*self.rows,
            secrets: &*self.parts.secrets,
            entropy: &*self.parts.entropy,
            now: self.state.clock.time(reading),
            wall: reading.wall,
        }
    }

    /// Takes note of a look at the surroundings; true if timers may run.
    fn observe(&mut self, tick: &Tick) -> bool {
        self.state.disk_low = tick.disk_low;
        self.state.usable_peers = tick.usable_peers;
        self.state.height = tick.height.unwrap_or(self.state.height);
        self.state.timers_run = self.state.clock.observe(tick.reading, tick.best_block);
        self.state.timers_run
    }

    /// The clock that it goes by.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.parts.clock)
    }

    /// A reader of the books.
    pub fn rows(&self) -> Arc<dyn Rows> {
        Arc::clone(&self.rows)
    }

    /// The rule of the books that is broken, if one is (DESIGN D12).
    pub fn frozen(&self) -> Option<&str> {
        self.state.frozen.as_deref()
    }
}

fn handle(tx: &mut Tx<'_>, command: Command, trusted: bool) -> Result<Reply, Fail> {
    if let (Some(rule), true) = (&tx.state.frozen, changes_books(&command)) {
        return Err(Refusal::Frozen(rule.clone()).into());
    }
    match command {
        Command::Order(order, origin) => {
            tx.caused_by(origin.request.clone());
            orders::order(tx, *order, &origin)
        }
        Command::Recall(origin) => Ok(idempotency::recall(tx, &origin)?.unwrap_or(Reply::Noted)),
        Command::CheckSession(new) => checkouts::check(tx, &new),
        Command::CheckPayment(id, chosen) => next_payments::check(tx, id, chosen),
        Command::FindVisit(request) => links::find_visit(tx, &request),
        Command::SubmitInvoice(request) => claims::submit(tx, *request),
        Command::Dispatch(request) => dispatching::dispatch(tx, request),
        Command::Dispatched(payout, answer) => payouts::dispatched(tx, payout, answer),
        Command::Evidence(hash, evidence, source) => payouts::evidence(tx, hash, evidence, source),
        Command::Received(money) => receipts::received(tx, money),
        Command::Recover(found) => recovery::recover(tx, &found.records),
        Command::Reconcile(request) => reconcile::reconcile(tx, request),
        Command::Restore(height) => restore::restore(tx, height),
        Command::Outbox(request) => webhooks::due(tx, &request),
        Command::Attempted(tried) => webhooks::attempted(tx, &tried),
        Command::Tick(_) if trusted => timers::run_due(tx),
        Command::Stop => payouts::give_up_reserved(tx),
        Command::Tick(_)
        | Command::HtlcsSeen(_)
        | Command::Viewed(_)
        | Command::Freeze(_)
        | Command::Survey
        | Command::Figures
        | Command::Audit => Ok(Reply::Noted),
    }
}

/// True for what a frozen engine must not even decide. Orders and claims have answers of their own for that.
const fn changes_books(command: &Command) -> bool {
    match command {
        Command::Dispatch(_)
        | Command::Dispatched(..)
        | Command::Evidence(..)
        | Command::Received(_)
        | Command::Recover(_)
        | Command::Reconcile(_)
        | Command::Attempted(_)
        | Command::Tick(_)
        | Command::Restore(_)
        | Command::Stop => true,
        Command::Order(..)
        | Command::Recall(_)
        | Command::CheckSession(_)
        | Command::CheckPayment(..)
        | Command::FindVisit(_)
        | Command::Viewed(_)
        | Command::SubmitInvoice(_)
        | Command::HtlcsSeen(_)
        | Command::Outbox(_)
        | Command::Survey
        | Command::Figures
        | Command::Audit
        | Command::Freeze(_) => false,
    }
}
