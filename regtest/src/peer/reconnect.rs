//! Keeps a node connected to its partners. ldk-node tries once a minute, which is too long for a test, and it drops
//! all connections when the machine was too busy to run it for a second.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use ldk_node::Node;
use ldk_node::bitcoin::secp256k1::PublicKey;
use ldk_node::lightning::ln::msgs::SocketAddress;

use super::contact::Contact;

const PAUSE: Duration = Duration::from_millis(250);

/// Whom a node wants to be connected to.
#[derive(Debug, Default)]
pub(super) struct Partners(Mutex<BTreeMap<PublicKey, SocketAddress>>);

impl Partners {
    pub(super) fn keep(&self, partner: &Contact) {
        let mut partners = self.0.lock().expect("no holder panics");
        partners.insert(partner.id, partner.address.clone());
    }

    pub(super) fn forget(&self, id: &PublicKey) {
        self.0.lock().expect("no holder panics").remove(id);
    }

    fn all(&self) -> Vec<Contact> {
        let partners = self.0.lock().expect("no holder panics");
        partners.iter().map(|(id, address)| Contact { id: *id, address: address.clone() }).collect()
    }

    fn has(&self, id: &PublicKey) -> bool {
        self.0.lock().expect("no holder panics").contains_key(id)
    }
}

/// Looks four times a second who is missing, until the other end of `stopped` is dropped.
pub(super) fn run(node: &Node, partners: &Partners, stopped: &Receiver<()>) {
    while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(PAUSE) {
        let connected = node.list_peers().into_iter().filter(|peer| peer.is_connected);
        let connected: Vec<PublicKey> = connected.map(|peer| peer.node_id).collect();
        for partner in partners.all() {
            if connected.contains(&partner.id) {
                continue;
            }
            // Fails while the partner is away; that is what the next round is for.
            let _ = node.connect(partner.id, partner.address.clone(), true);
            if !partners.has(&partner.id) {
                let _ = node.disconnect(partner.id); // it was disconnected on purpose meanwhile
            }
        }
    }
}
