//! Keeping the peers of our channels connected. ldk-node tries once a minute, and drops every peer whenever the machine
//! is busy for a second (facts, section 5); a payout cannot wait that long.

use std::collections::BTreeMap;

use ldk_node::Node;
use ldk_node::bitcoin::secp256k1::PublicKey;
use ldk_node::lightning::ln::msgs::SocketAddress;
use ldk_node::lightning::routing::gossip::NodeId as GraphNodeId;

use crate::domain::bytes::NodeId;
use crate::ports::node_admin::PeerInfo;

use super::lightning::LdkLightning;

/// Connects to every peer of a channel that is not connected; one turn of a loop. Each one that cannot be reached costs
/// some seconds, so it looks between them whether it should stop.
pub fn keep_connected(lightning: &LdkLightning, stopped: impl Fn() -> bool) {
    let Ok(node) = lightning.up() else { return };
    let known: BTreeMap<PublicKey, (SocketAddress, bool)> = node
        .list_peers()
        .into_iter()
        .map(|peer| (peer.node_id, (peer.address, peer.is_connected)))
        .collect();
    let wanted: std::collections::BTreeSet<PublicKey> =
        node.list_channels().iter().map(|channel| channel.counterparty_node_id).collect();
    for peer in wanted {
        if stopped() {
            return;
        }
        if known.get(&peer).is_some_and(|(_, connected)| *connected) {
            continue;
        }
        let known = known.get(&peer).map(|(address, _)| address.clone());
        if let Some(address) = known.or_else(|| announced_address(node, &peer)) {
            match node.connect(peer, address, true) {
                Ok(()) => tracing::info!(%peer, "peer connected"),
                Err(error) => tracing::debug!(%peer, %error, "peer not reached"),
            }
        }
    }
}

/// Every peer that the node knows, and those of its channels. Of a peer that connected to us, what counts is where it
/// says that it listens: the port that it came from is of no use to anybody later.
pub(super) fn known(node: &Node) -> Vec<PeerInfo> {
    let mut peers: BTreeMap<PublicKey, PeerInfo> = BTreeMap::new();
    let mut note = |key: PublicKey, address: Option<SocketAddress>, is_connected| {
        peers.entry(key).or_insert_with(|| PeerInfo {
            node_id: NodeId(key.serialize()),
            address: address.map(|address| address.to_string()),
            is_connected,
        });
    };
    for peer in node.list_peers() {
        let stored = peer.is_persisted.then(|| peer.address.clone());
        let address = stored.or_else(|| announced_address(node, &peer.node_id));
        note(peer.node_id, address.or(Some(peer.address)), peer.is_connected);
    }
    for channel in node.list_channels() {
        let key = channel.counterparty_node_id;
        note(key, announced_address(node, &key), false);
    }
    peers.into_values().collect()
}

/// Where the peer says that it listens: all we know of one that opened its channel to us.
fn announced_address(node: &Node, peer: &PublicKey) -> Option<SocketAddress> {
    let info = node.network_graph().node(&GraphNodeId::from_pubkey(peer))?;
    info.announcement_info?.addresses().first().cloned()
}
