//! Money that comes in otherwise than a checkout expects (DESIGN D21). Receipts that are late by the clock are tested
//! where the clock can be moved, in `src/engine/tests/receipts.rs`.

use ldk_node::lightning_invoice::Bolt11Invoice;
use satback_regtest::{PATIENCE, Shop, eventually};
use serde_json::json;

use super::kit::Town;

#[test]
fn an_overpaid_session_is_credited_in_full_and_its_percentage_is_of_all() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let session = shop.session(20_000);
    let invoice = session["payments"][0]["payment_request"].as_str().unwrap();
    let invoice: Bolt11Invoice = invoice.parse().unwrap();
    let node = town.customer().node();
    node.bolt11_payment().send_using_amount(&invoice, 30_000_500, None).unwrap();
    let paid = eventually("the session to be paid;", PATIENCE, || {
        let now = shop.session_now(&session);
        if now["status"] == "paid" { Ok(now) } else { Err(now.to_string()) }
    });
    assert_eq!(paid["target_amount_paid"].to_string(), "30000.5");
    assert_eq!(shop.available(), 30_000_500);
    let claim = shop.claim_of(&session);
    assert_eq!(claim["amount_msat"], 1_500_000);
    shop.redeem(town.customer(), &claim);
    shop.wait_claim(&claim, "paid", PATIENCE);
    town.assert_sound();
}

#[test]
fn a_second_payment_of_one_invoice_is_refused_and_credits_nothing() {
    let town = Town::start(2);
    let shop = Shop::open(&town.daemon, "shop");
    let session = shop.session(20_000);
    shop.pay(town.customer(), &session);
    let invoice = session["payments"][0]["payment_request"].as_str().unwrap();
    assert!(town.world.customers[1].pay(invoice).is_err());
    assert_eq!(shop.available(), 20_000_000);
    town.assert_sound();
}

#[test]
fn a_payment_of_a_closed_session_is_credited_late_and_opens_no_claim() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let session = shop.session(20_000);
    let close = format!("/checkout-sessions/{}/deactivate", session["id"].as_str().unwrap());
    shop.api.post(&close, json!({})).granted();
    town.customer().pay(session["payments"][0]["payment_request"].as_str().unwrap()).unwrap();
    let payment = session["payments"][0]["id"].as_str().unwrap();
    let payment = eventually("the payment to be credited;", PATIENCE, || {
        let payment = shop.api.get(&format!("/payments/{payment}")).granted();
        if payment["status"] == "paid" { Ok(payment) } else { Err(payment.to_string()) }
    });
    assert_eq!(payment["late"], true);
    let now = shop.session_now(&session);
    assert_eq!((&now["status"], &now["claim"]), (&json!("deactivated"), &json!(null)));
    assert_eq!(shop.available(), 20_000_000);
    town.assert_sound();
}

#[test]
fn money_that_nobody_asked_for_waits_in_suspense_until_it_is_assigned() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let operator = town.daemon.operator();
    town.customer().keysend(&town.daemon.contact().id, 12_345_678).unwrap();
    let receipt = eventually("the receipt in suspense;", PATIENCE, || {
        let list = operator.get("/ledger/suspense").granted();
        list["data"].get(0).cloned().ok_or_else(|| list.to_string())
    });
    assert_eq!(receipt["amount_msat"], 12_345_678);
    let audit = operator.get("/ledger/audit").granted();
    assert_eq!(audit["internal"]["balances_msat"]["suspense"], 12_345_678);
    let assign = format!("/ledger/suspense/{}/assign", receipt["id"].as_str().unwrap());
    let to_shop = json!({"account": shop.account});
    operator.post(&assign, to_shop.clone()).granted();
    assert_eq!(operator.post(&assign, to_shop).refused(409), "already_assigned");
    assert_eq!(shop.available(), 12_345_678);
    town.assert_sound();
}
