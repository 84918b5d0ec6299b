//! Balances that do not cover a claim, and money from the operator.

use satback_regtest::{PATIENCE, Shop};
use serde_json::json;

use super::kit::{EXPIRY_SECS, Town};

#[test]
fn a_balance_below_amount_and_budget_is_refused_until_a_credit() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    // Amount 1,000 sat and a budget of 10 sat: one msat too little is left.
    let debit = json!({"amount_msat": 20_000_000 - 1_009_999});
    let debits = format!("/accounts/{}/debits", shop.account);
    town.daemon.operator().post(&debits, debit).granted();
    let invoice = town.customer().invoice(1_000_000, "cashback", EXPIRY_SECS);
    let refused = shop.submit(&claim, &invoice).unwrap_err();
    assert_eq!(refused, "the shop's balance is too low at the moment, try again later");
    assert_eq!(shop.claim_now(&claim)["status"], "open");
    assert_eq!(town.node_sent(), 0);
    shop.credit(1);
    shop.submit(&claim, &invoice).unwrap();
    shop.wait_claim(&claim, "paid", PATIENCE);
    assert_eq!(shop.available(), 9_000);
    town.assert_sound();
}
