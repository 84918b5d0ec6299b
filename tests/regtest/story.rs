//! What a merchant of Speed's would do, from the link to the statement: a price in dollars, a cashback of five percent, and
//! a webhook receiver that is not ours; then a cashback past its end date.

use satback::ports::clock::Clock;
use satback::system::SystemClock;
use satback_regtest::{Api, DaemonSpec, PATIENCE, Receiver, Shop, eventually, wallet};
use serde_json::{Value, json};

use super::kit::Town;
use super::links::{after, press, url_path};

/// Satoshis for a dollar.
const DOLLAR: &str = "rates.fixed=[\"USD=1050.5\"]";
/// 12.34 dollars, rounded up to a satoshi, and five percent of it, rounded down to one.
const DUE_SAT: u64 = 12_964;
const CASHBACK_MSAT: u64 = 648_000;

/// A shop whose webhook receiver verifies everything that it is told.
struct Told {
    receiver: Receiver,
}

impl Told {
    fn about(shop: &Shop) -> Self {
        let mut receiver = Receiver::start();
        let body = json!({"url": receiver.url(), "enabled_events": ["*"]});
        let endpoint = shop.api.post("/webhooks", body).granted();
        receiver.learn(endpoint["secret"].as_str().unwrap());
        Self { receiver }
    }

    /// The events up to the first of this type, which comes last.
    fn until(&self, kind: &str) -> Vec<Value> {
        let mut events = vec![];
        loop {
            let said = self.receiver.next();
            assert!(said["refused"].is_null(), "{said}");
            events.push(said["event"].clone());
            if said["event"]["event_type"] == kind {
                return events;
            }
        }
    }
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event_type"].as_str().unwrap()).collect()
}

/// The statement's rows about a source, oldest first: type, direction, and millisatoshis.
fn rows<'a>(statement: &'a [Value], source: &Value) -> Vec<(&'a str, &'a str, u64)> {
    let text = |row: &'a Value, field: &str| row[field].as_str().unwrap();
    let rows = statement.iter().rev().filter(|row| row["source"] == *source);
    rows.map(|row| {
        assert_eq!(
            (&row["object"], &row["target_currency"]),
            (&json!("balance_transaction"), &json!("SATS"))
        );
        assert_eq!(row["net"], row["amount"], "nothing is kept: {row}");
        (text(row, "type"), text(row, "transaction_type"), row["amount_msat"].as_u64().unwrap())
    })
    .collect()
}

#[test]
fn a_link_in_dollars_is_opened_paid_and_its_cashback_redeemed_and_the_shop_told_of_each_step() {
    let spec = DaemonSpec::default().set(DOLLAR);
    let town = Town::start_with(1, &spec);
    let shop = Shop::open(&town.daemon, "shop");
    let told = Told::about(&shop);
    let body = json!({"currency": "USD", "amount": 12.34, "cashback": {"id": shop.cashback},
                      "metadata": {"order": "7"}});
    let link = shop.api.post("/checkout-links", body).granted();
    assert_eq!((&link["object"], &link["status"]), (&json!("checkout.link"), &json!("active")));

    let public = Api::new(town.daemon.public(), "");
    let page = press(town.daemon.public(), &url_path(&link));
    let invoice = after(&public.get(&page).text, "href=\"lightning:").to_owned();
    town.customer().pay(&invoice).unwrap();
    let shown = eventually("the cashback on the page;", PATIENCE, || {
        let shown = public.get(&page).text;
        if shown.contains("LNURL1") { Ok(shown) } else { Err(shown) }
    });
    let lnurl = format!("LNURL1{}", after(&shown, "lightning:LNURL1"));
    wallet::claim(town.customer(), &lnurl).unwrap();

    let events = told.until("claim.paid");
    assert_eq!(
        kinds(&events),
        [
            "checkout_link.created",
            "checkout_session.created",
            "payment.created",
            "payment.paid",
            "claim.created",
            "checkout_session.payment_paid",
            "checkout_session.paid",
            "checkout_link.paid",
            "claim.processing",
            "claim.paid",
        ]
    );
    let paid = &events[3]["data"]["object"];
    assert_eq!((&paid["currency"], &paid["amount"]), (&json!("USD"), &json!(12.34)));
    assert_eq!((&paid["exchange_rate"], &paid["target_amount"]), (&json!(1050.5), &json!(DUE_SAT)));
    let claim = &events[9]["data"]["object"];
    assert_eq!((&claim["amount_msat"], &claim["status"]), (&json!(CASHBACK_MSAT), &json!("paid")));
    assert_eq!(claim["lnurl"], Value::Null, "no message carries a link that pays");

    let link = shop.api.get(&format!("/checkout-links/{}", link["id"].as_str().unwrap()));
    let link = link.granted();
    assert_eq!((&link["status"], &link["payment_id"]), (&json!("paid"), &json!([paid["id"]])));
    let statement = shop.api.get("/balance-transactions?limit=100").granted();
    let statement = statement["data"].as_array().unwrap();
    assert_eq!(rows(statement, &paid["id"]), [("Payment", "credit", DUE_SAT * 1_000)]);
    let payout = rows(statement, &claim["payouts"][0]["id"]);
    assert_eq!(payout[0], ("Withdraw", "debit", CASHBACK_MSAT));
    let (fee, back) = (payout[1], payout.get(2).map_or(0, |row| row.2));
    assert_eq!((fee.0, fee.1), ("Fees", "debit"));
    assert!(payout.len() == 2 || (payout[2].0, payout[2].1) == ("Fees Adjustment", "credit"));
    let kept = DUE_SAT * 1_000 - CASHBACK_MSAT - fee.2 + back;
    let balances = shop.api.get("/balances").granted();
    assert_eq!(balances["available_msat"], kept);
    assert_eq!(balances["available"][0]["target_currency"], "SATS");
    town.assert_sound();
}

#[test]
fn a_cashback_past_its_end_date_is_deactivated_and_told_of_and_pays_nobody() {
    let spec = DaemonSpec::default();
    let town = Town::start_with(1, &spec);
    let end = SystemClock::default().now().wall.millis() + 20_000;
    let body = json!({"name": "short", "type": "percentage", "percentage": 5, "end_date": end});
    let shop = Shop::open_with(&town.daemon, "shop", body);
    let told = Told::about(&shop);
    let session = shop.session(20_000);

    let events = told.until("cashback.deactivated");
    let over = &events.last().unwrap()["data"]["object"];
    assert_eq!(over["id"], shop.cashback);
    assert_eq!(
        (&over["status"], &over["deactivated_reason"]),
        (&json!("deactivated"), &json!("expired"))
    );
    let at = over["modified"].as_u64().unwrap();
    assert!((end..end + 60_000).contains(&at), "it ended at {at}, not in the minute after {end}");

    shop.pay(town.customer(), &session);
    assert!(!kinds(&told.until("checkout_session.paid")).contains(&"claim.created"));
    let paid = shop.session_now(&session);
    assert_eq!(
        (&paid["claim"], &paid["no_claim_reason"]),
        (&Value::Null, &json!("cashback_not_live"))
    );
    let url = url_path(&paid);
    let page = Api::new(town.daemon.public(), "").get(&url).text;
    assert!(!page.contains("LNURL1") && !page.contains("lnurlw"), "{page}");
    let again = json!({"currency": "SATS", "amount": 5, "cashback": {"id": shop.cashback}});
    assert_eq!(shop.api.post("/checkout-links", again).refused(400), "cashback_inactive");
    town.assert_sound();
}
