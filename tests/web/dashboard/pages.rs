//! What is on the pages, and what their forms do.

use satback::sim::daemon::OPERATOR_KEY;
use serde_json::json;

use super::super::kit::Town;
use super::kit::{Visitor, key, shopkeeper};

/// Markup, quotes, both directions, and what is not on the basic plane.
const HOSTILE: &str =
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> & \u{202e}مرحبا\u{202c} 🎄";

fn id(object: &serde_json::Value) -> &str {
    object["id"].as_str().unwrap()
}

#[test]
fn the_tour_leads_from_a_cashback_to_a_link_that_carries_it() {
    let town = Town::start();
    let visitor = shopkeeper(&town);
    let home = visitor.get("/").shown();
    for words in ["Send Payments", "Receive Payments", "Checkout / Payment Links"] {
        assert!(home.body.contains(words), "{words}");
    }
    let list = visitor.get("/dashboard/cashbacks").shown();
    assert!(list.body.contains("No cashback yet") && list.body.contains("Create New"));
    let fields = [
        ("name", "Autumn"),
        ("type", "percentage"),
        ("percentage", "2.5"),
        ("amount", ""),
        ("currency", "SATS"),
        ("start_date", "2020-01-01T00:00"),
        ("end_date", "2090-01-01T12:30"),
        ("budget", "10000"),
        ("claim_ttl", "1.5"),
        ("metadata", "season = autumn"),
    ];
    let made = visitor.send("/dashboard/cashbacks/new", "/dashboard/cashbacks", &fields);
    let detail = made.leads_to().to_owned();
    let page = visitor.get(&detail).shown();
    assert!(page.body.contains("Autumn") && page.body.contains("The cashback is made."));
    assert!(!visitor.get(&detail).body.contains("The cashback is made."), "it is said once");
    let cashback = town.shop.api.get("/cashbacks").granted()["data"][0].clone();
    assert_eq!(detail, format!("/dashboard/cashbacks/{}", id(&cashback)));
    assert_eq!(cashback["percentage"].to_string(), "2.5");
    assert_eq!(cashback["end_date"], 3_786_957_000_000_u64);
    assert_eq!((&cashback["budget"], &cashback["claim_ttl"]), (&json!(10_000), &json!(129_600)));
    assert_eq!(cashback["metadata"], json!({"season": "autumn"}));

    let form = visitor.get("/dashboard/links/new").shown();
    assert!(form.body.contains("Add Cashback") && form.body.contains("Autumn (2.5\u{a0}%)"));
    let fields = [
        ("link", "payment"),
        ("title", "Coffee"),
        ("type", "fixed"),
        ("currency", "SATS"),
        ("amount", "5000"),
        ("add_cashback", "yes"),
        ("cashback.id", id(&cashback)),
        ("customer_collections_status.is_email_enabled", "yes"),
        ("custom_fields[1].label", "Milk?"),
        ("custom_fields[1].type", "dropdown"),
        ("custom_fields[1].options", "Oat, Whole milk"),
    ];
    let made = visitor.send("/dashboard/links/new", "/dashboard/links", &fields);
    let link = town.shop.api.get("/payment-links").granted()["data"][0].clone();
    assert_eq!(made.leads_to(), format!("/dashboard/links/{}", id(&link)));
    assert_eq!(link["cashback"]["id"], cashback["id"]);
    assert_eq!(link["customer_collections_status"]["is_email_enabled"], true);
    assert_eq!(link["custom_fields"][0]["options"], json!(["Oat", "Whole milk"]));
    assert!(visitor.get(made.leads_to()).shown().body.contains(link["url"].as_str().unwrap()));
    let page = visitor.get(&detail).shown();
    assert!(page.body.contains("Coffee"), "attached links");
    let path = format!("{detail}/deactivate");
    assert!(visitor.get(&path).shown().body.contains("Deactivate this cashback?"));
    assert_eq!(visitor.send(&path, &path, &[]).leads_to(), detail);
    let ended = town.shop.api.get(&format!("/cashbacks/{}", id(&cashback))).granted();
    assert_eq!(ended["status"], "deactivated");
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() {
    let town = Town::start();
    let visitor = shopkeeper(&town);
    let fields = [
        ("name", ""),
        ("type", "percentage"),
        ("percentage", "120"),
        ("currency", "SATS"),
        ("budget", "1,5"),
        ("start_date", "2090-01-02T00:00"),
        ("end_date", "2090-01-01T00:00"),
        ("description", "Thank \"you\" <3"),
    ];
    let page = visitor.send("/dashboard/cashbacks/new", "/dashboard/cashbacks", &fields).shown();
    for (field, problem) in [
        ("name", "Name: fill this in."),
        ("percentage", "Percentage must be above 0 and at most 100, with at most two decimals."),
        ("budget", "Budget: give a number, with a point before its decimals."),
        ("end_date", "End date must be after the start date and in the future."),
    ] {
        let begin =
            page.body.find(&format!("id=\"f-{field}-wrong\"")).unwrap_or_else(|| panic!("{field}"));
        assert!(
            page.body[begin..begin + 200].contains(problem),
            "{}",
            &page.body[begin..begin + 200]
        );
        let control = page.body.find(&format!("id=\"f-{field}\" ")).unwrap();
        assert!(page.body[control..control + 300].contains("aria-invalid=\"true\""), "{field}");
    }
    assert!(page.body.contains("value=\"120\"") && page.body.contains("value=\"1,5\""));
    assert!(page.body.contains("value=\"Thank &quot;you&quot; &lt;3\""));
    assert_eq!(town.shop.api.get("/cashbacks").granted()["data"], json!([]));
    let fields =
        [("link", "checkout"), ("currency", "SATS"), ("amount", "5"), ("add_cashback", "yes")];
    let page = visitor.send("/dashboard/links/new", "/dashboard/links", &fields).shown();
    assert!(page.body.contains("Cashback: choose one of the available cashbacks."));
}

#[test]
fn a_form_that_is_sent_twice_makes_one_thing() {
    let town = Town::start();
    let visitor = shopkeeper(&town);
    let form = visitor.get("/dashboard/cashbacks/new").shown();
    let (csrf, once) = (form.hidden("csrf"), form.hidden("once"));
    let mut fields = vec![("csrf", csrf.as_str()), ("once", once.as_str()), ("name", "Autumn")];
    fields.extend([("type", "fixed"), ("amount", "5"), ("currency", "SATS")]);
    let first = visitor.post("/dashboard/cashbacks", &fields).leads_to().to_owned();
    assert_eq!(visitor.post("/dashboard/cashbacks", &fields).leads_to(), first);
    fields[2].1 = "Winter";
    let other = visitor.post("/dashboard/cashbacks", &fields).shown();
    assert!(other.body.contains("was used with another request"));
    assert_eq!(town.shop.api.get("/cashbacks").granted()["data"].as_array().unwrap().len(), 1);
}

#[test]
fn hostile_texts_are_only_texts_on_every_page_that_shows_them() {
    let town = Town::start();
    let long = "W".repeat(100);
    let metadata = json!({"note": HOSTILE});
    let cashback = town.shop.api.post("/cashbacks", json!({
        "name": HOSTILE, "type": "percentage", "percentage": 5, "description": "\"><b>", "metadata": metadata,
    }));
    let cashback = cashback.granted();
    town.shop.api.post("/cashbacks", json!({"name": long, "type": "fixed", "amount": 1})).granted();
    let body = json!({
        "currency": "SATS", "amount": 10_000, "cashback": {"id": cashback["id"]}, "title": HOSTILE,
        "title_description": HOSTILE, "success_message": HOSTILE, "metadata": metadata,
        "custom_fields": [{"label": "<i>\"'&", "type": "text"}], "statement_descriptor": HOSTILE,
    });
    let link = town.shop.api.post("/payment-links", body.clone()).granted();
    let checkout = town.shop.api.post("/checkout-links", body.clone()).granted();
    let session = town.shop.api.post("/checkout-sessions", body).granted();
    town.pay(&session);
    let session = town.shop.api.get(&format!("/checkout-sessions/{}", id(&session))).granted();
    town.operator.post("/accounts", json!({ "name": HOSTILE })).granted();
    let visitor = shopkeeper(&town);
    let operator = Visitor::signed_in(&town, OPERATOR_KEY);
    let claim = session["claim"].as_str().unwrap();
    let events = town.shop.api.get("/events?event_type=cashback.created").granted();
    let event = id(&events["data"][1]).to_owned();
    for path in [
        "/".to_owned(),
        "/dashboard/cashbacks".into(),
        format!("/dashboard/cashbacks/{}", id(&cashback)),
        format!("/dashboard/cashbacks/{}/edit", id(&cashback)),
        "/dashboard/links".into(),
        "/dashboard/links?kind=checkout".into(),
        "/dashboard/links/new".into(),
        format!("/dashboard/links/{}", id(&link)),
        format!("/dashboard/links/{}", id(&checkout)),
        "/dashboard/sessions".into(),
        format!("/dashboard/sessions/{}", id(&session)),
        format!("/dashboard/sessions/{}/edit", id(&session)),
        format!("/dashboard/claims/{claim}"),
        format!("/dashboard/events/{event}"),
        "/dashboard/accounts".into(),
        "/dashboard/suspense".into(),
    ] {
        let is_operators = path.contains("accounts") || path.contains("suspense");
        let page = if is_operators { operator.get(&path) } else { visitor.get(&path) }.shown();
        for bad in ["<script>alert", "<img src=x", "\"><b>", "<i>\"'"] {
            assert!(!page.body.contains(bad), "{path}: {bad}");
        }
        if !["/dashboard/suspense"].contains(&path.as_str()) && !path.contains("claims") {
            assert!(page.body.contains("&lt;script&gt;alert(1)"), "{path} shows it");
        }
    }
    let query = "/dashboard/cashbacks?status=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    assert!(!visitor.get(query).body.contains("<script>alert"));
    let query = "/dashboard/transactions?type=%22%3E%3Cscript%3Ealert(1)&from=%22%3E%3Cb%3E";
    let page = visitor.get(query).shown();
    assert!(!page.body.contains("<script>alert") && !page.body.contains("\"><b>"));
}

#[test]
fn a_merchant_never_sees_what_is_anothers_nor_the_operators() {
    let town = Town::start();
    let (session, claim) = town.claim(10_000);
    let other = town.merchant("other");
    let visitor = Visitor::signed_in(&town, &key(&town, &other.account, "secret"));
    let cashback = session["cashback"]["id"].as_str().unwrap();
    let payment = session["payments"][0]["id"].as_str().unwrap();
    for path in [
        format!("/dashboard/cashbacks/{cashback}"),
        format!("/dashboard/cashbacks/{cashback}/edit"),
        format!("/dashboard/sessions/{}", id(&session)),
        format!("/dashboard/claims/{}", id(&claim)),
        format!("/dashboard/payments/{payment}"),
    ] {
        assert_eq!(visitor.get(&path).status, 404, "{path}");
    }
    for path in ["cashbacks", "sessions", "claims", "payments", "events", "transactions"] {
        let page = visitor.get(&format!("/dashboard/{path}")).shown();
        for secret in [id(&session), id(&claim), cashback, payment] {
            assert!(!page.body.contains(secret), "{path}");
        }
    }
    assert!(!visitor.get("/dashboard/transactions.csv").shown().body.contains(payment));
    let path = format!("/dashboard/claims/{}/cancel", id(&claim));
    assert_eq!(visitor.send(&path, &path, &[]).status, 404);
    assert_eq!(town.again(&claim)["status"], "open");
    for path in [
        "accounts",
        "node",
        "audit",
        "suspense",
        "backup",
        "accounts/new",
        "node/channels/new",
        "node/channels/x/close",
        "node/peers/new",
        "node/send",
    ] {
        assert_eq!(visitor.get(&format!("/dashboard/{path}")).status, 403, "{path}");
    }
    let csrf = visitor.get("/").shown().hidden("csrf");
    for path in [
        "act-for".to_owned(),
        "accounts".into(),
        format!("accounts/{}/credit", other.account),
        format!("accounts/{}/keys", other.account),
        "node/address".into(),
        "node/drain".into(),
        "node/channels/x/close".into(),
        "node/peers".into(),
        "node/send".into(),
    ] {
        let fields = [
            ("csrf", csrf.as_str()),
            ("account", town.shop.account.as_str()),
            ("amount", "5"),
            ("name", "x"),
            ("type", "secret"),
        ];
        let answer = visitor.post(&format!("/dashboard/{path}"), &fields);
        assert!(
            answer.status == 403 || answer.body.contains("Only the operator"),
            "{path} {}",
            answer.status
        );
    }
    assert_eq!(other.api.get("/balances").granted()["available_msat"], 0);
    assert!(!visitor.get("/").shown().body.contains("/dashboard/accounts"));
}

#[test]
fn lists_have_pages_in_both_directions_and_filters() {
    let town = Town::start();
    for at in 0..45 {
        let body = json!({"name": format!("number {at:02}"), "type": "fixed", "amount": 1});
        town.shop.api.post("/cashbacks", body).granted();
    }
    let visitor = shopkeeper(&town);
    let names = |body: &str| body.matches(">number ").count();
    let link = |page: &super::kit::Page, rel: &str| {
        let begin = page.body.find(&format!("rel=\"{rel}\" href=\""))?;
        let rest = &page.body[begin..];
        let from = rest.find("href=\"").unwrap() + 6;
        Some(rest[from..from + rest[from..].find('"').unwrap()].replace("&amp;", "&"))
    };
    let first = visitor.get("/dashboard/cashbacks").shown();
    assert_eq!(names(&first.body), 20);
    assert!(first.body.contains("number 44") && link(&first, "prev").is_none());
    let second = visitor.get(&link(&first, "next").unwrap()).shown();
    assert!(second.body.contains("number 24") && second.body.contains("number 05"));
    let third = visitor.get(&link(&second, "next").unwrap()).shown();
    assert_eq!(names(&third.body), 5);
    assert!(link(&third, "next").is_none());
    let back = visitor.get(&link(&third, "prev").unwrap()).shown();
    assert!(back.body.contains("number 24") && link(&back, "next").is_some());
    let (_, claim) = town.claim(10_000);
    let of_one = format!("/dashboard/claims?cashback={}", claim["cashback"].as_str().unwrap());
    let of_one = visitor.get(&of_one).shown();
    assert!(of_one.body.contains(id(&claim)) && of_one.hidden("cashback") == claim["cashback"]);
    let other = town.shop.api.get("/cashbacks?limit=2").granted()["data"][1].clone();
    let of_other = visitor.get(&format!("/dashboard/claims?cashback={}", id(&other))).shown();
    assert!(!of_other.body.contains(id(&claim)));
    let none = visitor.get("/dashboard/cashbacks?status=deactivated").shown();
    assert!(none.body.contains("Nothing matches these filters"));
}
