//! Links in dollars with a cashback, whose customers say something about themselves before they pay.

use satback_regtest::Api;
use serde_json::{Value, json};

use super::kit::{Town, path, raw};

fn town() -> Town {
    Town::start_with(&["rates.fixed=[\"USD=1050.5\"]"])
}

fn asking(town: &Town) -> Value {
    json!({
        "currency": "USD", "amount": 12.34, "cashback": {"id": town.shop.cashback()["id"]},
        "customer_collections_status": {"is_email_enabled": true},
        "custom_fields": [
            {"label": "Milk", "type": "dropdown", "options": ["oat", "cow"]},
            {"label": "Table", "type": "number", "is_optional": true},
        ],
    })
}

/// Sends a form: where it leads, or the status that it got.
fn press(town: &Town, path: &str, form: &str) -> Result<String, u16> {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}",
        form.len()
    );
    let answer = raw(town.daemon.public_at, &request);
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let to = answer.lines().find_map(|line| line.strip_prefix("location: "));
    to.map(str::to_owned).ok_or(status)
}

/// A buyer opens a link, answers, pays, and has a claim to five percent.
fn buy(town: &Town, api: &Api, link: &Value) {
    let page = press(town, &path(link["url"].as_str().unwrap()), "").unwrap();
    let public = town.public();
    let asked = public.get(&page).text;
    assert!(asked.contains("Milk") && !asked.contains("lightning:"), "first the form: {asked}");
    assert_eq!(public.get(&format!("{page}/invoice.svg")).status, 404);
    let id = |at: usize| link["custom_fields"][at]["id"].as_str().unwrap();
    let details = format!("{page}/details");
    assert_eq!(press(town, &details, &format!("email=a&{}=oat", id(0))), Err(400));
    assert_eq!(press(town, &details, &format!("email=a%40b.example&{}=soy", id(0))), Err(400));
    press(town, &details, &format!("email=a%40b.example&{}=oat", id(0))).unwrap();
    let shown = public.get(&page).text;
    assert!(shown.contains("lightning:") && !shown.contains("Milk"), "{shown}");

    let session = api.get("/checkout-sessions?limit=1").granted()["data"][0].clone();
    assert_eq!(session["custom_fields"], link["custom_fields"]);
    assert_eq!(session["customer_details"]["email"], "a@b.example");
    assert_eq!(
        session["customer_details"]["custom_fields"],
        json!([{"id": id(0), "label": "Milk", "value": "oat"}])
    );
    assert_eq!(session["target_amount"], 12_964, "rounded up");
    town.pay(&session);
    let session = api.get(&format!("/checkout-sessions/{}", session["id"].as_str().unwrap()));
    let claim = session.granted()["claim"].clone();
    let claim = api.get(&format!("/claims/{}", claim.as_str().unwrap())).granted();
    assert_eq!(claim["amount_msat"], 648_000, "five percent, rounded down");
    let events = api.get("/events?limit=100").granted().to_string();
    assert!(!events.contains("a@b.example"), "what customers say is in no event");
}

#[test]
fn a_checkout_link_in_dollars_asks_its_customer_and_pays_five_percent_back() {
    let town = town();
    let link = town.shop.api.post("/checkout-links", asking(&town)).granted();
    buy(&town, &town.shop.api, &link);
    let link = town.shop.api.get(&format!("/checkout-links/{}", link["id"].as_str().unwrap()));
    assert_eq!(link.granted()["status"], "paid");
}

#[test]
fn a_payment_link_asks_each_of_its_customers() {
    let town = town();
    let link = town.shop.api.post("/payment-links", asking(&town)).granted();
    buy(&town, &town.shop.api, &link);
    buy(&town, &town.shop.api, &link);
    let link = town.shop.api.get(&format!("/payment-links/{}", link["id"].as_str().unwrap()));
    assert_eq!(link.granted()["sessions_paid"], 2);
}
