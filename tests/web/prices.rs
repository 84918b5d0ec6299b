//! Prices in any currency, payments that are renewed, and what customers choose and say.

use satback::domain::currency::Currency;
use satback::domain::decimal::Decimal;
use satback::domain::rate::Rate;
use satback::domain::time::Span;
use satback::ports::clock::Clock;
use satback_regtest::Api;
use serde_json::{Value, json};

use super::kit::{Town, page, problems, raw};

fn town() -> Town {
    let town = Town::start_with(&[
        "rates.currencies=[\"USD\"]",
        "rates.url=https://a.example",
        "rates.pointer=/x",
        "rates.fixed=[\"EUR=1100\", \"JPY=6.5\"]",
    ]);
    dollar(&town, "1000");
    town
}

fn dollar(town: &Town, sats: &str) {
    let usd = Currency::parse("USD").unwrap();
    town.daemon.rates.offer(usd, Rate::new(Decimal::parse(sats).unwrap()).unwrap());
}

fn path(session: &Value) -> String {
    format!("/checkout-sessions/{}", session["id"].as_str().unwrap())
}

fn form(town: &Town, path: &str, body: &str) -> String {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
        body.len()
    );
    raw(town.daemon.public_at, &request)
}

#[test]
fn a_price_in_fiat_is_fixed_with_the_payment_and_refused_without_a_fresh_rate() {
    let mut town = town();
    let body = json!({"currency": "USD", "amount": 2.01});
    let made = town.shop.api.post("/checkout-sessions", body.clone()).granted();
    assert_eq!((&made["target_amount"], &made["ttl"]), (&json!(2_010), &json!(600)));
    assert_eq!(made["payments"][0]["exchange_rate"], 1_000);
    town.pay(&made);
    let paid = town.shop.api.get(&path(&made)).granted();
    assert_eq!((&paid["status"], &paid["amount_paid"]), (&json!("paid"), &json!(2.01)));
    let yen = json!({"currency": "JPY", "amount": 100});
    assert_eq!(town.shop.api.post("/checkout-sessions", yen).granted()["target_amount"], 650);

    let none = town.shop.api.post("/checkout-sessions", json!({"currency": "CHF", "amount": 1}));
    assert_eq!(
        (none.refused(402), problems(&none)[0].1.as_str()),
        ("rate_unavailable", "currency")
    );
    town.daemon.process.pass(Span::from_secs(301));
    let answer = town.shop.api.post("/checkout-sessions", body.clone());
    assert_eq!(answer.refused(402), "rate_unavailable", "stale");
    let fixed = json!({"name": "x", "type": "fixed", "currency": "USD", "amount": 1});
    assert_eq!(town.shop.api.post("/cashbacks", fixed).refused(402), "rate_unavailable");
    let rates = town.shop.restricted.get("/rates").granted();
    let usd = rates["data"].as_array().unwrap().iter().find(|rate| rate["currency"] == "USD");
    assert_eq!(usd.unwrap()["usable"], false);
    let ready = Api::new(town.daemon.admin_at, "").get("/readyz");
    assert_eq!((ready.status, &ready.json["warnings"][0]["rule"]), (200, &json!("rate")));
    for (currency, amount) in [("USD", json!(1.001)), ("JPY", json!(0.5)), ("KWD", json!(1.0005))] {
        let answer = town
            .shop
            .api
            .post("/checkout-sessions", json!({"currency": currency, "amount": amount}));
        assert_eq!(answer.refused(400), "invalid_field");
        assert_eq!(problems(&answer)[0].1, "amount");
    }
}

#[test]
fn an_expired_payment_is_renewed_once_however_many_look() {
    let mut town = town();
    let body = json!({"currency": "USD", "amount": 2, "ttl": 300});
    let made = town.shop.api.post("/checkout-sessions", body).granted();
    town.daemon.process.pass(Span::from_secs(301));
    dollar(&town, "1100");
    let outside = &town.daemon.process.outside;
    outside.node.set_time(outside.clock.now().wall);
    std::thread::scope(|scope| {
        for at in 0..16 {
            let (public, shop, made) = (town.public(), &town.shop, &made);
            scope.spawn(move || match at % 3 {
                0 => assert_eq!(shop.api.get(&path(made)).status, 200),
                1 => assert_eq!(public.get(&page(made)).status, 200),
                _ => assert_eq!(public.get(&format!("{}/status", page(made))).status, 200),
            });
        }
    });
    let seen = town.shop.api.get(&path(&made)).granted();
    let payments = seen["payments"].as_array().unwrap();
    let shown: Vec<_> = payments.iter().map(|p| (&p["status"], &p["target_amount"])).collect();
    let (expired, unpaid) = (json!("expired"), json!("unpaid"));
    assert_eq!(shown, [(&expired, &json!(2_000)), (&unpaid, &json!(2_200))]);
    let text = town.public().get(&page(&made)).text;
    assert!(text.contains("2.00 USD") && text.contains("2,200 sat") && text.contains("1,100 sat"));
    let closed = town.shop.api.post(&format!("{}/deactivate", path(&made)), json!({})).granted();
    assert_eq!(closed["payments"].as_array().unwrap().len(), 2);
    assert_eq!(town.operator.get("/ledger/audit").granted()["internal"]["problems"], json!([]));
}

#[test]
fn a_session_changes_what_its_page_says_and_nothing_else() {
    let town = Town::start();
    let body =
        json!({"currency": "SATS", "amount": 5, "title": "a", "success_url": "https://a.example"});
    let made = town.shop.api.post("/checkout-sessions", body).granted();
    let change = json!({"title": "b", "description": "d", "title_image": "https://a.example/i.png",
        "success_url": null, "success_message": "thanks", "metadata": {"x": 1}});
    let changed = town.shop.api.post(&path(&made), change).granted();
    assert_eq!((&changed["title"], &changed["success_url"]), (&json!("b"), &json!(null)));
    assert_eq!(changed["success_message"], "thanks");
    assert_eq!(changed["metadata"], json!({"x": "1"}));
    let two = town.shop.api.post(&path(&made), json!({"success_url": "https://b.example"}));
    assert_eq!(two.refused(400), "invalid_field");
    for field in ["amount", "currency", "ttl", "cashback"] {
        let answer = town.shop.api.post(&path(&made), json!({field: 1}));
        assert_eq!(answer.refused(400), "unknown_field", "{field}");
    }
    assert_eq!(town.shop.restricted.post(&path(&made), json!({})).refused(403), "forbidden");
    let other = town.merchant("other");
    let details = format!("{}/customer-details", path(&made));
    assert_eq!(other.api.post(&path(&made), json!({"title": "x"})).refused(404), "not_found");
    assert_eq!(other.api.ask("DELETE", &details, None).refused(404), "not_found");
    let cashback = format!("/cashbacks/{}", town.shop.cashback()["id"].as_str().unwrap());
    assert_eq!(other.api.post(&cashback, json!({"name": "x"})).refused(404), "not_found");
}

#[test]
fn a_cashback_in_fiat_is_shown_as_it_was_written_and_changes_its_limits() {
    let town = town();
    let body = json!({"name": "x", "type": "fixed", "currency": "USD", "amount": 0.5,
        "min_spend": 1.5, "budget": 10});
    let made = town.shop.api.post("/cashbacks", body).granted();
    assert_eq!((&made["amount"], &made["min_spend"]), (&json!(0.5), &json!(1.5)));
    assert_eq!((&made["budget"], &made["budget_msat"]), (&json!(10), &json!(10_000_000)));
    dollar(&town, "1100");
    let body = json!({"currency": "EUR", "amount": 2, "cashback": {"id": made["id"]}});
    let session = town.shop.api.post("/checkout-sessions", body).granted();
    town.pay(&session);
    let claim = town.shop.api.get(&path(&session)).granted()["claim"].clone();
    let claim = town.shop.api.get(&format!("/claims/{}", claim.as_str().unwrap())).granted();
    assert_eq!(claim["amount_msat"], 550_000, "half a dollar when the payment was made");

    let path = format!("/cashbacks/{}", made["id"].as_str().unwrap());
    let change = json!({"name": "y", "max_amount": 0.25, "min_spend": null, "budget": 20,
        "max_claims": 3, "claim_ttl": 60, "description": "z", "metadata": {"a": "b"}});
    let changed = town.shop.api.post(&path, change).granted();
    assert_eq!((&changed["max_amount"], &changed["min_spend"]), (&json!(0.25), &json!(null)));
    assert_eq!((&changed["budget_msat"], &changed["version"]), (&json!(22_000_000), &json!(2)));
    let fixed = json!({"type": "fixed", "amount": 1, "currency": "SATS", "start_date": 1});
    assert_eq!(problems(&town.shop.api.post(&path, fixed)).len(), 4);
    town.shop.api.post(&format!("{path}/deactivate"), json!({})).granted();
    assert_eq!(
        town.shop.api.post(&path, json!({"name": "z"})).refused(409),
        "cashback_deactivated"
    );
}

#[test]
fn a_payment_can_be_made_alone_and_has_speeds_fields() {
    let town = town();
    let body = json!({"currency": "USD", "amount": 1, "statement_descriptor": "Shop",
        "metadata": {"order": "7"}});
    let made = town.shop.api.post("/payments", body).granted();
    assert_eq!((&made["object"], &made["status"]), (&json!("payment"), &json!("unpaid")));
    assert_eq!((&made["target_amount"], &made["exchange_rate"]), (&json!(1_000), &json!(1_000)));
    assert_eq!(made["metadata"], json!({"order": "7"}));
    let id = made["id"].as_str().unwrap();
    town.pay(&json!({"payments": [{"id": id}]}));
    let paid = town.shop.api.get(&format!("/payments/{id}")).granted();
    assert_eq!((&paid["status"], &paid["amount_paid"]), (&json!("paid"), &json!(1)));
    assert_eq!(paid["payment_method_paid_by"], "lightning");
    let nothing = json!({"currency": "USD", "amount": 0, "cashback": {"id": "cb_1"}});
    let found = problems(&town.shop.api.post("/payments", nothing));
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(town.shop.restricted.post("/payments", json!({})).refused(403), "forbidden");
    assert_eq!(
        town.merchant("other").api.get(&format!("/payments/{id}")).refused(404),
        "not_found"
    );
}

#[test]
fn a_customer_answers_and_chooses_on_the_page_before_the_invoice_is_shown() {
    let town = town();
    let body = json!({"currency": "USD", "type": "options", "options": [1, 2.5],
        "customer_collections_status": {"is_email_enabled": true},
        "custom_fields": [{"label": "Size", "type": "dropdown", "options": ["S", "L"]}]});
    let made = town.shop.api.post("/checkout-sessions", body).granted();
    assert_eq!((&made["payments"], &made["customer_details"]), (&json!([]), &json!(null)));
    let (public, page) = (town.public(), page(&made));
    assert!(public.get(&page).text.contains("E-mail"));
    assert!(form(&town, &format!("{page}/details"), "email=nobody").starts_with("HTTP/1.1 400"));
    let size = made["custom_fields"][0]["id"].as_str().unwrap();
    let answers = format!("email=a%40b.example&{size}=L");
    let said = form(&town, &format!("{page}/details"), &answers);
    assert!(said.starts_with("HTTP/1.1 303"), "{said}");
    let text = public.get(&page).text;
    assert!(text.contains("2.50 USD") && !text.contains("E-mail"), "{text}");
    assert_eq!(public.get(&format!("{page}/invoice.svg")).status, 404);
    assert!(form(&town, &format!("{page}/amount"), "amount=3").starts_with("HTTP/1.1 400"));
    assert!(form(&town, &format!("{page}/amount"), "amount=2.50").starts_with("HTTP/1.1 303"));
    assert_eq!(public.get(&format!("{page}/invoice.svg")).status, 200);
    let seen = town.shop.api.get(&path(&made)).granted();
    assert_eq!((&seen["amount"], &seen["target_amount"]), (&json!(2.5), &json!(2_500)));
    assert_eq!(seen["customer_details"]["email"], "a@b.example");
    assert_eq!(seen["customer_details"]["custom_fields"][0]["value"], "L");
    let gone = town.shop.api.ask("DELETE", &format!("{}/customer-details", path(&made)), None);
    assert_eq!(gone.granted()["customer_details"], json!(null));
    let any = town.shop.api.post("/checkout-sessions", json!({"currency": "USD", "amount": 0}));
    assert_eq!(any.granted()["target_amount"], json!(null));
    for (field, value) in [
        ("options", json!([0])),
        ("options", json!([1, 1])),
        ("options", json!([1.001])),
        ("options", json!([1, 2, 3, 4])),
    ] {
        let answer = town.shop.api.post(
            "/checkout-sessions",
            json!({"currency": "USD", "type": "options", field: value}),
        );
        assert_eq!(problems(&answer)[0].1, field, "{value}");
    }
}

#[test]
fn a_key_that_is_taken_back_with_an_overlap_counts_until_its_end() {
    let mut town = Town::start();
    let keys = format!("/accounts/{}/keys", town.shop.account);
    let made = town.operator.post(&keys, json!({"type": "secret"})).granted();
    let old = Api::new(town.daemon.admin_at, made["key"].as_str().unwrap());
    let one = format!("{keys}/{}", made["id"].as_str().unwrap());
    let revoked = town.operator.ask("DELETE", &one, Some(&json!({"overlap_secs": 60}))).granted();
    assert!(revoked["revoked_at"].as_u64() > made["created"].as_u64());
    old.get("/balances").granted();
    town.daemon.process.pass(Span::from_secs(60));
    assert_eq!(old.get("/balances").refused(401), "unauthorized");
    let too_long = town.operator.ask("DELETE", &one, Some(&json!({"overlap_secs": 99_999_999})));
    assert_eq!(too_long.refused(400), "invalid_field");
}
