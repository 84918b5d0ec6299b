//! The largest objects that the API takes fit into the store's rows.

use serde_json::{Map, Value, json};

use super::kit::{Town, page};

fn large_metadata() -> Value {
    let value = "\u{1F4B8}".repeat(40);
    let pairs = (0..50).map(|number| (format!("{number:02}"), json!(value)));
    json!(pairs.collect::<Map<_, _>>())
}

#[test]
fn the_largest_session_and_cashback_are_kept_paid_and_shown() {
    let town = Town::start();
    let long = |len: usize| "\"\u{1F4B8}".repeat(len / 5);
    let body = json!({
        "name": long(100), "type": "percentage", "percentage": 5, "description": long(100),
        "metadata": large_metadata(),
    });
    let cashback = town.shop.api.post("/cashbacks", body).granted();
    let url = format!("https://a.example/{}", "%22".repeat(300));
    let body = json!({
        "currency": "SATS", "amount": 10_000, "cashback": {"id": cashback["id"]},
        "title": long(100), "title_description": long(250), "description": long(250),
        "statement_descriptor": long(100), "success_url": url, "cancel_url": url,
        "source": long(100), "source_id": long(100), "metadata": large_metadata(),
    });
    let session = town.shop.api.post("/checkout-sessions", body).granted();
    town.pay(&session);
    let id = session["id"].as_str().unwrap();
    let paid = town.shop.api.get(&format!("/checkout-sessions/{id}")).granted();
    assert_eq!(paid["status"], "paid");
    assert_eq!(paid["metadata"], session["metadata"]);
    assert_eq!(town.public().get(&page(&session)).status, 200);
    let audit = town.operator.get("/ledger/audit").granted();
    assert_eq!(audit["internal"]["problems"], json!([]));
}
