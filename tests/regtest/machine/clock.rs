//! A wall clock that jumps by a day either way (DESIGN D23).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use satback_regtest::{Daemon, DaemonSpec, PATIENCE, Shop, World, WorldSpec};

use super::super::kit::{CHANNEL_SATS, EXPIRY_SECS, Town, program};
use super::{assert_ready, assert_rule, wait_rule};

const DAY: i64 = 86_400;
/// What a claim of 20,000 sat is worth.
const AMOUNT_MSAT: u64 = 1_000_000;

/// A daemon whose wall clock the test sets.
struct Clock(PathBuf);

impl Clock {
    fn town() -> (Self, Town) {
        let world = World::start(WorldSpec { customers: 1, ..WorldSpec::default() });
        let (shift, library) = (world.folder().join("shift"), world.folder().join("wall_clock.so"));
        let clock = Self(shift);
        clock.shift(0);
        let source =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/regtest/machine/wall_clock.c");
        let mut cc = Command::new("cc");
        cc.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(source).arg("-ldl");
        assert!(cc.status().unwrap().success());
        let spec = DaemonSpec::default()
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

#[test]
fn a_clock_that_jumps_a_day_stops_timers_and_makes_nobody_late() {
    let (clock, mut town) = Clock::town();
    let shop = Shop::open(&town.daemon, "shop");
    for days in [1, -1] {
        let open = shop.claim(town.customer(), 20_000);
        let unpaid = shop.session(20_000);
        clock.shift(days * DAY);
        wait_rule(&town.daemon, "clock");
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

        clock.shift(0);
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
