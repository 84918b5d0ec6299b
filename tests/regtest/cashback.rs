//! Cashbacks end to end: what the customer gets, what the merchant pays, what the node moves.

use satback_regtest::{PATIENCE, Shop};

use super::kit::Town;

#[test]
fn a_percentage_cashback_arrives_to_the_millisatoshi() {
    let town = Town::start(1);
    let customer = &town.world.customers[0];
    let shop = Shop::open(&town.daemon, "coffee");
    let claim = shop.claim(customer, 20_000);
    let before = customer.channels_msat();
    let claimed = shop.redeem(customer, &claim);
    assert_eq!(claimed.msat, 1_000_000);
    shop.wait_claim(&claim, "paid", PATIENCE);
    customer.wait_channels_msat(before + 1_000_000, PATIENCE);
    assert_eq!(shop.available(), 20_000_000 - 1_000_000 - 1_000);
}
