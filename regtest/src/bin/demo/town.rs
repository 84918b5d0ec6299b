//! Everybody in the story, started in order.

use std::path::Path;

use satback_regtest::{Daemon, DaemonSpec, Peer, Shop, World, WorldSpec};

use super::tell::Teller;

/// The size of the daemon's channel; half of it is the daemon's.
const CHANNEL_SATS: u64 = 10_000_000;

/// Everybody in the story. The daemon goes first when it is dropped.
pub(crate) struct Town {
    pub(crate) daemon: Daemon,
    pub(crate) shop: Shop,
    pub(crate) world: World,
}

impl Town {
    /// Starts everybody.
    pub(crate) fn start(teller: &Teller, satback: &Path) -> Town {
        let world = teller.step("A world: bitcoind, a router, two customers, channels", || {
            World::start(WorldSpec { customers: 2, ..WorldSpec::default() })
        });
        let daemon = teller.step("satback: init, serve, a channel with the router", || {
            let daemon = Daemon::start(&world, satback, &DaemonSpec::default());
            daemon.connect(&world, CHANNEL_SATS, CHANNEL_SATS * 1_000 / 2);
            daemon
        });
        let shop = teller.step("A merchant: account, key, a cashback of 5 %", || {
            Shop::open(&daemon, "Corner coffee")
        });
        Town { daemon, shop, world }
    }

    pub(crate) fn customer(&self) -> &Peer {
        &self.world.customers[0]
    }

    pub(crate) fn other(&self) -> &Peer {
        &self.world.customers[1]
    }
}
