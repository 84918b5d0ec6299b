//! axe-core on every state of every page, in both themes, on a phone and on a laptop.

use satback::domain::money::Msat;
use satback::domain::payout::FailureCode;
use satback::sim::Behaviour;
use satback_regtest::{Browser, Look};
use serde_json::json;

use super::counter::{Counter, keep, url};

/// The page as it is, in both themes. Its pictures lie in `target/screenshots`, for whoever changes the style.
pub(super) fn assert_open_to_all(browser: &Browser, state: &str) {
    for (theme, look) in [
        ("phone", Look::phone()),
        ("phone-dark", Look::phone().dark()),
        ("laptop", Look::laptop()),
        ("laptop-dark", Look::laptop().dark()),
    ] {
        // Half-way through a fade nothing has its colours.
        browser.look(look.still());
        browser.wait_for("document.getAnimations().length === 0");
        keep(&format!("state-{state}-{theme}"), &browser.screenshot_in_full());
        browser.assert_accessible();
        assert!(!browser.overflows(), "{look:?}");
    }
}

#[test]
fn no_state_of_a_purchase_has_a_serious_barrier() {
    let mut shop = Counter::open();
    let terms = json!({"currency": "EUR", "amount": 20, "title": "Two bags of coffee",
        "title_description": "Roasted this week.", "success_message": "See you soon!",
        "cashback": {"id": shop.shop.cashback()["id"]}});
    let link = shop.shop.api.post("/checkout-links", terms).granted();
    let browser = shop.browser("barriers_of_a_purchase", Look::phone().still(), url(&link));
    assert_open_to_all(&browser, "link");
    browser.click("button.first");
    browser.wait("#checkout .qr");
    assert_open_to_all(&browser, "checkout");
    let session = shop.shop.api.get("/checkout-sessions?limit=1").granted()["data"][0].clone();
    shop.pay(&session);
    browser.wait_visible("#cashback:modal");
    browser.click(".paste summary");
    assert_open_to_all(&browser, "pop-up");

    let claim = shop.claim_of(&session);
    shop.daemon.process.outside.node.behave(Behaviour::Hold);
    let invoice = shop.invoice(1_100_000);
    shop.submit(&claim, &invoice);
    shop.daemon.process.settle_down();
    browser.wait_text("#cashback", "On its way");
    assert_open_to_all(&browser, "processing");
    let hash = shop.again(&claim)["payouts"][0]["payment_hash"].clone();
    let hash = satback::domain::bytes::PaymentHash::parse(hash.as_str().unwrap()).unwrap();
    shop.daemon.process.outside.node.fail(&hash, FailureCode::NoRoute);
    shop.daemon.process.pump();
    browser.wait_visible(".failed");
    assert_open_to_all(&browser, "failed");

    shop.daemon.process.outside.node.behave(Behaviour::Arrive(Msat::ZERO));
    let invoice = shop.invoice(1_100_000);
    shop.submit(&claim, &invoice);
    shop.daemon.process.settle_down();
    browser.wait_text("#cashback", "It is in your wallet");
    browser.click(".proof summary");
    assert_open_to_all(&browser, "paid");
    browser.press("Escape");
    assert_open_to_all(&browser, "closed");
    browser.open(url(&link));
    browser.wait_text("main", "This checkout has been paid.");
    assert_open_to_all(&browser, "link-paid");
}
