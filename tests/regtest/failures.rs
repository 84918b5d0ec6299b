//! Claims whose payment fails: everything comes back, and the customer may try again.

use satback_regtest::{DaemonSpec, PATIENCE, Shop, eventually, until};
use serde_json::{Value, json};

use super::kit::{EXPIRY_SECS, ShopExt, Town};

/// A claim's payout has failed with this code: two reversal rows, the balance as before, the claim open with a new k1
/// behind the same link, and the old invoice of no use.
fn assert_reversed(shop: &Shop, claim: &Value, before: i64, code: &str, invoice: &str, k1: &str) {
    let now = shop.claim_now(claim);
    let payout = &now["payouts"][0];
    assert_eq!((&payout["status"], &payout["failure_code"]), (&json!("failed"), &json!(code)));
    assert_eq!((&now["status"], &now["last_error"]), (&json!("open"), &json!(code)));
    assert_eq!(now["lnurl"], claim["lnurl"]);
    assert_eq!(shop.available(), before);
    assert_eq!(shop.in_flight(), 0);
    let source = payout["id"].as_str().unwrap();
    assert_eq!(shop.sum(source, "Withdraw Reversal"), shop.sum(source, "Withdraw"));
    assert_eq!(shop.sum(source, "Network Fees Reversal"), shop.sum(source, "Fees"));
    let info = info(claim);
    assert_ne!(info.k1, k1);
    let old = satback_regtest::wallet::WithdrawInfo { k1: k1.into(), ..info.clone() };
    let old = satback_regtest::wallet::callback(&old, invoice);
    assert_eq!(old.unwrap_err(), "payment failed, scan again");
    let used = satback_regtest::wallet::callback(&info, invoice).unwrap_err();
    assert_eq!(used, "the invoice was used before, please make a new one");
}

fn info(claim: &Value) -> satback_regtest::wallet::WithdrawInfo {
    let url = satback_regtest::wallet::decode(claim["lnurl"].as_str().unwrap()).unwrap();
    satback_regtest::wallet::info(&url).unwrap()
}

#[test]
fn a_customer_that_is_away_fails_the_payment_and_gets_it_when_it_is_back() {
    let town = Town::start(2);
    let (payer, wallet) = (&town.world.customers[0], &town.world.customers[1]);
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(payer, 20_000);
    let (before, k1) = (shop.available(), info(&claim).k1);
    let invoice = wallet.invoice(1_000_000, "cashback", EXPIRY_SECS);
    wallet.stop();
    shop.submit(&claim, &invoice).unwrap();
    shop.wait_claim(&claim, "open", PATIENCE);
    assert_reversed(&shop, &claim, before, "no_route", &invoice, &k1);

    wallet.start_again();
    wallet.wait_channel_usable(&town.world.router.id(), PATIENCE);
    town.world.router.wait_channel_usable(&wallet.id(), PATIENCE);
    eventually("the retry to be paid;", PATIENCE, || {
        shop.submit(&claim, &wallet.invoice(1_000_000, "again", EXPIRY_SECS))?;
        let now = until("an outcome", PATIENCE, || {
            Some(shop.claim_now(&claim)).filter(|now| now["status"] != "processing")
        });
        if now["status"] == "paid" { Ok(()) } else { Err(now.to_string()) }
    });
    assert_eq!(shop.available(), before - 1_001_000);
    town.assert_sound();
}

#[test]
fn a_daemon_without_liquidity_gives_up_undispatched() {
    let spec = DaemonSpec::default().set("payouts.permit_wait_secs=1");
    let town = Town::start_pushing(1, &spec, 0);
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    let (before, k1) = (shop.available(), info(&claim).k1);
    let invoice = town.customer().invoice(1_000_000, "cashback", EXPIRY_SECS);
    shop.submit(&claim, &invoice).unwrap();
    shop.wait_claim(&claim, "open", PATIENCE);
    assert_reversed(&shop, &claim, before, "insufficient_liquidity", &invoice, &k1);
    assert_eq!(town.node_sent(), 0);
    town.assert_sound();
}

#[test]
fn a_route_that_costs_more_than_the_budget_is_no_route() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let limits =
        |max_sat: u64| json!({"fee_limits": {"base_sat": 0, "ppm": 10_000, "max_sat": max_sat}});
    let account = format!("/accounts/{}", shop.account);
    town.daemon.operator().post(&account, limits(0)).granted();
    let claim = shop.claim(town.customer(), 20_000);
    let (before, k1) = (shop.available(), info(&claim).k1);
    let invoice = town.customer().invoice(1_000_000, "cashback", EXPIRY_SECS);
    shop.submit(&claim, &invoice).unwrap();
    shop.wait_claim(&claim, "open", PATIENCE);
    assert_reversed(&shop, &claim, before, "no_route", &invoice, &k1);

    town.daemon.operator().post(&account, limits(1)).granted();
    shop.redeem(town.customer(), &claim);
    shop.wait_claim(&claim, "paid", PATIENCE);
    assert_eq!(shop.available(), before - 1_001_000);
    town.assert_sound();
}
