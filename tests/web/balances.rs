//! What merchants are told of their balance.

use satback::domain::money::Msat;
use serde_json::{Value, json};

use super::kit::{Town, problems};

/// The events about a low balance, oldest first: what was available.
fn told(town: &Town) -> Vec<Value> {
    let events = town.shop.api.get("/events?event_type=account.low_balance&limit=100").granted();
    let events = events["data"].as_array().unwrap().iter().rev();
    events.map(|event| event["data"]["object"]["fell_to_msat"].clone()).collect()
}

#[test]
fn a_merchant_is_told_once_each_time_that_its_balance_falls_too_low() {
    let mut town = Town::start();
    town.daemon.process.outside.node.set_held(Msat::new(100_000_000));
    town.daemon.process.reconcile();
    let path = format!("/accounts/{}", town.shop.account);
    let change = |way: &str, sat: u64| {
        town.operator.post(&format!("{path}/{way}"), json!({ "amount": sat })).granted()
    };
    change("credits", 10_000);
    let set = |least: Value| {
        let account = town.operator.post(&path, json!({ "low_balance_msat": least })).granted();
        (account["low_balance_msat"].clone(), account["fell_to_msat"].clone())
    };
    assert_eq!(set(json!(5_000_000)), (json!(5_000_000), Value::Null));
    assert_eq!(told(&town), Vec::<Value>::new());

    change("debits", 5_000);
    assert_eq!(told(&town), Vec::<Value>::new(), "as much as it should be is not below");
    change("debits", 1);
    change("debits", 1_000);
    assert_eq!(told(&town), [4_999_000], "once");
    change("credits", 1_001);
    change("debits", 2_000);
    assert_eq!(told(&town), [4_999_000, 3_000_000], "and once more after it rose");

    assert_eq!(set(Value::Null), (Value::Null, Value::Null));
    assert_eq!(set(json!(4_000_000)), (json!(4_000_000), json!(3_000_000)));
    assert_eq!(
        told(&town),
        [4_999_000, 3_000_000, 3_000_000],
        "it is low as soon as it is said what low is"
    );
    let wrong = town.operator.post(&path, json!({"low_balance_msat": 0}));
    assert_eq!(problems(&wrong), [("invalid_field".into(), "low_balance_msat".into())]);
    assert_eq!(town.operator.get("/ledger/audit").granted()["internal"]["problems"], json!([]));
}

#[test]
fn a_payout_that_takes_the_balance_too_low_tells_so_in_its_own_commit() {
    let town = Town::start();
    let (_, claim) = town.claim(10_000);
    let path = format!("/accounts/{}", town.shop.account);
    town.operator.post(&path, json!({"low_balance_msat": 9_500_000})).granted();
    assert_eq!(town.submit(&claim, &town.invoice(500_000))["status"], "OK");
    let events = town.shop.api.get("/events?limit=100").granted();
    let kinds: Vec<_> = events["data"].as_array().unwrap().iter().collect();
    let of = |kind: &str| kinds.iter().find(|event| event["event_type"] == kind).unwrap();
    assert_eq!(of("account.low_balance")["created"], of("claim.processing")["created"]);
    assert_eq!(of("account.low_balance")["data"]["object"]["id"], town.shop.account);
    // The amount and the fee budget of five satoshis are reserved in two transfers; both are gone when it is told.
    assert_eq!(told(&town), [9_495_000]);
}
