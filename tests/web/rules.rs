//! What a cashback comes to, as merchants see it: limits, rounding, and why there is none.

use serde_json::{Value, json};

use super::kit::{Town, page};

/// A cashback of one percent with these limits.
fn cashback(town: &Town, limits: Value) -> Value {
    let mut body = json!({"name": "x", "type": "percentage", "percentage": 1});
    body.as_object_mut().unwrap().extend(limits.as_object().unwrap().clone());
    town.shop.api.post("/cashbacks", body).granted()
}

/// A session over this much that was paid: what its claim is worth in satoshis, or why there is none.
fn paid(town: &Town, sat: u64, cashback: &Value) -> Result<u64, String> {
    let session = town.shop.session(sat, cashback);
    town.pay(&session);
    let path = format!("/checkout-sessions/{}", session["id"].as_str().unwrap());
    let now = town.shop.api.get(&path).granted();
    assert_eq!(now["status"], "paid");
    let shown = town.public().get(&page(&session)).text;
    assert_eq!(shown.contains("LNURL1"), now["claim"].is_string(), "{shown}");
    match now["claim"].as_str() {
        Some(claim) => {
            assert_eq!(now["no_claim_reason"], Value::Null);
            let claim = town.shop.api.get(&format!("/claims/{claim}")).granted();
            Ok(claim["amount_msat"].as_u64().unwrap() / 1_000)
        }
        None => Err(now["no_claim_reason"].as_str().unwrap().to_owned()),
    }
}

#[test]
fn a_session_says_why_it_opened_no_claim() {
    let town = Town::start();
    let none = |why: &str| Err(why.to_owned());
    let plain = cashback(&town, json!({}));
    assert_eq!(paid(&town, 99, &plain), none("below_one_sat"));
    assert_eq!(paid(&town, 199, &plain), Ok(1), "rounded down");
    let limited = cashback(&town, json!({"min_spend": 500, "max_amount": 7}));
    assert_eq!(paid(&town, 499, &limited), none("below_min_spend"));
    assert_eq!(paid(&town, 500, &limited), Ok(5));
    assert_eq!(paid(&town, 5_000, &limited), Ok(7), "at most");
    let body = json!({"name": "x", "type": "fixed", "amount": 100});
    let fixed = town.shop.api.post("/cashbacks", body).granted();
    assert_eq!(paid(&town, 60, &fixed), Ok(60), "never more than was received");
}

#[test]
fn a_claim_that_is_cancelled_or_expires_gives_its_share_of_the_budget_back() {
    let mut town = Town::start();
    let exhausted = Err("cashback_exhausted".to_owned());
    let once = cashback(&town, json!({"budget": 10, "max_claims": 1, "claim_ttl": 600}));
    let now = |town: &Town| {
        let path = format!("/cashbacks/{}", once["id"].as_str().unwrap());
        let now = town.shop.api.get(&path).granted();
        (now["exhausted"].clone(), now["claims"].clone(), now["committed_msat"].clone())
    };
    let (used, free) = ((json!(true), json!(1), json!(10_000)), (json!(false), json!(0), json!(0)));
    assert_eq!(paid(&town, 1_000, &once), Ok(10));
    assert_eq!(paid(&town, 1_000, &once), exhausted);
    assert_eq!(now(&town), used);
    let claim = town.shop.api.get("/claims").granted()["data"][0]["id"].clone();
    let cancel = format!("/claims/{}/cancel", claim.as_str().unwrap());
    town.shop.api.post(&cancel, json!({})).granted();
    assert_eq!(now(&town), free);
    assert_eq!(paid(&town, 1_000, &once), Ok(10));
    assert_eq!(now(&town), used);
    town.daemon.process.pass(satback::domain::time::Span::from_secs(601));
    assert_eq!(now(&town), free);
    let outside = &town.daemon.process.outside;
    outside.node.set_time(satback::ports::clock::Clock::now(&outside.clock).wall);
    assert_eq!(paid(&town, 1_000, &once), Ok(10));
    assert_eq!(town.operator.get("/ledger/audit").granted()["internal"]["problems"], json!([]));
}
