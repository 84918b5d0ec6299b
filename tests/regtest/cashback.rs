//! Cashbacks end to end: what the customer gets, what the merchant pays, what the node moves.

use satback_regtest::{PATIENCE, Shop, shop::hex};
use serde_json::json;

use super::kit::{ShopExt, Town};

/// A cashback of `msat` is claimed: the customer gets exactly that, the merchant pays it and the fee, and the books move
/// by what the daemon's channels move.
fn check(town: &Town, shop: &Shop, price_sat: u64, msat: u64) {
    let customer = &town.world.customers[0];
    let claim = shop.claim(customer, price_sat);
    assert_eq!(claim["amount_msat"], msat);
    let (at_customer, available) = (customer.channels_msat(), shop.available());
    let (channels, booked) = town.at_rest();
    let claimed = shop.redeem(customer, &claim);
    let paid = shop.wait_claim(&claim, "paid", PATIENCE);
    customer.wait_channels_msat(at_customer + msat, PATIENCE);
    assert_eq!(customer.received_msat(&claimed.hash), Some(msat));
    let (channels_after, booked_after) = town.at_rest();
    assert_eq!(booked - booked_after, channels - channels_after);

    let record = town.node_record(&hex(&claimed.hash));
    let fee = record["fee_msat"].as_i64().unwrap();
    let payout = &paid["payouts"][0];
    assert_eq!(payout["payment_hash"], hex(&claimed.hash));
    assert_eq!(payout["preimage"], record["preimage"]);
    let source = payout["id"].as_str().unwrap();
    assert_eq!(shop.sum(source, "Fees") - shop.sum(source, "Fees Adjustment"), fee);
    assert_eq!(shop.sum(source, "Withdraw"), i64::try_from(msat).unwrap());
    assert_eq!(available - shop.available(), i64::try_from(msat).unwrap() + fee);
    assert_eq!(channels - channels_after, i64::try_from(msat).unwrap() + fee);
}

#[test]
fn fixed_and_percentage_cashbacks_arrive_to_the_millisatoshi() {
    let town = Town::start(1);
    let percentage = Shop::open(&town.daemon, "five percent");
    check(&town, &percentage, 20_001, 1_000_000);
    let fixed = json!({"name": "fixed", "type": "fixed", "amount": 777, "currency": "SATS"});
    let fixed = Shop::open_with(&town.daemon, "fixed", fixed);
    check(&town, &fixed, 5_000, 777_000);
    check(&town, &fixed, 500, 500_000);
    town.assert_sound();
}
