//! What the tests of satback rely on: payments in this world are exact, can be held and refused, and outages of one
//! party are over when the party is back.
#![allow(clippy::unwrap_used, reason = "a test fails with the error")]

use std::time::Duration;

use ldk_node::payment::PaymentStatus;
use satback_regtest::{PATIENCE, Paid, Peer, World, WorldSpec, eventually, until};

/// What the router takes for a payment.
const FEE_MSAT: u64 = 1000;

/// Pays `to` an invoice of `amount_msat` and checks every balance to the millisatoshi.
fn pay_exactly(world: &World, from: &Peer, to: &Peer, amount_msat: u64) -> Paid {
    let before = [from, to, &world.router].map(Peer::channels_msat);
    let paid = from.pay(&to.invoice(amount_msat, "a test", 600)).unwrap();

    assert_eq!(paid.fee_msat, FEE_MSAT);
    assert_eq!(to.wait_received(&paid.hash, PATIENCE), amount_msat);
    assert_eq!(to.preimage(&paid.hash), Some(paid.preimage));
    from.wait_channels_msat(before[0] - amount_msat - FEE_MSAT, PATIENCE);
    to.wait_channels_msat(before[1] + amount_msat, PATIENCE);
    world.router.wait_channels_msat(before[2] + FEE_MSAT, PATIENCE);
    paid
}

#[test]
fn a_payment_should_be_exact_on_every_side() {
    let world = World::start(WorldSpec::default());
    let [one, two] = &world.customers[..] else { panic!("two customers") };
    assert_eq!(one.channels_msat(), 2_500_000_000);
    assert_eq!(world.router.channels_msat(), 5_000_000_000);

    pay_exactly(&world, one, two, 123_456_789);
    pay_exactly(&world, two, one, 1);
    assert_eq!(world.router.channels_msat(), 5_000_000_000 + 2 * FEE_MSAT);
}

#[test]
fn what_is_sent_unasked_should_arrive() {
    let world = World::start(WorldSpec::default());
    let [one, two] = &world.customers[..] else { panic!("two customers") };
    let paid = one.keysend(&two.id(), 77_000).unwrap();
    assert_eq!(two.wait_received(&paid.hash, PATIENCE), 77_000);
}

#[test]
fn a_held_payment_should_end_as_its_payee_decides() {
    let world = World::start(WorldSpec::default());
    let [one, two] = &world.customers[..] else { panic!("two customers") };
    let before = one.channels_msat();

    let taken = two.hold_invoice(50_000, 600);
    let paying = one.start_pay(&taken.invoice).unwrap();
    assert_eq!(two.wait_held(&taken.hash, PATIENCE), 50_000);
    assert_eq!(one.payment(&taken.hash).unwrap().status, PaymentStatus::Pending);
    assert_eq!(two.received_msat(&taken.hash), None);
    two.settle(&taken);
    assert_eq!(one.outcome(&paying).unwrap().preimage, taken.preimage);
    assert_eq!(two.received_msat(&taken.hash), Some(50_000));
    let before = before - 50_000 - FEE_MSAT;
    one.wait_channels_msat(before, PATIENCE);

    let refused = two.hold_invoice(60_000, 600);
    let paying = one.start_pay(&refused.invoice).unwrap();
    two.wait_held(&refused.hash, PATIENCE);
    two.cancel(&refused);
    assert!(one.outcome(&paying).is_err());
    assert_eq!(two.received_msat(&refused.hash), None);
    one.wait_channels_msat(before, PATIENCE);
}

#[test]
fn a_customer_who_was_away_should_be_payable_again() {
    let world = World::start(WorldSpec::default());
    let [one, two] = &world.customers[..] else { panic!("two customers") };
    let paid_before = pay_exactly(&world, one, two, 10_000);
    let invoice = two.invoice(20_000, "for somebody away", 600);
    two.stop();
    until("the router to notice", PATIENCE, || {
        (!world.router.is_connected(&two.id())).then_some(())
    });
    assert!(one.pay(&invoice).is_err());

    two.start_again();
    two.wait_channel_usable(&world.router.id(), PATIENCE);
    world.router.wait_channel_usable(&two.id(), PATIENCE);
    assert_eq!(two.received_msat(&paid_before.hash), Some(10_000));
    pay_exactly(&world, one, two, 30_000);
}

#[test]
fn a_lost_connection_should_come_back_unless_it_is_unwanted() {
    let world = World::start(WorldSpec { customers: 1, ..WorldSpec::default() });
    let (one, router) = (&world.customers[0], &world.router);
    // The router does not know where the customer listens; it is the customer who comes back. The router is looked at
    // first: the customer may not have noticed yet that anything was lost.
    router.lose_connection(&one.id());
    router.wait_channel_usable(&one.id(), PATIENCE);
    one.wait_channel_usable(&router.id(), PATIENCE);
    router.pay(&one.invoice(1_000, "still there", 600)).unwrap();

    one.disconnect(&router.id());
    until("the connection to be lost", PATIENCE, || {
        (!one.is_connected(&router.id())).then_some(())
    });
    one.connect(&router.contact()).unwrap();
    one.wait_channel_usable(&router.id(), PATIENCE);
}

#[test]
fn an_outage_of_bitcoind_should_stop_no_payment() {
    let world = World::start(WorldSpec::default());
    let [one, two] = &world.customers[..] else { panic!("two customers") };
    let height = world.bitcoind.height();
    let cookie = std::fs::read(world.bitcoind.cookie_file()).unwrap();

    world.bitcoind.stop();
    assert!(world.bitcoind.rpc("getblockcount", serde_json::json!([])).is_err());
    pay_exactly(&world, one, two, 10_000);

    world.bitcoind.start_again();
    assert_eq!(world.bitcoind.height(), height);
    assert_ne!(std::fs::read(world.bitcoind.cookie_file()).unwrap(), cookie);
    world.mine(3);
    let seen = u64::from(one.node().status().current_best_block.height);
    assert_eq!(seen, height + 3);
    pay_exactly(&world, two, one, 10_000);
}

#[test]
fn a_newcomer_should_be_payable_through_its_channel_to_the_router() {
    let world = World::start(WorldSpec { customers: 1, ..WorldSpec::default() });
    let customer = &world.customers[0];
    let newcomer = Peer::start("newcomer", &world.folder().join("newcomer"), &world.bitcoind);
    // Without coins of its own it may not take part in a channel with anchors.
    world.fund(&[newcomer.new_address()]);
    newcomer.sync();

    let channel = world.open_channel(&world.router, &newcomer.contact(), 1_000_000, 400_000_000);
    assert_eq!(channel.channel_value_sats, 1_000_000);
    newcomer.sync();
    newcomer.wait_channel_usable(&world.router.id(), PATIENCE);
    let before = newcomer.channels_msat();
    assert_eq!(before, 400_000_000);
    customer.pay(&newcomer.invoice(70_000_000, "welcome", 600)).unwrap();
    newcomer.wait_channels_msat(before + 70_000_000, PATIENCE);
}

#[test]
fn a_force_closed_channel_should_be_gone_for_both() {
    let world = World::start(WorldSpec { customers: 1, ..WorldSpec::default() });
    let (one, router) = (&world.customers[0], &world.router);
    assert!(one.force_close(&one.id()).is_err());
    one.force_close(&router.id()).unwrap();
    eventually("the router to see the channel closed;", Duration::from_secs(30), || {
        world.mine(1);
        match router.channels().len() {
            0 => Ok(()),
            open => Err(format!("{open} are open")),
        }
    });
    assert_eq!(one.channels_msat(), 0);
}
