//! The configuration: TOML, then environment, then flags. It is read once and never changes. Every key is declared in
//! this folder, once, with unit, default, bounds and purpose; the example configuration is made from that.

use std::fmt;
use std::path::PathBuf;

use tracing_subscriber::EnvFilter;

use crate::domain::bytes::NodeId;
use crate::domain::fees::FeeLimits;
use crate::domain::network::Network;
use crate::domain::time::Span;
use crate::engine::policy::Policy;

mod base_url;
mod books;
mod example;
mod keys;
mod listeners;
mod load;
mod node;
mod payouts;
mod rates;
mod sales;
mod secret;
mod sends;
mod webhooks;

pub use base_url::BaseUrl;
pub use books::{EngineSettings, StoreSettings};
pub use example::render as render_example;
pub use listeners::{Admin, HttpLimits, Public};
pub use load::Sources;
pub use node::{BitcoindSettings, Node};
pub use payouts::{Claims, Payouts};
pub use rates::{RateUnit, Rates};
pub use sales::SalesSettings;
pub use secret::Secret;
pub use sends::Sends;
pub use webhooks::Webhooks;

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
    /// Exchange rates.
    pub rates: Rates,
    /// Merchants' own payments.
    pub sends: Sends,
    /// Events and webhooks.
    pub webhooks: Webhooks,
    /// The engine's queue.
    pub engine: EngineSettings,
    /// Sessions and links.
    pub sales: SalesSettings,
    /// How the daemon ends.
    pub shutdown_deadline_secs: u64,
    /// The log.
    pub log: Log,
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

/// A number within its bounds as the type that it is used as.
fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// As [`size`].
fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
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
        let (public, admin) = (Public::read(keys), Admin::read(keys));
        if public.listen == admin.listen && public.listen.port() != 0 {
            keys.problem("listen", "must not be where the public listener listens");
        }
        Self {
            network,
            data_dir,
            public,
            admin,
            node: Node::read(keys),
            bitcoind: BitcoindSettings::read(keys, network),
            store: StoreSettings::read(keys),
            claims: Claims::read(keys),
            fees: payouts::read_fees(keys),
            payouts: Payouts::read(keys),
            rates: Rates::read(keys),
            sends: Sends::read(keys, network),
            webhooks: Webhooks::read(keys, network),
            engine: EngineSettings::read(keys),
            sales: SalesSettings::read(keys),
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
            retry: self.claims.retry,
            route_cltv_limit: self.payouts.route_cltv_limit,
            fees: self.fees,
            stuck_after: Span::from_secs(self.payouts.stuck_after_secs),
            permit_wait: Span::from_secs(self.payouts.permit_wait_secs),
            permits_per_peer: self.payouts.permits_per_peer,
            max_stuck_per_peer: self.payouts.max_stuck,
            max_parked: 3,
            max_unpaid_per_link: self.sales.max_unpaid_per_link,
            max_unpaid_direct: self.sales.max_unpaid_direct,
            answers_kept: Span::from_secs(7 * 86_400),
            events_kept: Span::from_secs(self.webhooks.keep_days * 86_400),
            max_endpoints: self.webhooks.max_endpoints,
            max_waiting: self.webhooks.max_waiting,
        }
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
        let rule = "a level, or a filter in the syntax of tracing's EnvFilter";
        let about = "What is logged: a level, or a filter in the syntax of tracing's EnvFilter.";
        let filter = keys.parsed("filter", "info,ldk=warn", rule, about, |text| {
            EnvFilter::try_new(text).is_ok().then(|| text.to_owned())
        });
        Self { json: json.unwrap_or(false), filter: filter.unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests;
