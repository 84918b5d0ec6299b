//! bitcoind is gone for a while.

use satback_regtest::{DaemonSpec, PATIENCE, Shop, eventually};

use super::super::kit::{EXPIRY_SECS, Town};
use super::{assert_ready, wait_rule};

#[test]
fn payments_go_on_while_bitcoind_is_gone_for_minutes_and_blocks_are_seen_when_it_is_back() {
    let mut town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    town.world.bitcoind.stop();
    let claim = shop.claim(town.customer(), 20_000);
    shop.redeem(town.customer(), &claim);
    shop.wait_claim(&claim, "paid", PATIENCE);
    assert_ready(&town.daemon);
    town.world.bitcoind.start_again();
    see_blocks_again(&mut town);
    town.assert_sound();
}

#[test]
fn a_bitcoind_that_stays_away_stops_payouts_until_it_is_back_and_costs_no_claim() {
    let spec =
        DaemonSpec::default().set("bitcoind.outage_secs=1").set("payouts.permit_wait_secs=1");
    let mut town = Town::start_with(1, &spec);
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    let before = shop.available();
    town.world.bitcoind.stop();
    wait_rule(&town.daemon, "chain");
    let invoice = town.customer().invoice(1_000_000, "cashback", EXPIRY_SECS);
    shop.submit(&claim, &invoice).unwrap();
    let open = shop.wait_claim(&claim, "open", PATIENCE);
    assert_eq!(open["last_error"], "node_not_ready");
    assert_eq!((shop.available(), town.node_sent()), (before, 0));
    town.world.bitcoind.start_again();
    see_blocks_again(&mut town);
    shop.redeem(town.customer(), &claim);
    shop.wait_claim(&claim, "paid", PATIENCE);
    town.assert_sound();
}

/// bitcoind has a new cookie. The node cannot learn it, so the daemon ends, and whoever looks after it starts it again.
fn see_blocks_again(town: &mut Town) {
    let ended = town.daemon.wait_end(PATIENCE);
    let log = town.daemon.log();
    assert_eq!(ended.code(), Some(75), "{log}");
    assert!(log.contains("bitcoind was started again"), "{log}");
    town.daemon.restart();
    town.daemon.wait_usable(&town.world);
    town.world.bitcoind.mine_to_nobody(3);
    let height = town.world.bitcoind.height();
    eventually("the daemon to see every block;", PATIENCE, || {
        let node = town.daemon.operator().get("/node").granted();
        if node["height"] == height { Ok(()) } else { Err(node.to_string()) }
    });
    assert_ready(&town.daemon);
}
