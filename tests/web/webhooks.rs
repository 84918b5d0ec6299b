//! Events and webhook endpoints in the API: what they look like, who sees them, and what is refused.

use satback_regtest::Api;
use serde_json::{Value, json};

use super::kit::{Town, problems};

fn create(api: &Api, events: &[&str]) -> Value {
    let body = json!({"url": "https://shop.example/hook", "enabled_events": events});
    api.post("/webhooks", body).granted()
}

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

fn ids(api: &Api, path: &str) -> Vec<String> {
    let list = api.get(path).granted();
    list["data"].as_array().unwrap().iter().map(|object| id(object).to_owned()).collect()
}

fn types(api: &Api, path: &str) -> Vec<String> {
    let list = api.get(path).granted();
    let text = |object: &Value| object["event_type"].as_str().unwrap().to_owned();
    list["data"].as_array().unwrap().iter().map(text).collect()
}

#[test]
fn an_endpoint_is_made_read_disabled_and_enabled_as_speeds_is() {
    let town = Town::start();
    let api = &town.shop.api;
    let body = json!({"url": "https://shop.example/hook", "enabled_events": ["claim.*", "payment.confirmed"],
                      "description": "orders"});
    let made = api.post("/webhooks", body).granted();
    let mut fields: Vec<_> = made.as_object().unwrap().keys().cloned().collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "account",
            "api_version",
            "created",
            "deactivated_reason",
            "description",
            "enabled_events",
            "failing_since",
            "id",
            "livemode",
            "metadata",
            "modified",
            "object",
            "secret",
            "status",
            "url",
        ]
    );
    assert_eq!((&made["object"], &made["status"]), (&json!("webhook.endpoint"), &json!("active")));
    assert!(id(&made).starts_with("we_"));
    let secret = made["secret"].as_str().unwrap();
    assert_eq!((secret.starts_with("wsec_"), secret.len()), (true, 5 + 44), "32 bytes in base64");
    let path = format!("/webhooks/{}", id(&made));
    assert_eq!(api.get(&path).granted(), made);
    let disabled = api.post(&format!("{path}/disable"), json!({})).granted();
    assert_eq!(disabled["status"], "deactivated");
    assert_eq!(disabled["deactivated_reason"], "manual");
    assert_eq!(ids(api, "/webhooks?status=deactivated"), [id(&made)]);
    let enabled = api.post(&format!("{path}/enable"), json!({})).granted();
    assert_eq!((&enabled["status"], &enabled["secret"]), (&json!("active"), &made["secret"]));
    let same = create(api, &["*"]);
    assert_eq!(ids(api, "/webhooks"), [id(&same), id(&made)], "the same address may be twice");
    assert_ne!(same["secret"], made["secret"]);
}

#[test]
fn who_may_not_see_secrets_sees_none_and_nobody_sees_what_is_anothers() {
    let town = Town::start();
    let hook = create(&town.shop.api, &["*"]);
    let path = format!("/webhooks/{}", id(&hook));
    assert_eq!(town.shop.restricted.get(&path).granted()["secret"], Value::Null);
    let body = json!({"url": "https://shop.example/hook", "enabled_events": ["*"]});
    assert_eq!(town.shop.restricted.post("/webhooks", body.clone()).status, 403);
    assert_eq!(town.shop.publishable.post("/webhooks", body).status, 403);
    town.shop.session(1_000, &town.shop.cashback());
    let event = ids(&town.shop.api, "/events")[0].clone();
    let other = town.merchant("other");
    let messages = format!("{path}/deliveries");
    let message = ids(&town.shop.api, &messages)[0].clone();
    for path in [&path, &messages, &format!("/events/{event}")] {
        assert_eq!(other.api.get(path).status, 404, "{path}");
        assert_eq!(town.shop.publishable.get(path).status, 403, "{path}");
    }
    for path in ["disable", "enable", &format!("deliveries/{message}/resend")] {
        let path = format!("/webhooks/{}/{path}", id(&hook));
        assert_eq!(other.api.post(&path, json!({})).status, 404, "{path}");
        assert_eq!(town.shop.restricted.post(&path, json!({})).status, 403, "{path}");
    }
    assert_eq!(ids(&other.api, "/events"), Vec::<String>::new());
    assert_eq!(ids(&other.api, "/webhooks"), Vec::<String>::new());
    let cursor = format!("/events?starting_after={event}");
    assert_eq!(other.api.get(&cursor).status, 400);
    // What concerns the operator alone.
    town.daemon.process.outside.node.receive(
        satback::domain::bytes::PaymentHash([9; 32]),
        satback::domain::money::Msat::new(5),
    );
    town.daemon.process.pump();
    let theirs = ids(&town.operator, "/events?event_type=suspense.received")[0].clone();
    assert_eq!(town.shop.api.get(&format!("/events/{theirs}")).status, 404);
    assert_eq!(town.shop.api.get(&format!("/events?ending_before={theirs}")).status, 400);
}

#[test]
fn events_tell_the_object_as_it_was_without_secrets_and_the_request() {
    let town = Town::start();
    let session = town.shop.session(20_000, &town.shop.cashback());
    town.pay(&session);
    let api = &town.shop.api;
    let all = types(api, "/events");
    let expect = [
        "claim.created",
        "checkout_session.paid",
        "checkout_session.payment_paid",
        "payment.paid",
        "payment.created",
        "checkout_session.created",
        "cashback.created",
    ];
    let mut sorted = (all.clone(), expect.map(str::to_owned).to_vec());
    sorted.0.sort();
    sorted.1.sort();
    assert_eq!(sorted.0, sorted.1);
    let list = api.get("/events?event_type=checkout_session.created").granted();
    let event = &list["data"][0];
    let mut fields: Vec<_> = event.as_object().unwrap().keys().cloned().collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "account",
            "api_version",
            "created",
            "data",
            "event_type",
            "id",
            "livemode",
            "metadata",
            "modified",
            "object",
            "request",
            "sequence",
        ]
    );
    assert_eq!((&event["object"], &event["livemode"]), (&json!("events"), &json!(false)));
    let object = &event["data"]["object"];
    assert_eq!((&object["id"], &object["status"]), (&session["id"], &json!("active")), "as it was");
    assert_eq!(object["url"], Value::Null);
    assert!(event["request"]["id"].as_str().unwrap().starts_with("req_"));
    let claim = api.get("/events?event_type=claim.created").granted()["data"][0].clone();
    assert_eq!(claim["request"]["id"], Value::Null, "no request caused it");
    let object = &claim["data"]["object"];
    assert!(id(object).starts_with("clm_"));
    for field in ["lnurl", "lnurlw", "url"] {
        assert_eq!(object[field], Value::Null, "{field}");
    }
    let newest = ids(api, "/events?limit=2");
    assert_eq!(
        ids(api, &format!("/events?limit=1&ending_before={}", newest[0])),
        [newest[1].clone()]
    );
    assert_eq!(api.get("/events?event_type=nothing").refused(400), "invalid_field");
}

#[test]
fn the_request_that_caused_an_event_is_the_one_that_was_answered() {
    let town = Town::start();
    let body = json!({"currency": "SATS", "amount": 1_000});
    let answer = town.shop.api.post("/checkout-sessions", body);
    let request = answer.header("request-id").unwrap().to_owned();
    let list = town.shop.api.get("/events").granted();
    for event in list["data"].as_array().unwrap() {
        assert_eq!(event["request"]["id"], request.as_str());
    }
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
}

#[test]
fn a_shop_plugin_finds_out_whether_its_secret_is_right_with_a_publishable_key() {
    let town = Town::start();
    let hook = create(&town.shop.api, &["*"]);
    let ask = |api: &Api, url: &str, secret: &Value| {
        api.post("/webhooks/verify-secret", json!({"url": url, "secret": secret})).granted()
    };
    let url = "https://shop.example/hook";
    let right = json!({"exists": true, "status": "active"});
    let wrong = json!({"exists": false, "status": null});
    assert_eq!(ask(&town.shop.publishable, url, &hook["secret"]), right);
    assert_eq!(ask(&town.shop.api, url, &hook["secret"]), right);
    assert_eq!(ask(&town.shop.api, url, &json!("wsec_x")), wrong);
    assert_eq!(ask(&town.shop.api, "https://shop.example/other", &hook["secret"]), wrong);
    assert_eq!(ask(&town.merchant("other").api, url, &hook["secret"]), wrong);
    let path = format!("/webhooks/{}/disable", id(&hook));
    town.shop.api.post(&path, json!({})).granted();
    let disabled = json!({"exists": true, "status": "deactivated"});
    assert_eq!(ask(&town.shop.api, url, &hook["secret"]), disabled);
    let nothing = town.shop.api.post("/webhooks/verify-secret", json!({}));
    let missing = [("missing_field", "url"), ("missing_field", "secret")];
    let missing = missing.map(|(code, param)| (code.to_owned(), param.to_owned()));
    assert_eq!(problems(&nothing), missing);
}

#[test]
fn the_log_of_messages_is_listed_and_one_is_sent_again_by_hand() {
    let town = Town::start();
    let api = &town.shop.api;
    let hook = create(api, &["checkout_session.*"]);
    let quiet = create(api, &["claim.*"]);
    town.shop.session(1_000, &town.shop.cashback());
    let path = format!("/webhooks/{}/deliveries", id(&hook));
    let list = api.get(&path).granted();
    let message = list["data"][0].clone();
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    assert!(id(&message).starts_with("msg_"));
    assert_eq!(
        (&message["object"], &message["status"]),
        (&json!("webhook.delivery"), &json!("pending"))
    );
    assert_eq!(message["webhook"], hook["id"]);
    let again = api.post(&format!("{path}/{}/resend", id(&message)), json!({})).granted();
    assert_ne!(again["id"], message["id"]);
    assert_eq!(again["event"], message["event"]);
    assert_eq!(ids(api, &path), [id(&again), id(&message)]);
    assert_eq!(ids(api, &format!("{path}?status=delivered")), Vec::<String>::new());
    assert_eq!(ids(&town.operator, &path).len(), 2);
    let elsewhere = format!("/webhooks/{}/deliveries/{}/resend", id(&quiet), id(&message));
    assert_eq!(api.post(&elsewhere, json!({})).status, 404);
    let disable = format!("/webhooks/{}/disable", id(&hook));
    api.post(&disable, json!({})).granted();
    let refused = api.post(&format!("{path}/{}/resend", id(&message)), json!({}));
    assert_eq!(refused.refused(409), "webhook_disabled");
}

#[test]
fn a_wrong_endpoint_is_refused_with_its_field() {
    let town = Town::start_with(&["webhooks.allow_private=no"]);
    let api = &town.shop.api;
    let check = |body: Value, expect: &[(&str, &str)]| {
        let answer = api.post("/webhooks", body.clone());
        assert_eq!(answer.status, 400, "{body}");
        let expect: Vec<_> =
            expect.iter().map(|(code, param)| ((*code).to_owned(), (*param).to_owned())).collect();
        assert_eq!(problems(&answer), expect, "{body}");
    };
    check(json!({}), &[("missing_field", "url"), ("missing_field", "enabled_events")]);
    let (url, events) = ("invalid_field", "enabled_events");
    for wrong in [
        "http://shop.example",
        "ftp://shop.example",
        "shop.example",
        "https://",
        "https://a@b.c",
        "https://shop.example/#x",
        "https:// x",
    ] {
        check(json!({"url": wrong, "enabled_events": ["*"]}), &[(url, "url")]);
    }
    for wrong in [
        json!([]),
        json!("*"),
        json!([1]),
        json!(["nothing"]),
        json!(["claim.*", "clam.paid"]),
        json!(vec!["*"; 101]),
    ] {
        check(json!({"url": "https://shop.example", "enabled_events": wrong}), &[(url, events)]);
    }
    check(
        json!({"url": 5, "enabled_events": ["*"], "description": "x".repeat(256), "connect": true,
               "api_version": "1", "colour": "red"}),
        &[
            (url, "url"),
            (url, "description"),
            (url, "api_version"),
            ("unsupported", "connect"),
            ("unknown_field", "colour"),
        ],
    );
    assert_eq!(ids(api, "/webhooks"), Vec::<String>::new());
    let nothing = json!({"url": "https://shop.example", "enabled_events": ["*"], "connect": false});
    api.post("/webhooks", nothing).granted();
}

#[test]
fn an_account_has_a_bounded_number_of_active_endpoints() {
    let town = Town::start_with(&["webhooks.max_endpoints=2"]);
    let api = &town.shop.api;
    let hook = create(api, &["*"]);
    create(api, &["*"]);
    let body = json!({"url": "https://shop.example/hook", "enabled_events": ["*"]});
    assert_eq!(api.post("/webhooks", body.clone()).refused(402), "too_many_webhooks");
    api.post(&format!("/webhooks/{}/disable", id(&hook)), json!({})).granted();
    api.post("/webhooks", body).granted();
}
