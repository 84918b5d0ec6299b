//! ldk-node in a world of real nodes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use satback::domain::bytes::PaymentHash;
use satback::domain::money::Msat;
use satback::domain::network::Network;
use satback::node::bitcoind::{Bitcoind, Credentials};
use satback::node::seed::Seed;
use satback::node::{LdkLightning, NodeSettings};
use satback::ports::clock::Clock;
use satback::ports::lightning::Lightning;
use satback::ports::node_admin::NodeAdmin;
use satback::system::{OsEntropy, SystemClock};
use satback_regtest::ports::free_port;
use satback_regtest::{Hold, PATIENCE, World, WorldSpec, eventually};

use super::lightning::{Surroundings, keeps_its_contract};

const CHANNEL_SATS: u64 = 10_000_000;

struct Real {
    node: LdkLightning,
    world: World,
    holds: RefCell<BTreeMap<PaymentHash, Hold>>,
}

impl Real {
    /// A node with one channel, which holds as much on either side.
    fn start() -> Self {
        let world = World::start(WorldSpec { customers: 2, ..WorldSpec::default() });
        let address = format!("127.0.0.1:{}", free_port());
        let settings = NodeSettings {
            network: Network::Regtest,
            storage: world.folder().join("ldk-under-test"),
            seed: Seed::new(&OsEntropy),
            alias: "under test".to_owned(),
            listen: vec![address.clone()],
            announce: vec![],
            anchor_reserve_sat: 0,
            bitcoind: Bitcoind {
                host: "127.0.0.1".to_owned(),
                port: world.bitcoind.rpc_port(),
                credentials: Credentials::Cookie(world.bitcoind.cookie_file()),
            },
            outage: Duration::from_secs(600),
        };
        let node = settings.build().unwrap();
        node.start(SystemClock::default().now().wall).unwrap();
        let contact = format!("{}@{address}", node.node_id()).parse().unwrap();
        world.open_channel(&world.router, &contact, CHANNEL_SATS, CHANNEL_SATS / 2 * 1_000);
        let wanted = 2 * u64::try_from(world.router.channels().len()).unwrap();
        let mut looks = 0;
        eventually("the node to know all channels;", PATIENCE, || {
            let (info, liquidity) = (node.info().unwrap(), node.liquidity().unwrap());
            let usable = liquidity.usable_peers == 1;
            if usable && info.graph_directions >= wanted && node.chain().unwrap().is_synced() {
                return Ok(());
            }
            looks += 1;
            // Gossip gets lost (see `World::wait_gossip`); a new connection makes the router repeat it.
            if usable && looks % 40 == 0 {
                world.router.lose_connection(&contact.id);
            }
            Err(format!("{info:?} {liquidity:?}"))
        });
        Self { node, world, holds: RefCell::default() }
    }

    fn hold(&self, hash: &PaymentHash) -> Hold {
        let hold = self.holds.borrow()[hash].clone();
        self.world.customers[0].wait_held(&hold.hash, PATIENCE);
        hold
    }
}

impl Surroundings for Real {
    fn node(&self) -> &dyn Lightning {
        &self.node
    }

    fn wallet_invoice(&self, amount: Msat) -> String {
        self.world.customers[0].invoice(amount.get(), "wallet", 3_600)
    }

    fn hold_invoice(&self, amount: Msat) -> String {
        let hold = self.world.customers[0].hold_invoice(amount.get(), 3_600);
        let invoice = hold.invoice.clone();
        self.holds.borrow_mut().insert(PaymentHash(hold.hash.0), hold);
        invoice
    }

    fn settle(&self, hash: &PaymentHash) {
        self.world.customers[0].settle(&self.hold(hash));
    }

    fn refuse(&self, hash: &PaymentHash) {
        self.world.customers[0].cancel(&self.hold(hash));
    }

    fn unreachable_invoice(&self, amount: Msat) -> String {
        let away = &self.world.customers[1];
        let invoice = away.invoice(amount.get(), "away", 3_600);
        away.stop();
        invoice
    }

    fn pay_us(&self, invoice: &str) {
        self.world.customers[0].pay(invoice).unwrap();
    }

    fn stop(&self) {
        self.node.stop();
    }
}

#[test]
fn the_embedded_node_keeps_the_contract() {
    keeps_its_contract(&Real::start());
}
