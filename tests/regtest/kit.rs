//! A daemon in a world, ready to be paid and to pay.

use std::path::Path;

use satback_regtest::{Daemon, DaemonSpec, World, WorldSpec};

/// What a daemon's channel holds at first, on each side.
pub(crate) const CHANNEL_SATS: u64 = 10_000_000;

/// A world with a daemon in it. The daemon goes first when it is dropped.
pub(crate) struct Town {
    pub(crate) daemon: Daemon,
    pub(crate) world: World,
}

/// The program under test.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_satback"))
}

impl Town {
    /// A world with `customers` customers and a daemon whose one channel holds as much on either side.
    pub(crate) fn start(customers: usize) -> Self {
        Self::start_with(customers, &DaemonSpec::default())
    }

    pub(crate) fn start_with(customers: usize, spec: &DaemonSpec) -> Self {
        let world = World::start(WorldSpec { customers, ..WorldSpec::default() });
        let daemon = Daemon::start(&world, program(), spec);
        daemon.connect(&world, CHANNEL_SATS, CHANNEL_SATS * 1_000 / 2);
        Self { daemon, world }
    }
}
