//! What Speed's public shop plugins and clients ask, as they ask it (docs/speed.md): only the host is another one.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use satback::guarded::Limits;
use satback::ports::post::Post;
use satback::system::SystemClock;
use satback::web::admin::event_body;
use satback::webhook::Carrier;
use satback_regtest::{Api, Receiver};
use serde_json::{Value, json};

use super::kit::{Town, page, path};

const DOLLAR: &str = "rates.fixed=[\"USD=1050.5\"]";

/// A key as Speed's PHP plugins send it: the user name alone, without the colon that should end it.
fn plugin(town: &Town, kind: &str) -> Api {
    let keys = format!("/accounts/{}/keys", town.shop.account);
    let key = town.operator.post(&keys, json!({ "type": kind })).granted();
    let basic = format!("Basic {}", STANDARD.encode(key["key"].as_str().unwrap()));
    let api = Api::new(town.daemon.admin_at, "").with("Authorization", &basic);
    api.with("speed-version", "2022-10-15")
}

/// What carries messages in the program.
fn deliver(town: &Town) {
    let rows = Arc::clone(&town.daemon.rows);
    let limits = Limits { allow_private: true, timeout: std::time::Duration::from_secs(5) };
    let write = move |event: &_| event_body(&*rows, event, false).ok();
    let secrets = Arc::new(town.daemon.secrets.clone());
    let clock = Arc::new(SystemClock::default());
    let carrier: Arc<dyn Post> = Arc::new(Carrier::new(limits, secrets, clock, Box::new(write)));
    town.daemon.process.deliver_by(carrier);
}

/// A session as the plugin for Magento makes it: the amount comes from a form, so that it is a text.
fn order(amount: &Value, order: &Value) -> Value {
    json!({
        "currency": "USD", "amount": amount, "statement_descriptor": "Payment to Speed Magento2",
        "description": "Magento2 Store Order Id - 42", "success_url": "https://shop.example/success",
        "cancel_url": "https://shop.example/cancel/?order_id=42", "source": "Speed Magento2",
        "source_id": order,
    })
}

#[test]
fn the_plugin_for_magento_sells_verifies_what_it_is_told_and_checks_its_secret() {
    let town = Town::start_with(&[DOLLAR]);
    let (shop, mut receiver) = (plugin(&town, "publishable"), Receiver::start());
    let hook = json!({"url": receiver.url(), "enabled_events": ["checkout_session.paid"]});
    let hook = town.shop.api.post("/webhooks", hook).granted();
    receiver.learn(hook["secret"].as_str().unwrap());
    let asked = json!({"url": receiver.url(), "secret": hook["secret"]});
    let checked = shop.post("/webhooks/verify-secret", asked).granted();
    assert_eq!((&checked["exists"], &checked["status"]), (&json!(true), &json!("active")));

    let made = shop.post("/payment-page", order(&json!("12.3400"), &json!("42"))).granted();
    assert_eq!((&made["amount"], &made["target_amount"]), (&json!(12.34), &json!(12_964)));
    let shown = town.public().get(&format!("{}?source_type=magento2", page(&made)));
    assert!(shown.status == 200 && shown.text.contains("12.34 USD"), "{}", shown.text);
    town.pay(&made);
    deliver(&town);
    let told = receiver.next()["event"].clone();
    assert_eq!(told["event_type"], "checkout_session.paid");
    let session = &told["data"]["object"];
    assert_eq!((&session["id"], &session["status"]), (&made["id"], &json!("paid")));
    assert_eq!(
        (&session["source"], &session["source_id"]),
        (&json!("Speed Magento2"), &json!("42"))
    );

    let number = shop.post("/payment-page", order(&json!(12.34), &json!(42))).granted();
    assert_eq!((&number["amount"], &number["source_id"]), (&json!(12.34), &json!("42")));
    let wrong = shop.post("/payment-page", order(&json!("12,34"), &json!("42")));
    assert_eq!(wrong.refused(400), "invalid_field");
}

/// A thing is made with a cashback attached, read back, and found in its list from a cursor.
fn made_and_read(town: &Town, path: &str, body: &Value) -> Value {
    let shop = plugin(town, "secret");
    let cashback = town.shop.cashback();
    let mut body = body.clone();
    body["cashback"] = json!({"id": cashback["id"]});
    let older = shop.post(path, body.clone()).granted();
    let made = shop.post(path, body).granted();
    assert_eq!(made["cashback"], json!({"id": cashback["id"]}));
    let id = made["id"].as_str().unwrap();
    assert_eq!(shop.get(&format!("{path}/{id}")).granted(), made);
    let list = shop.get(&format!("{path}?limit=1&ending_before={id}")).granted();
    assert_eq!(list["object"], "list");
    assert_eq!(list["data"], json!([older]));
    let read = shop.get(&format!("/cashbacks/{}", cashback["id"].as_str().unwrap())).granted();
    assert_eq!(read, cashback);
    made
}

#[test]
fn links_and_sessions_with_a_cashback_are_made_and_read_back() {
    let town = Town::start_with(&[DOLLAR]);
    let usd = json!({"currency": "USD", "amount": 200, "target_currency": "SATS",
        "success_message": "Thanks", "metadata": {"order": "7"}});
    let checkout = made_and_read(&town, "/checkout-links", &usd);
    assert_eq!(
        (&checkout["object"], &checkout["status"]),
        (&json!("checkout.link"), &json!("active"))
    );
    assert_eq!(checkout["payment_id"].as_array().unwrap().len(), 1);
    let payment = made_and_read(&town, "/payment-links", &usd);
    assert_eq!((&payment["object"], &payment["type"]), (&json!("payment.link"), &json!("fixed")));
    let session = made_and_read(&town, "/checkout-sessions", &usd);
    assert_eq!(session["object"], "checkout_session");
    let entry = &session["payments"][0];
    assert_eq!((&entry["module"], &entry["exchange_rate"]), (&json!("payment"), &json!(1050.5)));
    assert_eq!(town.public().get(&path(checkout["url"].as_str().unwrap())).status, 200);
}

#[test]
fn the_client_for_agents_makes_an_invoice_and_reads_that_it_is_paid() {
    let town = Town::start();
    let shop = plugin(&town, "secret");
    let body = json!({"amount": 21, "currency": "SATS", "target_currency": "SATS",
                      "payment_methods": ["lightning"]});
    let made = shop.post("/payments", body).granted();
    let (id, request) =
        (&made["id"], &made["payment_method_options"]["lightning"]["payment_request"]);
    assert_eq!((&made["object"], &made["status"]), (&json!("payment"), &json!("unpaid")));
    assert!(request.as_str().is_some_and(|request| request.len() > 20), "{made}");
    town.pay(&json!({"payments": [{"id": id}]}));
    let paid = shop.get(&format!("/payments/{}", id.as_str().unwrap())).granted();
    assert_eq!((&paid["status"], &paid["target_amount_paid"]), (&json!("paid"), &json!(21)));
}
