//! A wall clock that jumps by a day either way (DESIGN D23).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use satback_regtest::{Answer, Daemon, DaemonSpec, PATIENCE, Shop, World, WorldSpec, eventually};

use super::super::kit::{CHANNEL_SATS, EXPIRY_SECS, Town, program};
use super::{assert_ready, assert_rule, wait_rule};

const DAY: i64 = 86_400;
/// What a claim of 20,000 sat is worth.
const AMOUNT_MSAT: u64 = 1_000_000;

/// A daemon whose wall clock the test sets.
struct Clock(PathBuf);

impl Clock {
    fn town(settings: DaemonSpec) -> (Self, Town) {
        let world = World::start(WorldSpec { customers: 1, ..WorldSpec::default() });
        let (shift, library) = (world.folder().join("shift"), world.folder().join("wall_clock.so"));
        let clock = Self(shift);
        clock.shift(0);
        let source =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/regtest/machine/wall_clock.c");
        let mut cc = Command::new("cc");
        cc.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(source).arg("-ldl");
        assert!(cc.status().unwrap().success());
        let spec = settings
            .env("LD_PRELOAD", library.to_str().unwrap())
            .env("WALL_CLOCK_SHIFT", clock.0.to_str().unwrap());
        let daemon = Daemon::start(&world, program(), &spec);
        daemon.connect(&world, CHANNEL_SATS, CHANNEL_SATS / 2 * 1_000);
        (clock, Town { daemon, world })
    }

    fn shift(&self, secs: i64) {
        // In place: the daemon has the file mapped.
        let file = fs::OpenOptions::new().write(true).create(true).truncate(false).open(&self.0);
        std::os::unix::fs::FileExt::write_all_at(&file.unwrap(), &secs.to_le_bytes(), 0).unwrap();
    }
}

/// Set back while the node asks bitcoind for its tip or its mempool, the clock ends the process: ldk-node 0.7.1 takes the
/// time that it took by the wall clock, and unwraps.
fn died_of_it(daemon: &mut Daemon) -> bool {
    let Some(status) = daemon.ended() else { return false };
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(6), "{status}");
    assert!(daemon.log().contains("chain/bitcoind.rs"), "{}", daemon.log());
    true
}

/// Waits until the daemon died of it, or says what is awaited on this path: true for the death.
fn end_or(daemon: &mut Daemon, path: &str, says: impl Fn(&Answer) -> bool) -> bool {
    eventually(&format!("an end, or {path} to say it;"), PATIENCE, || {
        if died_of_it(daemon) {
            return Ok(true);
        }
        let told = daemon.operator().try_get(path)?;
        if says(&told) { Ok(false) } else { Err(told.text) }
    })
}

/// Waits until a clock that was set back is noticed. Whoever died of it is started again, and sees it set back again.
fn set_back(clock: &Clock, daemon: &mut Daemon, from: i64, to: i64) {
    clock.shift(to);
    eventually("a clock that was set back to be noticed;", PATIENCE, || {
        if died_of_it(daemon) {
            clock.shift(from);
            daemon.restart();
            clock.shift(to);
        }
        let answer = daemon.operator().try_get("/readyz")?;
        let noticed = answer.text.contains("clock") == (to != 0);
        if noticed { Ok(()) } else { Err(answer.text) }
    });
}

#[test]
fn a_clock_that_jumps_a_day_stops_timers_and_makes_nobody_late() {
    let (clock, mut town) = Clock::town(DaemonSpec::default());
    let shop = Shop::open(&town.daemon, "shop");
    for days in [1, -1] {
        let open = shop.claim(town.customer(), 20_000);
        let unpaid = shop.session(20_000);
        if days > 0 {
            clock.shift(DAY);
            wait_rule(&town.daemon, "clock");
        } else {
            set_back(&clock, &mut town.daemon, 0, -DAY);
        }
        assert_eq!(shop.session_now(&unpaid)["payments"][0]["status"], "unpaid");
        assert_eq!(shop.claim_now(&open)["status"], "open");
        let paid = shop.claim_after(&town, &unpaid);
        assert_eq!(paid["status"], "open", "paid in time");

        // The node judges invoices by the wall clock: a day on, a fresh one is out of date, and nothing is spent.
        let fresh = town.customer().invoice(AMOUNT_MSAT, "cashback", EXPIRY_SECS);
        let lasting = town.customer().invoice(AMOUNT_MSAT, "cashback", 2 * 86_400);
        if days > 0 {
            let told = shop.submit(&open, &fresh).unwrap_err();
            assert!(told.contains("expired"), "{told}");
            shop.submit(&open, &lasting).unwrap();
        } else {
            shop.submit(&open, &fresh).unwrap();
        }
        shop.wait_claim(&open, "paid", PATIENCE);
        assert_rule(&town.daemon, "clock");

        if days > 0 {
            set_back(&clock, &mut town.daemon, DAY, 0);
        } else {
            clock.shift(0);
        }
        assert_ready(&town.daemon);
        shop.redeem(town.customer(), &paid);
        shop.wait_claim(&paid, "paid", PATIENCE);
    }
    town.assert_sound();

    // On regtest a start accepts whatever the clock shows.
    clock.shift(DAY);
    wait_rule(&town.daemon, "clock");
    town.daemon.stop();
    town.daemon.restart();
    town.assert_books_sound();
}

#[test]
fn a_clock_that_is_set_back_while_the_node_asks_for_the_chain_ends_the_process_and_the_next_goes_on()
 {
    let (clock, mut town) = Clock::town(DaemonSpec::default().set("bitcoind.outage_secs=4"));
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    // It takes the time only where there was a block to take, which another look may have taken already; and it may end
    // after it has told of the block.
    let ended = (0..5).any(|_| {
        town.world.bitcoind.mine_to_nobody(1);
        let Town { daemon, world } = &mut town;
        let ended = world.bitcoind.while_it_stands_still(|| {
            // Long enough for the node, which asks every two seconds, to wait for an answer.
            let ended = end_or(daemon, "/readyz", |told| told.text.contains("\"chain\""));
            clock.shift(-DAY);
            ended
        });
        let height = world.bitcoind.height();
        let ended = ended || end_or(daemon, "/node", |told| told.json["height"] == height);
        clock.shift(0);
        ended
    });
    assert!(ended);
    town.daemon.restart();
    town.daemon.wait_usable(&town.world);
    shop.redeem(town.customer(), &claim);
    shop.wait_claim(&claim, "paid", PATIENCE);
    town.assert_sound();
}

/// What this test asks of a shop.
trait PaidOffTime {
    fn claim_after(&self, town: &Town, session: &serde_json::Value) -> serde_json::Value;
}

impl PaidOffTime for Shop {
    /// The claim of a session that is paid now.
    fn claim_after(&self, town: &Town, session: &serde_json::Value) -> serde_json::Value {
        self.pay(town.customer(), session);
        self.claim_of(session)
    }
}
