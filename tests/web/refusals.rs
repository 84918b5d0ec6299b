//! What is well formed and still refused, by the operator's doing or by limits.

use satback::domain::money::Msat;
use satback::domain::payout::FailureCode;
use satback::sim::Behaviour;
use serde_json::json;

use super::kit::Town;

const BODY: &str = r#"{"currency":"SATS","amount":1000}"#;

fn body() -> serde_json::Value {
    serde_json::from_str(BODY).unwrap()
}

#[test]
fn a_session_beyond_the_inbound_capacity_is_refused() {
    let town = Town::start();
    town.daemon.process.outside.node.set_liquidity(|now| now.inbound = Msat::new(999_999));
    let refused = town.shop.api.post("/checkout-sessions", body());
    assert_eq!(refused.refused(402), "inbound_capacity");
    assert_eq!(refused.json["errors"][0]["param"], "amount");
    town.daemon.process.outside.node.set_liquidity(|now| now.inbound = Msat::new(1_000_000));
    town.shop.api.post("/checkout-sessions", body()).granted();
}

#[test]
fn without_a_node_what_needs_it_says_so_and_the_rest_goes_on() {
    let town = Town::start();
    town.daemon.process.outside.node.set_running(false);
    assert_eq!(town.shop.api.post("/checkout-sessions", body()).refused(424), "node_not_ready");
    assert_eq!(town.operator.get("/node").refused(424), "node_not_ready");
    assert_eq!(town.operator.post("/node/address", json!({})).refused(424), "node_not_ready");
    town.shop.cashback();
    town.shop.api.get("/balances").granted();
    let ready = town.operator.get("/readyz");
    assert_eq!((ready.status, &ready.json["not_ready"][0]["rule"]), (503, &json!("node")));
}

#[test]
fn a_drained_daemon_takes_no_sessions_and_no_claims_and_lets_payouts_end() {
    let mut town = Town::start();
    let (_, claim) = town.claim(10_000);
    let (_, other) = town.claim(10_000);
    let session = town.shop.session(5_000, &town.shop.cashback());
    let invoice = town.invoice(500_000);
    assert_eq!(town.submit(&claim, &invoice), json!({"status": "OK"}));
    assert_eq!(town.operator.post("/drain", json!({})).granted()["drained"], true);
    assert_eq!(town.operator.get("/readyz").json["not_ready"][0]["rule"], "drained");
    assert_eq!(town.shop.api.post("/checkout-sessions", body()).refused(503), "drained");
    let invoice = town.invoice(500_000);
    let refused = town.submit(&other, &invoice);
    assert_eq!(refused["reason"], "cashbacks are closed for a moment, try again later");
    town.pay(&session);
    town.daemon.process.settle_down();
    assert_eq!(town.again(&claim)["status"], "paid");
    town.operator.post("/undrain", json!({})).granted();
    assert_eq!(town.submit(&other, &invoice), json!({"status": "OK"}));
}

#[test]
fn a_paused_account_keeps_its_claims_and_others_go_on() {
    let town = Town::start();
    let (_, claim) = town.claim(10_000);
    let account = format!("/accounts/{}", town.shop.account);
    let paused = town.operator.post(&account, json!({"claims_paused": true})).granted();
    assert_eq!((&paused["claims_paused"], &paused["name"]), (&json!(true), &json!("shop")));
    let invoice = town.invoice(500_000);
    let refused = town.submit(&claim, &invoice);
    assert_eq!(refused["reason"], "cashbacks of this shop are paused, try again later");
    assert_eq!(town.again(&claim)["status"], "open");
    town.operator.post(&account, json!({"claims_paused": false})).granted();
    assert_eq!(town.submit(&claim, &invoice), json!({"status": "OK"}));
}

#[test]
fn the_operator_gives_and_takes_back_within_what_there_is() {
    let mut town = Town::start();
    let account = format!("/accounts/{}", town.shop.account);
    let (credits, debits) = (format!("{account}/credits"), format!("{account}/debits"));
    let one = json!({"amount": 1});
    assert_eq!(town.operator.post(&credits, one.clone()).refused(402), "beyond_unallocated");
    assert_eq!(town.operator.post(&debits, one).refused(402), "beyond_available");
    town.daemon.process.outside.node.set_held(Msat::new(5_000_000));
    town.daemon.process.reconcile();
    let credited = town.operator.post(&credits, json!({"amount_msat": 4_000_001})).granted();
    assert_eq!(
        (&credited["type"], &credited["amount_msat"]),
        (&json!("Deposit"), &json!(4_000_001))
    );
    let beyond = town.operator.post(&credits, json!({"amount": 1_000}));
    assert_eq!(beyond.refused(402), "beyond_unallocated");
    let taken = town.operator.post(&debits, json!({"amount": 4_000})).granted();
    assert_eq!((&taken["type"], &taken["transaction_type"]), (&json!("Payout"), &json!("debit")));
    let balance = town.shop.api.get("/balances").granted();
    assert_eq!(balance["available_msat"], 1);
    let audit = town.operator.get("/ledger/audit").granted();
    assert_eq!(
        (&audit["ok"], &audit["internal"]["unallocated_msat"]),
        (&json!(true), &json!(4_999_999))
    );
}

#[test]
fn a_claim_that_is_being_paid_cannot_be_cancelled_and_an_open_one_can() {
    let mut town = Town::start();
    let (_, claim) = town.claim(10_000);
    let cancel = format!("/claims/{}/cancel", claim["id"].as_str().unwrap());
    town.daemon.process.outside.node.behave(Behaviour::Hold);
    let invoice = town.invoice(500_000);
    town.submit(&claim, &invoice);
    town.daemon.process.settle_down();
    assert_eq!(town.shop.api.post(&cancel, json!({})).refused(409), "claim_not_open");
    let payout = town.again(&claim)["payouts"][0].clone();
    let id = payout["id"].as_str().unwrap();
    let parked = town.operator.post(&format!("/payouts/{id}/park"), json!({})).granted();
    assert_eq!((&parked["parked"], &parked["status"]), (&json!(true), &json!("processing")));
    let again = town.operator.post(&format!("/payouts/{id}/park"), json!({}));
    assert_eq!(again.refused(409), "not_parkable");
    assert_eq!(town.shop.api.post(&cancel, json!({})).refused(409), "claim_not_open");
    let hash = payout["payment_hash"].as_str().unwrap();
    let hash = satback::domain::bytes::PaymentHash::parse(hash).unwrap();
    town.daemon.process.outside.node.fail(&hash, FailureCode::RecipientRejected);
    town.daemon.process.pump();
    let failed = town.again(&claim);
    assert_eq!(
        (&failed["status"], &failed["last_error"]),
        (&json!("open"), &json!("recipient_rejected"))
    );
    assert_eq!(town.shop.api.post(&cancel, json!({})).granted()["status"], "cancelled");
    let told = town.info(&claim);
    assert_eq!(told, json!({"status": "ERROR", "reason": "this cashback was cancelled"}));
}

#[test]
fn the_operator_resolves_only_with_proof() {
    let mut town = Town::start();
    let (_, claim) = town.claim(10_000);
    town.daemon.process.outside.node.behave(Behaviour::Hold);
    let invoice = town.invoice(500_000);
    town.submit(&claim, &invoice);
    town.daemon.process.settle_down();
    let payout = town.again(&claim)["payouts"][0]["id"].as_str().unwrap().to_owned();
    let resolve =
        |body: serde_json::Value| town.operator.post(&format!("/payouts/{payout}/resolve"), body);
    assert_eq!(resolve(json!({})).refused(400), "missing_field");
    assert_eq!(resolve(json!({"status": "paid"})).refused(400), "missing_field");
    let wrong = json!({"status": "paid", "preimage": "ab".repeat(32)});
    assert_eq!(resolve(wrong).refused(400), "wrong_preimage");
    let written_off = json!({"status": "failed", "reason": "I think so"});
    assert_eq!(resolve(written_off).refused(409), "current_epoch");
    let right = json!({"status": "paid", "preimage": "01".repeat(32)});
    assert_eq!(resolve(right.clone()).granted()["status"], "paid");
    assert_eq!(resolve(right).refused(409), "already_resolved");
    assert_eq!(town.again(&claim)["status"], "paid");
}
