//! The cashback pop-up: it comes by itself, is claimed, fails, waits, and takes a pasted invoice.

use satback::domain::bytes::PaymentHash;
use satback::domain::money::Msat;
use satback::domain::payout::FailureCode;
use satback::domain::time::Span;
use satback::sim::Behaviour;
use satback_regtest::{Browser, Look, browser};
use serde_json::{Value, json};

use super::barriers::assert_open_to_all;
use super::counter::{Counter, url};

/// A browser that saw the session being paid.
fn paid(shop: &Counter, name: &str, look: Look, session: &Value) -> Browser {
    let browser = shop.browser(name, look, url(session));
    browser.wait(".qr");
    shop.pay(session);
    browser.wait_visible("#cashback:modal");
    browser
}

/// The claim's payout fails for want of a route.
fn fail(shop: &Counter, claim: &Value) {
    let hash = shop.again(claim)["payouts"][0]["payment_hash"].clone();
    let hash = PaymentHash::parse(hash.as_str().unwrap()).unwrap();
    shop.daemon.process.outside.node.fail(&hash, FailureCode::NoRoute);
    shop.daemon.process.pump();
}

#[test]
fn the_pop_up_comes_by_itself_and_tells_of_the_claim_until_it_is_paid() {
    let mut shop = Counter::open();
    let session = shop.sale(&json!({}));
    let browser = paid(&shop, "pop_up", Look::phone(), &session);
    let claim = shop.claim_of(&session);
    browser.wait_text("#said", "Your cashback: 1,100 sat");
    browser.wait_text("#cashback", "1,100 sat");
    browser.wait_text("#cashback", "1.00 EUR");
    browser.wait_text("#cashback .until", "Good until ");
    browser.wait_still();
    let lnurl = claim["lnurl"].as_str().unwrap();
    assert_eq!(browser::codes_in(&browser.screenshot()), [lnurl], "as a camera sees it");
    assert_eq!(browser.attribute("#cashback a.first", "href"), format!("lightning:{lnurl}"));
    assert_eq!(browser.count(&format!("a[href='{}']", claim["lnurlw"].as_str().unwrap())), 1);
    assert!(!browser.overflows());

    // Closed, it stays in the page; and the page can be opened again.
    browser.press("Escape");
    browser.wait_visible("#cashback:not(:modal) .qr");
    browser.reload();
    browser.wait_visible("#cashback:modal .qr");
    assert_eq!(browser.attribute("#cashback .qr", "data-copy"), lnurl);

    let invoice = shop.invoice(claim["amount_msat"].as_u64().unwrap());
    shop.submit(&claim, &invoice);
    browser.wait_text("#cashback", "On its way to your wallet");
    browser.wait_text("#said", "On its way");
    shop.daemon.process.settle_down();
    browser.wait_text("#cashback", "It is in your wallet");
    browser.wait_text("#said", "1,100 sat: It is in your wallet");
    assert_eq!(browser.count(".confetti i"), 14);
    browser.click(".proof summary");
    let payout = shop.again(&claim)["payouts"][0].clone();
    for proof in ["payment_hash", "preimage"] {
        browser.wait_text(".proof", payout[proof].as_str().unwrap());
    }
    assert!(!browser.source().contains("LNURL1"), "there is nothing left to scan");
}

#[test]
fn a_printed_page_still_holds_the_code() {
    let shop = Counter::open();
    let session = shop.sale(&json!({}));
    let browser = paid(&shop, "printed", Look::laptop(), &session);
    browser.look_as_printed();
    browser.wait_gone("#cashback .acts");
    browser.wait_still();
    let claim = shop.claim_of(&session);
    assert_eq!(
        browser::codes_in(&browser.screenshot_in_full()),
        [claim["lnurl"].as_str().unwrap()]
    );
    browser.wait_text("#cashback .until", "Good until ");
}

#[test]
fn a_failure_says_why_and_the_same_code_pays_the_next_time() {
    let mut shop = Counter::open();
    let session = shop.sale(&json!({}));
    let browser = paid(&shop, "failure", Look::phone().dark(), &session);
    let claim = shop.claim_of(&session);
    shop.daemon.process.outside.node.behave(Behaviour::Hold);
    let amount = claim["amount_msat"].as_u64().unwrap();
    let invoice = shop.invoice(amount);
    shop.submit(&claim, &invoice);
    shop.daemon.process.settle_down();
    browser.wait_text("#cashback", "On its way");
    fail(&shop, &claim);
    browser.wait_text(".failed", "It did not arrive: no route found to your wallet");
    browser.wait_text(".failed", "scan again");
    browser.wait_text("#said", "It did not arrive");
    assert_eq!(browser.attribute("#cashback .qr", "data-copy"), claim["lnurl"]);

    shop.daemon.process.outside.node.behave(Behaviour::Arrive(Msat::ZERO));
    let invoice = shop.invoice(amount);
    shop.submit(&claim, &invoice);
    shop.daemon.process.settle_down();
    browser.wait_text("#cashback", "It is in your wallet");
}

#[test]
fn who_has_to_wait_is_told_how_long_and_goes_on_without_a_click() {
    let mut shop = Counter::open();
    let (one, other) = (shop.sale(&json!({})), shop.sale(&json!({})));
    let browser = paid(&shop, "waits", Look::phone(), &other);
    shop.pay(&one);
    let claim = shop.claim_of(&one);
    shop.daemon.process.outside.node.behave(Behaviour::Hold);
    let invoice = shop.invoice(claim["amount_msat"].as_u64().unwrap());
    shop.submit(&claim, &invoice);
    shop.daemon.process.settle_down();
    browser.wait_text(".busy", "Another customer's cashback is being paid right now.");
    browser.wait_text(".busy", "Try again in 0:0");
    assert_open_to_all(&browser, "busy");
    fail(&shop, &claim);
    browser.wait_gone(".busy");
    browser.wait_visible("#cashback:modal .qr");
}

#[test]
fn a_pasted_invoice_is_paid_and_a_wrong_one_is_refused_with_the_reason() {
    let mut shop = Counter::open();
    let session = shop.sale(&json!({}));
    let browser = paid(&shop, "pasted", Look::phone(), &session);
    browser.click(".paste summary");
    browser.type_in("#f-pr", &shop.invoice(1_000));
    browser.click("#paste button");
    browser.wait_text("#paste-said", "invoice's amount is not the cashback's amount");
    browser.fill("#f-pr", "no invoice");
    browser.click("#paste button");
    browser.wait_text("#paste-said", "ot a BOLT11 invoice");
    browser.fill("#f-pr", &format!("lightning:{}", shop.invoice(1_100_000)));
    browser.click("#paste button");
    browser.wait_text("#cashback", "On its way");
    shop.daemon.process.settle_down();
    browser.wait_text("#cashback", "It is in your wallet");
}

#[test]
fn a_claim_that_runs_out_or_is_taken_back_says_so() {
    let mut shop = Counter::open();
    let short = json!({"name": "short", "type": "percentage", "percentage": 5, "claim_ttl": 60});
    let short = shop.shop.api.post("/cashbacks", short).granted();
    let session = shop.sale(&json!({"cashback": {"id": short["id"]}}));
    let browser = paid(&shop, "runs_out_unclaimed", Look::phone(), &session);
    shop.daemon.process.pass(Span::from_secs(61));
    browser.wait_text("#cashback", "Your cashback has expired");
    browser.wait_gone("#cashback .qr");
    assert_open_to_all(&browser, "expired");

    let session = shop.sale(&json!({}));
    browser.open(url(&session));
    shop.pay(&session);
    browser.wait_visible("#cashback:modal .qr");
    let claim = shop.claim_of(&session);
    let path = format!("/claims/{}/cancel", claim["id"].as_str().unwrap());
    shop.shop.api.post(&path, json!({})).granted();
    browser.wait_text("#cashback", "Your cashback was cancelled");
    assert_open_to_all(&browser, "cancelled");
}

#[test]
fn a_keyboard_is_enough_to_be_paid_and_stays_inside_the_pop_up() {
    let mut shop = Counter::open();
    let session = shop.sale(&json!({}));
    let browser = paid(&shop, "keyboard", Look::laptop(), &session);
    assert!(browser.focused().contains("Your cashback"), "{}", browser.focused());
    for _ in 0..20 {
        browser.press("Tab");
        let script = "const at = document.activeElement;
            return at === document.body || !!at.closest('#cashback');";
        assert_eq!(browser.run(script, &[]), true, "{}", browser.focused());
    }
    browser.tab_to(".paste summary");
    browser.press("Enter");
    browser.tab_to("#f-pr");
    browser.type_keys(&shop.invoice(1_100_000));
    browser.tab_to("#paste button");
    browser.press("Enter");
    browser.wait_text("#cashback", "On its way");
    shop.daemon.process.settle_down();
    browser.wait_text("#cashback", "It is in your wallet");
    assert!(browser.focused().contains("It is in your wallet"), "{}", browser.focused());
    browser.tab_to(".proof summary");
    browser.press("Escape");
    browser.wait_visible("#cashback:not(:modal)");
}
