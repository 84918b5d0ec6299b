//! Building the node: runtime, logger, seed, chain source, write-ahead mode – and nothing started yet.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ldk_node::Builder;
use ldk_node::config::{AnchorChannelsConfig, Config};
use ldk_node::lightning::ln::msgs::SocketAddress;
use ldk_node::lightning::routing::gossip::NodeAlias;

use crate::domain::network::Network;

use super::bitcoind::{Bitcoind, BitcoindFault, Credentials};
use super::lightning::LdkLightning;
use super::logger::Bridge;
use super::seed::{Seed, to_bitcoin};
use super::wal;

/// Threads of the node's runtime.
const WORKERS: usize = 4;

/// A port on which nothing answers: the one of a service that nobody runs any more (tcpmux).
const NOBODY: u16 = 1;

/// What the node is built with.
#[derive(Clone, Debug)]
pub struct NodeSettings {
    /// The network.
    pub network: Network,
    /// Where it keeps its state.
    pub storage: PathBuf,
    /// The seed.
    pub seed: Seed,
    /// Its name in the network; channels can be announced only with one.
    pub alias: String,
    /// Where it listens (`host:port`).
    pub listen: Vec<String>,
    /// Where it says that it listens, if elsewhere.
    pub announce: Vec<String>,
    /// What it keeps on chain for closing each channel.
    pub anchor_reserve_sat: u64,
    /// Its chain source.
    pub bitcoind: Bitcoind,
    /// For how long payments go on after bitcoind's last answer.
    pub outage: Duration,
}

/// Why the node cannot be built or started.
#[derive(Debug)]
pub enum BuildFault {
    /// A setting is of no use.
    Setting(String),
    /// The chain source is of no use.
    Bitcoind(BitcoindFault),
    /// The node's own data, or the node itself, is out of order.
    Node(String),
}

impl fmt::Display for BuildFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting(what) => f.write_str(what),
            Self::Bitcoind(fault) => fault.fmt(f),
            Self::Node(what) => write!(f, "the Lightning node: {what}"),
        }
    }
}

impl std::error::Error for BuildFault {}

impl From<BitcoindFault> for BuildFault {
    fn from(fault: BitcoindFault) -> Self {
        Self::Bitcoind(fault)
    }
}

impl NodeSettings {
    /// Builds the node without starting it. The caller holds the lock of the data folder: ldk-node itself would let two
    /// processes open the same state.
    ///
    /// # Errors
    /// [`BuildFault`].
    pub fn build(&self) -> Result<LdkLightning, BuildFault> {
        // A fresh node whose first look at the tip fails would silently start at the genesis block (facts, section 5).
        self.bitcoind.tip(self.network)?;
        let node_fault = |what: &dyn fmt::Display| BuildFault::Node(what.to_string());
        let runtime = self.runtime()?;
        let shown = self.bitcoind.user_and_password()?;
        let node = self.builder(&runtime, &shown)?.build().map_err(|error| node_fault(&error))?;
        wal::assert_on(&self.storage).map_err(|why| node_fault(&why))?;
        Ok(LdkLightning::new(
            node,
            runtime,
            self.bitcoind.clone(),
            self.network,
            self.outage,
            shown,
        ))
    }

    /// Makes the state of a new node whose on-chain wallet looks for its coins from the first block on. ldk-node has no
    /// setting for a wallet's birthday: it begins at the tip – or, if bitcoind does not answer while a node is built for
    /// the first time, at the genesis block (facts, section 5). So it is built once with nobody to answer.
    ///
    /// # Errors
    /// [`BuildFault`].
    pub fn prepare_rescan(&self) -> Result<(), BuildFault> {
        let credentials = Credentials::Password { user: String::new(), password: String::new() };
        let nobody = Bitcoind { host: "127.0.0.1".to_owned(), port: NOBODY, credentials };
        let settings = Self { bitcoind: nobody, ..self.clone() };
        let node_fault = |what: &dyn fmt::Display| BuildFault::Node(what.to_string());
        let runtime = settings.runtime()?;
        let nothing = (String::new(), String::new());
        let built = settings.builder(&runtime, &nothing)?.build();
        let built = built.map_err(|error| node_fault(&error))?;
        if built.status().current_best_block.height != 0 {
            return Err(node_fault(&"the wallet does not begin at the first block"));
        }
        Ok(())
    }

    fn runtime(&self) -> Result<tokio::runtime::Runtime, BuildFault> {
        make_folder(&self.storage).map_err(|error| BuildFault::Node(error.to_string()))?;
        wal::switch_on(&self.storage).map_err(|why| BuildFault::Node(why.to_string()))?;
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("node")
            .enable_all()
            .build()
            .map_err(|error| BuildFault::Node(error.to_string()))
    }

    fn builder(
        &self,
        runtime: &tokio::runtime::Runtime,
        (user, password): &(String, String),
    ) -> Result<Builder, BuildFault> {
        let mut builder = Builder::from_config(self.config()?);
        builder.set_runtime(runtime.handle().clone());
        builder.set_entropy_seed_bytes(*self.seed.bytes());
        builder.set_chain_source_bitcoind_rpc(
            self.bitcoind.host.clone(),
            self.bitcoind.port,
            user.clone(),
            password.clone(),
        );
        builder.set_gossip_source_p2p();
        builder.set_custom_logger(Arc::new(Bridge));
        Ok(builder)
    }

    fn config(&self) -> Result<Config, BuildFault> {
        let addresses = |texts: &[String]| {
            let parse = |text: &String| {
                text.parse::<SocketAddress>()
                    .map_err(|_| BuildFault::Setting(format!("{text} is no address of a node")))
            };
            texts.iter().map(parse).collect::<Result<Vec<_>, _>>()
        };
        let announce = addresses(&self.announce)?;
        Ok(Config {
            storage_dir_path: self.storage.to_string_lossy().into_owned(),
            network: to_bitcoin(self.network),
            listening_addresses: Some(addresses(&self.listen)?),
            announcement_addresses: (!announce.is_empty()).then_some(announce),
            node_alias: Some(alias(&self.alias)?),
            anchor_channels_config: Some(AnchorChannelsConfig {
                trusted_peers_no_reserve: vec![],
                per_channel_reserve_sats: self.anchor_reserve_sat,
            }),
            ..Config::default()
        })
    }
}

/// Makes a folder whose name a power cut does not take: SQLite syncs what is in it, and nobody else what it is in.
fn make_folder(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)?;
    path.parent().map_or(Ok(()), |above| File::open(above)?.sync_all())
}

fn alias(text: &str) -> Result<NodeAlias, BuildFault> {
    let mut bytes = [0; 32];
    let room = bytes.get_mut(..text.len());
    room.ok_or_else(|| BuildFault::Setting("the alias is longer than 32 bytes".to_owned()))?
        .copy_from_slice(text.as_bytes());
    Ok(NodeAlias(bytes))
}
