//! The operator's hands on ldk-node.

use ldk_node::bitcoin::secp256k1::PublicKey;
use ldk_node::lightning::ln::msgs::SocketAddress;
use ldk_node::{ChannelDetails, Node, NodeError};

use crate::domain::bytes::NodeId;
use crate::domain::money::{Msat, Sat};
use crate::ports::lightning::{Lightning, NodeDown};
use crate::ports::node_admin::{
    Attempt, ChannelInfo, Closing, ConnectError, Contact, NewChannel, NodeAdmin, NodeInfo,
    OnchainSend, PeerInfo,
};

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

    fn is_address(&self, text: &str) -> bool {
        self.address(text).is_some()
    }

    fn connect(&self, contact: &Contact) -> Result<(), ConnectError> {
        let node = self.up()?;
        let unreachable = |why: String| ConnectError::Unreachable(why);
        let (peer, address) = met(contact).map_err(|why| unreachable(why.to_owned()))?;
        node.connect(peer, address, true).map_err(|error| unreachable(error.to_string()))
    }

    fn open_channel(&self, new: &NewChannel) -> Attempt {
        self.attempt(|node| {
            let (peer, address) = met(&new.contact).map_err(refused)?;
            self.must_know_its_coins(node)?;
            let sat = new.capacity.get();
            let opened = if new.announce {
                node.open_announced_channel(peer, address, sat, None, None)
            } else {
                node.open_channel(peer, address, sat, None, None)
            };
            opened.map(|id| user_channel_id(id.0)).map_err(failed)
        })
    }

    fn close_channel(&self, closing: &Closing) -> Attempt {
        self.attempt(|node| {
            let channels = node.list_channels();
            // The library says nothing of a channel that it does not have.
            let channel = channels
                .iter()
                .find(|channel| channel.channel_id.to_string() == closing.channel_id)
                .ok_or_else(|| refused("there is no such channel any more"))?;
            let (id, peer) = (channel.user_channel_id, channel.counterparty_node_id);
            let closed = if closing.force {
                node.force_close_channel(&id, peer, None)
            } else {
                node.close_channel(&id, peer)
            };
            closed.map(|()| user_channel_id(id.0)).map_err(failed)
        })
    }

    fn send_onchain(&self, send: &OnchainSend) -> Attempt {
        self.attempt(|node| self.send_coins(node, send))
    }
}

impl LdkLightning {
    /// Does something that cannot be taken back, if the node runs.
    fn attempt(&self, act: impl FnOnce(&Node) -> Result<String, Attempt>) -> Attempt {
        match self.up() {
            Ok(node) => act(node).map_or_else(|attempt| attempt, Attempt::Done),
            Err(down) => Attempt::Refused(down.to_string()),
        }
    }
}

pub(super) fn refused(why: &str) -> Attempt {
    Attempt::Refused(why.to_owned())
}

/// Where something could not be kept (the peer's address, the peer that is to be forgotten), the act came before it; of
/// what is sent, the wallet's state comes first, but a disk in trouble is no proof.
pub(super) fn failed(error: NodeError) -> Attempt {
    match error {
        NodeError::PersistenceFailed => Attempt::Unknown(error.to_string()),
        error => Attempt::Refused(error.to_string()),
    }
}

/// A contact in the library's types.
fn met(contact: &Contact) -> Result<(PublicKey, SocketAddress), &'static str> {
    let peer = PublicKey::from_slice(&contact.node_id.0);
    let address = contact.address.parse::<SocketAddress>();
    let peer = peer.map_err(|_| "the peer's id is no public key")?;
    Ok((peer, address.map_err(|_| "the address is no address of a node")?))
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
