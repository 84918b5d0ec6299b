//! A merchant pays out of its balance, over real channels: an invoice, and a Lightning address whose host is real HTTP.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread::Scope;

use satback_regtest::peer::hash_of;
use satback_regtest::{PATIENCE, Peer, Shop, eventually};
use serde_json::{Value, json};

use super::kit::{EXPIRY_SECS, Town};

/// The host of `ann@…`: an offer, then an invoice of hers.
fn host<'scope>(scope: &'scope Scope<'scope, '_>, ann: &'scope Peer) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    scope.spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let asked = lines.next().unwrap().unwrap();
            while !lines.next().unwrap().unwrap().is_empty() {}
            let amount =
                asked.split_once("amount=").map(|(_, rest)| rest.split(' ').next().unwrap());
            let answer = match amount {
                None => json!({"tag": "payRequest", "callback": format!("http://{at}/pay"),
                    "minSendable": 1_000, "maxSendable": 10_000_000, "metadata": "[]"}),
                Some(msat) => {
                    let invoice = ann.invoice(msat.parse().unwrap(), "for ann", EXPIRY_SECS);
                    json!({"pr": invoice, "routes": []})
                }
            };
            let answer = answer.to_string();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", answer.len());
            stream.write_all((head + &answer).as_bytes()).unwrap();
        }
    });
    at
}

fn wait_paid(shop: &Shop, send: &Value) -> Value {
    let path = format!("/send/{}", send["id"].as_str().unwrap());
    eventually("the send to be paid;", PATIENCE, || {
        let now = shop.api.get(&path).granted();
        if now["status"] == "paid" { Ok(now) } else { Err(now.to_string()) }
    })
}

#[test]
fn a_merchant_pays_an_invoice_and_a_lightning_address_and_the_books_agree() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    shop.pay(town.customer(), &shop.session(20_000));
    let before = shop.available();

    let invoice = town.customer().invoice(3_000_000, "rent", EXPIRY_SECS);
    let body = json!({"withdraw_request": invoice.clone(), "note": "rent"});
    let send = shop.api.post("/send", body.clone()).granted();
    let send = wait_paid(&shop, &send);
    assert_eq!(send["fee_msat"], 1_000);
    assert_eq!(town.customer().received_msat(&hash_of(&invoice).unwrap()), Some(3_000_000));
    assert_eq!(shop.api.post("/send", body).refused(409), "invoice_used");

    std::thread::scope(|scope| {
        let at = host(scope, town.customer());
        let body = json!({"withdraw_request": format!("ann@{at}"), "amount": 1_500});
        let once = shop.api.clone().with("Idempotency-Key", "to ann");
        let send = once.post("/send", body.clone()).granted();
        assert_eq!(once.post("/send", body).granted()["id"], send["id"]);
        wait_paid(&shop, &send);
    });
    assert_eq!(shop.available(), before - 3_001_000 - 1_501_000);
    town.assert_sound();
}
