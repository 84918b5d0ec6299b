//! Pictures for the manual, taken on the way through a purchase. `make screenshots` puts them into `docs/`.

use satback_regtest::Look;
use serde_json::json;

use super::counter::{Counter, keep, url};

#[test]
fn a_purchase_has_its_picture_taken() {
    let mut shop = Counter::open();
    let account = format!("/accounts/{}", shop.shop.account);
    shop.operator.post(&account, json!({"name": "Corner Coffee"})).granted();
    let session = shop.sale(&json!({"title": "Two bags of coffee"}));
    let phone = Look::phone().sized(360, 740).still();
    let browser = shop.browser("a_purchase", phone, url(&session));
    let take = |name: &str, look: Look| {
        browser.look(look);
        browser.wait_still();
        browser.wait_for("[...document.images].every(image => image.complete)");
        keep(&format!("manual-{name}"), &browser.screenshot());
    };
    browser.wait_visible(".qr");
    take("checkout-laptop", Look::laptop().sized(1080, 720).still());
    take("checkout-phone", phone);
    shop.pay(&session);
    browser.wait_visible("#cashback:modal");
    take("cashback-phone", phone);
    take("cashback-dark", phone.dark());
    let claim = shop.claim_of(&session);
    let invoice = shop.invoice(claim["amount_msat"].as_u64().unwrap());
    shop.submit(&claim, &invoice);
    shop.daemon.process.settle_down();
    browser.wait_visible("#cashback[data-claim=paid]");
    take("paid-phone", phone);
}
