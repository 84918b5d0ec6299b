//! Settings of the Lightning node and of its chain source.

use std::path::PathBuf;

use crate::domain::network::Network;

use super::Secret;
use super::keys::Keys;

/// The Lightning node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it listens.
    pub listen: Vec<String>,
    /// Where it says that it listens, if elsewhere.
    pub announce: Vec<String>,
    /// Its name.
    pub alias: String,
    /// Its seed's file.
    pub seed_file: PathBuf,
    /// What it keeps on chain for closing each channel.
    pub anchor_reserve_sat: u64,
}

/// The chain source.
#[derive(Clone, Debug)]
pub struct BitcoindSettings {
    /// Host.
    pub host: String,
    /// Port of the RPC.
    pub port: u16,
    /// User, beside a password.
    pub user: Option<String>,
    /// Password.
    pub password: Option<Secret>,
    /// Cookie file, instead of user and password; without either, bitcoind's usual one.
    pub cookie_file: Option<PathBuf>,
    /// How long start-up waits for it.
    pub startup_wait_secs: u64,
    /// For how long its last answer counts while there is no newer one.
    pub outage_secs: u64,
}

impl Node {
    pub(super) fn read(keys: &mut Keys) -> Self {
        keys.section("node");
        let text = |text: &str| is_host_and_port(text).then(|| text.to_owned());
        let about = "Where the Lightning node listens for peers (address:port).";
        let listen = keys.list("listen", &["127.0.0.1:9735"], "address:port", about, text);
        let about = "Where it says that it listens, if elsewhere (address:port).";
        let announce = keys.list("announce", &[], "address:port", about, text);
        let rule = "a name of 1 to 32 bytes";
        let about = "Its name in the network (at most 32 bytes).";
        let alias = keys.parsed("alias", "satback", rule, about, |text| {
            (1..=32).contains(&text.len()).then(|| text.to_owned())
        });
        let about = "The file of its seed: whoever has it has the money.";
        let seed_file = keys.path("seed_file", "./satback-data/seed", about);
        let about = "What is kept on chain for closing each channel, in satoshis.";
        let anchor_reserve_sat = keys.number("anchor_reserve_sat", 25_000, 0..=100_000_000, about);
        let alias = alias.unwrap_or_default();
        Self { listen, announce, alias, seed_file, anchor_reserve_sat }
    }
}

/// A host name or address, and a port.
fn is_host_and_port(text: &str) -> bool {
    let port_fits = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    text.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port_fits(port))
}

impl BitcoindSettings {
    pub(super) fn read(keys: &mut Keys, network: Network) -> Self {
        keys.section("bitcoind");
        let host = keys.text("host", "127.0.0.1", "Where bitcoind's RPC answers.");
        let about = "Its port; 0 stands for the network's usual one.";
        let port = keys.number("port", 0, 0..=65_535, about);
        let about = "RPC user, beside a password.";
        let user = keys.optional_text("user", None, about);
        let about = "RPC password, as env:NAME or file:PATH.";
        let password = keys.secret("password", None, about);
        let about = "bitcoind's cookie file, instead of user and password; without either, where bitcoind puts it.";
        let cookie_file = keys.optional_path("cookie_file", about);
        let about = "How long start-up waits for bitcoind to answer.";
        let startup_wait_secs = keys.number("startup_wait_secs", 30, 0..=3_600, about);
        let about = "For how long payments go on after bitcoind's last answer.";
        let outage_secs = keys.number("outage_secs", 600, 1..=3_600, about);
        if cookie_file.is_some() && (user.is_some() || password.is_some()) {
            keys.problem("cookie_file", "either this, or user and password");
        }
        if user.is_some() != password.is_some() {
            keys.problem("user", "needs a password, and a password needs a user");
        }
        let port = u16::try_from(port).unwrap_or(0);
        let port = if port == 0 { default_rpc_port(network) } else { port };
        Self { host, port, user, password, cookie_file, startup_wait_secs, outage_secs }
    }
}

const fn default_rpc_port(network: Network) -> u16 {
    match network {
        Network::Bitcoin => 8332,
        Network::Testnet => 18332,
        Network::Signet => 38332,
        Network::Regtest => 18443,
    }
}
