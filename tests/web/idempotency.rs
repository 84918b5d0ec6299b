//! Same key, same request, same answer; and nothing happens twice.

use satback::domain::money::{Msat, Sat};
use satback::domain::time::Span;
use satback::ports::clock::Clock;
use satback::ports::node_admin::Attempt;
use satback_regtest::{Answer, Api};
use serde_json::{Value, json};

use super::kit::Town;

fn replayed(answer: &Answer) -> bool {
    answer.header("idempotent-replayed") == Some("true")
}

/// The same request twice is done once; another one under the same key is refused.
fn check(api: &Api, path: &str, body: Value, other: Value) -> Value {
    let api = api.clone().with("Idempotency-Key", &format!("key of {path}"));
    let first = api.post(path, body.clone());
    let second = api.post(path, body);
    assert!(!replayed(&first) && replayed(&second), "{path} {} {}", first.text, second.text);
    let conflict = api.post(path, other);
    assert_eq!(conflict.refused(409), "idempotency_key_reused", "{path}");
    let (first, mut second) = (first.granted(), second.granted());
    if path.ends_with("/keys") {
        assert_eq!(second["key"], json!(null), "a key is shown once");
        second["key"] = first["key"].clone();
    }
    assert_eq!(first, second, "{path}");
    first
}

#[test]
fn every_post_that_makes_something_can_be_repeated() {
    let town = Town::start();
    let (operator, shop) = (&town.operator, &town.shop.api);
    check(operator, "/accounts", json!({"name": "a"}), json!({"name": "b"}));
    let keys = format!("/accounts/{}/keys", town.shop.account);
    check(operator, &keys, json!({"type": "secret"}), json!({"type": "restricted"}));
    check(operator, "/node/address", json!({}), json!({"x": 1}));
    let cashback = check(
        shop,
        "/cashbacks",
        json!({"name": "a", "type": "fixed", "amount": 5}),
        json!({"name": "a", "type": "fixed", "amount": 6}),
    );
    let session = json!({"currency": "SATS", "amount": 1_000, "cashback": {"id": cashback["id"]}});
    let session = check(
        shop,
        "/checkout-sessions",
        session,
        json!({"currency": "SATS", "amount": 1_001, "cashback": {"id": cashback["id"]}}),
    );
    let deactivate = format!("/checkout-sessions/{}/deactivate", session["id"].as_str().unwrap());
    let closed = check(shop, &deactivate, json!({}), json!({"x": 1}));
    assert_eq!(closed["status"], "deactivated");

    let count = |api: &Api, path: &str| api.get(path).granted()["data"].as_array().unwrap().len();
    assert_eq!(count(operator, "/accounts"), 2);
    assert_eq!(count(operator, &keys), 4);
    assert_eq!(count(shop, "/cashbacks"), 1);
    assert_eq!(count(shop, "/checkout-sessions"), 1);
    assert_eq!(count(shop, "/payments"), 1);
}

#[test]
fn a_repetition_is_judged_as_of_the_first_time() {
    let mut town = Town::start();
    let api = town.shop.api.clone().with("Idempotency-Key", "k");
    let now = town.daemon.process.outside.clock.now().wall.millis();
    let body = json!({"name": "a", "type": "fixed", "amount": 5, "end_date": now + 60_000});
    let made = api.post("/cashbacks", body.clone()).granted();
    town.daemon.process.pass(Span::from_secs(3_600));
    let again = api.post("/cashbacks", body.clone());
    assert!(replayed(&again));
    assert_eq!(again.granted(), made, "the stored answer, not what has become of the cashback");
    assert_eq!(town.shop.api.post("/cashbacks", body).refused(400), "invalid_field");
}

#[test]
fn a_refusal_is_not_kept_and_keys_of_others_are_others() {
    let town = Town::start();
    let shop = town.shop.api.clone().with("Idempotency-Key", "k");
    town.operator.post("/drain", json!({})).granted();
    let body = json!({"currency": "SATS", "amount": 1_000});
    assert_eq!(shop.post("/checkout-sessions", body.clone()).refused(503), "drained");
    town.operator.post("/undrain", json!({})).granted();
    let made = shop.post("/checkout-sessions", body.clone());
    assert!(!replayed(&made));
    let other = town.merchant("other").api.with("Idempotency-Key", "k");
    let others = other.post("/checkout-sessions", body);
    assert!(!replayed(&others));
    assert_ne!(made.granted()["id"], others.granted()["id"]);
}

#[test]
fn keys_have_a_length_and_wrong_ones_are_told() {
    let town = Town::start();
    let long = "k".repeat(255);
    let api = town.operator.clone().with("Idempotency-Key", &long);
    api.post("/accounts", json!({"name": "a"})).granted();
    let api = town.operator.clone().with("Idempotency-Key", &"k".repeat(256));
    assert_eq!(api.post("/accounts", json!({"name": "a"})).refused(400), "invalid_idempotency_key");
}

fn channel(node: char) -> Value {
    let node_id = format!("02{}", node.to_string().repeat(64));
    json!({"node_id": node_id, "address": "127.0.0.1:9735", "capacity_sat": 100_000})
}

#[test]
fn a_channel_is_asked_for_once_and_never_again_while_nobody_knows() {
    let town = Town::start();
    let node = &town.daemon.process.outside.node;
    node.deposit(Sat::new(500_000));
    let with = |key: &str| town.operator.clone().with("Idempotency-Key", key);
    let opened = with("a").post("/node/channels", channel('1')).granted();
    assert_eq!(with("a").post("/node/channels", channel('1')).granted(), opened);
    assert_eq!(node.opened().len(), 1);

    let peers = town.operator.get("/node/peers").granted();
    assert_eq!(peers["data"].as_array().map(Vec::len), Some(1));
    let refused = with("b").post("/node/channels", {
        let mut large = channel('2');
        large["capacity_sat"] = json!(900_000);
        large
    });
    assert_eq!(refused.refused(402), "channel_refused");

    node.script_attempt(Attempt::Unknown("a disk that does not answer".to_owned()));
    for _ in 0..3 {
        let unknown = with("c").post("/node/channels", channel('3'));
        assert_eq!(unknown.refused(409), "outcome_unknown");
    }
    assert_eq!(node.opened().len(), 1);
}

#[test]
fn a_channel_is_closed_once_and_a_repetition_answers_as_the_first_time() {
    let town = Town::start();
    let node = &town.daemon.process.outside.node;
    node.deposit(Sat::new(500_000));
    let with = |key: &str| town.operator.clone().with("Idempotency-Key", key);
    with("a").post("/node/channels", channel('1')).granted();
    let open = || town.operator.get("/node/channels").granted()["data"].clone();
    let path = format!("/node/channels/{}/close", open()[0]["id"].as_str().unwrap());
    assert_eq!(town.operator.post(&path, json!({})).refused(400), "idempotency_key_required");

    node.script_attempt(Attempt::Unknown("a disk that does not answer".to_owned()));
    for _ in 0..2 {
        assert_eq!(with("b").post(&path, json!({})).refused(409), "outcome_unknown");
    }
    assert_eq!(open().as_array().map(Vec::len), Some(1));
    let closed = with("c").post(&path, json!({"force": true}));
    assert_eq!(closed.json["terms"]["force"], "true");
    assert_eq!(open(), json!([]));
    let again = with("c").post(&path, json!({"force": true}));
    assert!(replayed(&again));
    assert_eq!(again.granted(), closed.granted());
    assert_eq!(with("d").post(&path, json!({})).refused(404), "not_found");
}

#[test]
fn on_chain_money_is_sent_once_and_only_the_operators_own() {
    let mut town = Town::start();
    let node = &town.daemon.process.outside.node;
    node.deposit(Sat::new(500_000));
    node.set_held(Msat::new(500_000_000));
    town.daemon.process.reconcile();
    let own = town.operator.get("/ledger/audit").granted();
    let own = own["internal"]["balances_msat"]["operator"].as_u64().unwrap() / 1_000;
    let credits = format!("/accounts/{}/credits", town.shop.account);
    town.operator.post(&credits, json!({"amount": own - 1_000})).granted();

    let with = |key: &str| town.operator.clone().with("Idempotency-Key", key);
    let sat = |sat: u64| json!({"address": "bcrt1qsomebody", "amount_sat": sat});
    for beyond in [sat(1_001), json!({"address": "bcrt1qsomebody", "all": true})] {
        let refused = with("beyond").post("/node/send", beyond);
        assert_eq!(refused.refused(402), "beyond_unallocated");
        assert_eq!(refused.json["errors"][0]["param"], "amount_sat");
    }
    let sent = with("a").post("/node/send", sat(1_000));
    assert_eq!(sent.json["status"], "done", "{}", sent.text);
    let again = with("a").post("/node/send", sat(1_000));
    assert!(replayed(&again));
    assert_eq!(again.json["result"], sent.json["result"]);
    assert_eq!(with("a").post("/node/send", sat(999)).refused(409), "idempotency_key_reused");
    let spendable = town.operator.get("/node").granted()["onchain_spendable_sat"].clone();
    assert_eq!(spendable, 499_000);
}

#[test]
fn what_was_sent_is_not_the_operators_any_more_from_the_intent_on() {
    let mut town = Town::start();
    let node = std::sync::Arc::clone(&town.daemon.process.outside.node);
    node.deposit(Sat::new(500_000));
    node.set_held(Msat::new(500_000_000));
    town.daemon.process.reconcile();
    let own = |town: &Town| {
        let audit = town.operator.get("/ledger/audit").granted();
        assert_eq!(audit["internal"]["problems"], json!([]));
        audit["internal"]["balances_msat"]["operator"].as_i64().unwrap() / 1_000
    };
    let all = own(&town);
    let send = |town: &Town, key: &str, sat: i64| {
        let body = json!({"address": "bcrt1qsomebody", "amount_sat": sat});
        town.operator.clone().with("Idempotency-Key", key).post("/node/send", body)
    };
    node.script_attempt(Attempt::Refused("not now".to_owned()));
    assert_eq!(send(&town, "refused", 1_000).refused(402), "send_refused");
    assert_eq!(own(&town), all, "what was refused is there still");

    // Nothing is reconciled in between: the books alone hold the second one back.
    send(&town, "first", all - 600).granted();
    assert_eq!(send(&town, "second", 601).refused(402), "beyond_unallocated");
    let credits = format!("/accounts/{}/credits", town.shop.account);
    let credit = town.operator.post(&credits, json!({"amount": 601}));
    assert_eq!(credit.refused(402), "beyond_unallocated");
    town.daemon.process.reconcile();
    assert_eq!(own(&town), 600, "the node says the same");

    // While nobody knows whether it left, what the node holds proves nothing; to the next process it does.
    node.script_attempt(Attempt::Unknown("a disk that does not answer".to_owned()));
    assert_eq!(send(&town, "unknown", 600).refused(409), "outcome_unknown");
    town.daemon.process.reconcile();
    assert_eq!(own(&town), 0);
    let mut next = town.daemon.process.outside.boot(1);
    next.reconcile();
    assert_eq!(own(&town), 600);
}

#[test]
fn under_one_key_at_once_one_is_done_and_the_others_wait_or_repeat() {
    let town = Town::start();
    let api = town.shop.api.clone().with("Idempotency-Key", "at once");
    let body = json!({"currency": "SATS", "amount": 1_000});
    let answers: Vec<_> = std::thread::scope(|scope| {
        let ask = || scope.spawn(|| api.post("/checkout-sessions", body.clone()));
        let asking: Vec<_> = (0..16).map(|_| ask()).collect();
        asking.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    let done = answers.iter().filter(|answer| answer.status == 200 && !replayed(answer)).count();
    assert_eq!(done, 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(answer.refused(409), "idempotency_key_in_use");
    }
    let sessions = town.shop.api.get("/checkout-sessions").granted();
    assert_eq!(sessions["data"].as_array().unwrap().len(), 1);
}
