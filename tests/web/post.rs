//! Messages on their way to receivers that answer rightly, wrongly, slowly or not at all, and one that is not ours.

use std::sync::Arc;
use std::time::Duration;

use satback::domain::time::Span;
use satback::guarded::Limits;
use satback::ports::clock::Clock;
use satback::ports::post::Post;
use satback::system::SystemClock;
use satback::web::admin::event_body;
use satback::webhook::Carrier;
use satback_regtest::Receiver;
use serde_json::{Value, json};

use super::kit::Town;
use super::receiver::Hook;

/// Enough for a receiver on this machine, and short enough to wait for one that never answers.
const TIMEOUT: Duration = Duration::from_secs(2);

impl Town {
    /// What carries messages in the program.
    fn carrier(&self, allow_private: bool) -> Arc<dyn Post> {
        let rows = Arc::clone(&self.daemon.rows);
        let limits = Limits { allow_private, timeout: TIMEOUT };
        let secrets = Arc::new(self.daemon.secrets.clone());
        let write = move |event: &_| event_body(&*rows, event, false).ok();
        let clock = Arc::new(SystemClock::default());
        Arc::new(Carrier::new(limits, secrets, clock, Box::new(write)))
    }

    /// Tries once what is due.
    fn deliver(&self, allow_private: bool) -> usize {
        self.daemon.process.deliver_by(self.carrier(allow_private))
    }

    fn hook(&self, url: &str, events: &[&str]) -> Value {
        let body = json!({"url": url, "enabled_events": events});
        self.shop.api.post("/webhooks", body).granted()
    }

    fn endpoint(&self, hook: &Value) -> Value {
        self.shop.api.get(&format!("/webhooks/{}", hook["id"].as_str().unwrap())).granted()
    }

    /// The newest message to an endpoint.
    fn newest(&self, hook: &Value) -> Value {
        let path = format!("/webhooks/{}/deliveries", hook["id"].as_str().unwrap());
        self.shop.api.get(&path).granted()["data"][0].clone()
    }

    fn session(&self) -> Value {
        let body = json!({"currency": "SATS", "amount": 1_000, "metadata": {"order": "7"}});
        self.shop.api.post("/checkout-sessions", body).granted()
    }
}

#[test]
fn a_message_is_the_event_as_the_api_shows_it_with_the_headers_of_the_standard() {
    let town = Town::start();
    let receiver = Hook::with_status("204 No Content");
    let hook = town.hook(&receiver.url(), &["checkout_session.created"]);
    let session = town.session();
    assert_eq!(town.deliver(true), 1);
    let message = receiver.next();
    assert!(message.head.starts_with("POST /hook HTTP/1.1"), "{}", message.head);
    assert_eq!(message.header("content-type"), "application/json");
    assert!(message.header("user-agent").starts_with("satback/"));
    let delivery = town.newest(&hook);
    assert_eq!(message.header("webhook-id"), delivery["id"].as_str().unwrap());
    assert!(message.header("webhook-signature").starts_with("v1,"));
    let event = message.json();
    assert_eq!(event["id"], delivery["event"]);
    assert_eq!(event["event_type"], "checkout_session.created");
    assert_eq!(event["data"]["object"]["id"], session["id"]);
    let path = format!("/events/{}", event["id"].as_str().unwrap());
    assert_eq!(town.shop.api.get(&path).granted(), event);
    assert_eq!(delivery["status"], "delivered");
    assert_eq!(delivery["last_status_code"], 204);
    assert_eq!(town.deliver(true), 0);
    assert!(receiver.is_quiet());
}

/// One message to a receiver that answers this; what the log says of it.
fn tried(town: &Town, receiver: &Hook) -> Value {
    let hook = town.hook(&receiver.url(), &["checkout_session.created"]);
    town.session();
    let clock = SystemClock::default();
    let began = clock.now().monotonic;
    town.deliver(true);
    let took = Duration::from_millis(clock.now().monotonic.millis() - began.millis());
    assert!(took < TIMEOUT * 2, "it takes no longer than it may");
    let delivery = town.newest(&hook);
    let path = format!("/webhooks/{}/disable", hook["id"].as_str().unwrap());
    town.shop.api.post(&path, json!({})).granted();
    delivery
}

#[test]
fn only_an_answer_of_two_hundred_and_something_in_time_counts() {
    let town = Town::start();
    let check = |receiver: Hook, status: &str, code: Value, error: Value| {
        let delivery = tried(&town, &receiver);
        assert_eq!(delivery["status"], status, "{delivery}");
        assert_eq!((&delivery["last_status_code"], &delivery["last_error"]), (&code, &error));
        assert_eq!(delivery["attempts"], 1);
        receiver.next();
        assert!(receiver.is_quiet(), "it is tried once");
    };
    check(Hook::with_status("200 OK"), "delivered", json!(200), Value::Null);
    check(Hook::with_status("202 Accepted"), "delivered", json!(202), Value::Null);
    check(Hook::with_status("500 Broken"), "pending", json!(500), Value::Null);
    check(Hook::with_status("404 Not Found"), "pending", json!(404), Value::Null);
    check(Hook::answering(""), "pending", Value::Null, json!("timed_out"));
    check(Hook::answering("what?\r\n\r\n"), "pending", Value::Null, json!("bad_answer"));
    let flood = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(100_000));
    let delivery = tried(&town, &Hook::answering(flood));
    assert_eq!(delivery["status"], "pending", "{delivery}");
    let endless = "HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\nmore";
    check(Hook::answering(endless), "delivered", json!(200), Value::Null);
}

#[test]
fn a_redirection_is_not_followed() {
    let town = Town::start();
    let elsewhere = Hook::with_status("200 OK");
    let location = elsewhere.url();
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let head =
            format!("HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(tried(&town, &Hook::answering(head))["status"], "pending", "{status}");
    }
    assert!(elsewhere.is_quiet());
}

#[test]
fn a_receiver_that_is_gone_is_disabled_and_the_merchant_is_told() {
    let town = Town::start();
    let receiver = Hook::with_status("410 Gone");
    let hook = town.hook(&receiver.url(), &["*"]);
    town.session();
    town.deliver(true);
    let hook = town.endpoint(&hook);
    assert_eq!(
        (&hook["status"], &hook["deactivated_reason"]),
        (&json!("deactivated"), &json!("gone"))
    );
    let events = town.shop.api.get("/events?event_type=webhook.disabled").granted();
    assert_eq!(events["data"][0]["data"]["object"]["id"], hook["id"]);
    assert_eq!(events["data"][0]["data"]["object"]["secret"], Value::Null);
    assert_eq!(town.deliver(true), 0);
}

#[test]
fn a_message_that_failed_comes_again_later_with_the_same_id() {
    let mut town = Town::start();
    let receiver = Hook::with_status("503 Busy");
    let hook = town.hook(&receiver.url(), &["checkout_session.created"]);
    town.session();
    town.deliver(true);
    assert_eq!(town.deliver(true), 0, "not at once");
    town.daemon.process.pass(Span::from_secs(6));
    assert_eq!(town.deliver(true), 1);
    let (first, second) = (receiver.next(), receiver.next());
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(first.body, second.body);
    assert_eq!(town.newest(&hook)["attempts"], 2);
}

#[test]
fn private_addresses_are_refused_when_the_connection_is_made() {
    let town = Town::start();
    let receiver = Hook::with_status("200 OK");
    let port = receiver.at.port();
    // The last two are names, which say what they are only when they are looked up.
    for host in [
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "10.0.0.1",
        "localhost",
        "LOCALHOST.",
    ] {
        let hook = town.hook(&format!("https://{host}:{port}/hook"), &["checkout_session.created"]);
        town.session();
        town.deliver(false);
        let delivery = town.newest(&hook);
        let error = delivery["last_error"].as_str().unwrap();
        // A machine without a resolver for the name cannot look it up at all.
        let expected =
            error == "forbidden_address" || (host == "LOCALHOST." && error != "tls_failed");
        assert!(expected, "{host}: {delivery}");
        let path = format!("/webhooks/{}/disable", hook["id"].as_str().unwrap());
        town.shop.api.post(&path, json!({})).granted();
    }
    let plain = town.hook(&receiver.url(), &["checkout_session.created"]);
    town.session();
    town.deliver(false);
    assert_eq!(town.newest(&plain)["last_error"], "forbidden_address", "http");
    assert!(receiver.is_quiet(), "nobody was called");
}

#[test]
fn a_library_that_is_not_ours_takes_our_messages_and_refuses_forged_ones() {
    let town = Town::start();
    let mut python = Receiver::start();
    let url = python.url();
    let hook = town.hook(&url, &["checkout_session.created"]);
    python.learn(hook["secret"].as_str().unwrap());
    town.session();
    town.deliver(true);
    let taken = python.next();
    let delivery = town.newest(&hook);
    assert_eq!(
        (&delivery["status"], &delivery["last_status_code"]),
        (&json!("delivered"), &json!(204))
    );
    assert_eq!(taken["event"]["id"], delivery["event"], "{taken}");

    let header = |name: &str| taken["headers"][name].as_str().unwrap().to_owned();
    let send = |body: &str, id: &str, timestamp: &str| {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
        let request = agent
            .post(&url)
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", header("webhook-signature"));
        request.send(body).unwrap().status().as_u16()
    };
    let body = taken["body"].as_str().unwrap();
    let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
    assert_eq!(send(body, &id, &timestamp), 204, "as it was");
    python.next();
    let forged = body.replace("1000", "9000");
    assert_ne!(forged, body);
    let later = (timestamp.parse::<u64>().unwrap() + 1).to_string();
    for (body, id, timestamp) in [
        (forged.as_str(), id.as_str(), timestamp.as_str()),
        (body, "msg_other", &timestamp),
        (body, &id, &later),
    ] {
        assert_eq!(send(body, id, timestamp), 400);
        assert!(python.next()["refused"].is_string());
    }

    // The same address registered once more has a secret of its own, which this receiver does not know.
    let other = town.hook(&url, &["payment.created"]);
    assert_ne!(other["secret"], hook["secret"]);
    let path = format!("/webhooks/{}/disable", hook["id"].as_str().unwrap());
    town.shop.api.post(&path, json!({})).granted();
    town.session();
    town.deliver(true);
    assert!(python.next()["refused"].is_string());
    assert_eq!(town.newest(&other)["last_status_code"], 400);
}

#[test]
fn an_object_that_is_too_large_for_a_message_is_told_by_its_id() {
    let town = Town::start();
    let receiver = Hook::with_status("200 OK");
    town.hook(&receiver.url(), &["checkout_session.created"]);
    let long = |letters: usize| "🦀".repeat(letters);
    let answers: Vec<_> = (0..4).map(|at| format!("{at}{}", long(49))).collect();
    let body = json!({
        "currency": "SATS", "amount": 5, "title": long(100), "title_description": long(250),
        "description": long(250), "success_message": long(255), "statement_descriptor": long(100),
        "source": long(100), "source_id": long(100), "metadata": {"x": "\"".repeat(7_000)},
        "custom_fields": [{"label": long(50), "type": "dropdown", "options": answers}],
    });
    let session = town.shop.api.post("/checkout-sessions", body).granted();
    town.deliver(true);
    let message = receiver.next();
    assert!(message.body.len() < 20_000, "{} bytes", message.body.len());
    let event = message.json();
    assert_eq!(event["data"]["object"], json!({"id": session["id"], "truncated": true}));
    let whole = town.shop.api.get(&format!("/events/{}", event["id"].as_str().unwrap())).granted();
    assert_eq!(whole["data"]["object"]["metadata"], session["metadata"], "the API has all of it");
}
