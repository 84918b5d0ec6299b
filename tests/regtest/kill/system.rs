//! What the system does with a process that ends by itself: it starts it again (`Restart=on-failure`). The node's library
//! panics in some starts that follow a kill, and in blocks that follow those; nothing may depend on that.

use satback_regtest::{Daemon, PATIENCE, World, eventually};

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

/// Mines blocks, and waits until the daemon has seen them, too.
pub(super) fn mine(daemon: &mut Daemon, world: &World, blocks: u64, figures: &mut Figures) {
    world.mine(blocks);
    let height = world.bitcoind.height();
    eventually("the daemon to see every block;", PATIENCE, || {
        keep_up(daemon, figures);
        let node = daemon.operator().try_get("/node")?;
        if node.json["height"] == height { Ok(()) } else { Err(node.text) }
    });
}
