//! What every public page says of itself: who may frame it, what it may load, who may keep it.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use satback_regtest::{Answer, Look};
use serde_json::json;

use super::super::kit::path;
use super::counter::{Counter, url};

fn assert_closed(at: &str, answer: &Answer) {
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{at}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{at}");
    assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{at}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{at}");
    let policy = answer.header("content-security-policy").unwrap();
    for rule in
        ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]
    {
        assert!(policy.contains(rule), "{at}: {policy}");
    }
    assert!(
        !policy.contains("unsafe") && !policy.contains("http") && !policy.contains('*'),
        "{policy}"
    );
    for inline in ["<style", "style=\"", "onclick=", "<script>", "javascript:"] {
        assert!(!answer.text.contains(inline), "{at} has {inline}");
    }
}

#[test]
fn no_page_may_be_framed_kept_or_passed_on_and_none_has_anything_inline() {
    let shop = Counter::open();
    let terms =
        json!({"currency": "EUR", "amount": 20, "cashback": {"id": shop.shop.cashback()["id"]}});
    let session = shop.sale(&json!({"cancel_url": "https://a.example"}));
    let paid = shop.sale(&json!({"success_message": "thanks"}));
    shop.pay(&paid);
    let mut pages =
        vec![path(url(&session)), path(url(&paid)), "/s/00".to_owned(), "/c/00".to_owned()];
    for kind in ["/payment-links", "/checkout-links"] {
        pages.push(path(url(&shop.shop.api.post(kind, terms.clone()).granted())));
    }
    for page in &pages {
        assert_closed(page, &shop.public().get(page));
    }
    for below in ["status", "invoice.svg", "cashback.svg", "amount", "details", "invoice"] {
        let page = format!("{}/{below}", pages[1]);
        assert_closed(&page, &shop.public().get(&page));
        assert_closed(&page, &shop.public().post(&page, json!({})));
    }
}

#[test]
fn a_page_of_somebody_elses_cannot_show_ours_inside() {
    let shop = Counter::open();
    let session = shop.sale(&json!({}));
    let page = format!(
        "<!doctype html><html lang=en><title>Win</title><link rel=icon href='data:,'>\
         <iframe title=x src='{}'></iframe>",
        url(&session)
    );
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().map(Result::unwrap) {
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n";
            let _ =
                stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(page.as_bytes()));
        }
    });
    let browser = shop.browser("framed", Look::laptop(), &at);
    browser.expect_error("frame-ancestors");
    let refused = browser.findings();
    assert_eq!(refused, Vec::<String>::new());
    let inside = browser.run(
        "try { return document.querySelector('iframe').contentDocument?.body?.innerHTML ?? null } catch { return null }",
        &[],
    );
    assert!(inside.is_null() || inside == "", "{inside}");
}
