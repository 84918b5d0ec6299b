//! What the system does with a process that ends by itself: it starts it again (`Restart=on-failure`). The node's library
//! panics in some starts that follow a kill, and in blocks that follow those; nothing may depend on that.

use std::time::Duration;

use satback_regtest::{Daemon, PATIENCE, World, eventually, perhaps};

use super::crowd::is_paying;
use super::figures::Figures;

/// Starts in a row of which one must succeed.
const MAX_STARTS: usize = 5;

/// Starts the daemon, and again if it ends.
pub(super) fn start(daemon: &mut Daemon, figures: &mut Figures) {
    for _ in 0..MAX_STARTS {
        daemon.boot();
        let Err(ended) = daemon.wait_ready_or_ended() else { return };
        note_panic(daemon, &ended, figures);
    }
    panic!("it never comes up: {}", daemon.log());
}

/// Starts the daemon if it ended.
fn keep_up(daemon: &mut Daemon, figures: &mut Figures) {
    if let Some(status) = daemon.ended() {
        note_panic(daemon, &status.to_string(), figures);
        start(daemon, figures);
    }
}

fn note_panic(daemon: &Daemon, ended: &str, figures: &mut Figures) {
    let log = daemon.log();
    let panic = log.lines().rev().find(|line| line.contains("panic thread=")).unwrap_or("");
    assert!(panic.contains("/lightning-"), "not a panic of the node's library: {ended}");
    figures.panics += 1;
    println!("the node's library panicked: {panic}");
}

/// Fewer blocks than lie between the deadlines of two channels of a route (72 by LDK's default). Time gives the nodes days
/// to tell each other of a payment that failed on chain; with all those blocks at once a customer's channel times out
/// while it is told, in which case LDK 0.2.7 panics ("both ChannelMonitorUpdateStatus modes") – in this process.
const BLOCKS_AT_ONCE: u64 = 18;
/// How long the nodes may take to tell each other, after each portion, of payments that are still on their way.
const TELLING: Duration = Duration::from_millis(500);

/// Mines blocks in portions, and waits until the daemon has seen them, too.
pub(super) fn mine(daemon: &mut Daemon, world: &World, blocks: u64, figures: &mut Figures) {
    let mut left = blocks;
    while left > 0 {
        let some = left.min(BLOCKS_AT_ONCE);
        left -= some;
        world.mine(some);
        let height = world.bitcoind.height();
        eventually("the daemon to see every block;", PATIENCE, || {
            keep_up(daemon, figures);
            let node = daemon.operator().try_get("/node")?;
            if node.json["height"] == height { Ok(()) } else { Err(node.text) }
        });
        let _ = perhaps(TELLING, || (!world.customers.iter().any(is_paying)).then_some(()));
    }
}
