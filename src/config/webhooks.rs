//! Settings of events and webhooks.

use crate::domain::network::Network;

use super::keys::Keys;
use super::size;

/// Events and webhooks.
#[derive(Clone, Copy, Debug)]
pub struct Webhooks {
    /// Whether messages may go to private addresses, and over http.
    pub allow_private: bool,
    /// How long an endpoint may take to answer.
    pub timeout_secs: u64,
    /// Most messages under way at once.
    pub workers: usize,
    /// Most active endpoints of one account.
    pub max_endpoints: usize,
    /// Most messages that wait for one endpoint.
    pub max_waiting: usize,
    /// How long events and messages are kept.
    pub keep_days: u64,
}

impl Webhooks {
    pub(super) fn read(keys: &mut Keys, network: Network) -> Self {
        keys.section("webhooks");
        let about =
            "yes, no, or regtest: whether messages may go to private addresses, and over http.";
        let allow_private = may_be_private(keys, network, about);
        let about = "How long an endpoint may take to answer.";
        let timeout_secs = keys.number("timeout_secs", 10, 1..=30, about);
        let about = "Most messages under way at once; an endpoint has one at a time.";
        let workers = size(keys.number("workers", 8, 1..=256, about));
        let about = "Most active endpoints of one account.";
        let max_endpoints = size(keys.number("max_endpoints", 20, 1..=100, about));
        let about = "Most messages that wait for one endpoint; with one more, it is disabled.";
        let max_waiting = size(keys.number("max_waiting", 10_000, 100..=1_000_000, about));
        let about = "How long events, and the messages that told them, are kept.";
        let keep_days = keys.number("keep_days", 30, 7..=365, about);
        Self { allow_private, timeout_secs, workers, max_endpoints, max_waiting, keep_days }
    }
}

/// Whether hosts that merchants name may have private addresses.
pub(super) fn may_be_private(keys: &mut Keys, network: Network, about: &'static str) -> bool {
    let rule = "yes, no or regtest";
    let may = keys.parsed("allow_private", "regtest", rule, about, |text| match text {
        "yes" => Some(true),
        "no" => Some(false),
        "regtest" => Some(network == Network::Regtest),
        _ => None,
    });
    may.unwrap_or(false)
}
