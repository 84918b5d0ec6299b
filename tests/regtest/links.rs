//! A payment link end to end: opened in a browser, paid over Lightning, and its cashback claimed from the page.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use satback_regtest::{Api, PATIENCE, Shop, eventually};
use serde_json::{Value, json};

use super::kit::Town;

/// Presses a page's button: where it leads.
pub(crate) fn press(at: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(at).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let to = answer.lines().find_map(|line| line.strip_prefix("location: "));
    to.unwrap().to_owned()
}

/// The path of a link's page.
pub(crate) fn url_path(link: &Value) -> String {
    let url = link["url"].as_str().unwrap();
    let (_, rest) = url.split_once("://").unwrap();
    rest[rest.find('/').unwrap()..].to_owned()
}

/// What follows a mark in a page, up to the quote or tag that ends it.
pub(crate) fn after<'a>(page: &'a str, mark: &str) -> &'a str {
    let (_, rest) = page.split_once(mark).unwrap_or_else(|| panic!("no {mark} in {page}"));
    rest.split(['"', '<']).next().unwrap()
}

#[test]
fn a_link_is_opened_and_paid_and_its_cashback_is_claimed_from_the_page() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let body = json!({"currency": "SATS", "amount": 20_000, "cashback": {"id": shop.cashback}});
    let link = shop.api.post("/payment-links", body).granted();
    let at = town.daemon.public();
    let path = &url_path(&link);
    let public = Api::new(at, "");
    assert!(public.get(path).text.contains("20,000 sat"));

    let page = press(at, path);
    let invoice = after(&public.get(&page).text, "href=\"lightning:").to_owned();
    town.customer().pay(&invoice).unwrap();
    let shown = eventually("the cashback on the page;", PATIENCE, || {
        let shown = public.get(&page).text;
        if shown.contains("LNURL1") { Ok(shown) } else { Err(shown) }
    });
    let lnurl = format!("LNURL1{}", after(&shown, "lightning:LNURL1"));
    assert!(!public.get(path).text.contains("LNURL1"), "the link itself shows no claim");

    satback_regtest::wallet::claim(town.customer(), &lnurl).unwrap();
    let claim = shop.api.get("/claims").granted()["data"][0].clone();
    assert_eq!(claim["amount_msat"], 1_000_000);
    shop.wait_claim(&claim, "paid", PATIENCE);
    assert!(public.get(&page).text.contains("It is in your wallet"));
    let now = shop.api.get(&format!("/payment-links/{}", link["id"].as_str().unwrap())).granted();
    assert_eq!(json!([now["sessions_opened"], now["sessions_paid"]]), json!([1, 1]));
    assert_ne!(press(at, path), page, "a buyer without a cookie is another buyer");
    town.assert_sound();
}
