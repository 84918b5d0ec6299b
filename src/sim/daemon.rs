//! The daemon with both its listeners over simulated adapters: real HTTP, the real engine thread, and a shell that moves
//! only when it is told to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;

use tokio::sync::{broadcast, watch};

use crate::app::listeners::Listeners;
use crate::app::readiness::AppReadiness;
use crate::app::{Standing, board, hooks, metrics};
use crate::config::{Config, Sources};
use crate::domain::time::Span;
use crate::engine::queue::{self, Handle};
use crate::ports::clock::Clock;
use crate::ports::lightning::Lightning;
use crate::ports::node_admin::NodeAdmin;
use crate::ports::payees::Payees;
use crate::ports::store::Rows;
use crate::rates::Board;
use crate::secrets::sha256;
use crate::shell::desk::Desk;
use crate::web::Shared;

use super::harness::{Outside, Process};
use super::secrets::TrappedKey;
use super::{SimEntropy, SimNode};

/// What links are built from; nothing listens there.
pub const BASE_URL: &str = "https://shop.example";
/// The operator's key.
pub const OPERATOR_KEY: &str = "ok_simulated";

/// A running daemon. Dropping it ends the listeners.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub struct SimDaemon {
    /// Its shell, and what outlives it.
    pub process: Process<Handle>,
    /// The books.
    pub rows: Arc<dyn Rows>,
    /// What its links are made of.
    pub secrets: TrappedKey,
    /// Its exchange rates; nothing refreshes them but the test.
    pub rates: Arc<Board>,
    /// Where the public listener is.
    pub public_at: SocketAddr,
    /// Where the admin listener is.
    pub admin_at: SocketAddr,
    stop: watch::Sender<bool>,
    http: Option<JoinHandle<()>>,
}

impl SimDaemon {
    /// Starts one with settings (`section.key=value`) of its own.
    ///
    /// # Panics
    /// If a setting is wrong, or nothing can be bound.
    pub fn start(settings: &[&str]) -> Self {
        Self::start_in(Outside::default(), settings)
    }

    /// Starts one in a world that is there already.
    ///
    /// # Panics
    /// If a setting is wrong, or nothing can be bound.
    pub fn start_in(mut outside: Outside, settings: &[&str]) -> Self {
        let config = config(settings);
        outside.policy = config.policy(SimNode::ID);
        let listeners = Listeners::bind(&config).unwrap_or_else(|fault| panic!("{fault}"));
        let (engine, left) = outside.open(1);
        let rows = engine.rows();
        let (changes, _) = broadcast::channel(64);
        let (sender, effects) = channel();
        for effect in left {
            sender.send(effect).unwrap_or_else(|error| panic!("{error}"));
        }
        let pay = move |effect| {
            // Nobody carries it out any more only when the daemon is being dropped.
            let _ = sender.send(effect);
        };
        let metrics = metrics().unwrap_or_else(|fault| panic!("{fault}"));
        let hooks = hooks(pay, changes.clone(), Arc::clone(&metrics));
        let started = queue::start(engine, hooks, config.engine.queue_length, 64);
        let (engine, _) = started.unwrap_or_else(|error| panic!("{error}"));
        let (node, admin): (Arc<dyn Lightning>, Arc<dyn NodeAdmin>) =
            (outside.node.clone(), outside.node.clone());
        let payees: Arc<dyn Payees> = outside.node.clone();
        let clock: Arc<dyn Clock> = Arc::new(outside.clock.clone());
        let rates = Arc::new(board(&config.rates, &clock));
        let readiness = AppReadiness {
            rates: rates.clone(),
            engine: engine.clone(),
            node: Arc::clone(&node),
            standing: Standing::Normal,
            stopping: Arc::new(AtomicBool::new(false)),
            data_dir: None,
        };
        let secrets = TrappedKey::new(outside.secrets.clone());
        let shared = Shared {
            engine: engine.clone(),
            rows: Arc::clone(&rows),
            secrets: Arc::new(secrets.clone()),
            metrics,
            clock: Arc::new(outside.clock.clone()),
            entropy: Arc::new(SimEntropy::seeded(2)),
            desk: Arc::new(Desk::new(engine.clone(), node, admin, payees, rates.clone())),
            blocking: listeners.runtime.handle().clone(),
            changes,
            base_url: config.public.base_url.clone(),
            network: config.network,
            webhooks_allow_private: config.webhooks.allow_private,
        };
        let (public_at, admin_at) = (listeners.public_at, listeners.admin_at);
        let (stop, stopped) = watch::channel(false);
        let operator = sha256(OPERATOR_KEY.as_bytes());
        let http = std::thread::spawn(move || {
            let serving = listeners.serve(&config, shared, operator, Arc::new(readiness), stopped);
            listeners.runtime.block_on(serving);
        });
        let mut process = Process::new(outside, engine, effects);
        process.pass(Span::default());
        Self { process, rows, secrets, rates, public_at, admin_at, stop, http: Some(http) }
    }
}

impl Drop for SimDaemon {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(http) = self.http.take() {
            // A panic in it has been told already.
            let _ = http.join();
        }
    }
}

fn config(settings: &[&str]) -> Config {
    let own = ["public.listen=127.0.0.1:0", "admin.listen=127.0.0.1:0"].map(str::to_owned);
    let base_url = format!("public.base_url={BASE_URL}");
    let asked = settings.iter().map(|setting| (*setting).to_owned());
    let flags = own.into_iter().chain([base_url]).chain(asked).collect();
    let loaded = Sources { file: None, env: vec![], flags }.load();
    loaded.unwrap_or_else(|problems| panic!("{problems}")).config
}
