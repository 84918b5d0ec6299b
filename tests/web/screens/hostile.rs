//! What merchants write, at its worst: it is shown as it is, does nothing, and breaks no page.

use satback_regtest::Look;
use serde_json::{Value, json};

use super::counter::{Counter, keep, question, url};

/// Markup and quotes; 500 letters without a place to break; right to left; emoji.
fn texts() -> [(&'static str, String); 4] {
    [
        ("markup", "<script>document.title='owned'</script><b onclick=x>\"'`&amp;".to_owned()),
        ("long", "W".repeat(500)),
        ("right_to_left", "قهوة طازجة محمصة هذا الأسبوع \u{202e}evil\u{202c} שלום".to_owned()),
        ("emoji", "☕️👩‍🍳🏳️‍🌈 Kaffee 🥐🧾".to_owned()),
    ]
}

/// As much of a text as a field takes.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Every field of a session that a page shows.
fn session(shop: &Counter, text: &str) -> Value {
    let cashback =
        json!({"name": cut(text, 100), "description": "x", "type": "percentage", "percentage": 5});
    let cashback = shop.shop.api.post("/cashbacks", cashback).granted();
    let body = json!({
        "currency": "EUR", "amount": 20, "cashback": {"id": cashback["id"]},
        "title": cut(text, 100), "title_description": cut(text, 250),
        "success_message": cut(text, 250),
        "customer_collections_status": {"is_email_enabled": true},
        "custom_fields": [
            {"label": cut(text, 50), "type": "dropdown", "options": [cut(text, 50), "b"]},
            {"label": cut(text, 50), "type": "text"},
        ],
    });
    shop.shop.api.post("/checkout-sessions", body).granted()
}

#[test]
fn whatever_a_merchant_writes_is_readable_and_harmless_on_every_page() {
    let shop = Counter::open();
    let browser = shop.browser("hostile", Look::phone(), &shop.url("/healthz"));
    browser.expect_error("favicon");
    for (name, text) in texts() {
        let path = format!("/accounts/{}", shop.shop.account);
        shop.operator.post(&path, json!({"name": cut(&text, 100)})).granted();
        let seen = |place: &str, css: &str, most: usize| {
            let shown = browser
                .run("return document.querySelector(arguments[0]).textContent", &[json!(css)]);
            assert!(shown.as_str().unwrap().contains(&cut(&text, most)), "{name} {place}: {shown}");
            assert!(!browser.overflows(), "{name} {place}");
            assert_ne!(browser.title(), "owned", "{name} {place}");
            keep(&format!("hostile_{name}_{place}"), &browser.screenshot_in_full());
        };
        let link = json!({"currency": "EUR", "amount": 20, "title": cut(&text, 100),
            "title_description": cut(&text, 250)});
        let link = shop.shop.api.post("/payment-links", link).granted();
        browser.open(url(&link));
        seen("link", "h1", 100);
        seen("link", ".lead", 250);
        seen("link", ".shop", 100);

        let session = session(&shop, &text);
        browser.open(url(&session));
        let field = |at: usize| format!("#{}", question(&session, at));
        seen("details", &format!("label[for={}]", question(&session, 0)), 50);
        seen("details", "select", 50);
        browser.type_in("#f-email", "a@b.example");
        browser.choose(&field(0), "b");
        browser.type_in(&field(1), "<i>&\"'");
        browser.click("button.first");
        browser.wait("#checkout .qr");
        seen("checkout", "h1", 100);
        shop.pay(&session);
        browser.wait_visible("#cashback:modal");
        browser.press("Escape");
        seen("paid", ".paid .lead", 250);
    }
}
