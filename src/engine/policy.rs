//! The limits that the engine decides by. They come from the configuration and never change while it runs.

use crate::domain::bytes::NodeId;
use crate::domain::fees::FeeLimits;
use crate::domain::network::Network;
use crate::domain::retry::RetryRule;
use crate::domain::time::Span;

/// The limits that the engine decides by.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The network of our node.
    pub network: Network,
    /// Our node.
    pub node_id: NodeId,
    /// How long a claim's invoice must still be good for at the callback.
    pub min_invoice_left: Span,
    /// How long it must still be good for at dispatch.
    pub min_dispatch_left: Span,
    /// Largest `min_final_cltv_expiry_delta` of a claim's invoice.
    pub max_final_cltv_expiry_delta: u32,
    /// How soon a claim may be tried again after failures.
    pub retry: RetryRule,
    /// Limit of a route's total CLTV.
    pub route_cltv_limit: u32,
    /// Fee limits of accounts that have no own.
    pub fees: FeeLimits,
    /// After how long an unresolved payout is reported, and parked if it is in doubt.
    pub stuck_after: Span,
    /// How long a reserved payout waits to be dispatched.
    pub permit_wait: Span,
    /// Most payouts under way over one peer.
    pub permits_per_peer: u32,
    /// Stuck payouts with an HTLC, per peer, from which on accounts that have one are refused further claims.
    pub max_stuck_per_peer: u32,
    /// Most parked payouts of one account.
    pub max_parked: usize,
    /// How long events are kept, and the messages that told them.
    pub events_kept: Span,
    /// Most active webhook endpoints of one account.
    pub max_endpoints: usize,
    /// Most messages that wait for one endpoint; with one more, it is disabled.
    pub max_waiting: usize,
    /// Most unpaid sessions of one payment link.
    pub max_unpaid_per_link: usize,
    /// Most unpaid sessions that were made for one account without a link.
    pub max_unpaid_direct: usize,
    /// How long answers are kept under their idempotency keys.
    pub answers_kept: Span,
}
