//! Settings of claims and payouts: what a wallet's invoice must be, and what paying it may cost and take.

use crate::domain::fees::FeeLimits;
use crate::domain::money::{Ppm, Sat};
use crate::domain::retry::RetryRule;
use crate::domain::time::Span;

use super::keys::Keys;
use super::small;

/// Claims.
#[derive(Clone, Copy, Debug)]
pub struct Claims {
    /// How long a wallet's invoice must still be good for.
    pub min_invoice_expiry_secs: u64,
    /// Largest final CLTV delta of a wallet's invoice.
    pub max_final_cltv_expiry_delta: u32,
    /// How soon a claim may be tried again after failures.
    pub retry: RetryRule,
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

impl Claims {
    pub(super) fn read(keys: &mut Keys) -> Self {
        keys.section("claims");
        let about = "How long a wallet's invoice must still be good for.";
        let min_invoice_expiry_secs = keys.number("min_invoice_expiry_secs", 20, 6..=3_600, about);
        let about = "Largest min_final_cltv_expiry_delta of a wallet's invoice, in blocks.";
        let delta = keys.number("max_final_cltv_expiry_delta", 160, 18..=1_000, about);
        let about = "How many failed payouts of one claim cost the customer no time.";
        let free = small(keys.number("free_retries", 5, 0..=1_000, about));
        let about =
            "The pause after the next failure; it doubles with each further one, up to an hour.";
        let pause = keys.number("retry_pause_secs", 5, 0..=3_600, about);
        Self {
            min_invoice_expiry_secs,
            max_final_cltv_expiry_delta: small(delta),
            retry: RetryRule { free, first_pause: Span::from_secs(pause) },
        }
    }
}

/// What routing may cost, where an account has no limits of its own.
pub(super) fn read_fees(keys: &mut Keys) -> FeeLimits {
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
    pub(super) fn read(keys: &mut Keys) -> Self {
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
