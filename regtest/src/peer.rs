//! A Lightning node that is not satback: the router or a customer's wallet. ldk-node with a runtime of its own,
//! used through blocking calls that say what they wait for and for how long.
//!
//! This file is the node's life: built, started, away, back, gone. What it can do is in the files beside it.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use ldk_node::Node;
use ldk_node::bitcoin::secp256k1::PublicKey;
use ldk_node::lightning::ln::msgs::SocketAddress;

use crate::bitcoind::Bitcoind;
use crate::ports::free_port;

mod balance;
mod build;
mod channels;
mod contact;
mod events;
mod hold;
mod invoices;
mod log;
mod payments;
mod reconnect;
mod running;

pub use contact::Contact;
pub use hold::Hold;
pub use payments::{Paid, Paying, hash_of};

use events::Events;
use reconnect::Partners;
use running::Running;

/// One Lightning node on the world's chain.
pub struct Peer {
    name: String,
    dir: PathBuf,
    address: SocketAddress,
    chain: Arc<Bitcoind>,
    id: PublicKey,
    events: Arc<Events>,
    partners: Arc<Partners>,
    /// Nothing while the node is away.
    running: Mutex<Option<Running>>,
}

impl Peer {
    /// Starts the node called `name` with its data in `dir`. The name decides its keys, and is the alias that it
    /// announces.
    pub fn start(name: &str, dir: &Path, chain: &Arc<Bitcoind>) -> Peer {
        fs::create_dir_all(dir).expect("the node's folder can be made");
        let address = SocketAddress::TcpIpV4 { addr: [127, 0, 0, 1], port: free_port() };
        let setup = build::Setup { name, dir, address: &address, chain };
        let events = Arc::new(Events::default());
        let partners = Arc::new(Partners::default());
        let running = Running::start(&setup, &events, &partners);
        Peer {
            name: name.into(),
            dir: dir.into(),
            id: running.node.node_id(),
            address,
            chain: Arc::clone(chain),
            events,
            partners,
            running: Mutex::new(Some(running)),
        }
    }

    /// Its name and alias.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its node id.
    pub fn id(&self) -> PublicKey {
        self.id
    }

    /// Where it listens. The same after it was away.
    pub fn address(&self) -> &SocketAddress {
        &self.address
    }

    /// Id and address in one, for those who connect to it.
    pub fn contact(&self) -> Contact {
        Contact { id: self.id, address: self.address.clone() }
    }

    /// The node inside. Who keeps it across [`Peer::stop`] holds a node that has stopped.
    ///
    /// Its events are consumed by this peer; nobody else may call `next_event` or `event_handled`.
    pub fn node(&self) -> Arc<Node> {
        let running = self.running.lock().expect("no holder panics");
        let node = running.as_ref().map(|running| Arc::clone(&running.node));
        drop(running); // a panic must not poison it: the peer is yet to be dropped
        node.unwrap_or_else(|| panic!("{} is away", self.name))
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.running.lock().expect("no holder panics").is_some()
    }

    /// Goes away as a wallet does that is switched off: in good order, with everything on disk.
    pub fn stop(&self) {
        let running = self.running.lock().expect("no holder panics").take();
        running.unwrap_or_else(|| panic!("{} is away already", self.name)).stop();
    }

    /// Comes back with the same keys, channels and address. The events seen so far stay known; ldk-node may repeat
    /// the last ones.
    pub fn start_again(&self) {
        assert!(!self.is_running(), "{} runs already", self.name);
        let (name, dir, address, chain) = (&*self.name, &*self.dir, &self.address, &self.chain);
        let setup = build::Setup { name, dir, address, chain };
        let running = Running::start(&setup, &self.events, &self.partners);
        *self.running.lock().expect("no holder panics") = Some(running);
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.contact())
    }
}

/// ldk-node blocks while it stops, which a thread of an async runtime must not: so it is done elsewhere, wherever
/// the peer is dropped.
impl Drop for Peer {
    fn drop(&mut self) {
        let Ok(Some(running)) = self.running.get_mut().map(Option::take) else { return };
        let stopper = thread::spawn(move || running.stop());
        if stopper.join().is_err() {
            eprintln!("{} did not stop in good order", self.name);
        }
    }
}
