//! Who may do what.

use satback::sim::daemon::OPERATOR_KEY;
use satback_regtest::Api;
use serde_json::json;

use super::kit::{Town, raw};

#[test]
fn without_a_valid_key_there_is_nothing_but_health() {
    let town = Town::start();
    let at = town.daemon.admin_at;
    for key in ["", "ok_wrong", "sk_test_wrong", &"x".repeat(300)] {
        let answer = Api::new(at, key).get("/cashbacks");
        assert_eq!(answer.refused(401), "unauthorized");
        assert!(answer.header("www-authenticate").is_some());
    }
    assert_eq!(Api::new(at, "").get("/healthz").text, "ok");
    assert_eq!(Api::new(at, "").get("/readyz").status, 200);
}

#[test]
fn a_key_comes_as_bearer_or_as_user_name() {
    let town = Town::start();
    let basic = "b2tfc2ltdWxhdGVkOg=="; // ok_simulated:
    assert_eq!(OPERATOR_KEY, "ok_simulated");
    let api = Api::new(town.daemon.admin_at, "").with("Authorization", &format!("Basic {basic}"));
    api.get("/accounts").granted();
    api.with("speed-version", "2022-10-15").get("/accounts").granted();
}

#[test]
fn each_kind_of_key_does_what_it_is_for_and_nothing_else() {
    let town = Town::start();
    let (shop, cashback) = (&town.shop, town.shop.cashback());
    let body = json!({"currency": "SATS", "amount": 1_000, "cashback": {"id": cashback["id"]}});
    let (_, claim) = town.claim(10_000);
    let claim = format!("/claims/{}", claim["id"].as_str().unwrap());

    shop.publishable.post("/checkout-sessions", body.clone()).granted();
    for path in ["/checkout-sessions", "/claims", "/balances", "/payments", "/cashbacks"] {
        assert_eq!(shop.publishable.get(path).refused(403), "forbidden", "{path}");
        shop.restricted.get(path).granted();
    }
    assert_eq!(shop.publishable.post("/cashbacks", json!({})).refused(403), "forbidden");
    assert_eq!(shop.restricted.post("/checkout-sessions", body).refused(403), "forbidden");
    assert_eq!(
        shop.restricted.post(&format!("{claim}/cancel"), json!({})).refused(403),
        "forbidden"
    );
    let seen = shop.restricted.get(&claim).granted();
    assert_eq!(json!([seen["lnurl"], seen["lnurlw"], seen["url"]]), json!([null, null, null]));
    let sessions = shop.restricted.get("/checkout-sessions").granted();
    assert_eq!(sessions["data"][0]["url"], json!(null));

    for path in [
        "/accounts",
        "/node",
        "/node/channels",
        "/node/peers",
        "/ledger/audit",
        "/ledger/transfers",
    ] {
        assert_eq!(shop.api.get(path).refused(403), "forbidden", "{path}");
    }
    for path in ["/drain", "/undrain", "/node/address", "/accounts", "/node/channels"] {
        assert_eq!(shop.api.post(path, json!({})).refused(403), "forbidden", "{path}");
    }
}

#[test]
fn what_belongs_to_another_merchant_does_not_exist() {
    let town = Town::start();
    let other = town.merchant("other");
    let (session, claim) = town.claim(10_000);
    let cashback = town.shop.cashback();
    let id = |object: &serde_json::Value| object["id"].as_str().unwrap().to_owned();
    for path in [
        format!("/checkout-sessions/{}", id(&session)),
        format!("/claims/{}", id(&claim)),
        format!("/cashbacks/{}", id(&cashback)),
        format!("/payments/{}", id(&session["payments"][0])),
    ] {
        town.shop.api.get(&path).granted();
        town.operator.get(&path).granted();
        assert_eq!(other.api.get(&path).refused(404), "not_found");
        let act = if path.starts_with("/claims") { "cancel" } else { "deactivate" };
        if !path.starts_with("/payments") {
            let refused = other.api.post(&format!("{path}/{act}"), json!({}));
            assert_eq!(refused.refused(404), "not_found");
        }
    }
    let body = json!({"currency": "SATS", "amount": 5, "cashback": {"id": cashback["id"]}});
    assert_eq!(other.api.post("/checkout-sessions", body).refused(404), "not_found");
    for path in
        ["/checkout-sessions", "/claims", "/cashbacks", "/payments", "/balance-transactions"]
    {
        let list = other.api.get(path).granted();
        assert_eq!(list["data"], json!([]), "{path}");
        let after = format!("{path}?starting_after={}", id(&session));
        assert_eq!(other.api.get(&after).status, 400);
    }
    assert_eq!(other.api.get("/balances").granted()["available_msat"], 0);
}

#[test]
fn a_key_is_shown_once_and_dies_when_it_is_revoked() {
    let town = Town::start();
    let path = format!("/accounts/{}/keys", town.shop.account);
    let made = town.operator.post(&path, json!({"type": "secret"})).granted();
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with("sk_test_") && made["livemode"] == false);
    let api = Api::new(town.daemon.admin_at, key);
    api.get("/balances").granted();
    let listed = town.operator.get(&path).granted();
    assert_eq!(listed["data"][0]["id"], made["id"]);
    assert_eq!(listed["data"][0]["key"], json!(null));
    assert!(!listed.to_string().contains(key));

    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    let revoked = town.operator.ask("DELETE", &one, None).granted();
    assert!(revoked["revoked_at"].is_u64());
    assert_eq!(api.get("/balances").refused(401), "unauthorized");
    town.shop.api.get("/balances").granted();
}

#[test]
fn the_operator_acts_for_an_account_that_it_names() {
    let town = Town::start();
    let body = json!({"name": "x", "type": "fixed", "amount": 5});
    let refused = town.operator.post("/cashbacks", body.clone());
    assert_eq!(refused.refused(400), "missing_field");
    let acting = town.operator.clone().with("speed-account", &town.shop.account);
    let made = acting.post("/cashbacks", body).granted();
    assert_eq!(made["account"], json!(town.shop.account));
    let listed = town.shop.api.get("/cashbacks").granted();
    assert_eq!(listed["data"][0]["id"], made["id"]);
    let other = town.merchant("other");
    let elsewhere = town.shop.api.clone().with("speed-account", &other.account);
    let made = elsewhere.post("/cashbacks", json!({"name": "y", "type": "fixed", "amount": 5}));
    assert_eq!(made.refused(403), "forbidden", "a merchant is only itself");
    let own = town.shop.api.clone().with("speed-account", &town.shop.account);
    own.get("/balances").granted();
    // What the operator reads and ends is that account's, too.
    assert_eq!(acting.get("/balances").granted()["account"], json!(town.shop.account));
    for id in [&other.account, "x"] {
        let elsewhere = format!("/balances?account={id}");
        assert_eq!(acting.get(&elsewhere).refused(400), "invalid_field", "one account at a time");
    }
    let keys = format!("/accounts/{}/keys", town.shop.account);
    assert_eq!(acting.get(&keys).granted()["data"].as_array().unwrap().len(), 3);
    let foreign = format!("/cashbacks/{}", other.cashback()["id"].as_str().unwrap());
    assert_eq!(acting.get(&foreign).refused(404), "not_found");
    assert_eq!(acting.post(&format!("{foreign}/deactivate"), json!({})).refused(404), "not_found");
    for listed in acting.get("/cashbacks").granted()["data"].as_array().unwrap() {
        assert_eq!(listed["account"], json!(town.shop.account));
    }
}

#[test]
fn only_hosts_and_origins_on_the_list_are_answered() {
    let town = Town::start_with(&["admin.allowed_hosts=[\"shop.example\"]"]);
    let at = town.daemon.admin_at;
    let ask = |host: &str, more: &str| {
        let request = format!(
            "GET /accounts HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {OPERATOR_KEY}\r\n\
             Connection: close\r\n{more}\r\n"
        );
        raw(at, &request).lines().next().unwrap_or("").to_owned()
    };
    let (own, ok, forbidden) = (at.to_string(), "HTTP/1.1 200 OK", "HTTP/1.1 403 Forbidden");
    assert_eq!(ask(&own, ""), ok);
    assert_eq!(ask("shop.example", ""), ok);
    assert_eq!(ask("evil.example", ""), forbidden);
    assert_eq!(ask(&own, "Origin: http://evil.example\r\n"), forbidden);
    assert_eq!(ask(&own, &format!("Origin: http://{own}\r\n")), ok);
}

#[test]
fn nothing_of_one_listener_is_reachable_through_the_other() {
    let town = Town::start();
    let (session, claim) = town.claim(10_000);
    let admin = Api::new(town.daemon.admin_at, OPERATOR_KEY);
    let page = super::kit::page(&session);
    for path in [super::kit::link(&claim), page.clone(), format!("{page}/status")] {
        assert_eq!(admin.get(&path).status, 404, "{path}");
    }
    let public = Api::new(town.daemon.public_at, OPERATOR_KEY);
    for path in ["/accounts", "/readyz", "/node", "/cashbacks"] {
        assert_eq!(public.get(path).status, 404, "{path}");
    }
}
