//! The configuration: TOML, then environment, then flags. It is read once and never changes. Every key is declared in
//! this file, once, with unit, default, bounds and purpose; the example configuration is made from that.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use crate::domain::bytes::NodeId;
use crate::domain::fees::FeeLimits;
use crate::domain::money::{Ppm, Sat};
use crate::domain::network::Network;
use crate::domain::time::Span;
use crate::engine::policy::Policy;

mod base_url;
mod example;
mod keys;
mod load;
mod secret;

pub use base_url::BaseUrl;
pub use example::render as render_example;
pub use load::Sources;
pub use secret::Secret;

use keys::{Declared, Keys};

/// All settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// The Bitcoin network.
    pub network: Network,
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// The listener for wallets and customers.
    pub public: Public,
    /// The listener for merchants and the operator.
    pub admin: Admin,
    /// The Lightning node.
    pub node: Node,
    /// Its chain source.
    pub bitcoind: BitcoindSettings,
    /// The books on disk.
    pub store: StoreSettings,
    /// Claims.
    pub claims: Claims,
    /// What routing may cost.
    pub fees: FeeLimits,
    /// Payouts.
    pub payouts: Payouts,
    /// The engine's queue.
    pub engine: EngineSettings,
    /// How the daemon ends.
    pub shutdown_deadline_secs: u64,
    /// The log.
    pub log: Log,
}

/// The listener for wallets and customers.
#[derive(Clone, Debug)]
pub struct Public {
    /// Where it listens.
    pub listen: SocketAddr,
    /// What links are built from.
    pub base_url: BaseUrl,
    /// Proxies whose word about client addresses is taken.
    pub trusted_proxies: Vec<IpAddr>,
    /// Limits of its connections.
    pub limits: HttpLimits,
    /// Requests per minute and address, over a long time.
    pub requests_per_minute: u64,
    /// Requests of an address at once.
    pub request_burst: u64,
    /// Most pages that are being kept up to date at once.
    pub max_event_streams: usize,
}

/// The listener for merchants and the operator.
#[derive(Clone, Debug)]
pub struct Admin {
    /// Where it listens.
    pub listen: SocketAddr,
    /// `Host` names beside those of the loopback interface.
    pub allowed_hosts: Vec<String>,
    /// `Origin` values beside those of the allowed hosts.
    pub allowed_origins: Vec<String>,
    /// The operator's key.
    pub operator_key: Option<Secret>,
    /// Limits of its connections.
    pub limits: HttpLimits,
}

/// Limits of a listener.
#[derive(Clone, Copy, Debug)]
pub struct HttpLimits {
    /// Most connections.
    pub max_connections: usize,
    /// How long a request's head may take.
    pub header_timeout_secs: u64,
    /// Largest body.
    pub body_max_bytes: usize,
}

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
    /// Cookie file, instead of user and password.
    pub cookie_file: Option<PathBuf>,
    /// How long start-up waits for it.
    pub startup_wait_secs: u64,
}

/// The books on disk.
#[derive(Clone, Copy, Debug)]
pub struct StoreSettings {
    /// Free space below which claims and sessions are refused.
    pub low_water_mb: u64,
    /// How long full segments of the journal are kept.
    pub journal_keep_days: u64,
    /// Size of a segment of the journal.
    pub segment_mb: u64,
}

/// Claims.
#[derive(Clone, Copy, Debug)]
pub struct Claims {
    /// How long a wallet's invoice must still be good for.
    pub min_invoice_expiry_secs: u64,
    /// Largest final CLTV delta of a wallet's invoice.
    pub max_final_cltv_expiry_delta: u32,
}

/// Payouts.
#[derive(Clone, Copy, Debug)]
pub struct Payouts {
    /// After how long an unresolved payout is reported, and parked if it is in doubt.
    pub stuck_after_secs: u64,
    /// Limit of a route's total CLTV.
    pub route_cltv_limit: u32,
    /// How long a payout waits to be dispatched.
    pub permit_wait_secs: u64,
    /// Most payouts under way per peer.
    pub permits_per_peer: u32,
    /// Most stuck payouts per peer.
    pub max_stuck: u32,
    /// How often the node is asked about open payouts.
    pub sweep_secs: u64,
}

/// The engine's queue.
#[derive(Clone, Copy, Debug)]
pub struct EngineSettings {
    /// Most commands that wait.
    pub queue_length: usize,
    /// Most commands in one commit.
    pub batch_max: usize,
}

/// The log.
#[derive(Clone, Debug)]
pub struct Log {
    /// True for JSON, false for text.
    pub json: bool,
    /// What is logged.
    pub filter: String,
}

/// A configuration that was read, with every key as it counts.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    declared: Vec<Declared>,
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Problems {}

impl Loaded {
    /// Every key with the value that counts, secrets masked, as TOML.
    pub fn effective(&self) -> String {
        example::render_effective(&self.declared)
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

const fn default_rpc_port(network: Network) -> u16 {
    match network {
        Network::Bitcoin => 8332,
        Network::Testnet => 18332,
        Network::Signet => 38332,
        Network::Regtest => 18443,
    }
}

impl Config {
    fn read(keys: &mut Keys) -> Self {
        let network = keys.parsed(
            "network",
            "regtest",
            "regtest, signet, testnet or bitcoin",
            "The Bitcoin network: regtest, signet, testnet or bitcoin.",
            Network::parse,
        );
        let network = network.unwrap_or(Network::Regtest);
        let about = "Where the books, the node's state and the lock are kept.";
        let data_dir = keys.path("data_dir", "./satback-data", about);
        Self {
            network,
            data_dir,
            public: Public::read(keys),
            admin: Admin::read(keys),
            node: Node::read(keys),
            bitcoind: BitcoindSettings::read(keys, network),
            store: StoreSettings::read(keys),
            claims: Claims::read(keys),
            fees: read_fees(keys),
            payouts: Payouts::read(keys),
            engine: EngineSettings::read(keys),
            shutdown_deadline_secs: read_shutdown(keys),
            log: Log::read(keys),
        }
    }

    /// The limits that the engine decides by.
    pub const fn policy(&self, node_id: NodeId) -> Policy {
        Policy {
            network: self.network,
            node_id,
            min_invoice_left: Span::from_secs(self.claims.min_invoice_expiry_secs),
            min_dispatch_left: Span::from_secs(5),
            max_final_cltv_expiry_delta: self.claims.max_final_cltv_expiry_delta,
            route_cltv_limit: self.payouts.route_cltv_limit,
            fees: self.fees,
            stuck_after: Span::from_secs(self.payouts.stuck_after_secs),
            permit_wait: Span::from_secs(self.payouts.permit_wait_secs),
            permits_per_peer: self.payouts.permits_per_peer,
            max_stuck_per_peer: self.payouts.max_stuck,
            max_parked: 3,
            answers_kept: Span::from_secs(7 * 86_400),
        }
    }
}

impl HttpLimits {
    fn read(keys: &mut Keys, connections: u64, body: u64) -> Self {
        let about = "Most connections at once; further ones wait to be accepted.";
        let max_connections = size(keys.number("max_connections", connections, 1..=100_000, about));
        let about = "How long the head of a request may take to arrive.";
        let header_timeout_secs = keys.number("header_timeout_secs", 10, 1..=120, about);
        let about = "Largest body of a request.";
        let body_max_bytes = size(keys.number("body_max_bytes", body, 1_024..=1_048_576, about));
        Self { max_connections, header_timeout_secs, body_max_bytes }
    }
}

impl Public {
    fn read(keys: &mut Keys) -> Self {
        keys.section("public");
        let listen = read_listen(keys, "127.0.0.1:8480");
        let base_url = keys.parsed(
            "base_url",
            "http://127.0.0.1:8480",
            "an https address, or http for an onion or loopback host, without a path",
            "What links and QR codes are built from; https, or http for an onion or loopback host.",
            BaseUrl::parse,
        );
        let about = "Addresses of reverse proxies whose X-Forwarded-For is believed.";
        let trusted_proxies =
            keys.list("trusted_proxies", &[], "an IP address", about, |text| text.parse().ok());
        let limits = HttpLimits::read(keys, 1_000, 16_384);
        let about = "Requests that one address may make per minute, over a long time.";
        let requests_per_minute = keys.number("requests_per_minute", 240, 1..=1_000_000, about);
        let about = "Requests that one address may make at once.";
        let request_burst = keys.number("request_burst", 120, 1..=1_000_000, about);
        let about = "Most hosted pages that are kept up to date at once.";
        let max_event_streams = size(keys.number("max_event_streams", 500, 0..=100_000, about));
        Self {
            listen,
            base_url: base_url.unwrap_or_default(),
            trusted_proxies,
            limits,
            requests_per_minute,
            request_burst,
            max_event_streams,
        }
    }
}

fn read_listen(keys: &mut Keys, default: &str) -> SocketAddr {
    let about = "Where it listens (address:port).";
    let listen = keys.parsed("listen", default, "address:port", about, |text| text.parse().ok());
    listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)))
}

impl Admin {
    fn read(keys: &mut Keys) -> Self {
        keys.section("admin");
        let listen = read_listen(keys, "127.0.0.1:8481");
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let about =
            "Host names under which it may be called, beside localhost and its own address.";
        let allowed_hosts = keys.list("allowed_hosts", &[], "a host name", about, text);
        let about = "Origins of web pages that may call it, beside its own.";
        let allowed_origins = keys.list("allowed_origins", &[], "an origin", about, text);
        let about = "The operator's key, as env:NAME or file:PATH.";
        let operator_key =
            keys.secret("operator_key", Some("file:satback-data/operator.key"), about);
        let limits = HttpLimits::read(keys, 200, 65_536);
        Self { listen, allowed_hosts, allowed_origins, operator_key, limits }
    }
}

impl Node {
    fn read(keys: &mut Keys) -> Self {
        keys.section("node");
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
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

impl BitcoindSettings {
    fn read(keys: &mut Keys, network: Network) -> Self {
        keys.section("bitcoind");
        let host = keys.text("host", "127.0.0.1", "Where bitcoind's RPC answers.");
        let about = "Its port; 0 stands for the network's usual one.";
        let port = keys.number("port", 0, 0..=65_535, about);
        let about = "RPC user, beside a password.";
        let user = keys.optional_text("user", None, about);
        let about = "RPC password, as env:NAME or file:PATH.";
        let password = keys.secret("password", None, about);
        let about = "bitcoind's cookie file, instead of user and password.";
        let cookie_file = keys.optional_text("cookie_file", None, about).map(PathBuf::from);
        let about = "How long start-up waits for bitcoind to answer.";
        let startup_wait_secs = keys.number("startup_wait_secs", 30, 0..=3_600, about);
        if cookie_file.is_some() && (user.is_some() || password.is_some()) {
            keys.problem("cookie_file", "either this, or user and password");
        }
        if user.is_some() != password.is_some() {
            keys.problem("user", "needs a password, and a password needs a user");
        }
        let port = u16::try_from(port).unwrap_or(0);
        let port = if port == 0 { default_rpc_port(network) } else { port };
        Self { host, port, user, password, cookie_file, startup_wait_secs }
    }
}

impl StoreSettings {
    fn read(keys: &mut Keys) -> Self {
        keys.section("store");
        let about = "Free disk space, in megabytes, below which claims and sessions are refused.";
        let low_water_mb = keys.number("low_water_mb", 100, 1..=1_000_000, about);
        let about = "How many days full segments of the journal are kept.";
        let journal_keep_days = keys.number("journal_keep_days", 7, 0..=3_650, about);
        let about = "Size of a segment of the journal, in megabytes.";
        let segment_mb = keys.number("segment_mb", 16, 1..=1_024, about);
        Self { low_water_mb, journal_keep_days, segment_mb }
    }
}

impl Claims {
    fn read(keys: &mut Keys) -> Self {
        keys.section("claims");
        let about = "How long a wallet's invoice must still be good for.";
        let min_invoice_expiry_secs = keys.number("min_invoice_expiry_secs", 20, 6..=3_600, about);
        let about = "Largest min_final_cltv_expiry_delta of a wallet's invoice, in blocks.";
        let delta = keys.number("max_final_cltv_expiry_delta", 160, 18..=1_000, about);
        Self { min_invoice_expiry_secs, max_final_cltv_expiry_delta: small(delta) }
    }
}

fn read_fees(keys: &mut Keys) -> FeeLimits {
    keys.section("fees");
    let about = "What routing a payout may always cost, in satoshis.";
    let base = keys.number("base_sat", 5, 0..=1_000_000, about);
    let about = "What it may cost in proportion, in millionths of the amount.";
    let ppm = keys.number("ppm", 10_000, 0..=1_000_000, about);
    let about = "What it may never exceed, in satoshis.";
    let max = keys.number("max_sat", 1_000, 0..=1_000_000, about);
    FeeLimits { base: Sat::new(base), ppm: Ppm(small(ppm)), max: Sat::new(max) }
}

impl Payouts {
    fn read(keys: &mut Keys) -> Self {
        keys.section("payouts");
        let about =
            "After how long an unresolved payout is reported, and parked if it is in doubt.";
        let stuck_after_secs = keys.number("stuck_after_secs", 60, 1..=86_400, about);
        let about = "Most blocks that a route's HTLCs may take in all.";
        let route_cltv_limit = small(keys.number("route_cltv_limit", 432, 200..=1_008, about));
        let about = "How long a payout waits for a permit and for liquidity.";
        let permit_wait_secs = keys.number("permit_wait_secs", 10, 1..=600, about);
        let about = "Most payouts under way per peer with a usable channel.";
        let permits_per_peer = small(keys.number("permits_per_peer", 20, 1..=400, about));
        let about = "Stuck payouts per peer from which on accounts that have one must wait.";
        let max_stuck = small(keys.number("max_stuck", 8, 1..=400, about));
        let about = "How often the node is asked about everything that is open.";
        let sweep_secs = keys.number("sweep_secs", 30, 1..=3_600, about);
        Self {
            stuck_after_secs,
            route_cltv_limit,
            permit_wait_secs,
            permits_per_peer,
            max_stuck,
            sweep_secs,
        }
    }
}

impl EngineSettings {
    fn read(keys: &mut Keys) -> Self {
        keys.section("engine");
        let about = "Most commands that wait; further ones are refused.";
        let queue_length = size(keys.number("queue_length", 1_024, 64..=100_000, about));
        let about = "Most commands that are committed together.";
        let batch_max = size(keys.number("batch_max", 256, 1..=10_000, about));
        Self { queue_length, batch_max }
    }
}

fn read_shutdown(keys: &mut Keys) -> u64 {
    keys.section("shutdown");
    let about = "How long the daemon may take to end; the node needs up to 40 seconds.";
    keys.number("deadline_secs", 90, 60..=600, about)
}

impl Log {
    fn read(keys: &mut Keys) -> Self {
        keys.section("log");
        let about = "text or json.";
        let json = keys.parsed("format", "text", "text or json", about, |text| match text {
            "text" => Some(false),
            "json" => Some(true),
            _ => None,
        });
        let about = "What is logged, as a level or in the syntax of tracing's EnvFilter.";
        let filter = keys.text("filter", "info,ldk=warn", about);
        Self { json: json.unwrap_or(false), filter }
    }
}

#[cfg(test)]
mod tests;
