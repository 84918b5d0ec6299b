//! Checkout links and payment links over the API.

use serde_json::{Value, json};

use super::kit::{Merchant, Town, problems};

fn body(cashback: &Value) -> Value {
    json!({"currency": "SATS", "amount": 10_000, "cashback": {"id": cashback["id"]}})
}

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

fn make(shop: &Merchant, path: &str, body: Value) -> Value {
    shop.api.post(path, body).granted()
}

#[test]
fn a_checkout_link_has_every_field_and_lives_with_its_session() {
    let town = Town::start();
    let cashback = town.shop.cashback();
    let asked = json!({
        "currency": "SATS", "amount": 10_000, "target_currency": "SATS", "ttl": 600,
        "cashback": {"id": cashback["id"]}, "title": "Coffee", "title_description": "Two of them",
        "title_image": "https://shop.example/cup.png", "statement_descriptor": "Coffee shop",
        "success_message": "Enjoy", "metadata": {"order": "7"},
        "customer_collections_status": {"is_email_enabled": true},
        "custom_fields": [
            {"label": "Table", "type": "number", "is_optional": true},
            {"label": "Milk", "type": "dropdown", "options": ["oat", "cow"]},
        ],
    });
    let made = make(&town.shop, "/checkout-links", asked);
    let (created, url) = (made["created"].clone(), made["url"].clone());
    let fields = made["custom_fields"].clone();
    assert!(url.as_str().unwrap().starts_with("https://shop.example/c/"), "{url}");
    assert!(fields[0]["id"].as_str().unwrap().starts_with("cf_test_"));
    assert_eq!(made["payment_id"].as_array().unwrap().len(), 1);
    let expect = json!({
        "id": id(&made), "object": "checkout.link", "account": town.shop.account,
        "livemode": false, "created": created, "modified": created, "metadata": {"order": "7"},
        "status": "active", "url": url, "currency": "SATS", "amount": 10_000,
        "target_currency": "SATS", "ttl": 600, "statement_descriptor": "Coffee shop",
        "success_url": null, "success_message": "Enjoy", "title": "Coffee",
        "title_description": "Two of them", "title_image": "https://shop.example/cup.png",
        "customer_collections_status": {
            "is_email_enabled": true, "is_phone_enabled": false,
            "is_billing_address_enabled": false, "is_shipping_address_enabled": false,
        },
        "custom_fields": [
            {"id": fields[0]["id"], "label": "Table", "type": "number", "options": null,
             "is_optional": true},
            {"id": fields[1]["id"], "label": "Milk", "type": "dropdown",
             "options": ["oat", "cow"], "is_optional": false},
        ],
        "cashback": {"id": cashback["id"]}, "payment_id": made["payment_id"],
        "checkout_session": made["checkout_session"],
    });
    assert_eq!(made, expect);

    let path = format!("/checkout-sessions/{}", made["checkout_session"].as_str().unwrap());
    let session = town.shop.api.get(&path).granted();
    assert_eq!((&session["source"], &session["source_id"]), (&json!("checkout_link"), &made["id"]));
    assert_eq!(session["payments"][0]["id"], made["payment_id"][0]);
    town.pay(&session);
    let now = town.shop.api.get(&format!("/checkout-links/{}", id(&made))).granted();
    assert_eq!(now["status"], "paid");
    let close = format!("/checkout-links/{}/deactivate", id(&made));
    assert_eq!(town.shop.api.post(&close, json!({})).refused(409), "link_not_active");
    assert!(town.shop.api.get(&path).granted()["claim"].is_string());
}

#[test]
fn closing_a_checkout_link_closes_its_session_and_cancels_its_payment() {
    let town = Town::start();
    let link = make(&town.shop, "/checkout-links", body(&town.shop.cashback()));
    let close = format!("/checkout-links/{}/deactivate", id(&link));
    let closed = town.shop.api.post(&close, json!({})).granted();
    assert_eq!(closed["status"], "deactivated");
    let session = format!("/checkout-sessions/{}", link["checkout_session"].as_str().unwrap());
    let session = town.shop.api.get(&session).granted();
    assert_eq!(session["status"], "deactivated");
    assert_eq!(session["payments"][0]["status"], "cancelled");
    let again = town.shop.api.post(&close, json!({})).granted();
    assert_eq!(again, closed, "once is enough");
}

#[test]
fn a_payment_link_is_fixed_or_a_choice_and_is_switched_off_and_on() {
    let town = Town::start();
    let link = |body: Value| make(&town.shop, "/payment-links", body);
    let price =
        |link: &Value| json!([link["type"], link["amount"], link["options"], link["preset"]]);
    let fixed = link(body(&town.shop.cashback()));
    assert_eq!((&fixed["object"], &fixed["status"]), (&json!("payment.link"), &json!("active")));
    assert_eq!((&fixed["sessions_opened"], &fixed["sessions_paid"]), (&json!(0), &json!(0)));
    assert_eq!(price(&fixed), json!(["fixed", 10_000, null, null]));
    let options = link(json!({"currency": "SATS", "type": "options", "options": [5, 10, 20]}));
    assert_eq!(price(&options), json!(["options", null, [5, 10, 20], null]));
    let preset = json!({"min_amount": 5, "max_amount": 10});
    let made = link(json!({"currency": "SATS", "type": "preset", "preset": preset}));
    assert_eq!(price(&made), json!(["preset", null, null, preset]));
    let open = link(json!({"currency": "SATS", "amount": 0}));
    assert_eq!(price(&open), json!(["fixed", 0, null, null]));
    let keys = |link: &Value| link.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&fixed), keys(&open), "a field that exists is always there");

    let act = |what: &str| {
        let path = format!("/payment-links/{}/{what}", id(&fixed));
        town.shop.api.post(&path, json!({})).granted()["status"].clone()
    };
    assert_eq!(act("deactivate"), "deactivated");
    assert_eq!(act("deactivate"), "deactivated");
    assert_eq!(act("activate"), "active");
    assert_eq!(act("activate"), "active");
}

#[test]
fn lists_of_links_have_filters_and_cursors_of_their_own() {
    let town = Town::start();
    let asked = || json!({"currency": "SATS", "amount": 10});
    for path in ["/checkout-links", "/payment-links"] {
        let links: Vec<Value> = (0..3).map(|_| make(&town.shop, path, asked())).collect();
        town.shop.api.post(&format!("{path}/{}/deactivate", id(&links[1])), json!({})).granted();
        let ids = |query: &str| -> Vec<Value> {
            let list = town.shop.api.get(&format!("{path}{query}")).granted();
            list["data"].as_array().unwrap().iter().map(|link| link["id"].clone()).collect()
        };
        let (one, two, three) = (&links[0]["id"], &links[1]["id"], &links[2]["id"]);
        assert_eq!(ids(""), [three.clone(), two.clone(), one.clone()]);
        assert_eq!(ids("?status=active"), [three.clone(), one.clone()]);
        assert_eq!(ids("?status=deactivated"), std::slice::from_ref(two));
        assert_eq!(ids(&format!("?ending_before={}", id(&links[1]))), std::slice::from_ref(one));
        let newer = ids(&format!("?starting_after={}&limit=1", id(&links[0])));
        assert_eq!(newer, std::slice::from_ref(two));
        assert_eq!(ids("?created[gt]=99999999999999"), Vec::<Value>::new());
        assert_eq!(town.shop.api.get(&format!("{path}?status=open")).status, 400);
        let other = if path == "/checkout-links" { "/payment-links" } else { "/checkout-links" };
        let crossed = town.shop.api.get(&format!("{other}/{}", id(&links[0])));
        assert_eq!(crossed.refused(404), "not_found");
    }
}

#[test]
fn under_one_idempotency_key_there_is_one_link() {
    let town = Town::start();
    for path in ["/checkout-links", "/payment-links"] {
        let asked = json!({"currency": "SATS", "amount": 77});
        let keyed = town.shop.api.clone().with("Idempotency-Key", path);
        let made = keyed.post(path, asked.clone()).granted();
        let again = keyed.post(path, asked);
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.json, made);
        let other = keyed.post(path, json!({"currency": "SATS", "amount": 78}));
        assert_eq!(other.refused(409), "idempotency_key_reused");
    }
}

#[test]
fn only_a_live_cashback_of_the_own_account_is_attached_and_to_as_many_links_as_one_likes() {
    let town = Town::start();
    let (cashback, other) = (town.shop.cashback(), town.merchant("other"));
    let foreign = other.cashback();
    for path in ["/checkout-links", "/payment-links"] {
        for _ in 0..2 {
            make(&town.shop, path, body(&cashback));
        }
        let answer = town.shop.api.post(path, body(&foreign));
        assert_eq!(answer.status, 404);
        assert_eq!(problems(&answer), [("not_found".to_owned(), "cashback.id".to_owned())]);
    }
    let end = format!("/cashbacks/{}/deactivate", id(&cashback));
    town.shop.api.post(&end, json!({})).granted();
    for path in ["/checkout-links", "/payment-links"] {
        let answer = town.shop.api.post(path, body(&cashback));
        assert_eq!(answer.refused(400), "cashback_inactive");
        assert_eq!(town.shop.api.get(path).granted()["data"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn what_belongs_to_another_merchant_is_neither_seen_nor_touched() {
    let town = Town::start();
    let other = town.merchant("other");
    for path in ["/checkout-links", "/payment-links"] {
        let link = make(&town.shop, path, body(&town.shop.cashback()));
        let one = format!("{path}/{}", id(&link));
        assert_eq!(other.api.get(&one).refused(404), "not_found");
        let acting = town.operator.clone().with("speed-account", &other.account);
        for api in [&other.api, &acting] {
            assert_eq!(api.post(&format!("{one}/deactivate"), json!({})).refused(404), "not_found");
            let cursor = api.get(&format!("{path}?ending_before={}", id(&link)));
            assert_eq!(cursor.status, 400);
            assert_eq!(api.get(path).granted()["data"], json!([]));
        }
        if path == "/payment-links" {
            let on = other.api.post(&format!("{one}/activate"), json!({}));
            assert_eq!(on.refused(404), "not_found");
        } else {
            let session = link["checkout_session"].as_str().unwrap();
            let session = other.api.get(&format!("/checkout-sessions/{session}"));
            assert_eq!(session.refused(404), "not_found");
        }
        assert_eq!(town.shop.api.get(&one).granted()["status"], "active");

        // A restricted key reads, but gets no link that leads anywhere; a publishable one gets nothing.
        assert_eq!(town.shop.restricted.get(&one).granted()["url"], json!(null));
        let listed = town.shop.restricted.get(path).granted();
        assert_eq!(listed["data"][0]["url"], json!(null));
        for key in [&town.shop.restricted, &town.shop.publishable] {
            assert_eq!(key.post(path, body(&Value::Null)).refused(403), "forbidden");
            let closed = key.post(&format!("{one}/deactivate"), json!({}));
            assert_eq!(closed.refused(403), "forbidden");
        }
        for path in [path, &one] {
            assert_eq!(town.shop.publishable.get(path).refused(403), "forbidden");
        }
    }
}

fn check(town: &Town, path: &str, body: Value, expect: &[(&str, &str)]) {
    let answer = town.shop.api.post(path, body);
    assert_eq!(answer.status, 400, "{}", answer.text);
    let expect: Vec<_> =
        expect.iter().map(|(code, param)| ((*code).to_owned(), (*param).to_owned())).collect();
    assert_eq!(problems(&answer), expect, "{path} {}", answer.text);
}

#[test]
fn all_problems_of_a_link_are_told_at_once() {
    let town = Town::start();
    for path in ["/checkout-links", "/payment-links"] {
        let empty = [("missing_field", "currency"), ("missing_field", "amount")];
        check(&town, path, json!({}), &empty);
        let body = json!({
            "currency": "SATS", "amount": "5", "target_currency": "BTC", "ttl": 1,
            "payment_methods": ["onchain"], "cashback": {"id": "cs_1"}, "success_url": "ftp://x",
            "success_message": "a\u{0}b", "title": "x".repeat(101), "title_description": 5,
            "title_image": "cup.png", "statement_descriptor": [], "metadata": 5, "extra": 1,
            "customer_collections_status": {"is_email_enabled": "yes", "is_fax_enabled": true},
            "custom_fields": [
                {"type": "colour"},
                {"label": "x", "type": "dropdown"},
                {"label": "x", "type": "text", "options": ["a"]},
            ],
        });
        let invalid = |param| ("invalid_field", param);
        check(
            &town,
            path,
            body,
            &[
                invalid("amount"),
                invalid("target_currency"),
                invalid("payment_methods"),
                invalid("ttl"),
                invalid("statement_descriptor"),
                ("invalid_metadata", "metadata"),
                invalid("cashback.id"),
                invalid("success_url"),
                invalid("success_message"),
                invalid("title"),
                invalid("title_description"),
                invalid("title_image"),
                invalid("customer_collections_status.is_email_enabled"),
                ("unknown_field", "customer_collections_status.is_fax_enabled"),
                ("missing_field", "custom_fields[0].label"),
                invalid("custom_fields[0].type"),
                ("missing_field", "custom_fields[1].options"),
                ("unsupported", "custom_fields[2].options"),
                ("unknown_field", "extra"),
            ],
        );
        let both = json!({"currency": "SATS", "amount": 5, "success_url": "https://x",
                          "success_message": "x"});
        check(&town, path, both, &[invalid("success_message")]);
        let four = json!({"currency": "SATS", "amount": 5, "custom_fields": [{}, {}, {}, {}]});
        check(&town, path, four, &[invalid("custom_fields")]);
        for options in [json!([]), json!(["a", "a"]), json!([""]), json!(["x".repeat(51)])] {
            let field = json!([{"label": "x", "type": "dropdown", "options": options}]);
            let body = json!({"currency": "SATS", "amount": 5, "custom_fields": field});
            check(&town, path, body, &[invalid("custom_fields[0].options")]);
        }
        assert_eq!(town.shop.api.get(path).granted()["data"], json!([]));
    }
}

#[test]
fn a_price_that_is_none_is_told() {
    let town = Town::start();
    let checkout = |body, expect: &[(&str, &str)]| check(&town, "/checkout-links", body, expect);
    let payment = |body, expect: &[(&str, &str)]| check(&town, "/payment-links", body, expect);
    let sats = |mut body: Value| {
        body["currency"] = json!("SATS");
        body
    };
    let (invalid, missing) = (|param| ("invalid_field", param), |param| ("missing_field", param));
    checkout(sats(json!({"amount": 0})), &[invalid("amount")]);
    checkout(
        sats(json!({"type": "options", "options": [1]})),
        &[invalid("type"), missing("amount"), ("unsupported", "options")],
    );
    payment(sats(json!({"type": "free", "amount": 5, "options": 7})), &[invalid("type")]);
    payment(
        sats(json!({"type": "options", "amount": 5})),
        &[("unsupported", "amount"), missing("options")],
    );
    for options in [json!([]), json!([1, 2, 3, 4]), json!(["1"]), json!([0]), json!([5, 5.0])] {
        payment(sats(json!({"type": "options", "options": options})), &[invalid("options")]);
    }
    payment(sats(json!({"type": "preset"})), &[missing("preset")]);
    payment(
        sats(json!({"type": "preset", "preset": {}})),
        &[missing("preset.min_amount"), missing("preset.max_amount")],
    );
    let upside_down = json!({"min_amount": 6, "max_amount": 5, "step": 1});
    payment(
        sats(json!({"type": "preset", "preset": upside_down})),
        &[invalid("preset.max_amount"), ("unknown_field", "preset.step")],
    );
    let zero = json!({"min_amount": 0, "max_amount": 5});
    payment(sats(json!({"type": "preset", "preset": zero})), &[invalid("preset.min_amount")]);
}

#[test]
fn texts_that_fit_alone_but_not_together_are_refused_before_the_books_see_them() {
    let town = Town::start();
    let field = json!({"label": "🦀".repeat(50), "type": "dropdown",
        "options": (0..10).map(|n| format!("{n}{}", "🦀".repeat(49))).collect::<Vec<_>>()});
    let body = json!({"currency": "SATS", "amount": 5, "metadata": {"x": "\"".repeat(7_000)},
        "custom_fields": [field, field, field], "success_message": "🦀".repeat(250), "title_description": "🦀".repeat(250), "title": "🦀".repeat(100)});
    for path in ["/checkout-links", "/payment-links"] {
        check(&town, path, body.clone(), &[("invalid_metadata", "metadata")]);
        let mut less = body.clone();
        less["custom_fields"] = json!([field]);
        make(&town.shop, path, less);
    }
}
