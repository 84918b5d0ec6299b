//! Every page, on a phone and a laptop, light and dark: no serious barrier, nothing wider than the page, nothing in the
//! console, no request to another host (the browser looks for the last two by itself).

use satback::sim::daemon::OPERATOR_KEY;
use satback_regtest::browser::Look;
use serde_json::json;

use super::shop::Desk;

/// Markup, quotes, 500 characters in all, both directions, and what is not on the basic plane.
const HOSTILE: &str = "<b>\"'&</b> \u{202e}مرحبا\u{202c} 🎄 WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW";

fn looks() -> [Look; 2] {
    [Look::phone().dark().still(), Look::laptop()]
}

#[test]
fn no_page_of_the_shopkeeper_has_a_barrier_in_either_theme() {
    let mut desk = Desk::open("dashboard_barriers", Look::laptop(), None);
    let pages = desk.trade("5 % back on everything").pages();
    for look in looks() {
        desk.browser.look(look);
        for page in &pages {
            desk.go(page);
            desk.check();
        }
    }
}

#[test]
fn hostile_texts_stay_readable_and_within_the_page() {
    let mut desk = Desk::open("dashboard_hostile", Look::phone(), None);
    let trade = desk.trade(HOSTILE);
    let long = "w".repeat(250);
    let body = json!({"currency": "SATS", "amount": 1, "title": HOSTILE, "title_description": long, "success_message": long,
        "description": long, "metadata": {HOSTILE: "x".repeat(500)}});
    let session = desk.town.shop.api.post("/checkout-sessions", body).granted();
    let mut pages = trade.pages();
    pages.push(format!("/dashboard/sessions/{}", session["id"].as_str().unwrap()));
    for look in [Look::phone(), Look::laptop().dark()] {
        desk.browser.look(look);
        for page in &pages {
            desk.go(page);
            assert!(!desk.browser.overflows(), "{page} is wider than the page");
        }
        desk.go(&format!("/dashboard/cashbacks/{}", trade.cashback["id"].as_str().unwrap()));
        desk.browser.wait_text("h1", "<b>\"'&</b>");
        desk.check();
    }
}

#[test]
fn no_page_of_the_operator_has_a_barrier_in_either_theme() {
    let mut desk = Desk::open("dashboard_operator", Look::laptop(), Some(OPERATOR_KEY));
    let trade = desk.trade("Breakfast");
    let account = desk.town.shop.account.clone();
    let suspense = desk.town.operator.get("/ledger/suspense").granted();
    let suspense = suspense["data"][0]["id"].as_str().unwrap().to_owned();
    let payout = trade.payout["id"].as_str().unwrap();
    let channel = desk.town.channel();
    let pages = [
        "accounts".to_owned(),
        "accounts/new".into(),
        format!("accounts/{account}"),
        format!("accounts/{account}/edit"),
        "node".into(),
        "node/channels/new".into(),
        format!("node/channels/{channel}/close"),
        "node/peers/new".into(),
        "node/send".into(),
        "audit".into(),
        "suspense".into(),
        format!("suspense/{suspense}"),
        "backup".into(),
        "cashbacks".into(),
        format!("payouts/{payout}/resolve"),
    ];
    for look in looks() {
        desk.browser.look(look);
        desk.go("/");
        desk.check();
        for page in &pages {
            desk.go(&format!("/dashboard/{page}"));
            desk.check();
        }
        desk.go("/dashboard/node");
        desk.browser.click("form[action='/dashboard/node/address'] button");
        desk.browser.wait(".deposit img");
        desk.check();
    }
}

#[test]
fn forms_with_mistakes_and_the_sign_in_page_have_no_barrier() {
    let (desk, key) = Desk::closed("dashboard_mistakes", Look::phone());
    desk.check();
    desk.browser.look(Look::phone().dark());
    desk.check();
    desk.browser.expect_error("403");
    desk.browser.type_in("#key", "ok_wrong");
    desk.browser.click("button[type=submit]");
    desk.browser.wait_text(".summary", "not known here");
    desk.check();
    desk.browser.type_in("#key", &key);
    desk.browser.click("button[type=submit]");
    desk.browser.wait(".side");
    for (form, summary) in [
        ("/dashboard/cashbacks/new", "Name: fill this in."),
        ("/dashboard/links/new", "Amount: fill this in."),
        ("/dashboard/webhooks/new", "Address: fill this in."),
    ] {
        desk.go(form);
        desk.browser.click("main .submit .primary");
        desk.browser.wait_text(".summary", summary);
        assert!(desk.browser.focused().starts_with("div"), "what is wrong is read out first");
        desk.check();
    }
}

#[test]
fn pages_do_without_a_script() {
    let mut desk = Desk::open("dashboard_scriptless", Look::phone().without_scripts(), None);
    let trade = desk.trade("Breakfast");
    desk.browser.wait_visible(".side nav a[href='/dashboard/cashbacks']");
    desk.go("/dashboard/cashbacks/new");
    desk.browser.type_in("#f-name", "Without a script");
    desk.browser.type_in("#f-percentage", "3");
    desk.browser.click("main .submit .primary");
    desk.browser.wait_text(".notice", "The cashback is made.");
    desk.browser.wait_text("h1", "Without a script");
    desk.go(&format!("/dashboard/cashbacks/{}", trade.cashback["id"].as_str().unwrap()));
    desk.browser.wait_text("time", "UTC");
}
