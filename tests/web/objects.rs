//! What objects look like through their lives.

use satback::domain::money::Msat;
use satback::domain::time::Span;
use satback::ports::clock::Clock;
use satback::sim::Behaviour;
use serde_json::{Value, json};

use super::kit::{Town, path};

fn fields(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_cashback_has_every_field_and_lives_by_its_dates() {
    let mut town = Town::start();
    let now = town.daemon.process.outside.clock.now().wall.millis();
    let body = json!({
        "name": "autumn", "type": "percentage", "percentage": 2.5, "start_date": now + 60_000,
        "end_date": now + 120_000, "max_amount": 500, "min_spend": 10, "budget": 10_000,
        "max_claims": 7, "claim_ttl": 3_600, "description": "thank you",
        "metadata": {"season": "autumn", "year": 2026},
    });
    let made = town.shop.api.post("/cashbacks", body).granted();
    let id = made["id"].as_str().unwrap();
    assert!(id.starts_with("cb_"));
    let expect = json!({
        "id": id, "object": "cashback", "account": town.shop.account, "livemode": false,
        "created": now, "modified": now, "metadata": {"season": "autumn", "year": "2026"},
        "name": "autumn", "description": "thank you", "type": "percentage", "currency": "SATS",
        "amount": null, "percentage": 2.5, "start_date": now + 60_000, "end_date": now + 120_000,
        "max_amount": 500, "min_spend": 10, "budget": 10_000, "budget_msat": 10_000_000, "version": 1,
        "max_claims": 7, "claim_ttl": 3_600, "status": "scheduled", "deactivated_reason": null, "exhausted": false, "claims": 0,
        "committed_msat": 0,
    });
    assert_eq!(made, expect);
    let status = |town: &Town| {
        let now = town.shop.api.get(&format!("/cashbacks/{id}")).granted();
        (now["status"].clone(), now["deactivated_reason"].clone())
    };
    town.daemon.process.pass(Span::from_secs(60));
    assert_eq!(status(&town), (json!("active"), json!(null)));
    town.daemon.process.pass(Span::from_secs(60));
    assert_eq!(status(&town), (json!("deactivated"), json!("expired")));

    let by_hand = town.shop.cashback();
    let path = format!("/cashbacks/{}/deactivate", by_hand["id"].as_str().unwrap());
    let ended = town.shop.api.post(&path, json!({})).granted();
    assert_eq!(
        (&ended["status"], &ended["deactivated_reason"]),
        (&json!("deactivated"), &json!("manual"))
    );
    let again = town.shop.api.post(&path, json!({})).granted();
    assert_eq!(again["modified"], ended["modified"], "once is enough");
    let body = json!({"currency": "SATS", "amount": 5, "cashback": {"id": by_hand["id"]}});
    assert_eq!(town.shop.api.post("/checkout-sessions", body).refused(400), "cashback_inactive");
}

#[test]
fn amounts_are_in_the_unit_of_their_currency() {
    let town = Town::start();
    let body = r#"{"currency":"BTC","amount":0.00001234,"cashback":null}"#;
    let body: Value = serde_json::from_str(body).unwrap();
    let session = town.shop.api.post("/checkout-sessions", body).granted();
    assert_eq!(session["amount"].to_string(), "0.00001234");
    assert_eq!(
        (&session["target_currency"], &session["target_amount"]),
        (&json!("SATS"), &json!(1_234))
    );
    assert_eq!(session["payments"][0]["exchange_rate"].to_string(), "100000000");
    let fixed = json!({"name": "x", "type": "fixed", "currency": "BTC", "amount": 0.00002});
    let fixed = town.shop.api.post("/cashbacks", fixed).granted();
    assert_eq!(fixed["amount"].to_string(), "0.00002");
    let text = town.shop.api.get("/checkout-sessions").text;
    assert!(
        text.contains("\"amount\":0.00001234"),
        "digit by digit, never through a float: {text}"
    );
}

#[test]
fn a_session_is_paid_and_names_its_claim() {
    let town = Town::start();
    let cashback = town.shop.cashback();
    let body = json!({
        "currency": "SATS", "amount": 10_001, "cashback": {"id": cashback["id"]}, "ttl": 600,
        "title": "Coffee", "success_message": "Enjoy", "metadata": {"order": "7"},
    });
    let made = town.shop.api.post("/checkout-sessions", body).granted();
    assert_eq!(made["status"], "active");
    assert_eq!(made["cashback"], json!({"id": cashback["id"]}));
    assert_eq!((&made["claim"], &made["paid_at"]), (&json!(null), &json!(null)));
    assert_eq!(made["payments"][0]["status"], "unpaid");
    assert!(path(made["url"].as_str().unwrap()).starts_with("/s/"));
    town.pay(&made);
    let id = made["id"].as_str().unwrap();
    let paid = town.shop.api.get(&format!("/checkout-sessions/{id}")).granted();
    assert_eq!(fields(&paid), fields(&made), "a field that exists is always there");
    assert_eq!((&paid["status"], &paid["amount_paid"]), (&json!("paid"), &json!(10_001)));
    assert_eq!(paid["payments"][0]["status"], "paid");
    assert!(paid["paid_at"].is_u64());
    let claim = paid["claim"].as_str().unwrap();
    let claim = town.shop.api.get(&format!("/claims/{claim}")).granted();
    assert_eq!(claim["amount_msat"], 500_000, "5 % of 10 001 sat, rounded down to a whole one");
    assert_eq!((&claim["session"], &claim["cashback"]), (&paid["id"], &cashback["id"]));
    assert_eq!((&claim["status"], &claim["payouts"]), (&json!("open"), &json!([])));
    assert!(claim["lnurl"].as_str().unwrap().starts_with("LNURL1"));
    assert!(claim["lnurlw"].as_str().unwrap().starts_with("lnurlw://shop.example/w/"));
    let url =
        format!("{}?lightning={}", paid["url"].as_str().unwrap(), claim["lnurl"].as_str().unwrap());
    assert_eq!(claim["url"], url);
}

#[test]
fn a_payout_shows_its_proof_once_it_is_paid() {
    let mut town = Town::start();
    let node = std::sync::Arc::clone(&town.daemon.process.outside.node);
    let (_, claim) = town.claim(10_000);
    node.behave(Behaviour::Hold);
    let invoice = town.invoice(500_000);
    assert_eq!(town.submit(&claim, &invoice), json!({"status": "OK"}));
    town.daemon.process.settle_down();
    let processing = town.again(&claim);
    assert_eq!(processing["status"], "processing");
    let payout = &processing["payouts"][0];
    assert_eq!((&payout["status"], &payout["state"]), (&json!("processing"), &json!("in_flight")));
    assert_eq!((&payout["preimage"], &payout["fee_msat"]), (&json!(null), &json!(null)));
    assert_eq!(
        (&payout["amount_msat"], &payout["fee_budget_msat"]),
        (&json!(500_000), &json!(5_000))
    );
    let balance = town.shop.api.get("/balances").granted();
    assert_eq!(balance["in_flight_msat"], 505_000);

    let hash = payout["payment_hash"].as_str().unwrap();
    let hash = satback::domain::bytes::PaymentHash::parse(hash).unwrap();
    node.settle(&hash, Msat::new(1_234));
    town.daemon.process.pump();
    let payout = format!("/payouts/{}", payout["id"].as_str().unwrap());
    let paid = town.shop.api.get(&payout).granted();
    assert_eq!((&paid["status"], &paid["fee_msat"]), (&json!("paid"), &json!(1_234)));
    assert_eq!(paid["preimage"].as_str().unwrap().len(), 64);
    assert_eq!(fields(&paid), fields(&processing["payouts"][0]));
    assert_eq!(town.again(&claim)["status"], "paid");
    let audit = town.operator.get("/ledger/audit").granted();
    assert_eq!(audit["internal"]["problems"], json!([]));
}
