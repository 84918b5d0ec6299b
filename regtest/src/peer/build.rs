//! How a node is built: its keys, its chain source, its gossip, what lets it take part in announced channels.

use std::path::Path;
use std::sync::Arc;

use bitcoin::hashes::{Hash, sha512};
use ldk_node::bitcoin::Network;
use ldk_node::config::Config;
use ldk_node::lightning::ln::msgs::SocketAddress;
use ldk_node::{Builder, Node};
use tokio::runtime::Handle;

use super::log::LogFile;
use crate::bitcoind::Bitcoind;

/// What a node is built from, the first time and every time after.
pub(super) struct Setup<'a> {
    pub(super) name: &'a str,
    pub(super) dir: &'a Path,
    pub(super) address: &'a SocketAddress,
    pub(super) chain: &'a Bitcoind,
}

impl Setup<'_> {
    /// Builds the node, not yet started. The bitcoind must run: a node that cannot ask it for the tip when it is
    /// built for the first time takes the genesis block for it.
    pub(super) fn build(&self, runtime: Handle) -> Node {
        let mut builder = Builder::from_config(Config {
            storage_dir_path: self.dir.display().to_string(),
            network: Network::Regtest,
            ..Config::default()
        });
        builder
            .set_runtime(runtime)
            .set_entropy_seed_bytes(self.seed())
            .set_chain_source_bitcoind_rpc(
                "127.0.0.1".into(),
                self.chain.rpc_port(),
                self.chain.rpc_user().into(),
                self.chain.rpc_password().into(),
            )
            .set_gossip_source_p2p()
            .set_custom_logger(Arc::new(LogFile::in_folder(self.dir)));
        // Without an alias and an address a node takes no part in announced channels.
        builder.set_node_alias(self.name.into()).expect("the name is a short alias");
        builder
            .set_listening_addresses(vec![self.address.clone()])
            .expect("one address is not too many");
        builder.build().unwrap_or_else(|error| panic!("{} cannot be built: {error}", self.name))
    }

    /// Keys that follow from the name, so that a node is the same in every run.
    fn seed(&self) -> [u8; 64] {
        sha512::Hash::hash(format!("satback regtest {}", self.name).as_bytes()).to_byte_array()
    }
}
