//! Publishable keys: they make sessions and nothing else, on the public listener too where the operator wants that – and
//! with them Speed's own browser client works as it is.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use satback_regtest::Api;
use serde_json::{Value, json};

use super::kit::{Town, page, problems, raw};

const OPEN: &str = "public.publishable_keys=true";

/// The key behind one of the kit's clients.
fn key(town: &Town, kind: &str) -> String {
    let path = format!("/accounts/{}/keys", town.shop.account);
    let made = town.operator.post(&path, json!({ "type": kind })).granted();
    made["key"].as_str().unwrap().to_owned()
}

#[test]
fn a_publishable_key_makes_sessions_on_either_path_and_nothing_else() {
    let town = Town::start();
    let body = json!({"currency": "SATS", "amount": 1_000});
    for path in ["/checkout-sessions", "/payment-page"] {
        let made = town.shop.publishable.post(path, body.clone()).granted();
        assert_eq!(made["object"], "checkout_session");
        assert!(page(&made).starts_with("/s/"));
        assert_eq!(town.shop.restricted.post(path, body.clone()).refused(403), "forbidden");
    }
    let session = town.shop.api.get("/checkout-sessions").granted()["data"][0]["id"].clone();
    let session = session.as_str().unwrap();
    for (method, path) in [
        ("GET", "/checkout-sessions".to_owned()),
        ("GET", format!("/checkout-sessions/{session}")),
        ("POST", format!("/checkout-sessions/{session}/deactivate")),
        ("POST", "/checkout-links".to_owned()),
        ("GET", "/checkout-links".to_owned()),
        ("GET", "/checkout-links/clink_1".to_owned()),
        ("POST", "/checkout-links/clink_1/deactivate".to_owned()),
        ("POST", "/payment-links".to_owned()),
        ("GET", "/payment-links".to_owned()),
        ("GET", "/payment-links/plink_1".to_owned()),
        ("POST", "/payment-links/plink_1/deactivate".to_owned()),
        ("POST", "/payment-links/plink_1/activate".to_owned()),
        ("POST", "/cashbacks".to_owned()),
        ("GET", "/cashbacks".to_owned()),
        ("POST", "/cashbacks/cb_1/deactivate".to_owned()),
        ("GET", "/claims".to_owned()),
        ("POST", "/claims/clm_1/cancel".to_owned()),
        ("GET", "/payments".to_owned()),
        ("GET", "/payouts".to_owned()),
        ("POST", "/payouts/po_1/park".to_owned()),
        ("GET", "/balances".to_owned()),
        ("GET", "/balance-transactions".to_owned()),
        ("GET", "/accounts".to_owned()),
        ("POST", "/accounts".to_owned()),
        ("POST", "/drain".to_owned()),
        ("GET", "/node".to_owned()),
        ("POST", "/node/address".to_owned()),
        ("GET", "/ledger/audit".to_owned()),
        ("GET", "/ledger/export".to_owned()),
    ] {
        let body = json!({});
        let body = (method == "POST").then_some(&body);
        let answer = town.shop.publishable.ask(method, &path, body);
        assert_eq!(answer.refused(403), "forbidden", "{method} {path}");
    }
}

#[test]
fn the_public_listener_takes_publishable_keys_only_where_it_is_told_to() {
    let body = json!({"currency": "SATS", "amount": 1_000});
    let town = Town::start();
    let publishable = Api::new(town.daemon.public_at, &key(&town, "publishable"));
    assert_eq!(publishable.post("/payment-page", body.clone()).status, 404);
    drop(town);

    let town = Town::start_with(&[OPEN]);
    let at = town.daemon.public_at;
    let publishable = Api::new(at, &key(&town, "publishable"));
    for path in ["/checkout-sessions", "/payment-page"] {
        let made = publishable.post(path, body.clone());
        assert_eq!(made.header("access-control-allow-origin"), Some("*"));
        assert!(made.header("request-id").is_some());
        assert_eq!(made.granted()["status"], "active");
        for other in [key(&town, "secret"), key(&town, "restricted"), "ok_simulated".to_owned()] {
            let refused = Api::new(at, &other).post(path, body.clone());
            assert!([401, 403].contains(&refused.status), "{}", refused.text);
            assert_eq!(refused.header("access-control-allow-origin"), Some("*"));
        }
        assert_eq!(Api::new(at, "").post(path, body.clone()).refused(401), "unauthorized");
        let wrong = publishable.post(path, json!({"currency": "SATS", "amount": -1}));
        assert_eq!(problems(&wrong), [("invalid_field".to_owned(), "amount".to_owned())]);
        assert_eq!(publishable.get(path).status, 405);
    }
    for path in ["/checkout-links", "/payments", "/claims", "/balances", "/accounts", "/readyz"] {
        assert_eq!(publishable.get(path).status, 404, "{path}");
    }
    let asked = format!(
        "OPTIONS /payment-page HTTP/1.1\r\nHost: {at}\r\nOrigin: https://shop.example\r\n\
         Access-Control-Request-Method: POST\r\n\
         Access-Control-Request-Headers: authorization,content-type,speed-version\r\n\
         Connection: close\r\n\r\n"
    );
    let preflight = raw(at, &asked).to_ascii_lowercase();
    assert!(preflight.starts_with("http/1.1 204"), "{preflight}");
    for name in ["authorization", "content-type", "speed-version"] {
        let line = preflight.lines().find(|l| l.starts_with("access-control-allow-headers"));
        assert!(line.unwrap().contains(name), "{preflight}");
    }
}

#[test]
fn who_makes_sessions_in_public_is_held_to_the_rate_of_pages() {
    let rate = ["public.requests_per_minute=1", "public.request_burst=3", OPEN];
    let town = Town::start_with(&rate);
    let publishable = Api::new(town.daemon.public_at, &key(&town, "publishable"));
    let body = json!({"currency": "SATS", "amount": 1_000});
    let statuses: Vec<u16> =
        (0..5).map(|_| publishable.post("/payment-page", body.clone()).status).collect();
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("regtest/speed-js")
}

/// Speed's client, fetched where it is missing.
fn client() -> String {
    let setup = Command::new(folder().join("setup.sh")).stderr(Stdio::inherit()).output().unwrap();
    assert!(setup.status.success(), "the set-up failed, see above");
    String::from_utf8(setup.stdout).unwrap().trim_end().to_owned()
}

/// Runs the client in a shop's page: what it did.
fn shop(base: &str, key: &str, checkout: &Value) -> Value {
    let output = Command::new("node")
        .arg(folder().join("shop.js"))
        .args([&client(), base, key, &checkout.to_string()])
        .output()
        .unwrap();
    let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {wrong}"))
}

#[test]
fn speeds_own_browser_client_makes_a_session_and_sends_its_customer_there() {
    let town = Town::start_with(&[OPEN]);
    let key = key(&town, "publishable");
    let checkout = json!({
        "currency": "SATS", "amount": 1_000, "successUrl": "https://shop.example/thanks",
        "cancelUrl": "https://shop.example/cart", "successMessage": "Payment Successful!",
        "paymentMethods": ["onchain", "lightning"], "metadata": {"country": "India"},
    });
    for at in [town.daemon.public_at, town.daemon.admin_at] {
        let did = shop(&format!("http://{at}"), &key, &checkout);
        assert_eq!(did["errors"], json!([]));
        assert_eq!(did["sent"][0]["path"], "/payment-page");
        assert_eq!(did["answers"][0]["status"], 200, "{did}");
        let session = town.shop.api.get("/checkout-sessions?limit=1").granted()["data"][0].clone();
        assert_eq!(did["location"], session["url"], "the customer is sent to the hosted page");
        assert_eq!(session["amount"], 1_000);
        assert_eq!(session["success_url"], "https://shop.example/thanks");
        assert_eq!(session["cancel_url"], "https://shop.example/cart");
        assert_eq!(session["success_message"], "Payment Successful!");
        assert_eq!(session["metadata"], json!({"country": "India"}));
        assert_eq!(town.public().get(&page(&session)).status, 200);
    }
    // The least that it takes, and a key that is none.
    let least = shop(
        &format!("http://{}", town.daemon.public_at),
        &key,
        &json!({"currency": "SATS", "amount": 5}),
    );
    assert!(least["location"].is_string(), "{least}");
    let refused = shop(
        &format!("http://{}", town.daemon.public_at),
        "pk_test_nobodys",
        &json!({"currency": "SATS", "amount": 5}),
    );
    assert_eq!(
        (&refused["location"], &refused["answers"][0]["status"]),
        (&json!(null), &json!(401))
    );
}
