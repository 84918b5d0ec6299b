//! The hosted page of a session: plain, correct, without scripts.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use satback::domain::payout::FailureCode;
use satback::domain::time::Span;
use satback::sim::Behaviour;
use satback_regtest::Answer;
use serde_json::{Value, json};

use super::kit::{Town, link, page, raw};

fn assert_private(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
}

fn status(town: &Town, session: &Value) -> Value {
    town.public().get(&format!("{}/status", page(session))).granted()
}

#[test]
fn a_page_shows_the_invoice_then_the_cashback_then_that_it_was_claimed() {
    let mut town = Town::start();
    let session = town.shop.session(10_000, &town.shop.cashback());
    let (url, invoice) = (page(&session), &session["payments"][0]["payment_request"]);
    let shown = town.public().get(&url);
    assert_private(&shown);
    assert_eq!(shown.text.matches("<script").count(), 1, "there is one, and it is a file");
    assert!(shown.text.contains("10,000 sat") && shown.text.contains(invoice.as_str().unwrap()));
    assert!(shown.text.contains(&format!("{url}/invoice.svg")));
    assert!(shown.text.contains("http-equiv=\"refresh\""), "it looks again by itself");
    assert!(!shown.text.contains("cashback.svg") && !shown.text.contains("LNURL1"));
    assert_eq!(
        status(&town, &session),
        json!({
            "session": "active", "payment": "unpaid", "claim": null, "last_error": null,
            "claim_expires_at": null, "retry_after_secs": null,
        })
    );
    assert_eq!(town.public().get(&format!("{url}/cashback.svg")).status, 404);

    town.pay(&session);
    let shown = town.public().get(&url);
    let claim = town.shop.api.get("/claims").granted()["data"][0].clone();
    assert!(shown.text.contains(claim["lnurl"].as_str().unwrap()), "{}", shown.text);
    assert!(shown.text.contains(claim["lnurlw"].as_str().unwrap()));
    assert!(shown.text.contains("500 sat") && shown.text.contains("cashback.svg"));
    let told = status(&town, &session);
    assert_eq!(
        (&told["session"], &told["payment"], &told["claim"]),
        (&json!("paid"), &json!("paid"), &json!("open"))
    );
    assert_eq!(told["claim_expires_at"], claim["expires_at"]);

    let invoice = town.invoice(500_000);
    town.submit(&claim, &invoice);
    assert_eq!(status(&town, &session)["claim"], "processing");
    town.daemon.process.settle_down();
    assert_eq!(status(&town, &session)["claim"], "paid");
    let shown = town.public().get(&url);
    assert!(shown.text.contains("It is in your wallet") && !shown.text.contains("LNURL1"));
    assert!(!shown.text.contains("http-equiv=\"refresh\""), "nothing changes any more");
}

#[test]
fn a_page_says_what_went_wrong_and_when_to_try_again() {
    let mut town = Town::start();
    let (session, claim) = town.claim(10_000);
    let (waiting, _) = town.claim(10_000);
    town.daemon.process.outside.node.behave(Behaviour::Hold);
    let invoice = town.invoice(500_000);
    town.submit(&claim, &invoice);
    town.daemon.process.settle_down();
    assert_eq!(status(&town, &waiting)["retry_after_secs"], 5, "the account is in use");
    let payout = town.again(&claim)["payouts"][0]["payment_hash"].clone();
    let hash = satback::domain::bytes::PaymentHash::parse(payout.as_str().unwrap()).unwrap();
    town.daemon.process.outside.node.fail(&hash, FailureCode::NoRoute);
    town.daemon.process.pump();
    let told = status(&town, &session);
    assert_eq!(
        (&told["claim"], &told["last_error"]),
        (&json!("open"), &json!("no route found to your wallet"))
    );
    assert_eq!(status(&town, &waiting)["retry_after_secs"], json!(null));
    assert!(town.public().get(&page(&session)).text.contains("no route found"));
}

#[test]
fn an_expired_invoice_and_a_closed_session_are_told() {
    let mut town = Town::start();
    let body = json!({"currency": "SATS", "amount": 1_000, "ttl": 300});
    let one = town.shop.api.post("/checkout-sessions", body.clone()).granted();
    let two = town.shop.api.post("/checkout-sessions", body).granted();
    let id = two["id"].as_str().unwrap();
    town.shop.api.post(&format!("/checkout-sessions/{id}/deactivate"), json!({})).granted();
    assert_eq!(status(&town, &two)["session"], "deactivated");
    assert!(town.public().get(&page(&two)).text.contains("This checkout is closed."));
    town.daemon.process.pass(Span::from_secs(301));
    // While no new one can be made.
    town.operator.post("/drain", json!({})).granted();
    assert_eq!(status(&town, &one)["payment"], "expired");
    assert!(town.public().get(&page(&one)).text.contains("This invoice has expired."));
}

#[test]
fn the_codes_hold_the_invoice_and_the_lnurl() {
    let town = Town::start();
    let (session, claim) = town.claim(10_000);
    let drawn = |text: &str, level| {
        let code = qrcode::QrCode::with_error_correction_level(text, level).unwrap();
        let dark = |colour: &qrcode::Color| *colour == qrcode::Color::Dark;
        code.to_colors().iter().filter(|colour| dark(colour)).count()
    };
    for (name, text, level) in [
        (
            "invoice.svg",
            format!(
                "LIGHTNING:{}",
                session["payments"][0]["payment_request"].as_str().unwrap().to_uppercase()
            ),
            qrcode::EcLevel::L,
        ),
        ("cashback.svg", claim["lnurl"].as_str().unwrap().to_owned(), qrcode::EcLevel::M),
    ] {
        let image = town.public().get(&format!("{}/{name}", page(&session)));
        assert_eq!(image.header("content-type"), Some("image/svg+xml"));
        assert_private(&image);
        // One path, one line for each run of dark modules.
        let (_, path) = image.text.rsplit_once("d=\"").unwrap();
        let path = path.split('"').next().unwrap();
        let runs = path.split('h').skip(1).map(|run| run.split('M').next().unwrap());
        let dark: usize = runs.map(|run| run.parse::<usize>().unwrap()).sum();
        assert_eq!(dark, drawn(&text, level), "{name}");
    }
    assert_eq!(claim["lnurl"], claim["lnurl"].as_str().unwrap().to_uppercase());
}

#[test]
fn what_a_merchant_writes_is_text_and_nothing_else() {
    let town = Town::start();
    let evil = "<script>alert(1)</script>\"'&";
    let body = json!({"currency": "SATS", "amount": 1_000, "title": evil, "title_description": evil,
        "success_message": evil, "cancel_url": "https://a.example/\"onclick=alert(1)"});
    let session = town.shop.api.post("/checkout-sessions", body).granted();
    for _ in 0..2 {
        let shown = town.public().get(&page(&session)).text;
        assert!(!shown.contains("<script>") && !shown.contains("\"onclick"), "{shown}");
        town.pay(&session);
    }
}

#[test]
fn events_tell_every_change_at_once() {
    let mut town = Town::start();
    let session = town.shop.session(10_000, &town.shop.cashback());
    let request = format!("GET {}/events HTTP/1.1\r\nHost: x\r\n\r\n", page(&session));
    let mut stream = TcpStream::connect(town.daemon.public_at).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines();
    let mut next = || {
        let data = lines.by_ref().map(Result::unwrap).find_map(|line| {
            line.strip_prefix("data: ").or(line.strip_prefix("data:")).map(str::to_owned)
        });
        serde_json::from_str::<Value>(&data.unwrap()).unwrap()
    };
    assert_eq!(next()["payment"], "unpaid");
    town.pay(&session);
    assert_eq!(next(), status(&town, &session));
    let claim = town.shop.api.get("/claims").granted()["data"][0].clone();
    let invoice = town.invoice(500_000);
    town.submit(&claim, &invoice);
    assert_eq!(next()["claim"], "processing");
    town.daemon.process.settle_down();
    assert_eq!(next()["claim"], "paid");
}

#[test]
fn there_is_a_bound_on_pages_that_are_kept_up_to_date() {
    let town = Town::start_with(&["public.max_event_streams=0"]);
    let (session, _) = town.claim(10_000);
    assert_eq!(town.public().get(&format!("{}/events", page(&session))).status, 503);
    town.public().get(&page(&session)).granted();
}

#[test]
fn unknown_pages_are_not_found_and_ids_are_no_secrets() {
    let town = Town::start();
    let (session, claim) = town.claim(10_000);
    let token = link(&claim).replace("/w/", "");
    for path in [
        "/s/00".to_owned(),
        format!("/s/{}", session["id"].as_str().unwrap()),
        format!("/s/{token}"),
        "/nothing".to_owned(),
    ] {
        assert_eq!(town.public().get(&path).status, 404, "{path}");
    }
    assert_eq!(town.public().get("/healthz").text, "ok");
    for (name, kind) in
        [("page.css", "text/css"), ("page.js", "text/javascript"), ("icon.svg", "image/svg+xml")]
    {
        let asset = town.public().get(&format!("/assets/{name}"));
        assert_eq!((asset.status, asset.header("content-type")), (200, Some(kind)));
        assert!(asset.header("cache-control").unwrap().contains("immutable"));
        let shown = town.public().get(&page(&session)).text;
        assert!(shown.contains(&format!("/assets/{name}?")), "its address changes with it");
    }
    let closed =
        raw(town.daemon.public_at, "GET / HTTP/1.1\r\nConnection: close\r\nHost: x\r\n\r\n");
    assert!(closed.starts_with("HTTP/1.1 404"), "{closed}");
}
