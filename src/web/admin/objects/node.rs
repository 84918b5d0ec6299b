//! The node, its channels, and acts outside the books.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act;
use crate::ports::lightning::{ChainView, FlowDirection, Liquidity, PaymentRecord, RecordStatus};
use crate::ports::node_admin::{ChannelInfo, NodeInfo, PeerInfo};

use super::{Common, Of};

/// The node.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct NodeObject {
    object: &'static str,
    node_id: String,
    alias: Option<String>,
    network: &'static str,
    listening: Vec<String>,
    peers: u32,
    graph_channels: u64,
    graph_directions: u64,
    height: u32,
    blocks_behind: Option<u32>,
    usable_peers: u32,
    outbound_msat: u64,
    inbound_msat: u64,
    largest_send_msat: u64,
    onchain_total_sat: u64,
    onchain_spendable_sat: u64,
    anchor_reserve_sat: u64,
}

impl NodeObject {
    pub(in super::super) fn of(
        info: NodeInfo,
        chain: ChainView,
        liquidity: Liquidity,
        network: &'static str,
    ) -> Self {
        Self {
            object: "node",
            node_id: info.node_id.to_hex(),
            alias: info.alias,
            network,
            listening: info.listening,
            peers: info.peers,
            graph_channels: info.graph_channels,
            graph_directions: info.graph_directions,
            height: chain.height,
            blocks_behind: chain.behind,
            usable_peers: liquidity.usable_peers,
            outbound_msat: liquidity.outbound.get(),
            inbound_msat: liquidity.inbound.get(),
            largest_send_msat: liquidity.largest_send.get(),
            onchain_total_sat: info.onchain_total.get(),
            onchain_spendable_sat: info.onchain_spendable.get(),
            anchor_reserve_sat: info.anchor_reserve.get(),
        }
    }
}

/// A channel.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Channel {
    id: String,
    object: &'static str,
    user_channel_id: String,
    peer: String,
    funding: Option<String>,
    capacity_sat: u64,
    outbound_msat: u64,
    inbound_msat: u64,
    largest_send_msat: u64,
    ours_msat: u64,
    opened_by_us: bool,
    announced: bool,
    ready: bool,
    usable: bool,
    confirmations: u32,
}

impl Channel {
    pub(in super::super) fn of(info: ChannelInfo) -> Self {
        Self {
            id: info.channel_id,
            object: "channel",
            user_channel_id: info.user_channel_id,
            peer: info.peer.to_hex(),
            funding: info.funding,
            capacity_sat: info.capacity.get(),
            outbound_msat: info.outbound.get(),
            inbound_msat: info.inbound.get(),
            largest_send_msat: info.largest_send.get(),
            ours_msat: info.ours.get(),
            opened_by_us: info.is_outbound,
            announced: info.is_announced,
            ready: info.is_ready,
            usable: info.is_usable,
            confirmations: info.confirmations,
        }
    }
}

/// A peer.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Peer {
    object: &'static str,
    node_id: String,
    address: Option<String>,
    connected: bool,
}

impl Peer {
    pub(in super::super) fn of(info: PeerInfo) -> Self {
        Self {
            object: "peer",
            node_id: info.node_id.to_hex(),
            address: info.address,
            connected: info.is_connected,
        }
    }
}

/// An address of the on-chain wallet.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Address {
    object: &'static str,
    address: String,
}

impl Address {
    pub(in super::super) const fn of(address: String) -> Self {
        Self { object: "address", address }
    }
}

/// An act outside the books.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Act {
    #[serde(flatten)]
    common: Common,
    kind: &'static str,
    terms: crate::domain::account::Metadata,
    status: &'static str,
    result: Option<String>,
}

impl Act {
    pub(in super::super) fn of(row: &act::Act, livemode: bool) -> Self {
        let (status, result) = match &row.outcome {
            act::ActOutcome::Unknown => ("unknown", None),
            act::ActOutcome::Done(result) => ("done", Some(result.clone())),
            act::ActOutcome::Refused(why) => ("refused", Some(why.clone())),
        };
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "act",
                account: None,
                created: row.created,
                modified: row.modified,
                metadata: None,
            }
            .common(livemode),
            kind: row.kind.name(),
            terms: row.terms.clone(),
            status,
            result,
        }
    }
}

/// A payment as the node itself has it on record.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct NodePayment {
    object: &'static str,
    payment_hash: String,
    direction: &'static str,
    status: &'static str,
    amount_msat: Option<u64>,
    fee_msat: Option<u64>,
    preimage: Option<String>,
}

impl NodePayment {
    pub(in super::super) fn of(record: PaymentRecord) -> Self {
        let (status, settled) = match record.status {
            RecordStatus::Pending => ("pending", false),
            RecordStatus::Succeeded => ("succeeded", true),
            RecordStatus::Failed => ("failed", false),
        };
        // The preimage of a payment that is not settled is worth its amount.
        let preimage = record.preimage.filter(|_| settled);
        Self {
            object: "node_payment",
            payment_hash: record.hash.to_hex(),
            direction: match record.direction {
                FlowDirection::Inbound => "inbound",
                FlowDirection::Outbound => "outbound",
            },
            status,
            amount_msat: record.amount.map(|amount| amount.get()),
            fee_msat: record.fee.map(|fee| fee.get()),
            preimage: preimage.map(|preimage| preimage.to_hex()),
        }
    }
}
