//! From the link to the payment: what the customer sees before it pays, and while it does.

use satback::domain::time::Span;
use satback_regtest::{Look, browser};
use serde_json::json;

use super::barriers::assert_open_to_all;
use super::counter::{Counter, url};

#[test]
fn a_link_leads_to_a_checkout_with_its_price_its_offer_and_a_code_that_others_can_read() {
    let shop = Counter::open();
    let link = json!({"currency": "EUR", "amount": 20, "title": "Two bags of coffee",
        "title_description": "Roasted this week.", "cashback": {"id": shop.shop.cashback()["id"]}});
    let link = shop.shop.api.post("/payment-links", link).granted();
    let browser = shop.browser("a_link_leads", Look::phone(), url(&link));
    for words in ["shop", "Two bags of coffee", "20.00 EUR", "5 % back", "Roasted this week."] {
        browser.wait_text("main", words);
    }
    browser.click("button.first");
    browser.wait_url("/s/");
    for words in ["20.00 EUR", "22,000 sat", "5 % back", "1,100 sat, right after you pay"] {
        browser.wait_text(".what", words);
    }
    browser.wait_text(".rate", "1 EUR = 1,100 sat, fixed for 9:");
    let session = shop.shop.api.get("/checkout-sessions?limit=1").granted()["data"][0].clone();
    let invoice = session["payments"][0]["payment_request"].as_str().unwrap();
    browser.wait_still();
    let code = browser::codes_in(&browser.screenshot_of(".qr"));
    assert_eq!(code, [format!("LIGHTNING:{}", invoice.to_uppercase())]);
    assert_eq!(browser.attribute("a.first", "href"), format!("lightning:{invoice}"));
    browser.allow_clipboard();
    for button in [".qr", ".acts button"] {
        browser.run("navigator.clipboard.writeText('')", &[]);
        browser.click(button);
        browser.wait_text("#said", "Copied");
        assert_eq!(browser.clipboard(), invoice, "{button}");
    }
    assert!(!browser.overflows(), "320 pixels are enough");
}

#[test]
fn an_invoice_that_runs_out_before_the_customers_eyes_is_replaced_by_one_at_the_new_rate() {
    let mut shop = Counter::open();
    let session = shop.sale(&json!({"ttl": 300}));
    let browser = shop.browser("runs_out", Look::phone(), url(&session));
    browser.wait(".qr");
    let before = browser.attribute("a.first", "href");
    shop.daemon.process.pass(Span::from_secs(298));
    browser.reload();
    browser.wait_text(".count", "0:0");
    shop.daemon.process.pass(Span::from_secs(3));
    let outside = &shop.daemon.process.outside;
    outside.node.set_time(satback::ports::clock::Clock::now(&outside.clock).wall);
    // The page itself knows when to look again.
    browser.wait_text(".count", "4:5");
    assert_ne!(browser.attribute("a.first", "href"), before);
}

#[test]
fn a_page_that_cannot_be_told_of_changes_asks_for_them() {
    let shop = Counter::open_with(&["public.max_event_streams=0"]);
    let session = shop.sale(&json!({}));
    let browser = shop.browser("polls", Look::phone(), url(&session));
    browser.expect_error("status of 503");
    browser.wait(".qr");
    shop.pay(&session);
    browser.wait_visible("#cashback:modal");
}

#[test]
fn a_checkout_that_is_over_and_a_page_that_is_none_say_so() {
    let shop = Counter::open();
    let session = shop.sale(&json!({"cancel_url": "https://a.example/cart"}));
    let browser = shop.browser("over", Look::phone(), url(&session));
    assert_eq!(browser.attribute(".aside a", "href"), "https://a.example/cart");
    let path = format!("/checkout-sessions/{}/deactivate", session["id"].as_str().unwrap());
    shop.shop.api.post(&path, json!({})).granted();
    browser.wait_text("#checkout", "This checkout is closed.");
    browser.wait_text("#said", "This checkout is closed.");
    assert_open_to_all(&browser, "over");
    browser.expect_error("status of 404");
    browser.open(&shop.url("/s/00"));
    browser.wait_text("h1", "There is no such page");
    assert_open_to_all(&browser, "none");
}
