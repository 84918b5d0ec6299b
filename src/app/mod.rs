//! The one place that knows every adapter: it wires them, starts them in order, and ends them in order.
//!
//! Start: lock, books, audit, bitcoind, node built and compared with the books (DESIGN D22), node started, what was left
//! open asked of the node, shell, listeners. End: no new claims, HTTP finished, shell stopped, node stopped.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, broadcast, watch};

use crate::config::{self, Config};
use crate::domain::bytes::Digest;
use crate::domain::id::SessionId;
use crate::domain::time::Span;
use crate::engine::command::Command;
use crate::engine::effect::Effect;
use crate::engine::queue::{self, Handle, Hooks};
use crate::engine::recovery::{OldCopy, Recovery, find_old_copy};
use crate::guarded;
use crate::lnurl_pay::LnurlPay;
use crate::metrics::Metrics;
use crate::node::LdkLightning;
use crate::ports::clock::Clock;
use crate::ports::lightning::Lightning;
use crate::ports::secrets::Secrets;
use crate::rates::Board;
use crate::secrets::{TokenKey, sha256};
use crate::shell::desk::Desk;
use crate::system::{OsEntropy, SystemClock};
use crate::tripwire;
use crate::web::{self, Shared};

pub mod backup;
mod backup_folder;
mod books;
pub(crate) mod listeners;
mod lock;
mod node_folder;
pub mod offline;
pub(crate) mod readiness;
pub mod restore;
mod signals;
mod threads;
mod webhooks;

use lock::FolderLock;

use listeners::Listeners;
use readiness::AppReadiness;
use threads::Threads;

/// Room in the queue that tells pages of changes; a page that falls behind reads anew.
const CHANGES_ROOM: usize = 1_024;
/// How long HTTP may take to finish what it has begun.
const HTTP_PATIENCE: Duration = Duration::from_secs(10);

/// Why the daemon cannot run, by what the operator can do about it; each kind has its exit code.
#[derive(Debug)]
pub enum Fault {
    /// A setting is wrong, or the folder is not for these settings (64).
    Configuration(String),
    /// Something needed does not answer (69).
    Unavailable(String),
    /// Something is broken (70).
    Internal(String),
    /// It may work in a moment (75).
    TryAgain(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(text)
            | Self::Unavailable(text)
            | Self::Internal(text)
            | Self::TryAgain(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Fault {}

impl Fault {
    /// The exit code of `API.md` section 1.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Configuration(_) => 64,
            Self::Unavailable(_) => 69,
            Self::Internal(_) => 70,
            Self::TryAgain(_) => 75,
        }
    }
}

/// Everything that a configuration names and that is not there: all of it, so that it can be mended at once.
pub fn missing(config: &Config) -> Vec<String> {
    let found =
        [books::read_seed(config).err(), operator_key(config).err(), books::bitcoind(config).err()];
    found.into_iter().flatten().map(|fault| fault.to_string()).collect()
}

/// How far the node may go, given what start-up found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Everything runs.
    Normal,
    /// The books are wrong: the node runs, its events wait, nothing is changed (DESIGN D12).
    Frozen(String),
    /// The node's own data is an old copy: it is not started (DESIGN D22).
    Held(String),
}

fn payees(config: &Config) -> LnurlPay {
    LnurlPay::new(guarded::Limits {
        allow_private: config.sends.allow_private,
        timeout: Duration::from_secs(config.sends.timeout_secs),
    })
}

/// Runs the daemon until a signal ends it.
///
/// # Errors
/// [`Fault`].
pub fn run(config: &Config) -> Result<(), Fault> {
    signals::abort_on_panic();
    let _lock = FolderLock::take(&config.data_dir)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let books = books::open(config, &clock)?;
    let listeners = Listeners::bind(config)?;
    let folder = config.data_dir.join(books::NODE_FOLDER);
    let prepare = |new: &std::path::Path| books::prepare_node(config, &books.seed, new);
    node_folder::enter(&folder, books.epoch()?, prepare)?;
    let node = Arc::new(books::build_node(config, &books.seed)?);
    let standing = standing(&books, &node)?;
    let (changes, _) = broadcast::channel(CHANGES_ROOM);
    let metrics = metrics()?;
    let (threads, hooks) = Threads::prepare(changes.clone(), Arc::clone(&metrics));
    let frozen = books.engine.frozen().is_some();
    let rows = books.engine.rows();
    let (engine, engine_thread) =
        queue::start(books.engine, hooks, config.engine.queue_length, config.engine.batch_max)
            .map_err(|error| Fault::Internal(format!("no thread for the engine: {error}")))?;
    if let (Standing::Frozen(rule) | Standing::Held(rule), false) = (&standing, frozen) {
        tracing::error!(rule, "nothing is changed until this is mended");
        let _ = engine.ask(Command::Freeze(rule.clone()));
    }
    let ended = start_node(&node, &standing, &engine, &clock).and_then(|()| {
        threads.take_on(books.left_to_do);
        let rates = Arc::new(board(&config.rates, &clock));
        let locked_out = Arc::clone(&threads.locked_out);
        let secrets: Arc<dyn Secrets> = Arc::new(TokenKey::from_seed(books.seed.bytes()));
        let carrier =
            webhooks::carrier(config, Arc::clone(&rows), Arc::clone(&secrets), Arc::clone(&clock));
        let mut threads = threads.start(config, &standing, &engine, &node, &clock, carrier)?;
        threads.follow_rates(&config.rates, &rates)?;
        let shared = Shared {
            engine: engine.clone(),
            rows,
            secrets,
            metrics,
            clock,
            entropy: Arc::new(OsEntropy),
            desk: Arc::new(Desk::new(
                engine.clone(),
                Arc::<LdkLightning>::clone(&node),
                Arc::<LdkLightning>::clone(&node),
                Arc::new(payees(config)),
                Arc::<Board>::clone(&rates),
            )),
            blocking: node.handle().clone(),
            changes,
            base_url: config.public.base_url.clone(),
            network: config.network,
            webhooks_allow_private: config.webhooks.allow_private,
        };
        let ended =
            serve(config, &listeners, shared, &standing, (&engine, &node, rates), &locked_out);
        threads.stop();
        ended
    });
    tracing::info!("stopping the node");
    node.stop();
    drop(engine);
    // Handles that HTTP tasks may still hold keep the thread alive; the process ends all the same.
    if engine_thread.is_finished() {
        let _ = engine_thread.join();
    }
    tracing::info!("ended");
    ended
}

/// What is counted.
pub(crate) fn metrics() -> Result<Arc<Metrics>, Fault> {
    let made = Metrics::new().map_err(|error| Fault::Internal(format!("metrics: {error}")));
    made.map(Arc::new)
}

/// The board of exchange rates, with those that were set by hand.
pub(crate) fn board(settings: &config::Rates, clock: &Arc<dyn Clock>) -> Board {
    let max_age = Span::from_secs(settings.max_age_secs);
    let board = Board::new(Arc::clone(clock), max_age, settings.max_change_percent);
    for (currency, rate) in &settings.fixed {
        board.fix(*currency, *rate);
    }
    for currency in &settings.currencies {
        board.follow(*currency);
    }
    board
}

/// What start-up may do, given the books and the node's records.
fn standing(books: &books::Opened, node: &LdkLightning) -> Result<Standing, Fault> {
    let internal = |error: &dyn fmt::Display| Fault::Internal(error.to_string());
    let records = node.records().map_err(|down| internal(&down))?;
    let found = find_old_copy(&*books.engine.rows(), &records).map_err(|fault| internal(&fault))?;
    Ok(judge(books.engine.frozen(), found))
}

/// A node that is an old copy is not started, whatever else is wrong: that could cost its channels.
fn judge(frozen: Option<&str>, found: Option<OldCopy>) -> Standing {
    match (found, frozen) {
        (Some(OldCopy::Node(hash)), _) => Standing::Held(format!(
            "node_older_than_books: the node does not know a payment ({hash}) that it has made"
        )),
        (_, Some(rule)) => Standing::Frozen(rule.to_owned()),
        (Some(OldCopy::Books(hash)), None) => Standing::Frozen(format!(
            "books_older_than_node: the node has made a payment ({hash}) that the books do not know"
        )),
        (None, None) => Standing::Normal,
    }
}

fn start_node(
    node: &LdkLightning,
    standing: &Standing,
    engine: &Handle,
    clock: &Arc<dyn Clock>,
) -> Result<(), Fault> {
    if let Standing::Held(_) = standing {
        return Ok(());
    }
    node.start(clock.now().wall).map_err(|down| Fault::Unavailable(down.to_string()))?;
    tracing::info!(node = %node.node_id(), "the node runs");
    if *standing == Standing::Normal {
        let found = Recovery::look(node).map_err(|down| Fault::Internal(down.to_string()))?;
        let recovered = engine.ask(Command::Recover(found));
        recovered.map_err(|none| Fault::Internal(none.to_string()))?.ok();
    }
    Ok(())
}

/// Serves both listeners until a signal comes or only another start can help, then lets HTTP finish.
fn serve(
    config: &Config,
    listeners: &Listeners,
    shared: Shared,
    standing: &Standing,
    (engine, node, rates): (&Handle, &Arc<LdkLightning>, Arc<Board>),
    locked_out: &Notify,
) -> Result<(), Fault> {
    let operator = operator_key(config)?;
    let stopping = Arc::new(AtomicBool::new(false));
    let readiness = Arc::new(AppReadiness {
        engine: engine.clone(),
        node: Arc::<LdkLightning>::clone(node),
        rates,
        standing: standing.clone(),
        stopping: Arc::clone(&stopping),
        data_dir: Some(config.data_dir.clone()),
    });
    let (stop, stopped) = watch::channel(false);
    listeners.runtime.block_on(async {
        let signal = signals::ended().map_err(|error| Fault::Internal(error.to_string()))?;
        let serving = listeners.serve(config, shared, operator, readiness, stopped);
        tokio::pin!(serving);
        tracing::info!(public = %listeners.public_at, admin = %listeners.admin_at, "ready");
        let ended = tokio::select! {
            () = &mut serving => return Err(Fault::Internal("the listeners ended".to_owned())),
            name = signal => {
                tracing::info!(signal = name, "ending");
                Ok(())
            }
            () = locked_out.notified() => Err(Fault::TryAgain(
                "bitcoind was started again with a new cookie, which the node reads at its own start only".to_owned(),
            )),
        };
        signals::exit_after(Duration::from_secs(config.shutdown_deadline_secs));
        stopping.store(true, Ordering::SeqCst);
        // From here on wallets are told to try again, and what was not dispatched is given up.
        let _ = web::ask_engine(engine, Command::Stop).await;
        let _ = stop.send(true);
        if tokio::time::timeout(HTTP_PATIENCE, serving).await.is_err() {
            tracing::warn!("some connections did not finish in time");
        }
        ended
    })
}

/// The SHA-256 of the operator's key.
fn operator_key(config: &Config) -> Result<Digest, Fault> {
    let fault = |what: String| Fault::Configuration(format!("admin.operator_key: {what}"));
    let key = config.admin.operator_key.as_ref().ok_or_else(|| fault("is not set".to_owned()))?;
    Ok(sha256(key.read().map_err(fault)?.as_bytes()))
}

/// What the engine's thread calls; effects go to the runner, to pages and to what is counted.
pub(crate) fn hooks(
    mut pay: impl FnMut(Effect) + Send + 'static,
    changes: broadcast::Sender<SessionId>,
    metrics: Arc<Metrics>,
) -> Hooks {
    let counted = Arc::clone(&metrics);
    Hooks {
        committed: Box::new(move |commands, took| counted.committed(commands, took)),
        effects: Box::new(move |effects| {
            for effect in effects {
                match effect {
                    Effect::SessionChanged(session) => {
                        // Nobody looks at a page of it: nobody to tell.
                        let _ = changes.send(session);
                    }
                    Effect::Happened(what) => metrics.happened(what),
                    Effect::Pay(_) | Effect::LookAgain => pay(effect),
                }
            }
        }),
        fatal: Box::new(|fault| {
            tracing::error!(%fault, "a commit failed: nobody knows what is on disk, the process ends");
            signals::exit_now(70);
        }),
        probe: tripwire::pass,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bytes::PaymentHash;

    #[test]
    fn a_node_that_is_an_old_copy_is_not_started_whatever_else_is_wrong() {
        let (old_node, old_books) =
            (OldCopy::Node(PaymentHash([1; 32])), OldCopy::Books(PaymentHash([1; 32])));
        let name = |standing: Standing| match standing {
            Standing::Normal => "normal",
            Standing::Frozen(_) => "frozen",
            Standing::Held(_) => "held",
        };
        assert_eq!(name(judge(None, None)), "normal");
        assert_eq!(name(judge(Some("books_audit"), None)), "frozen");
        assert_eq!(name(judge(None, Some(old_books.clone()))), "frozen");
        assert_eq!(name(judge(Some("books_audit"), Some(old_books))), "frozen");
        assert_eq!(name(judge(None, Some(old_node.clone()))), "held");
        assert_eq!(name(judge(Some("books_audit"), Some(old_node))), "held");
    }
}
