//! What comes after the payment: the shop's words, or the way back to it.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use satback_regtest::Look;
use serde_json::json;

use super::counter::{Counter, url};

/// The shop's own site: its address, and the head of every request that comes there.
fn site() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("http://{}/thanks?order=7", listener.local_addr().unwrap());
    let (seen, requests) = channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().map(Result::unwrap) {
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> =
                lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let page = "<!doctype html><html lang=en><title>Thanks</title><link rel=icon href='data:,'><h1>Thanks</h1>";
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{page}",
                page.len()
            );
            // The browser may have gone, and so may the test.
            let _ = stream.write_all(answer.as_bytes());
            let _ = seen.send(head.join("\n"));
        }
    });
    (at, requests)
}

#[test]
fn the_way_back_to_the_shop_waits_for_the_cashback_and_tells_nothing_of_the_page() {
    let mut shop = Counter::open();
    let (back, requests) = site();
    let session = shop.sale(&json!({ "success_url": back }));
    let browser = shop.browser("way_back", Look::phone(), url(&session));
    browser.allow_host(&back);
    browser.wait(".qr");
    shop.pay(&session);
    browser.wait_visible("#cashback:modal .leave a");
    assert_eq!(browser.count("[data-leave]"), 0, "nobody is taken away from an open cashback");
    let claim = shop.claim_of(&session);
    let invoice = shop.invoice(claim["amount_msat"].as_u64().unwrap());
    shop.submit(&claim, &invoice);
    browser.wait_text("#cashback", "On its way");
    assert_eq!(browser.count("[data-leave]"), 0);
    shop.daemon.process.settle_down();
    browser.wait_text("#cashback", "It is in your wallet");
    browser.wait_url("/thanks?order=7");
    let request = requests.recv_timeout(Duration::from_secs(20)).unwrap().to_lowercase();
    let token = url(&session).rsplit('/').next().unwrap();
    assert!(!request.contains("referer") && !request.contains(token), "{request}");
}

#[test]
fn who_does_not_want_to_wait_goes_on_and_who_wants_to_stay_stays() {
    let shop = Counter::open();
    let (back, _requests) = site();
    let session = shop.sale(&json!({ "success_url": back }));
    let browser = shop.browser("goes_on", Look::phone(), url(&session));
    browser.allow_host(&back);
    browser.wait(".qr");
    shop.pay(&session);
    browser.wait_visible("#cashback:modal .leave a");
    browser.click("#cashback .leave a");
    browser.wait_url("/thanks?order=7");

    // Without a cashback there is nothing to wait for, but time to stop it.
    let body = json!({"currency": "SATS", "amount": 500, "success_url": back});
    let session = shop.shop.api.post("/checkout-sessions", body).granted();
    browser.open(url(&session));
    browser.wait(".qr");
    shop.pay(&session);
    browser.wait_visible(".leaving [data-stay]");
    browser.click("[data-stay]");
    browser.wait_gone(".leaving");
    // Opened again, the page takes nobody anywhere.
    browser.reload();
    browser.wait_visible("[data-leave]");
    assert!(!browser.is_visible(".leaving"));
    assert!(browser.url().contains("/s/"));
}

#[test]
fn the_shops_thanks_are_shown_and_an_offer_that_is_over_is_explained() {
    let shop = Counter::open();
    let spent =
        json!({"name": "one", "type": "fixed", "amount": 100, "currency": "SATS", "max_claims": 1});
    let spent = shop.shop.api.post("/cashbacks", spent).granted();
    let terms = json!({"cashback": {"id": spent["id"]}, "success_message": "See you soon!"});
    let (one, other) = (shop.sale(&terms), shop.sale(&terms));
    let browser = shop.browser("thanks", Look::laptop(), url(&other));
    browser.wait_text(".offer", "100 sat back");
    shop.pay(&one);
    browser.reload();
    assert_eq!(browser.count(".offer"), 0, "nothing is promised that would not be given");
    shop.pay(&other);
    browser.wait_text(".paid", "You paid 22,000 sat. Thank you!");
    browser.wait_text(".paid", "See you soon!");
    browser.wait_text(".paid", "There is no cashback: all of the offer had been given away.");
    assert_eq!(browser.count("#cashback"), 0);
}
