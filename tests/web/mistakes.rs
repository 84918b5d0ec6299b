//! Requests that are wrong: every problem is told, with its field and its rule, and nothing is half done.

use satback::sim::daemon::OPERATOR_KEY;
use satback_regtest::Api;
use serde_json::{Value, json};

use super::kit::{Town, link, page, problems, raw};

fn check(api: &Api, path: &str, body: Value, expect: &[(&str, &str)]) {
    let answer = api.post(path, body);
    assert_eq!(answer.status, 400, "{}", answer.text);
    let found = problems(&answer);
    let expect: Vec<_> =
        expect.iter().map(|(code, param)| ((*code).to_owned(), (*param).to_owned())).collect();
    assert_eq!(found, expect, "{path} {}", answer.text);
    for error in answer.json["errors"].as_array().unwrap() {
        assert_eq!(error["type"], "invalid_request_error");
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
}

#[test]
fn all_problems_of_a_cashback_are_told_at_once() {
    let town = Town::start();
    let api = &town.shop.api;
    check(api, "/cashbacks", json!({}), &[("missing_field", "name"), ("missing_field", "type")]);
    check(
        api,
        "/cashbacks",
        json!({"name": 5, "type": "percentage", "percentage": 100.01, "amount": 3, "claim_ttl": 1,
               "end_date": 1, "max_claims": 0, "budget": -5, "metadata": [], "amout": 1}),
        &[
            ("invalid_field", "name"),
            ("invalid_field", "amount"),
            ("invalid_field", "percentage"),
            ("invalid_field", "end_date"),
            ("invalid_field", "claim_ttl"),
            ("invalid_field", "budget"),
            ("invalid_field", "max_claims"),
            ("invalid_metadata", "metadata"),
            ("unknown_field", "amout"),
        ],
    );
    for percentage in [json!(0), json!(0.001), json!(-1), json!("5"), json!(101), json!(1e300)] {
        let body = json!({"name": "x", "type": "percentage", "percentage": percentage});
        check(api, "/cashbacks", body, &[("invalid_field", "percentage")]);
    }
    check(
        api,
        "/cashbacks",
        json!({"name": "x", "type": "fixed", "amount": 0.4}),
        &[("invalid_field", "amount")],
    );
    assert_eq!(api.get("/cashbacks").granted()["data"], json!([]));
}

#[test]
fn all_problems_of_a_session_are_told_at_once() {
    let town = Town::start();
    let api = &town.shop.api;
    check(
        api,
        "/checkout-sessions",
        json!({}),
        &[("missing_field", "currency"), ("missing_field", "amount")],
    );
    check(
        api,
        "/checkout-sessions",
        json!({"currency": "XXX", "amount": -1, "ttl": 299, "cashback": {"id": "pi_1", "x": 1},
               "success_url": "https://a.example", "success_message": "thanks",
               "cancel_url": "javascript:alert(1)", "payment_methods": ["onchain"],
               "transfers": [{"x": 1}], "title": "a\u{0}b"}),
        &[
            ("invalid_field", "currency"),
            ("invalid_field", "amount"),
            ("invalid_field", "payment_methods"),
            ("unsupported", "transfers"),
            ("invalid_field", "ttl"),
            ("invalid_field", "cashback.id"),
            ("unknown_field", "cashback.x"),
            ("invalid_field", "success_message"),
            ("invalid_field", "title"),
            ("invalid_field", "cancel_url"),
        ],
    );
    for amount in [json!("1000"), json!(21e18), json!(22_000_000), json!(0.000_000_000_001)] {
        let body = json!({"currency": "BTC", "amount": amount});
        check(api, "/checkout-sessions", body, &[("invalid_field", "amount")]);
    }
    assert_eq!(api.get("/checkout-sessions").granted()["data"], json!([]));
    assert_eq!(api.get("/payments").granted()["data"], json!([]));
}

#[test]
fn the_operators_mistakes_are_told_too() {
    let town = Town::start();
    let (operator, account) = (&town.operator, &town.shop.account);
    check(
        operator,
        "/accounts",
        json!({"fee_limits": {"ppm": -1, "x": 1}}),
        &[
            ("missing_field", "name"),
            ("invalid_field", "fee_limits.ppm"),
            ("unknown_field", "fee_limits.x"),
        ],
    );
    check(
        operator,
        &format!("/accounts/{account}/keys"),
        json!({"type": "root"}),
        &[("invalid_field", "type")],
    );
    for amount in [json!({}), json!({"amount": 0}), json!({"amount_msat": 1, "amount": 1})] {
        let answer = operator.post(&format!("/accounts/{account}/credits"), amount);
        assert_eq!(problems(&answer)[0].1, "amount");
    }
    let channel = json!({"node_id": "02", "capacity_sat": 1});
    let answer = operator.clone().with("Idempotency-Key", "k").post("/node/channels", channel);
    assert_eq!(
        problems(&answer).iter().map(|(_, param)| param.as_str()).collect::<Vec<_>>(),
        ["node_id", "address", "capacity_sat"]
    );
    assert_eq!(operator.post("/node/channels", json!({})).refused(400), "idempotency_key_required");
    for path in ["/accounts/acct_1", "/accounts/x", "/payouts/po_1", "/claims/clm_x"] {
        assert_eq!(operator.get(path).refused(404), "not_found", "{path}");
    }
}

#[test]
fn wrong_paths_methods_and_bodies_have_their_own_status() {
    let town = Town::start();
    let api = &town.shop.api;
    assert_eq!(api.get("/nothing").refused(404), "not_found");
    assert_eq!(api.ask("DELETE", "/cashbacks", None).refused(405), "method_not_allowed");
    let at = town.daemon.admin_at;
    let post = |headers: &str, body: &str| {
        let request = format!(
            "POST /accounts HTTP/1.1\r\nHost: {at}\r\nAuthorization: Bearer {OPERATOR_KEY}\r\n\
             Connection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            body.len()
        );
        raw(at, &request)
    };
    let json = "Content-Type: application/json\r\n";
    for (headers, body, status, code) in [
        ("", "{\"name\":\"a\"}", "415", "unsupported_media_type"),
        ("Content-Type: text/plain\r\n", "{\"name\":\"a\"}", "415", "unsupported_media_type"),
        (json, "{\"name\":", "400", "invalid_json"),
        (json, "[]", "400", "invalid_json"),
        (json, &format!("\"{}\"", "x".repeat(70_000)), "413", "body_too_large"),
    ] {
        let answer = post(headers, body);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.contains(code),
            "{answer}"
        );
    }
    assert_eq!(town.operator.get("/accounts").granted()["data"].as_array().unwrap().len(), 1);
}

#[test]
fn every_answer_has_a_request_id_of_its_own() {
    let town = Town::start();
    let ids: Vec<_> = ["/cashbacks", "/nothing", "/healthz", "/accounts"]
        .into_iter()
        .map(|path| town.shop.api.get(path).header("request-id").unwrap().to_owned())
        .collect();
    assert!(ids.iter().all(|id| id.starts_with("req_") && id.len() == 20), "{ids:?}");
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len());
}

#[test]
fn a_panic_in_a_handler_is_one_answer_and_harms_nobody_else() {
    let town = Town::start();
    let (session, claim) = town.claim(10_000);
    let api = format!("/claims/{}", claim["id"].as_str().unwrap());
    town.daemon.secrets.arm();
    let broken = town.shop.api.get(&api);
    assert_eq!(broken.refused(500), "internal");
    assert!(broken.header("request-id").is_some());
    town.daemon.secrets.arm();
    let told = town.public().get(&link(&claim));
    assert_eq!(told.status, 200);
    assert_eq!(told.json["reason"], "something broke here, try again later");
    town.daemon.secrets.arm();
    assert_eq!(town.public().get(&page(&session)).status, 500);

    assert_eq!(town.shop.api.get(&api).granted(), claim);
    assert_eq!(town.info(&claim)["tag"], "withdrawRequest");
    town.public().get(&page(&session)).granted();
}

#[test]
fn what_the_framework_would_refuse_is_answered_in_our_own_words() {
    let town = Town::start();
    let (_, claim) = town.claim(10_000);
    for path in ["/w/%ff", "/w/%ff/callback?k1=a&pr=b"] {
        let answer = town.public().get(path);
        assert_eq!((answer.status, &answer.json["status"]), (200, &json!("ERROR")), "{path}");
    }
    let long = format!("{}/callback?k1=a&pr={}", link(&claim), "x".repeat(50_000));
    assert_eq!(town.public().get(&long).json["reason"], "pr is not a BOLT11 invoice");
    for path in ["/s/%ff", "/s/00/", "/s/00/x"] {
        let answer = town.public().get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
    }
    assert_eq!(town.public().ask("DELETE", "/s/00", None).status, 405);
    assert_eq!(town.operator.get("/claims/%ff").refused(404), "not_found");
    assert_eq!(town.operator.post("/healthz", json!({})).refused(405), "method_not_allowed");
}

#[test]
fn lists_take_only_words_that_their_objects_can_have() {
    let town = Town::start();
    for path in ["/cashbacks", "/checkout-sessions", "/payments", "/claims", "/payouts"] {
        let answer = town.shop.api.get(&format!("{path}?status=bogus"));
        assert_eq!(answer.refused(400), "invalid_field", "{path}");
    }
    assert_eq!(town.shop.api.get("/balance-transactions?type=x").refused(400), "invalid_field");
    let keys = "/accounts/acct_00000000zzzzzzzzzzzz/keys";
    assert_eq!(town.operator.get(keys).refused(404), "not_found");
    town.claim(10_000);
    let rows = town.operator.get("/balance-transactions").granted();
    for row in rows["data"].as_array().unwrap() {
        assert!(row["transaction_type"].is_string(), "{row}");
    }
}

#[test]
fn what_an_update_does_not_name_stays_and_null_is_as_configured() {
    let town = Town::start();
    let path = format!("/accounts/{}", town.shop.account);
    let limits = |body: Value| {
        town.operator.post(&path, json!({ "fee_limits": body })).granted()["fee_limits"].clone()
    };
    let none = json!({"base_sat": null, "ppm": null, "max_sat": null});
    limits(json!({"base_sat": 7, "max_sat": 70}));
    let all = json!({"base_sat": 7, "ppm": 5_000, "max_sat": 70});
    assert_eq!(limits(json!({"ppm": 5_000})), all);
    let less = json!({"base_sat": 7, "ppm": 5_000, "max_sat": null});
    assert_eq!(limits(json!({"max_sat": null})), less);
    assert_eq!(limits(Value::Null), none);
}

#[test]
fn operators_state_amounts_in_any_unit_to_the_millisatoshi() {
    let mut town = Town::start();
    town.daemon.process.outside.node.set_held(satback::domain::money::Msat::new(10_000_000));
    town.daemon.process.reconcile();
    let path = format!("/accounts/{}/credits", town.shop.account);
    let credit = |body: Value| town.operator.post(&path, body);
    credit(json!({"amount": 0.00000001, "currency": "BTC"})).granted();
    credit(json!({"amount": 1.001})).granted();
    credit(json!({"amount_msat": 1})).granted();
    assert_eq!(town.shop.api.get("/balances").granted()["available_msat"], 2_002);
    assert_eq!(problems(&credit(json!({}))), [("missing_field".into(), "amount".into())]);
    assert_eq!(
        problems(&credit(json!({"amount": -1}))),
        [("invalid_field".into(), "amount".into())]
    );
}

#[test]
fn heads_that_are_too_large_or_too_slow_do_not_last() {
    let town = Town::start_with(&["public.header_timeout_secs=1", "admin.header_timeout_secs=1"]);
    for at in [town.daemon.public_at, town.daemon.admin_at] {
        let long =
            format!("GET /healthz HTTP/1.1\r\nHost: {at}\r\nX: {}\r\n\r\n", "x".repeat(200_000));
        let answer = raw_or_closed(at, &long);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
        // The connection is closed while the rest of the head is still awaited.
        let answer = raw(at, "GET /healthz HTTP/1.1\r\n");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

/// As [`raw`]; a connection that is reset while we still write counts as an empty answer.
fn raw_or_closed(at: std::net::SocketAddr, request: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(at).unwrap();
    let mut answer = vec![];
    if stream.write_all(request.as_bytes()).is_ok() {
        let _ = stream.read_to_end(&mut answer);
    }
    String::from_utf8_lossy(&answer).into_owned()
}
