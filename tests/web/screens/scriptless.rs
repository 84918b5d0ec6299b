//! Without scripts the page loads itself again, and everything can still be done.

use satback_regtest::browser::PAGE_DEADLINE;
use satback_regtest::{Look, browser, eventually};
use serde_json::json;

use super::counter::{Counter, url};

#[test]
fn a_customer_without_scripts_pays_and_is_paid() {
    let mut shop = Counter::open();
    let link =
        json!({"currency": "EUR", "amount": 20, "cashback": {"id": shop.shop.cashback()["id"]}});
    let link = shop.shop.api.post("/checkout-links", link).granted();
    let browser = shop.browser(
        "scriptless",
        Look { phone: false, ..Look::phone() }.without_scripts(),
        url(&link),
    );
    browser.expect_error("status of 400");
    browser.click("button.first");
    browser.wait_visible("#checkout .qr");
    assert!(!browser.is_visible("#checkout .acts button"), "no button that does nothing");
    let session = shop.shop.api.get("/checkout-sessions?limit=1").granted()["data"][0].clone();
    shop.pay(&session);
    browser.wait_visible("#cashback .qr");
    let lnurl = shop.claim_of(&session)["lnurl"].as_str().unwrap().to_owned();
    // The page may be loading itself anew at this very moment.
    eventually("the code to be read;", PAGE_DEADLINE, || {
        let read = browser::codes_in(&browser.screenshot_in_full());
        if read == [lnurl.as_str()] { Ok(()) } else { Err(format!("{read:?}")) }
    });

    browser.open(&format!("{}?paste", url(&session)));
    browser.wait_visible("#f-pr");
    browser.type_in("#f-pr", &shop.invoice(1_000));
    browser.click("#paste button");
    browser.wait_text("#f-pr-problem", "the invoice's amount is not the cashback's amount");
    browser.fill("#f-pr", &format!("LIGHTNING:{}", shop.invoice(1_100_000)));
    browser.click("#paste button");
    browser.wait_text("#cashback", "On its way");
    shop.daemon.process.settle_down();
    browser.wait_text("#cashback", "It is in your wallet");
    assert!(!browser.url().contains("invoice"));
}
