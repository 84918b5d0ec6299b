//! One simulated world from one seed: a daemon on a disk beside a node, merchants, customers, wallets and an operator –
//! and everything that can go wrong between them. One thread, no real time: the same seed, the same trace.
//!
//! Engine, runner, pump, sweep, recovery and store are those that ship. The world only decides what happens next.

use std::sync::Arc;

use crate::books_export;
use crate::domain::money::Msat;
use crate::domain::time::Span;
use crate::engine::command::Command;
use crate::engine::recovery::find_old_copy;
use crate::engine::reply::{Refusal, Reply};
use crate::ports::lightning::Lightning;
use crate::ports::store::Rows;

use super::auditor;
use super::chance::Chance;
use super::harness::{Outside, Process};
use super::node::Behaviour;
use super::{MapView, fuse, marks};

mod acts;
mod faults;
mod hooks;
mod links;
mod log;
mod operator;
mod sends;
mod trace;
mod trade;
mod wallets;

pub use acts::{Act, Swarm};

use log::Log;
use trace::Trace;

/// Most starts in a row that may die before one must succeed.
const MAX_STARTS: u32 = 50;
/// What the operator puts into the node at the beginning.
const DEPOSIT: Msat = Msat::new(20_000_000);
/// Rounds within which everything must have come to an end once nothing goes wrong any more.
const ROUNDS_TO_REST: u32 = 14;

/// A simulated world.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub struct World {
    outside: Outside,
    process: Option<Process>,
    chance: Chance,
    log: Log,
    starts: u64,
    old_view: Option<MapView>,
    /// What the node does to payments in this world.
    moods: Vec<Behaviour>,
    trace: Trace,
    wrong: Vec<String>,
}

impl World {
    /// A world with two merchants and some money. `tells` prints its trace as it goes.
    pub fn begin(seed: u64, tells: bool) -> Self {
        fuse::disarm();
        let outside = Outside::default();
        let mut world = Self {
            outside,
            process: None,
            chance: Chance::seeded(seed),
            log: Log::default(),
            starts: 0,
            old_view: None,
            moods: vec![],
            trace: Trace::new(tells),
            wrong: vec![],
        };
        world.moods = world.choose_moods();
        world.choose_policy();
        world.node().set_held(DEPOSIT);
        world.log.operator(i64::try_from(DEPOSIT.get()).unwrap_or(0));
        world.live(Process::reconcile);
        for name in ["coffee", "books"] {
            world.open_shop(name);
        }
        world
    }

    /// From the next start on, one payout has all permits, and three may be parked.
    pub fn narrow_limits(&mut self, max_stuck: u32) {
        let Outside { policy, .. } = &mut self.outside;
        (policy.permits_per_peer, policy.max_stuck_per_peer, policy.max_parked) = (1, max_stuck, 3);
        self.end_in_order();
    }

    /// The limits of this world: the narrower they are, the more often they are met.
    fn choose_policy(&mut self) {
        let Self { chance, outside: Outside { policy, .. }, .. } = self;
        policy.permits_per_peer = u32::try_from(chance.between(1, 2)).unwrap_or(1);
        policy.max_parked = usize::try_from(chance.between(1, 3)).unwrap_or(1);
        policy.max_stuck_per_peer = u32::try_from(chance.between(1, 2)).unwrap_or(1);
        policy.max_unpaid_per_link = usize::try_from(chance.between(1, 4)).unwrap_or(1);
        policy.max_unpaid_direct = usize::try_from(chance.between(10, 60)).unwrap_or(10);
        // What was told is compared with what happened when all is over, some of it months later.
        policy.events_kept = Span::from_secs(365 * 86_400);
        policy.max_waiting = usize::try_from(chance.between(4, 40)).unwrap_or(4);
        policy.retry.free = u32::try_from(chance.between(1, 5)).unwrap_or(1);
    }

    /// From now on the node does this to every payment.
    pub fn set_mood(&mut self, mood: Behaviour) {
        self.moods = vec![mood];
    }

    fn node(&self) -> Arc<super::SimNode> {
        Arc::clone(&self.outside.node)
    }

    fn say(&mut self, line: impl AsRef<str>) {
        self.trace.line(line.as_ref());
    }

    /// Does something with the running process; it is started first if it does not run. `None` if it died of it.
    fn live<T>(&mut self, act: impl FnOnce(&mut Process) -> T) -> Option<T> {
        if self.process.is_none() {
            self.start();
        }
        let mut process = self.process.take()?;
        match fuse::catch(move || (act(&mut process), process)) {
            Ok((value, process)) => {
                self.process = Some(process);
                Some(value)
            }
            Err(point) => {
                self.died(&point);
                None
            }
        }
    }

    /// Asks the engine; `None` if the process died, and nobody knows whether it was decided.
    fn ask(&mut self, command: Command) -> Option<Result<Reply, Refusal>> {
        let answer = self.live(|process| process.ask(command))?;
        if let Err(refusal) = &answer {
            let name = format!("{refusal:?}");
            marks::hit(format!("refused {}", name.split(' ').next().unwrap_or("")));
        }
        Some(answer)
    }

    fn rows(&mut self) -> Option<Arc<dyn Rows>> {
        self.live(|process| process.rows())
    }

    /// Starts the process as the daemon does: books, comparison with the node, recovery.
    fn start(&mut self) {
        for _ in 0..MAX_STARTS {
            self.starts += 1;
            let (outside, seed) = (self.outside.clone(), self.starts);
            match fuse::catch(|| start(&outside, seed)) {
                Ok(Ok(process)) => {
                    self.process = Some(process);
                    return;
                }
                // The disk may have failed it; the next start finds a disk that works.
                Ok(Err(_)) if self.outside.disk.mend() => {
                    marks::hit("fault: a start that the disk failed")
                }
                Ok(Err(why)) => return self.wrong.push(why),
                Err(point) => self.died(&point),
            }
        }
        self.wrong.push("it never comes up".to_owned());
    }

    /// The internal audit and the independent one.
    fn audit(&mut self, at_rest: bool) {
        let Some(problems) = self.live(|process| process.audit()) else { return };
        self.wrong.extend(problems);
        let Some(rows) = self.rows() else { return };
        let export = match books_export::lines(&*rows) {
            Ok(export) => export,
            Err(fault) => return self.wrong.push(fault.to_string()),
        };
        let arrived = self.node().arrived();
        let holds = self.node().holdings().ok().filter(|_| at_rest);
        let said = self.log.statements(export, &arrived, holds.map(|held| held.total), at_rest);
        self.wrong.extend(auditor::check(&said));
    }

    /// Faults stop; within a bounded number of rounds everything must have ended and fit.
    pub fn finish(&mut self) -> Vec<String> {
        fuse::disarm();
        self.outside.disk.mend();
        self.stop_process("the last restart");
        self.mend_outside();
        self.node().behave(Behaviour::Arrive(Msat::new(1_000)));
        for round in 0..ROUNDS_TO_REST {
            self.node().send_queued();
            for hash in self.node().in_flight() {
                self.end_flight(&hash);
            }
            self.answer_operator();
            self.live(Process::settle_down);
            self.live(|process| process.pass(Span::from_secs(61)));
            self.live(Process::sweep);
            self.settle_disputes();
            if round > 2 {
                self.node().mine(100);
            }
        }
        self.deliver_the_rest();
        self.live(Process::reconcile);
        if self.node().has_event() {
            self.wrong.push("an event is never taken".to_owned());
        }
        self.audit(true);
        self.say(format!("ends with {} wrong", self.wrong.len()));
        std::mem::take(&mut self.wrong)
    }

    /// A number for all that happened.
    pub fn trace_hash(&self) -> String {
        self.trace.hash()
    }
}

fn start(outside: &Outside, seed: u64) -> Result<Process, String> {
    outside.watch(marks::watch);
    let process = outside.try_boot(seed)?;
    if let Some(rule) = process.frozen() {
        return Err(format!("the books are frozen: {rule}"));
    }
    let records = outside.node.records().map_err(|down| down.to_string())?;
    let old = find_old_copy(&*process.rows(), &records).map_err(|fault| fault.to_string())?;
    if let Some(old) = old {
        return Err(format!("taken for an old copy: {old:?}"));
    }
    process.recover();
    if outside.node.is_closing().unwrap_or(false) {
        // What comes with the start is taken within the hour that six blocks take.
        process.pump();
    }
    Ok(process)
}
