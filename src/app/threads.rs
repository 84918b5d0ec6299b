//! The shell's threads: payouts, the node's events, the sweep, and the peers.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{Notify, broadcast};

use crate::config::{self, Config};
use crate::domain::id::SessionId;
use crate::domain::time::Span;
use crate::engine::effect::Effect;
use crate::engine::queue::{Handle, Hooks, NoAnswer};
use crate::metrics::Metrics;
use crate::node::{LdkLightning, keep_connected};
use crate::ports::clock::Clock;
use crate::ports::lightning::Lightning;
use crate::rates::{self, Board, Source};
use crate::shell::inbox::Inbox;
use crate::shell::pump::{self, Turn};
use crate::shell::runner::Runner;
use crate::shell::sweep::Sweep;
use crate::tripwire;
use crate::webhook::Carrier;

use super::{Fault, Standing, hooks, webhooks};

/// How long a payout that waits for leave waits for its next try, unless something tells it to look again.
const RETRY: Duration = Duration::from_millis(100);
/// How long the pump waits for an event before it looks whether it should stop.
const PUMP_PATIENCE: Span = Span::from_millis(500);
/// How often the clock is told and the node's money looked at.
const TICK: Duration = Duration::from_millis(500);
/// How often peers are looked after (`ldk-node-facts.md`, section 5).
const PEERS: Duration = Duration::from_secs(5);

/// Threads that have not been started.
pub(super) struct Threads {
    inbox: Arc<Inbox>,
    /// Told when only another start can help.
    pub(super) locked_out: Arc<Notify>,
}

/// Threads that run.
pub(super) struct Running {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Threads {
    /// The hooks of the engine's thread, which comes before the threads that it feeds.
    pub(super) fn prepare(
        changes: broadcast::Sender<SessionId>,
        metrics: Arc<Metrics>,
    ) -> (Self, Hooks) {
        let inbox = Arc::<Inbox>::default();
        let filled = Arc::clone(&inbox);
        let hooks = hooks(move |effect| filled.put(effect), changes, metrics);
        (Self { inbox, locked_out: Arc::default() }, hooks)
    }

    /// Adds what an earlier process left to be done.
    pub(super) fn take_on(&self, left_to_do: Vec<Effect>) {
        for effect in left_to_do {
            self.inbox.put(effect);
        }
    }

    /// Starts what the standing allows.
    pub(super) fn start(
        self,
        config: &Config,
        standing: &Standing,
        engine: &Handle,
        node: &Arc<LdkLightning>,
        clock: &Arc<dyn Clock>,
        carrier: Carrier,
    ) -> Result<Running, Fault> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut running = Running { stop: Arc::clone(&stop), threads: vec![] };
        let lightning: Arc<dyn Lightning> = Arc::<LdkLightning>::clone(node);
        if !matches!(standing, Standing::Held(_)) {
            let (node, stop) = (Arc::clone(node), Arc::clone(&stop));
            running.spawn("peers", move || peers(&node, &stop))?;
        }
        if *standing == Standing::Normal {
            let runner = Runner::new(engine.clone(), Arc::clone(&lightning), tripwire::pass);
            let (inbox, stopped) = (self.inbox, Arc::clone(&stop));
            running.spawn("payouts", move || pay(runner, &inbox, &stopped))?;
            let (asked, events, stopped) =
                (engine.clone(), Arc::clone(&lightning), Arc::clone(&stop));
            running.spawn("node-events", move || pump_events(&asked, &*events, &stopped))?;
            let (asked, stopped) = (engine.clone(), Arc::clone(&stop));
            let workers = config.webhooks.workers;
            running.spawn("webhooks", move || webhooks::run(asked, carrier, workers, &stopped))?;
        }
        let sweep = Sweep::new(engine.clone(), lightning, Arc::clone(clock));
        let rounds = Rounds {
            sweep,
            node: Arc::clone(node),
            locked_out: self.locked_out,
            works: *standing == Standing::Normal,
            data_dir: config.data_dir.clone(),
            low_water_bytes: config.store.low_water_mb * 1024 * 1024,
            sweep_every: Duration::from_secs(config.payouts.sweep_secs),
        };
        running.spawn("sweep", move || rounds.run(&stop))?;
        Ok(running)
    }
}

impl Running {
    /// Has rates fetched, if any are to be.
    pub(super) fn follow_rates(
        &mut self,
        settings: &config::Rates,
        board: &Arc<Board>,
    ) -> Result<(), Fault> {
        let Some(source) = Source::of(settings) else { return Ok(()) };
        let (board, stop) = (Arc::clone(board), Arc::clone(&self.stop));
        let (currencies, every) =
            (settings.currencies.clone(), Duration::from_secs(settings.refresh_secs));
        self.spawn("rates", move || {
            while !stopped(&stop) {
                rates::refresh(&source, &board, &currencies, || stopped(&stop));
                std::thread::park_timeout(every);
            }
        })
    }

    fn spawn(&mut self, name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), Fault> {
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
        let thread = thread.map_err(|error| Fault::Internal(format!("no thread: {error}")))?;
        self.threads.push(thread);
        Ok(())
    }

    /// Ends all threads, each after what it is doing.
    pub(super) fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        for thread in self.threads {
            thread.thread().unpark();
            // A panic in one of them has ended the process.
            let _ = thread.join();
        }
    }
}

fn stopped(stop: &AtomicBool) -> bool {
    stop.load(Ordering::SeqCst)
}

fn pay(mut runner: Runner<Handle>, inbox: &Inbox, stop: &AtomicBool) {
    while !stopped(stop) {
        let mail = inbox.take(RETRY);
        let news = mail.look_again || !mail.payouts.is_empty();
        mail.payouts.into_iter().for_each(|payout| runner.add(payout));
        // Without news, something else may have changed while a payout waits: liquidity, or the chain.
        if (news || runner.is_waiting()) && runner.run_once().is_err() {
            return;
        }
    }
}

fn pump_events(engine: &Handle, node: &dyn Lightning, stop: &AtomicBool) {
    while !stopped(stop) {
        match pump::turn(engine, node, PUMP_PATIENCE, tripwire::pass) {
            Ok(Turn::Used | Turn::Idle) => {}
            Ok(Turn::Refused) => std::thread::park_timeout(Duration::from_secs(1)),
            Err(NoAnswer::Full | NoAnswer::Ended) => return,
        }
    }
}

fn peers(node: &LdkLightning, stop: &AtomicBool) {
    while !stopped(stop) {
        keep_connected(node, || stopped(stop));
        std::thread::park_timeout(PEERS);
    }
}

/// What is done again and again.
struct Rounds {
    sweep: Sweep<Handle>,
    node: Arc<LdkLightning>,
    locked_out: Arc<Notify>,
    works: bool,
    data_dir: PathBuf,
    low_water_bytes: u64,
    sweep_every: Duration,
}

impl Rounds {
    fn run(mut self, stop: &AtomicBool) {
        let mut since_sweep = self.sweep_every;
        while !stopped(stop) {
            if self.round(&mut since_sweep).is_err() {
                return;
            }
            std::thread::park_timeout(TICK);
            since_sweep += TICK;
        }
    }

    fn round(&mut self, since_sweep: &mut Duration) -> Result<(), NoAnswer> {
        if self.node.is_locked_out() {
            self.locked_out.notify_one();
        }
        self.sweep.tick(self.disk_is_low())?;
        if !self.works {
            return Ok(());
        }
        self.sweep.reconcile()?;
        if *since_sweep >= self.sweep_every {
            *since_sweep = Duration::ZERO;
            self.sweep.sweep()?;
        }
        Ok(())
    }

    fn disk_is_low(&self) -> bool {
        match rustix::fs::statvfs(&self.data_dir) {
            Ok(space) => space.f_bavail.saturating_mul(space.f_frsize) < self.low_water_bytes,
            Err(error) => {
                tracing::error!(%error, "the disk's free space cannot be read");
                true
            }
        }
    }
}
