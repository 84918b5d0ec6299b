//! What a node says that has lost a channel in its start, of what an earlier run of it sent.

use crate::domain::bytes::Preimage;
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::money::Msat;
use crate::domain::payout::{FailureCode, PayoutState, Refused};
use crate::domain::time::Span;
use crate::engine::command::{Order, Resolution};
use crate::engine::reply::Refusal;
use crate::ports::lightning::Lightning;
use crate::sim::Behaviour;

use super::kit::Shop;
use super::payouts::submitted;

/// A payout in flight whose process dies; what the next one hears of it.
fn after_a_crash(loses: bool) -> (Shop, Claim, Preimage) {
    let mut shop = Shop::open();
    let (claim, preimage, invoice) = submitted(&mut shop, Behaviour::Hold);
    let node = shop.process.outside.node.clone();
    if loses {
        node.will_lose(&[invoice.hash]);
    }
    let mut shop = shop.crash();
    shop.process.recover();
    if !loses {
        node.fail(&invoice.hash, FailureCode::NoRoute);
    }
    shop.process.settle_down();
    shop.process.sweep();
    (shop, claim, preimage)
}

#[test]
fn a_failure_told_by_a_start_that_lost_a_channel_returns_nothing() {
    let (shop, claim, preimage) = after_a_crash(true);
    let payout = shop.payout(&claim);
    assert_eq!((payout.state, payout.failure), (PayoutState::InDoubt, Some(FailureCode::NoRoute)));
    assert_eq!(shop.again(&claim).status, ClaimStatus::Processing);
    let node = shop.process.outside.node.clone();
    node.settle(&payout.hash, Msat::new(1_000));
    assert_eq!(node.arrived().len(), 1, "the wallet has it");
    assert!(!node.has_event(), "and the node does not know");

    node.mine(10_000);
    let mut shop = shop.crash();
    shop.process.recover();
    shop.process.settle_down();
    shop.process.sweep();
    assert_eq!(shop.payout(&claim).state, PayoutState::InDoubt, "nothing but a proof ends it");
    shop.process.order(Order::ResolvePayout(payout.id, Resolution::Paid(preimage))).unwrap();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    shop.assert_sound();
}

#[test]
fn what_no_wallet_has_is_written_off_past_the_deadline_and_its_claim_is_over() {
    let (shop, claim, _) = after_a_crash(true);
    let payout = shop.payout(&claim);
    let write_off = |shop: &Shop| {
        let failed = Resolution::Failed("the wallet has nothing".to_owned());
        shop.process.order(Order::ResolvePayout(payout.id.clone(), failed))
    };
    assert_eq!(write_off(&shop).unwrap_err(), Refusal::Payout(Refused::BeforeDeadline));
    shop.process.outside.node.mine(10_000);
    let mut shop = shop;
    shop.process.tick(false);
    write_off(&shop).unwrap();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Cancelled);
    assert_eq!(shop.available(), 10_000_000);
    shop.assert_sound();
}

#[test]
fn a_failure_is_believed_where_no_start_has_lost_a_channel() {
    let (shop, claim, _) = after_a_crash(false);
    assert_eq!(shop.again(&claim).status, ClaimStatus::Open);
    assert_eq!(shop.available(), 10_000_000);
    shop.assert_sound();
}

#[test]
fn in_the_run_that_sent_it_a_failure_is_believed_whatever_channels_close() {
    let (mut shop, disputed, _) = after_a_crash(true);
    for _ in 0..2 {
        shop.process.pass(Span::from_secs(61));
    }
    assert!(shop.payout(&disputed).parked, "it keeps nobody waiting");
    let (claim, _, invoice) = submitted(&mut shop, Behaviour::Hold);
    assert_eq!(shop.process.outside.node.is_closing(), Ok(true));
    shop.process.outside.node.fail(&invoice.hash, FailureCode::NoRoute);
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Open);
    assert_eq!(shop.payout(&disputed).state, PayoutState::InDoubt);
    shop.assert_sound();
}

#[test]
fn a_failure_that_the_chain_has_shown_since_is_believed() {
    let mut shop = Shop::open();
    let (claim, _, invoice) = submitted(&mut shop, Behaviour::Hold);
    shop.process.outside.node.will_lose(&[]);
    let mut shop = shop.crash();
    shop.process.recover();
    shop.process.sweep();
    let node = shop.process.outside.node.clone();
    node.mine(6);
    assert_eq!(node.is_closing(), Ok(true));
    node.fail(&invoice.hash, FailureCode::NoRoute);
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Open);
    shop.assert_sound();
}

#[test]
fn a_record_of_two_runs_ago_says_nothing_of_whether_one_of_them_lost_a_channel() {
    let mut shop = Shop::open();
    let (claim, _, invoice) = submitted(&mut shop, Behaviour::Hold);
    let node = shop.process.outside.node.clone();
    node.will_lose(&[invoice.hash]);
    node.come_up();
    node.lose_events();
    node.mine(150);
    assert_eq!(node.is_closing(), Ok(false), "it is settled on chain meanwhile");
    let shop = shop.crash();
    let mut shop = shop.crash();
    shop.process.recover();
    shop.process.sweep();
    assert_eq!(shop.payout(&claim).state, PayoutState::InDoubt);
    shop.assert_sound();
}
