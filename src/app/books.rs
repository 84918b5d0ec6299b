//! Opening the books and building the node: everything before something moves.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::domain::bytes::NodeId;
use crate::domain::network::Network;
use crate::engine::effect::Effect;
use crate::engine::open::OpenError as EngineError;
use crate::engine::{Engine, Parts};
use crate::node::bitcoind::{Bitcoind, BitcoindFault, Credentials};
use crate::node::seed::Seed;
use crate::node::{BuildFault, LdkLightning, NodeSettings};
use crate::ports::clock::Clock;
use crate::ports::store::{Store, StoreFault, fetch, table};
use crate::secrets::TokenKey;
use crate::store::disk::Folder;
use crate::store::journal::JournalError;
use crate::store::view::View;
use crate::store::{BookStore, OpenBooks, OpenError, SledView, Upkeep};
use crate::system::OsEntropy;
use crate::tripwire;

use super::{Fault, restore};

/// Where the node keeps its state, below the data folder.
pub(super) const NODE_FOLDER: &str = "ldk";
/// Beside the books: the node of this epoch is to look for its coins from the first block on.
pub(super) const RESCAN: &str = "rescan";
/// Pause between two tries to reach bitcoind at start-up.
const BITCOIND_PAUSE: Duration = Duration::from_millis(500);

/// The folders of the books.
#[derive(Clone, Debug)]
pub(super) struct BooksFolder {
    /// Journal and snapshots.
    pub(super) journal: PathBuf,
    /// The view on sled.
    pub(super) view: PathBuf,
}

impl BooksFolder {
    /// The books of a data folder.
    pub(super) fn of(data_dir: &Path) -> Self {
        let books = data_dir.join("books");
        Self { view: books.join("view"), journal: books }
    }

    fn open_view(&self) -> Result<Arc<dyn View>, StoreFault> {
        Ok(Arc::new(SledView::open(&self.view)?))
    }

    /// Keeps a view that is not to be believed, for whoever wants to know what happened to it. One is enough.
    fn set_view_aside(&self) -> std::io::Result<()> {
        if !self.view.exists() {
            return Ok(());
        }
        let aside = self.journal.join("view-set-aside");
        if aside.exists() {
            std::fs::remove_dir_all(&aside)?;
        }
        std::fs::rename(&self.view, aside)
    }
}

/// Books that were opened.
pub(super) struct Opened {
    pub(super) engine: Engine,
    pub(super) seed: Seed,
    /// What an earlier process left to be done.
    pub(super) left_to_do: Vec<Effect>,
}

impl Opened {
    /// The node epoch of the books (DESIGN D22).
    ///
    /// # Errors
    /// They cannot be read.
    pub(super) fn epoch(&self) -> Result<u64, Fault> {
        let books = fetch::<table::Books>(&*self.engine.rows(), ());
        let books = books.map_err(|fault| Fault::Internal(fault.to_string()))?;
        Ok(books.map_or(1, |books| books.epoch))
    }
}

/// Reads the seed of a configuration.
///
/// # Errors
/// It is not there, is none, or can be read by others.
pub(super) fn read_seed(config: &Config) -> Result<Seed, Fault> {
    let path = &config.node.seed_file;
    Seed::read(path)
        .map_err(|error| Fault::Configuration(format!("the seed {}: {error}", path.display())))
}

/// The node that a seed makes.
///
/// # Errors
/// It makes none.
pub(super) fn node_of(seed: &Seed, config: &Config) -> Result<NodeId, Fault> {
    seed.node_id(config.network)
        .map_err(|error| Fault::Configuration(format!("the seed makes no node: {error}")))
}

/// Opens the store of a configuration, and makes its view whole if it is not. The caller holds the folder's lock.
///
/// # Errors
/// [`Fault`].
pub(super) fn open_store(config: &Config) -> Result<BookStore, Fault> {
    restore::refuse_unfinished(&config.data_dir)?;
    open_store_at(&BooksFolder::of(&config.data_dir), config)
}

/// Opens the store in a folder of its own.
///
/// # Errors
/// [`Fault`].
pub(super) fn open_store_at(folder: &BooksFolder, config: &Config) -> Result<BookStore, Fault> {
    let opened = OpenBooks {
        disk: Arc::new(Folder::open(&folder.journal).map_err(internal)?),
        open_view: &|| folder.open_view(),
        set_view_aside: &|| folder.set_view_aside(),
        segment_bytes: config.store.segment_mb * 1024 * 1024,
        probe: tripwire::pass,
    }
    .open()
    .map_err(books_fault)?;
    if let Some(why) = &opened.rebuilt {
        tracing::warn!(why, "the view of the books was made again");
    }
    Ok(opened.store)
}

pub(super) fn internal(error: std::io::Error) -> Fault {
    Fault::Internal(format!("the books: {error}"))
}

/// Opens the books of a configuration. The caller holds the folder's lock.
///
/// # Errors
/// [`Fault`].
pub(super) fn open(config: &Config, clock: &Arc<dyn Clock>) -> Result<Opened, Fault> {
    let seed = read_seed(config)?;
    let node_id = node_of(&seed, config)?;
    let store = open_store(config)?;
    let disk = Folder::open(&BooksFolder::of(&config.data_dir).journal).map_err(internal)?;
    let keep_secs = config.store.journal_keep_days * 86_400;
    let upkeep = Upkeep::start(Arc::new(disk), keep_secs).map_err(internal)?;
    let store = Box::new(store.with_upkeep(upkeep));
    let (engine, left_to_do) = open_engine(store, config, &seed, node_id, clock)?;
    Ok(Opened { engine, seed, left_to_do })
}

/// Opens the engine on a store.
///
/// # Errors
/// [`Fault`].
pub(super) fn open_engine(
    store: Box<dyn Store>,
    config: &Config,
    seed: &Seed,
    node_id: NodeId,
    clock: &Arc<dyn Clock>,
) -> Result<(Engine, Vec<Effect>), Fault> {
    let parts = Parts {
        store,
        clock: Arc::clone(clock),
        entropy: Arc::new(OsEntropy),
        secrets: Arc::new(TokenKey::from_seed(seed.bytes())),
        policy: config.policy(node_id),
    };
    Engine::open(parts).map_err(engine_fault)
}

fn books_fault(error: OpenError) -> Fault {
    match error {
        OpenError::Journal(JournalError::NewerSchema(_)) => Fault::Configuration(error.to_string()),
        error => Fault::Internal(error.to_string()),
    }
}

fn engine_fault(error: EngineError) -> Fault {
    match error {
        EngineError::OtherNetwork(_) | EngineError::OtherNode(_) => {
            Fault::Configuration(error.to_string())
        }
        EngineError::Store(_) => Fault::Internal(error.to_string()),
    }
}

/// How bitcoind is asked.
///
/// # Errors
/// The credentials are not there.
pub(super) fn bitcoind(config: &Config) -> Result<Bitcoind, Fault> {
    let settings = &config.bitcoind;
    let credentials = match (&settings.cookie_file, &settings.user, &settings.password) {
        (Some(path), _, _) => Credentials::Cookie(path.clone()),
        (None, Some(user), Some(password)) => {
            let password = password
                .read()
                .map_err(|what| Fault::Configuration(format!("bitcoind.password: {what}")))?;
            Credentials::Password { user: user.clone(), password }
        }
        _ => Credentials::Cookie(usual_cookie(config.network)?),
    };
    Ok(Bitcoind { host: settings.host.clone(), port: settings.port, credentials })
}

/// Where a bitcoind of the same user puts its cookie.
fn usual_cookie(network: Network) -> Result<PathBuf, Fault> {
    let folder = match network {
        Network::Bitcoin => ".bitcoin",
        Network::Testnet => ".bitcoin/testnet3",
        Network::Signet => ".bitcoin/signet",
        Network::Regtest => ".bitcoin/regtest",
    };
    match std::env::home_dir() {
        Some(home) => Ok(home.join(folder).join(".cookie")),
        None => {
            let text = "bitcoind.cookie_file, or bitcoind.user and bitcoind.password, must be set";
            Err(Fault::Configuration(text.to_owned()))
        }
    }
}

/// Waits for bitcoind and builds the node.
///
/// # Errors
/// [`Fault`].
pub(super) fn build_node(config: &Config, seed: &Seed) -> Result<LdkLightning, Fault> {
    let bitcoind = bitcoind(config)?;
    wait_for(&bitcoind, config)?;
    let storage = config.data_dir.join(NODE_FOLDER);
    settings(config, seed, bitcoind, storage).build().map_err(build_fault)
}

/// Makes what a new node has to find in its folder: nothing, unless a restore asked for a rescan.
///
/// # Errors
/// [`Fault`].
pub(super) fn prepare_node(config: &Config, seed: &Seed, new_folder: &Path) -> Result<(), Fault> {
    if !BooksFolder::of(&config.data_dir).journal.join(RESCAN).exists() {
        return Ok(());
    }
    tracing::warn!("the node's wallet looks for its coins from the first block on");
    let settings = settings(config, seed, bitcoind(config)?, new_folder.to_owned());
    settings.prepare_rescan().map_err(build_fault)
}

fn settings(config: &Config, seed: &Seed, bitcoind: Bitcoind, storage: PathBuf) -> NodeSettings {
    NodeSettings {
        network: config.network,
        storage,
        seed: seed.clone(),
        alias: config.node.alias.clone(),
        listen: config.node.listen.clone(),
        announce: config.node.announce.clone(),
        anchor_reserve_sat: config.node.anchor_reserve_sat,
        bitcoind,
        outage: Duration::from_secs(config.bitcoind.outage_secs),
    }
}

fn build_fault(fault: BuildFault) -> Fault {
    match fault {
        BuildFault::Setting(text) => Fault::Configuration(text),
        BuildFault::Bitcoind(fault) => bitcoind_fault(&fault),
        BuildFault::Node(text) => Fault::Internal(format!("the Lightning node: {text}")),
    }
}

pub(super) fn bitcoind_fault(fault: &BitcoindFault) -> Fault {
    match fault {
        BitcoindFault::Unavailable(_) => Fault::Unavailable(fault.to_string()),
        BitcoindFault::OtherNetwork(_) => Fault::Configuration(fault.to_string()),
    }
}

fn wait_for(bitcoind: &Bitcoind, config: &Config) -> Result<(), Fault> {
    let tries = config.bitcoind.startup_wait_secs * 2;
    for tried in 0.. {
        match bitcoind.tip(config.network) {
            Ok(_) => return Ok(()),
            Err(BitcoindFault::Unavailable(why)) if tried < tries => {
                tracing::warn!(why, "waiting for bitcoind");
                std::thread::sleep(BITCOIND_PAUSE);
            }
            Err(fault) => return Err(bitcoind_fault(&fault)),
        }
    }
    Ok(())
}
