//! Books, engine and shell over simulated adapters, driven step by step on one thread.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::time::{Span, Timestamp};
use crate::engine::command::{Command, Order, Origin};
use crate::engine::effect::Effect;
use crate::engine::policy::Policy;
use crate::engine::queue::NoAnswer;
use crate::engine::recovery::Recovery;
use crate::engine::reply::{Refusal, Reply};
use crate::engine::{Committed, Engine, Parts};
use crate::ports::clock::Clock;
use crate::ports::lightning::Lightning;
use crate::ports::store::Rows;
use crate::secrets::TokenKey;
use crate::shell::Ask;
use crate::shell::pump::{self, Turn};
use crate::shell::runner::Runner;
use crate::shell::sweep::Sweep;
use crate::store::journal::JournalError;
use crate::store::view::View;
use crate::store::{OpenBooks, keep_small, snapshot};

use super::limits::policy;
use super::{MapView, MemoryDisk, SimClock, SimEntropy, SimNode, SimReceiver, fuse};

/// The moment at which simulated worlds begin.
pub const BEGINNING: Timestamp = Timestamp::from_secs(1_700_000_000);
/// Bytes of a simulated journal's segments.
const SEGMENT_BYTES: u64 = 1 << 16;

/// What outlives the process: disk, node, time.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "views have none")]
pub struct Outside {
    /// The folder of the journal.
    pub disk: MemoryDisk,
    /// The view; it may be lost, as sled's may.
    pub view: Arc<Mutex<Arc<MapView>>>,
    /// Time.
    pub clock: SimClock,
    /// The node.
    pub node: Arc<SimNode>,
    /// The merchants' webhook receiver.
    pub receiver: Arc<SimReceiver>,
    /// Limits.
    pub policy: Policy,
    /// The token key.
    pub secrets: TokenKey,
}

impl Default for Outside {
    fn default() -> Self {
        Self {
            disk: MemoryDisk::default(),
            view: Arc::new(Mutex::new(Arc::new(MapView::default()))),
            clock: SimClock::at(BEGINNING),
            node: Arc::new(SimNode::new(BEGINNING)),
            receiver: Arc::default(),
            policy: policy(),
            secrets: TokenKey::from_seed(&[7; 64]),
        }
    }
}

impl Outside {
    fn current_view(&self) -> Arc<dyn View> {
        let view = self.view.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::<MapView>::clone(&view)
    }

    /// From now on `watcher` sees what is written into the view.
    pub fn watch(&self, watcher: super::view::Watcher) {
        self.view.lock().unwrap_or_else(PoisonError::into_inner).watch(watcher);
    }

    /// A copy of the view as it is now.
    pub fn copy_view(&self) -> MapView {
        self.view.lock().unwrap_or_else(PoisonError::into_inner).copy()
    }

    /// Puts another view in the place of the one that is there.
    pub fn put_view(&self, view: MapView) {
        *self.view.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
    }

    /// Throws the view away.
    pub fn lose_view(&self) {
        self.put_view(MapView::default());
    }

    /// Opens the books: the engine, and what an earlier process left to be done. `seed` is that of its chance.
    ///
    /// # Panics
    /// If the books cannot be opened.
    pub fn open(&self, seed: u64) -> (Engine, Vec<Effect>) {
        self.try_open(seed).unwrap_or_else(|error| panic!("{error}"))
    }

    /// As [`open`](Self::open), where the disk may fail.
    ///
    /// # Errors
    /// Why the books cannot be opened.
    pub fn try_open(&self, seed: u64) -> Result<(Engine, Vec<Effect>), String> {
        let opened = OpenBooks {
            disk: Arc::new(self.disk.clone()),
            open_view: &|| Ok(self.current_view()),
            set_view_aside: &|| {
                self.lose_view();
                Ok(())
            },
            segment_bytes: SEGMENT_BYTES,
            probe: fuse::pass,
        }
        .open()
        .map_err(|error| format!("the books cannot be opened: {error}"))?;
        Engine::open(Parts {
            store: Box::new(opened.store),
            clock: Arc::new(self.clock.clone()),
            entropy: Arc::new(SimEntropy::seeded(seed)),
            secrets: Arc::new(self.secrets.clone()),
            policy: self.policy.clone(),
        })
        .map_err(|error| format!("the books are not ours: {error}"))
    }

    /// Starts a process on one thread: opens the books and does what start-up does.
    ///
    /// # Panics
    /// If the books cannot be opened.
    pub fn boot(&self, seed: u64) -> Process {
        self.try_boot(seed).unwrap_or_else(|error| panic!("{error}"))
    }

    /// As [`boot`](Self::boot), where the disk may fail.
    ///
    /// # Errors
    /// Why the books cannot be opened.
    pub fn try_boot(&self, seed: u64) -> Result<Process, String> {
        let (engine, left) = self.try_open(seed)?;
        let (sender, effects) = channel();
        let engine = Rc::new(Direct { engine: RefCell::new(engine), effects: sender });
        engine.pass_on(left);
        Ok(Process::new(self.clone(), engine, effects))
    }
}

/// The engine itself, on the thread of whoever asks.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub struct Direct {
    engine: RefCell<Engine>,
    effects: Sender<Effect>,
}

impl Direct {
    fn step(&self, commands: Vec<Command>) -> Vec<Result<Reply, Refusal>> {
        fuse::pass("engine:before");
        let committed = self.engine.borrow_mut().step(commands);
        // A store that fails ends the process (DESIGN D2).
        let Committed { answers, effects } =
            committed.unwrap_or_else(|fault| fuse::die(&fault.to_string()));
        fuse::pass("engine:after");
        self.pass_on(effects);
        answers
    }

    fn pass_on(&self, effects: Vec<Effect>) {
        for effect in effects {
            // Nobody carries it out any more only when the process is being dropped.
            let _ = self.effects.send(effect);
        }
    }
}

impl Ask for Rc<Direct> {
    fn ask(&self, command: Command) -> Result<Result<Reply, Refusal>, NoAnswer> {
        self.step(vec![command]).pop().ok_or(NoAnswer::Ended)
    }
}

/// A running process, whose shell moves only when it is told to. Dropping it is a crash.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub struct Process<A: Ask = Rc<Direct>> {
    /// What outlives it.
    pub outside: Outside,
    pub(super) engine: A,
    effects: Receiver<Effect>,
    runner: Runner<A>,
    sweep: Sweep<A>,
}

impl Process {
    /// Several commands that wait together.
    pub fn batch(&self, commands: Vec<Command>) -> Vec<Result<Reply, Refusal>> {
        self.engine.step(commands)
    }

    /// The rule of the books that is broken, if one is.
    pub fn frozen(&self) -> Option<String> {
        self.engine.engine.borrow().frozen().map(str::to_owned)
    }

    /// The next time a payment is handed to the node, its event is taken before the node's answer is booked.
    pub fn pump_during_pay(&self) {
        let (engine, node) = (Rc::clone(&self.engine), Arc::clone(&self.outside.node));
        fuse::interleave("pay:after", move || {
            let node: &dyn Lightning = &*node;
            while pump::turn(&engine, node, Span::default(), fuse::pass) == Ok(Turn::Used) {}
        });
    }

    /// The books.
    pub fn rows(&self) -> Arc<dyn Rows> {
        self.engine.engine.borrow().rows()
    }
}

impl<A: Ask + Clone> Process<A> {
    /// A shell around an engine that passes its effects on to `effects`.
    pub fn new(outside: Outside, engine: A, effects: Receiver<Effect>) -> Self {
        let node: Arc<dyn Lightning> = outside.node.clone();
        let clock: Arc<dyn Clock> = Arc::new(outside.clock.clone());
        let runner = Runner::new(engine.clone(), Arc::clone(&node), fuse::pass);
        let sweep = Sweep::new(engine.clone(), node, clock);
        Self { outside, engine, effects, runner, sweep }
    }

    /// Asks the engine.
    ///
    /// # Errors
    /// The engine refuses.
    pub fn ask(&self, command: Command) -> Result<Reply, Refusal> {
        self.engine.ask(command).unwrap_or_else(|none| panic!("{none}"))
    }

    /// Gives an order as the operator.
    ///
    /// # Errors
    /// The engine refuses.
    pub fn order(&self, order: Order) -> Result<Reply, Refusal> {
        self.ask(Command::Order(Box::new(order), Origin::default()))
    }

    /// Hands reserved payouts to the runner.
    fn take_effects(&mut self) {
        while let Ok(effect) = self.effects.try_recv() {
            if let Effect::Pay(due) = effect {
                self.runner.add(due);
            }
        }
    }

    /// One turn of the runner.
    pub fn run_payouts(&mut self) {
        self.take_effects();
        self.runner.run_once().unwrap_or_else(|none| panic!("{none}"));
    }

    /// Takes every event that waits.
    pub fn pump(&self) {
        while self.pump_once() {}
    }

    /// Takes one event; false if there is none, or if it must wait.
    pub fn pump_once(&self) -> bool {
        let node: &dyn Lightning = &*self.outside.node;
        pump::turn(&self.engine, node, Span::default(), fuse::pass) == Ok(Turn::Used)
    }

    /// Runner and pump, until nothing moves any more.
    pub fn settle_down(&mut self) {
        for _ in 0..4 {
            self.run_payouts();
            self.pump();
        }
    }

    /// What start-up asks the node, before it takes any event.
    pub fn recover(&self) {
        self.outside.node.come_up();
        if let Ok(found) = Recovery::look(&*self.outside.node) {
            self.ask(Command::Recover(found)).ok();
        }
    }

    /// Time passes, and is told of.
    pub fn pass(&mut self, span: Span) {
        self.outside.clock.advance(span);
        self.tick(false);
    }

    /// The engine is told the time, and whether the disk has little room.
    pub fn tick(&mut self, disk_low: bool) {
        self.sweep.tick(disk_low).unwrap_or_else(|none| panic!("{none}"));
    }

    /// One sweep.
    pub fn sweep(&mut self) {
        self.sweep.sweep().unwrap_or_else(|none| panic!("{none}"));
    }

    /// Reconciles books and node, if both rest.
    pub fn reconcile(&mut self) {
        for _ in 0..3 {
            self.sweep.reconcile().unwrap_or_else(|none| panic!("{none}"));
            self.outside.clock.advance(Span::from_millis(600));
        }
    }

    /// What the thread for the folder does: a snapshot is made, and old segments go. True if there is one then.
    ///
    /// # Panics
    /// If the journal is damaged.
    pub fn keep_folder_small(&self) -> bool {
        match keep_small(&self.outside.disk, 0) {
            Ok(()) => snapshot::names(&self.outside.disk).is_ok_and(|names| !names.is_empty()),
            Err(JournalError::Io(_)) => false,
            Err(error) => panic!("{error}"),
        }
    }

    /// What is wrong with the books; empty if nothing is.
    ///
    /// # Panics
    /// If the audit does not answer.
    pub fn audit(&self) -> Vec<String> {
        match self.ask(Command::Audit) {
            Ok(Reply::Audit(report)) => report.problems,
            other => panic!("the audit does not answer: {other:?}"),
        }
    }
}
