//! The engine's limits in simulated worlds.

use crate::domain::fees::FeeLimits;
use crate::domain::money::{Ppm, Sat};
use crate::domain::network::Network;
use crate::domain::retry::RetryRule;
use crate::domain::time::Span;
use crate::engine::policy::Policy;

use super::SimNode;

/// The limits of simulated worlds: those of the default configuration.
pub(super) const fn policy() -> Policy {
    Policy {
        network: Network::Regtest,
        node_id: SimNode::ID,
        min_invoice_left: Span::from_secs(20),
        min_dispatch_left: Span::from_secs(5),
        max_final_cltv_expiry_delta: 160,
        retry: RetryRule { free: 5, first_pause: Span::from_secs(5) },
        route_cltv_limit: 432,
        fees: FeeLimits { base: Sat::new(5), ppm: Ppm(10_000), max: Sat::new(1_000) },
        stuck_after: Span::from_secs(60),
        permit_wait: Span::from_secs(10),
        permits_per_peer: 20,
        max_stuck_per_peer: 8,
        max_parked: 3,
        max_unpaid_per_link: 100,
        max_unpaid_direct: 10_000,
        answers_kept: Span::from_secs(7 * 86_400),
        events_kept: Span::from_secs(30 * 86_400),
        max_endpoints: 20,
        max_waiting: 10_000,
    }
}
