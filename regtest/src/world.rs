//! The whole world: a chain, a router, customers, and channels between them that everybody knows of.

use std::path::Path;
use std::sync::Arc;
use std::thread;

use bitcoin::Address;
use ldk_node::ChannelDetails;

use crate::bitcoind::{Bitcoind, COINBASE_MATURITY, find_or_build};
use crate::peer::{Contact, Peer};
use crate::until::PATIENCE;

use self::folder::Folder;

mod folder;
mod gossip;

/// How deep a funding transaction must be before ldk-node uses and announces the channel.
pub const CHANNEL_CONFIRMATIONS: u64 = 6;

/// What nodes that share a busy machine digest well within our patience.
const BLOCKS_AT_ONCE: u64 = 100;

/// What a world is to be like.
#[derive(Clone, Copy, Debug)]
pub struct WorldSpec {
    /// How many customers there are.
    pub customers: usize,
    /// The size of each customer's channel to the router. Of an announced channel's size a tenth may be on its way
    /// to one side at a time.
    pub channel_sats: u64,
}

impl Default for WorldSpec {
    fn default() -> WorldSpec {
        WorldSpec { customers: 2, channel_sats: 5_000_000 }
    }
}

/// A running world. Dropping it stops everything and removes its folder.
#[derive(Debug)]
pub struct World {
    // In the order in which they must go: nodes before their chain, the chain before the folder.
    /// The customers, each with a channel to the router of which it holds one half.
    pub customers: Vec<Peer>,
    /// The node in the middle. It forwards for 1000 msat, whatever the amount.
    pub router: Peer,
    /// The chain.
    pub bitcoind: Arc<Bitcoind>,
    folder: Folder,
}

impl World {
    /// Starts a world and waits until every payment between customers has a route.
    pub fn start(spec: WorldSpec) -> World {
        let exe = find_or_build().unwrap_or_else(|error| panic!("there is no bitcoind: {error}"));
        let folder = Folder::new();
        let bitcoind = Arc::new(Bitcoind::start(&exe, &folder.path().join("bitcoind")));
        let names = (1..=spec.customers).map(|number| format!("customer-{number}"));
        let names: Vec<String> = std::iter::once("router".into()).chain(names).collect();
        let mut customers = start_peers(&names, folder.path(), &bitcoind);
        let router = customers.remove(0);

        let world = World { customers, router, bitcoind, folder };
        let addresses: Vec<Address> = world.peers().map(Peer::new_address).collect();
        world.fund(&addresses);
        world.open_channels(spec.channel_sats);
        world
    }

    /// The folder that holds everything of this world; put whatever else belongs to it there.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The router and the customers.
    pub fn peers(&self) -> impl Iterator<Item = &Peer> {
        std::iter::once(&self.router).chain(&self.customers)
    }

    /// Mines blocks, and waits until every peer that is not away has seen them.
    pub fn mine(&self, blocks: u64) {
        let mut left = blocks;
        while left > 0 {
            let some = left.min(BLOCKS_AT_ONCE);
            self.bitcoind.mine_to_nobody(some);
            self.sync_all();
            left -= some;
        }
    }

    /// Waits until every peer that is not away has seen every block.
    pub fn sync_all(&self) {
        thread::scope(|scope| {
            for peer in self.peers().filter(|peer| peer.is_running()) {
                scope.spawn(|| peer.sync());
            }
        });
    }

    /// Gives each of the addresses one block's reward (50 bitcoin), ready to be spent. The chain grows by a hundred
    /// blocks and more, which is no small time for a payment on its way.
    pub fn fund(&self, addresses: &[Address]) {
        for address in addresses {
            self.bitcoind.mine(1, address);
        }
        self.mine(COINBASE_MATURITY);
    }

    /// Opens an announced channel from one of our peers to anybody, pushing `push_msat` to the other side, and waits
    /// until the peer can pay over it and ours have heard of it. Returns the peer's view. The other side may need a
    /// moment longer.
    pub fn open_channel(
        &self,
        from: &Peer,
        to: &Contact,
        sats: u64,
        push_msat: u64,
    ) -> ChannelDetails {
        let opened = from.open_announced_channel(to, sats, push_msat);
        opened.unwrap_or_else(|error| panic!("no channel: {error}"));
        self.mine(CHANNEL_CONFIRMATIONS);
        let channel = from.wait_channel_usable(&to.id, PATIENCE);
        self.wait_gossip();
        channel
    }

    fn open_channels(&self, sats: u64) {
        let router = self.router.contact();
        let half_msat = sats * 1000 / 2;
        thread::scope(|scope| {
            for customer in &self.customers {
                scope.spawn(|| {
                    let opened = customer.open_announced_channel(&router, sats, half_msat);
                    opened.unwrap_or_else(|error| panic!("no channel: {error}"));
                });
            }
        });
        self.mine(CHANNEL_CONFIRMATIONS);
        for customer in &self.customers {
            customer.wait_channel_usable(&router.id, PATIENCE);
            self.router.wait_channel_usable(&customer.id(), PATIENCE);
        }
        self.wait_gossip();
    }
}

/// All at once: a node's start is mostly waiting for its disk.
fn start_peers(names: &[String], folder: &Path, bitcoind: &Arc<Bitcoind>) -> Vec<Peer> {
    thread::scope(|scope| {
        let start = |name: &str| Peer::start(name, &folder.join(name), bitcoind);
        let starting: Vec<_> = names.iter().map(|name| scope.spawn(move || start(name))).collect();
        starting.into_iter().map(|peer| peer.join().expect("a peer starts")).collect()
    })
}
