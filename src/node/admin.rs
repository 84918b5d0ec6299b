//! The operator's hands on ldk-node.

use ldk_node::bitcoin::secp256k1::PublicKey;
use ldk_node::lightning::ln::msgs::SocketAddress;
use ldk_node::{ChannelDetails, Node, NodeError};

use crate::domain::bytes::NodeId;
use crate::domain::money::{Msat, Sat};
use crate::ports::lightning::{Lightning, NodeDown};
use crate::ports::node_admin::{ChannelInfo, NewChannel, NodeAdmin, NodeInfo, Opening, PeerInfo};

use super::lightning::LdkLightning;
use super::{money, peers};

impl NodeAdmin for LdkLightning {
    fn info(&self) -> Result<NodeInfo, NodeDown> {
        let node = self.up()?;
        let balances = node.list_balances();
        let listening = node.listening_addresses().unwrap_or_default();
        let (graph_channels, graph_directions) = graph_size(node);
        let peers = node.list_peers().iter().filter(|peer| peer.is_connected).count();
        Ok(NodeInfo {
            node_id: self.node_id(),
            listening: listening.iter().map(ToString::to_string).collect(),
            alias: node.node_alias().map(|alias| alias.to_string()),
            onchain_total: Sat::new(balances.total_onchain_balance_sats),
            onchain_spendable: Sat::new(balances.spendable_onchain_balance_sats),
            anchor_reserve: Sat::new(balances.total_anchor_channels_reserve_sats),
            peers: u32::try_from(peers).unwrap_or(u32::MAX),
            graph_channels,
            graph_directions,
        })
    }

    fn channels(&self) -> Result<Vec<ChannelInfo>, NodeDown> {
        Ok(self.up()?.list_channels().iter().map(channel).collect())
    }

    fn peers(&self) -> Result<Vec<PeerInfo>, NodeDown> {
        Ok(peers::known(self.up()?))
    }

    fn new_address(&self) -> Result<String, NodeDown> {
        let address = self.up()?.onchain_payment().new_address();
        address.map(|address| address.to_string()).map_err(|error| NodeDown(error.to_string()))
    }

    fn open_channel(&self, new: &NewChannel) -> Opening {
        let node = match self.up() {
            Ok(node) => node,
            Err(down) => return Opening::Refused(down.to_string()),
        };
        let Ok(peer) = PublicKey::from_slice(&new.peer.0) else {
            return Opening::Refused("the peer's id is no public key".to_owned());
        };
        let Ok(address) = new.address.parse::<SocketAddress>() else {
            return Opening::Refused("the address is no address of a node".to_owned());
        };
        let sat = new.capacity.get();
        let opened = if new.announce {
            node.open_announced_channel(peer, address, sat, None, None)
        } else {
            node.open_channel(peer, address, sat, None, None)
        };
        match opened {
            Ok(id) => Opening::Asked(user_channel_id(id.0)),
            // The peer's address could not be kept, which happens after the channel was asked for.
            Err(error @ NodeError::PersistenceFailed) => Opening::Unknown(error.to_string()),
            Err(error) => Opening::Refused(error.to_string()),
        }
    }
}

/// Channels of the network, and directions of them that can be routed over.
fn graph_size(node: &Node) -> (u64, u64) {
    let graph = node.network_graph();
    let known = graph.list_channels();
    let directions = |scid: &u64| {
        let channel = graph.channel(*scid);
        channel.map_or(0, |channel| {
            u64::from(channel.one_to_two.is_some()) + u64::from(channel.two_to_one.is_some())
        })
    };
    (u64::try_from(known.len()).unwrap_or(u64::MAX), known.iter().map(directions).sum())
}

fn user_channel_id(id: u128) -> String {
    format!("{id:032x}")
}

fn channel(details: &ChannelDetails) -> ChannelInfo {
    ChannelInfo {
        channel_id: details.channel_id.to_string(),
        user_channel_id: user_channel_id(details.user_channel_id.0),
        peer: NodeId(details.counterparty_node_id.serialize()),
        funding: details.funding_txo.map(|output| output.to_string()),
        capacity: Sat::new(details.channel_value_sats),
        outbound: Msat::new(details.outbound_capacity_msat),
        inbound: Msat::new(details.inbound_capacity_msat),
        largest_send: Msat::new(details.next_outbound_htlc_limit_msat),
        ours: money::ours(details),
        is_outbound: details.is_outbound,
        is_announced: details.is_announced,
        is_ready: details.is_channel_ready,
        is_usable: details.is_usable,
        confirmations: details.confirmations.unwrap_or(0),
    }
}
