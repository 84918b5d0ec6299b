//! Many callbacks at once: one payment, whatever they bring (DESIGN D7, D8).

use std::thread;

use satback_regtest::{PATIENCE, Shop, wallet};
use serde_json::Value;

use super::kit::{EXPIRY_SECS, Town};

/// Calls back with each invoice at the same moment; the answers.
fn at_once(claim: &Value, invoices: &[String]) -> Vec<Result<(), String>> {
    let url = wallet::decode(claim["lnurl"].as_str().unwrap()).unwrap();
    let info = wallet::info(&url).unwrap();
    let barrier = std::sync::Barrier::new(invoices.len());
    thread::scope(|scope| {
        let calls: Vec<_> = invoices
            .iter()
            .map(|invoice| {
                let (info, barrier) = (&info, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    wallet::callback(info, invoice)
                })
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    })
}

#[test]
fn one_k1_and_one_invoice_twenty_times_is_one_payment() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    let invoice = town.customer().invoice(1_000_000, "cashback", EXPIRY_SECS);
    let answers = at_once(&claim, &vec![invoice.clone(); 20]);
    assert_eq!(answers, vec![Ok(()); 20]);
    shop.wait_claim(&claim, "paid", PATIENCE);
    let url = wallet::decode(claim["lnurl"].as_str().unwrap()).unwrap();
    assert!(wallet::info(&url).unwrap_err().contains("has already been used"));
    assert_eq!(town.node_sent(), 1);
    assert_eq!(shop.available(), 20_000_000 - 1_001_000);
    town.assert_sound();
}

#[test]
fn one_k1_with_twenty_invoices_is_one_payment_and_nineteen_errors() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    let invoice = |number| town.customer().invoice(1_000_000, &format!("{number}"), EXPIRY_SECS);
    let invoices: Vec<_> = (0..20).map(invoice).collect();
    let answers = at_once(&claim, &invoices);
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refused in answers.into_iter().filter_map(Result::err) {
        let known =
            refused.contains("already being processed") || refused.contains("already been used");
        assert!(known, "{refused}");
    }
    shop.wait_claim(&claim, "paid", PATIENCE);
    assert_eq!(town.node_sent(), 1);
    let paid = invoices.iter().filter(|invoice| {
        let hash = satback_regtest::peer::hash_of(invoice).unwrap();
        town.customer().received_msat(&hash).is_some()
    });
    assert_eq!(paid.count(), 1);
    town.assert_sound();
}

#[test]
fn one_invoice_for_two_claims_is_one_payment_and_the_other_claim_stays_open() {
    let town = Town::start(1);
    let (one, other) = (Shop::open(&town.daemon, "one"), Shop::open(&town.daemon, "other"));
    let claims = [one.claim(town.customer(), 20_000), other.claim(town.customer(), 20_000)];
    let invoice = town.customer().invoice(1_000_000, "both", EXPIRY_SECS);
    let answers = [one.submit(&claims[0], &invoice), other.submit(&claims[1], &invoice)];
    assert_eq!(answers[0], Ok(()));
    let refused = answers[1].clone().unwrap_err();
    assert_eq!(refused, "the invoice was used before, please make a new one");
    one.wait_claim(&claims[0], "paid", PATIENCE);
    assert_eq!(other.claim_now(&claims[1])["status"], "open");
    assert_eq!(town.node_sent(), 1);
    other.redeem(town.customer(), &claims[1]);
    other.wait_claim(&claims[1], "paid", PATIENCE);
    town.assert_sound();
}
