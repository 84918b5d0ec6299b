//! The campaign against the real thing: wallets claim without pause, and the daemon is killed with SIGKILL again and
//! again, mostly in the middle of payouts; chain and router go away, too. In the end the wallets' records, the node's
//! and the books say the same, to the millisatoshi. `make kill` is the long form.
#![allow(clippy::print_stdout, reason = "a campaign tells its figures")]

use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

use satback::sim::chance::Chance;
use satback_regtest::{Daemon, DaemonSpec, PATIENCE, Shop, World, perhaps, timed};
use serde_json::json;

use self::crowd::{Crowd, Purchase, Wallet};
use self::figures::Figures;
use self::ledger::Ledger;
use super::kit::{Town, open_channel};

mod check;
mod crowd;
mod disputes;
mod figures;
mod ledger;
mod system;

/// How often the daemon is killed, unless the variable `KILLS` says otherwise.
const KILLS: u64 = 10;
const ACCOUNTS: usize = 4;
const WALLETS: usize = 8;
/// Past these blocks nothing of a payout can be left (DESIGN D6), and a few for the clocks of others.
const DEADLINE_BLOCKS: u64 = 600;
/// How often in a row nobody can claim before blocks come.
const MAX_WAITS: usize = 3;
/// As many payouts of an account may be parked before its claims are refused (DESIGN D5).
const MOST_PARKED: usize = 3;

#[test]
fn however_often_the_daemon_is_killed_every_cashback_is_paid_once_or_open_again() {
    let kills = std::env::var("KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let spec = DaemonSpec::default().set("payouts.stuck_after_secs=3").set("payouts.sweep_secs=1");
    let mut town = Town::start_funded(ACCOUNTS, &spec);
    let most_back = json!({"name": "90 % back", "type": "percentage", "percentage": 90});
    let open = |number| Shop::open_with(&town.daemon, &format!("shop {number}"), most_back.clone());
    let shops: Vec<Shop> = (1..=ACCOUNTS).map(open).collect();
    town.at_rest();
    let before = Ledger::of(&town.daemon);
    let first_block = town.world.bitcoind.height() + 1;

    let mut figures = Figures::default();
    let purchases = claim_and_kill(&mut town, &shops, kills, &mut figures);
    see_through(&mut town, &mut figures);
    come_to_rest(&mut town, &mut figures);

    let after = Ledger::of(&town.daemon);
    check::claims_are_paid_once_or_open(&town, &shops, &purchases, &mut figures);
    check::wallets_node_and_books_agree(&town, &after, &purchases, &mut figures);
    check::money_adds_up(&after, &mut figures);
    town.assert_sound();
    check::nothing_is_unexplained(&town, &before, &after, first_block, &mut figures);
    println!("{figures}");
    assert_eq!(figures.cancelled, figures.disputes_written_off);
    assert!(figures.in_a_payout() * 2 >= figures.kills(), "{figures}");
    assert!(figures.paid >= figures.kills(), "{figures}");
}

/// Wallets claim, and the daemon dies, so often; what the wallets have bought.
fn claim_and_kill(
    town: &mut Town,
    shops: &[Shop],
    kills: u64,
    figures: &mut Figures,
) -> Vec<Purchase> {
    let (crowd, accepted) = Crowd::gather();
    let Town { daemon, world } = town;
    let world = &*world;
    thread::scope(|scope| {
        let wallets: Vec<_> = (0..WALLETS)
            .map(|number| {
                let (customer, shop) =
                    (&world.customers[number % ACCOUNTS], &shops[number / 2 % ACCOUNTS]);
                let wallet = Wallet { customer, shop, crowd: &crowd };
                scope.spawn(move || wallet.claim_until_told())
            })
            .collect();
        let end = crowd.end();
        let mut campaign = Campaign { daemon, world, crowd: &crowd, accepted, figures };
        for round in 0..kills {
            campaign.round(round);
        }
        drop(end);
        wallets.into_iter().flat_map(|wallet| wallet.join().unwrap()).collect()
    })
}

/// What is away when the daemon dies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Away {
    Nobody,
    Chain,
    Router,
}

struct Campaign<'a> {
    daemon: &'a mut Daemon,
    world: &'a World,
    crowd: &'a Crowd,
    /// One message for each invoice that was accepted.
    accepted: Receiver<()>,
    figures: &'a mut Figures,
}

impl Campaign<'_> {
    fn round(&mut self, round: u64) {
        let chance = Chance::seeded(round);
        let away = match round % 5 {
            1 => Away::Chain,
            3 => Away::Router,
            _ => Away::Nobody,
        };
        for _ in 0..chance.between(2, 8) {
            self.wait_accepted();
        }
        match away {
            Away::Nobody => {}
            Away::Chain => self.world.bitcoind.stop(),
            Away::Router => self.world.router.stop(),
        }
        // Anything from the commit of the claim to the acknowledgement of the outcome.
        let moment = Duration::from_millis(chance.below(150));
        let _ = perhaps(moment, || None::<()>);
        self.daemon.kill();
        self.figures.killed(&Ledger::of_the_dead(self.daemon));
        match away {
            Away::Nobody => {}
            Away::Chain => self.world.bitcoind.start_again(),
            Away::Router => self.world.router.start_again(),
        }
        let ((), after) = timed(|| system::start(self.daemon, self.figures));
        self.figures.recovered(after);
        while self.accepted.try_recv().is_ok() {}
        self.daemon.wait_usable_or_closed(self.world);
        self.repair();
    }

    /// Waits until an invoice is accepted. Where kills have left every account with a payout whose end only blocks tell,
    /// nobody can claim before they come.
    fn wait_accepted(&mut self) {
        for _ in 0..MAX_WAITS {
            if self.accepted.recv_timeout(PATIENCE / 3).is_ok() {
                return;
            }
            println!("nobody can claim: {}", Ledger::of(self.daemon).unended());
            self.pass_deadlines();
        }
        panic!("nobody can claim any more: {}", self.daemon.log());
    }

    /// What an operator and time do: a channel that a kill has cost is opened again, and blocks come.
    fn repair(&mut self) {
        let parked = Ledger::of(self.daemon).most_parked();
        let closed = self.daemon.channel_count() == 0;
        if !closed && parked < MOST_PARKED {
            system::mine(self.daemon, self.world, 1, self.figures);
            return;
        }
        if parked >= MOST_PARKED {
            self.pass_deadlines();
        } else {
            self.crowd.pause();
            self.open_channel_again();
            self.crowd.go_on();
        }
    }

    fn pass_deadlines(&mut self) {
        self.crowd.pause();
        self.figures.deadlines += 1;
        self.wait_quiet();
        system::mine(self.daemon, self.world, DEADLINE_BLOCKS, self.figures);
        disputes::settle(self.daemon, self.world, self.figures);
        self.open_channel_again();
        self.crowd.go_on();
    }

    fn open_channel_again(&mut self) {
        if self.daemon.channel_count() == 0 {
            self.figures.channels_opened += 1;
            open_channel(self.daemon, self.world);
        }
    }

    /// What moves comes to an end first. A node whose channel times out on chain while it still exchanges messages over
    /// it may panic (LDK 0.2.7, "both ChannelMonitorUpdateStatus modes"), and the customers' nodes live in this process.
    fn wait_quiet(&self) {
        let _ = perhaps(Duration::from_secs(20), || {
            let moves = Ledger::of(self.daemon).each("lock").count() > 0;
            (!moves && !self.world.customers.iter().any(crowd::is_paying)).then_some(())
        });
    }
}

/// Mines what is needed until nothing is under way.
fn see_through(town: &mut Town, figures: &mut Figures) {
    for _ in 0..5 {
        figures.channels_opened += usize::from(town.ensure_channel());
        disputes::settle(&town.daemon, &town.world, figures);
        let done = perhaps(Duration::from_secs(15), || {
            let resting = Ledger::of(&town.daemon).unresolved() == 0;
            (resting && !town.world.customers.iter().any(crowd::is_paying)).then_some(())
        });
        if done.is_some() {
            return;
        }
        system::mine(&mut town.daemon, &town.world, DEADLINE_BLOCKS, figures);
    }
    panic!("something never ended: {}", Ledger::of(&town.daemon).text);
}

/// Mines until what closed channels have left is swept into the wallet, deep enough to count, and booked.
fn come_to_rest(town: &mut Town, figures: &mut Figures) {
    for _ in 0..20 {
        let at_rest = perhaps(Duration::from_secs(6), || {
            let audit = town.daemon.operator().get("/ledger/audit").granted();
            let external = &audit["external"];
            (external["at_rest"] == true && external["difference_msat"] == 0).then_some(())
        });
        if at_rest.is_some() {
            return;
        }
        system::mine(&mut town.daemon, &town.world, 36, figures);
    }
    panic!("it never rests: {}", town.daemon.operator().get("/ledger/audit").text);
}
