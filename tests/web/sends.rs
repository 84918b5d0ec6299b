//! A merchant pays out of its balance: over the API, through the machine that pays cashbacks.

use satback::domain::money::Msat;
use satback::domain::payout::FailureCode;
use satback::sim::Behaviour;
use serde_json::{Value, json};

use super::kit::Town;

const SHOP_HAS_SAT: u64 = 100_000;

fn rich() -> Town {
    let mut town = Town::start();
    let credits = format!("/accounts/{}/credits", town.shop.account);
    town.daemon.process.outside.node.set_held(Msat::new(200_000_000));
    town.daemon.process.reconcile();
    town.operator.post(&credits, json!({"amount": SHOP_HAS_SAT})).granted();
    town
}

fn available(town: &Town) -> u64 {
    town.shop.api.get("/balances").granted()["available_msat"].as_u64().unwrap()
}

fn again(town: &Town, send: &Value) -> Value {
    town.shop.api.get(&format!("/send/{}", send["id"].as_str().unwrap())).granted()
}

#[test]
fn an_invoice_is_paid_out_of_the_balance_and_the_statement_says_so() {
    let mut town = rich();
    let before = available(&town);
    let fee = Behaviour::Arrive(Msat::new(1_000));
    town.daemon.process.outside.node.behave(fee);
    let body = json!({"withdraw_request": town.invoice(500_000), "note": "rent"});
    let send = town.shop.api.post("/send", body.clone()).granted();
    assert_eq!(send["object"], "instant_send");
    assert_eq!((&send["status"], &send["amount"]), (&json!("unpaid"), &json!(500)));
    assert_eq!(send["withdraw_request"], body["withdraw_request"]);
    assert_eq!(send["withdraw_type"], "lightning_invoice");

    town.daemon.process.settle_down();
    let send = again(&town, &send);
    assert_eq!(
        (&send["status"], &send["fees"], &send["note"]),
        (&json!("paid"), &json!(1), &json!("rent"))
    );
    assert_eq!(send["preimage"].as_str().unwrap().len(), 64);
    assert_eq!(available(&town), before - 501_000);
    let listed = town.shop.api.get("/send").granted();
    assert_eq!(listed["data"], json!([send]));

    let payout = format!("/payouts?send={}", send["id"].as_str().unwrap());
    let payout = town.shop.api.get(&payout).granted()["data"][0].clone();
    assert_eq!((&payout["id"], &payout["claim"]), (&send["payout"], &Value::Null));
    let rows = format!("/balance-transactions?source={}", payout["id"].as_str().unwrap());
    let rows = town.shop.api.get(&rows).granted();
    let types: Vec<_> = rows["data"].as_array().unwrap().iter().map(|row| &row["type"]).collect();
    assert_eq!(types, ["Fees Adjustment", "Fees", "Withdraw"]);
    let events = town.shop.api.get("/events?limit=100").granted();
    let events = events["data"].as_array().unwrap().iter().map(|event| event["event_type"].clone());
    let events: Vec<_> =
        events.filter(|kind| kind.as_str().unwrap().starts_with("withdraw.")).collect();
    assert_eq!(events, ["withdraw.paid", "withdraw.created"]);
    assert!(town.operator.get("/ledger/audit").granted()["internal"]["problems"] == json!([]));
}

#[test]
fn what_fails_comes_back_with_its_fees_and_says_why() {
    let mut town = rich();
    let before = available(&town);
    town.daemon.process.outside.node.behave(Behaviour::Fail(FailureCode::NoRoute));
    let body = json!({"withdraw_request": town.invoice(500_000)});
    let send = town.shop.api.post("/send", body.clone()).granted();
    assert!(available(&town) < before - 500_000);
    town.daemon.process.settle_down();
    let send = again(&town, &send);
    assert_eq!((&send["status"], &send["failure_code"]), (&json!("failed"), &json!("no_route")));
    assert!(send["failure_reason"].is_string());
    assert_eq!(available(&town), before);
    let twice = town.shop.api.post("/send", body);
    assert_eq!(twice.refused(409), "invoice_used", "an invoice is tried once, for ever");
}

#[test]
fn an_address_is_paid_once_under_a_key_and_not_without_one() {
    let mut town = rich();
    let body = json!({"withdraw_request": "Ann@wallet.example", "amount": 700});
    assert_eq!(town.shop.api.post("/send", body.clone()).refused(400), "idempotency_key_required");
    let once = town.shop.api.clone().with("Idempotency-Key", "to ann");
    let send = once.post("/send", body.clone()).granted();
    assert_eq!(send["withdraw_type"], "lightning_address");
    assert_eq!(send["withdraw_request"], "ann@wallet.example");
    let repeated = once.post("/send", body);
    assert_eq!(repeated.granted()["id"], send["id"]);
    town.daemon.process.settle_down();
    let sends = town.shop.api.get("/send").granted();
    assert_eq!(sends["data"].as_array().unwrap().len(), 1);
    assert_eq!(available(&town), SHOP_HAS_SAT * 1_000 - 700_000 - fee(&sends["data"][0]));
}

fn fee(send: &Value) -> u64 {
    send["fee_msat"].as_u64().unwrap()
}

#[test]
fn an_address_that_gives_no_invoice_costs_nothing_and_its_words_are_told() {
    let town = rich();
    for (address, amount, words) in [
        ("nobody@wallet.example", 15, "no such host"),
        ("rude@wallet.example", 15, "go away"),
        ("choosy@wallet.example", 9, "10000 to 20000 msat"),
    ] {
        let api = town.shop.api.clone().with("Idempotency-Key", address);
        let answer = api.post("/send", json!({"withdraw_request": address, "amount": amount}));
        assert!(answer.text.contains(words), "{}", answer.text);
        assert_eq!(answer.refused(402), "no_invoice");
    }
    let nowhere = json!({"withdraw_request": "ann@", "amount": 5});
    let api = town.shop.api.clone().with("Idempotency-Key", "nowhere");
    assert_eq!(api.post("/send", nowhere).refused(400), "invalid_field");
    assert_eq!(available(&town), SHOP_HAS_SAT * 1_000);
}

#[test]
fn a_send_and_a_claim_take_turns_at_the_account() {
    let mut town = rich();
    town.daemon.process.outside.node.behave(Behaviour::Hold);
    let (_, claim) = town.claim(10_000);
    let held = json!({"withdraw_request": town.invoice(500_000)});
    town.shop.api.post("/send", held).granted();
    town.daemon.process.settle_down();
    let another = json!({"withdraw_request": town.invoice(300_000)});
    assert_eq!(town.shop.api.post("/send", another).refused(409), "account_locked");
    let invoice = town.invoice(500_000);
    assert_eq!(town.submit(&claim, &invoice)["status"], "ERROR");
}

#[test]
fn what_may_not_be_paid_is_refused_by_name_and_nothing_moves() {
    let town = rich();
    let before = available(&town);
    let post = |body: Value| town.shop.api.post("/send", body);
    let invoice = town.invoice(500_000);
    let more = json!({"withdraw_request": invoice, "amount": 501});
    assert_eq!(post(more).refused(400), "invalid_field");
    let poor = json!({"withdraw_request": town.invoice(SHOP_HAS_SAT * 1_000)});
    assert_eq!(post(poor).refused(402), "insufficient_funds", "the fee budget is not covered");
    let own = town.shop.session(900, &town.shop.cashback());
    let own = json!({"withdraw_request": own["payments"][0]["payment_request"]});
    assert_eq!(post(own).refused(400), "invalid_field");
    let account = format!("/accounts/{}", town.shop.account);
    town.operator.post(&account, json!({"claims_paused": true})).granted();
    assert_eq!(post(json!({"withdraw_request": invoice})).refused(402), "paused");
    town.operator.post(&account, json!({"claims_paused": false})).granted();
    town.operator.post("/drain", json!({})).granted();
    assert_eq!(post(json!({"withdraw_request": invoice})).refused(503), "drained");
    assert_eq!(available(&town), before);
    town.operator.post("/undrain", json!({})).granted();
    post(json!({"withdraw_request": invoice, "amount": 500})).granted();
}
