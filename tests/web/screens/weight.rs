//! How heavy the checkout is, and how quick.

use satback_regtest::{Look, timed};
use serde_json::json;

use super::counter::{Counter, url};

/// Most that a checkout may weigh with everything it loads, in bytes.
const MOST: u64 = 60_000;

#[test]
fn a_checkout_and_its_pop_up_weigh_less_than_sixty_kilobytes_together() {
    let shop = Counter::open();
    let session = shop.sale(&json!({"title_description": "Roasted this week."}));
    let browser = shop.browser("weight", Look::phone(), url(&session));
    browser.wait(".qr");
    browser.wait_for("performance.getEntriesByName('first-contentful-paint').length");
    let paint = browser.run(
        "return Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)",
        &[],
    );
    let weigh = || browser.requests().iter().map(|request| request.bytes).sum::<u64>();
    browser.wait_for("document.querySelector('.qr img').complete");
    let checkout = weigh();
    browser.run(
        "new MutationObserver(() => { if (document.querySelector('#cashback:modal')) window.up ??= performance.now(); })
             .observe(document, {subtree: true, childList: true, attributes: true});",
        &[],
    );
    let begin = browser.run("return performance.now()", &[]).as_f64().unwrap();
    let (up, seen) = timed(|| {
        shop.pay(&session);
        browser.wait_for("window.up");
        browser.run("return window.up", &[]).as_f64().unwrap()
    });
    browser.wait_for("document.querySelector('#cashback .qr img').complete");
    let whole = weigh();
    eprintln!(
        "checkout {checkout} bytes, with the pop-up {whole}; first paint after {paint} ms; \
         payment to pop-up {:.0} ms, with looking {seen:?}",
        up - begin
    );
    assert!(checkout > 5_000 && checkout < MOST, "{checkout}");
    assert!(whole > checkout && whole < MOST, "{whole}");
    let all = browser.requests();
    let strange = all.iter().filter(|request| request.status >= 400);
    assert_eq!(strange.count(), 0);
}
