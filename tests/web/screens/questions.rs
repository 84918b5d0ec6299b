//! What a checkout asks before it shows an invoice, by keyboard alone.

use satback_regtest::Look;
use serde_json::json;

use super::counter::{Counter, keep, question, url};

#[test]
fn details_are_asked_with_each_error_beside_its_field_and_nothing_typed_is_lost() {
    let shop = Counter::open();
    let session = shop.sale(&json!({
        "type": "options", "options": [5, 20], "amount": null,
        "customer_collections_status": {"is_email_enabled": true, "is_phone_enabled": true,
            "is_shipping_address_enabled": true},
        "custom_fields": [
            {"label": "Size", "type": "dropdown", "options": ["Small", "Large"]},
            {"label": "How many cups?", "type": "number"},
        ],
    }));
    let [size, cups] = [0, 1].map(|at| format!("#{}", question(&session, at)));
    let browser = shop.browser("details", Look::phone(), url(&session));
    browser.expect_error("status of 400");
    browser.tab_to("#f-email");
    browser.type_keys("ada@shop.example");
    browser.tab_to("#f-phone");
    browser.type_keys("call me");
    browser.tab_to("#f-shipping_address");
    browser.type_keys("Street 1, Town");
    browser.tab_to(&size);
    browser.type_keys("Large");
    browser.tab_to(&cups);
    browser.type_keys("many");
    browser.press("Enter");
    browser.wait_text("#f-phone-problem", "This must be a phone number.");
    browser.wait_text(&format!("{cups}-problem"), "This must be a number.");
    assert_eq!(browser.count("[aria-invalid]"), 2);
    assert_eq!(browser.attribute("#f-phone", "aria-describedby"), "f-phone-problem");
    assert_eq!(browser.property("#f-email", "value"), "ada@shop.example");
    assert_eq!(browser.property("#f-shipping_address", "value"), "Street 1, Town");
    assert_eq!(browser.property(&size, "value"), "Large");
    assert_eq!(browser.property("#f-phone", "value"), "call me");
    keep("state-details", &browser.screenshot_in_full());
    browser.assert_accessible();
    browser.fill("#f-phone", "+49 30 123456");
    browser.fill(&cups, "2");
    browser.press("Enter");

    browser.wait_text("#checkout h2", "Choose an amount");
    browser.tab_to(".options button[value='20']");
    browser.press("Enter");
    browser.wait_text(".what", "22,000 sat");
    browser.tab_to("#checkout .qr");
    browser.tab_to("#checkout a.first");
    browser.press("Shift+Tab");
    assert!(browser.focused().contains("Copy the invoice"), "{}", browser.focused());
    let details = shop.now(&session)["customer_details"].clone();
    assert_eq!(details["email"], "ada@shop.example");
}

#[test]
fn an_amount_of_ones_own_is_held_to_its_bounds() {
    let shop = Counter::open();
    let preset = json!({"currency": "EUR", "type": "preset",
        "preset": {"min_amount": 5, "max_amount": 50}, "title": "Tip jar"});
    let session = shop.shop.api.post("/checkout-sessions", preset.clone()).granted();
    let browser = shop.browser("own_amount", Look::phone().dark(), url(&session));
    browser.expect_error("status of 400");
    browser.wait_text("#checkout", "From 5.00 EUR to 50.00 EUR");
    browser.type_in("#f-amount", "4");
    browser.press("Enter");
    browser.wait_text("#f-amount-problem", "This amount cannot be chosen");
    assert_eq!(browser.property("#f-amount", "value"), "4");
    browser.assert_accessible();
    browser.fill("#f-amount", "7.50");
    browser.press("Enter");
    browser.wait_text(".what", "7.50 EUR");

    let link = shop.shop.api.post("/payment-links", preset).granted();
    browser.open(url(&link));
    browser.type_in("#amount", "51");
    browser.press("Enter");
    browser.wait_text("#problem", "This is more than the shop takes.");
    assert_eq!(browser.property("#amount", "value"), "51");
    browser.assert_accessible();
    browser.fill("#amount", "50");
    browser.press("Enter");
    browser.wait_text(".what", "50.00 EUR");
    assert!(!browser.overflows());

    let options = json!({"currency": "EUR", "type": "options", "options": [2, 5, 10]});
    let link = shop.shop.api.post("/payment-links", options).granted();
    browser.open(url(&link));
    browser.tab_to("input[value='2']");
    browser.press("ArrowDown");
    keep("state-options", &browser.screenshot_in_full());
    browser.assert_accessible();
    browser.press("Enter");
    browser.wait_text(".what", "5.00 EUR");
}
