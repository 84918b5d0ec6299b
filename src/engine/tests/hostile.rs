//! What a wallet that knows more than it should can do, and what comes of it.

use super::kit::Shop;
use super::payouts::submitted;
use super::restart::{dispatching, reserved};
use crate::domain::bytes::PaymentHash;
use crate::domain::claim::ClaimStatus;
use crate::domain::money::Msat;
use crate::domain::payout::{FailureCode, PayoutState};
use crate::domain::time::Span;
use crate::engine::command::Command;
use crate::engine::recovery::find_old_copy;
use crate::engine::reply::Refusal;
use crate::ports::lightning::{FlowDirection, Lightning, NodeEvent, RecordStatus};
use crate::sim::Behaviour;

const ONE_SAT: Msat = Msat::new(1_000);

fn node(shop: &Shop) -> std::sync::Arc<crate::sim::SimNode> {
    shop.process.outside.node.clone()
}

#[test]
fn money_sent_on_the_hash_before_dispatch_ends_the_payout_undispatched() {
    let mut shop = Shop::open();
    let (claim, invoice) = reserved(&mut shop);
    node(&shop).receive(invoice.hash, ONE_SAT);
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).last_error, Some(FailureCode::InvalidInvoice));
    assert_eq!(node(&shop).dispatched(), vec![]);
    assert_eq!(shop.available(), 10_000_000);
    let (_, invoice) = shop.invoice(&claim);
    shop.submit(&claim, &invoice).unwrap();
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    shop.assert_sound();
}

#[test]
fn money_sent_on_the_hash_between_intent_and_call_is_a_doubt_that_ends_at_the_deadline() {
    for crashes in [false, true] {
        let mut shop = Shop::open();
        let (claim, invoice) = reserved(&mut shop);
        let order = dispatching(&shop, &claim);
        node(&shop).receive(invoice.hash, ONE_SAT);
        let answer = node(&shop).pay(&order);
        assert!(answer.is_err());
        if crashes {
            shop = shop.crash();
            shop.process.recover();
        } else {
            shop.process.ask(Command::Dispatched(shop.payout(&claim).id, answer)).unwrap();
        }
        shop.process.settle_down();
        assert_eq!(shop.payout(&claim).state, PayoutState::InDoubt);
        assert_eq!(shop.payout(&claim).stray, Some(ONE_SAT));
        node(&shop).set_chain(|chain| chain.height = 100 + 585);
        shop.process.sweep();
        assert_eq!(shop.again(&claim).last_error, Some(FailureCode::DeadlinePassed));
        assert_eq!(shop.available(), 10_000_000);
        shop.assert_sound();
    }
}

#[test]
fn a_record_that_a_stranger_overwrote_neither_proves_payment_nor_holds_the_node_back() {
    let mut shop = Shop::open();
    let (claim, _, invoice) = submitted(&mut shop, Behaviour::Hold);
    let mut record = node(&shop).record(&invoice.hash).unwrap().unwrap();
    record.status = RecordStatus::Succeeded;
    node(&shop).set_record(record.clone());
    shop.process.sweep();
    assert_eq!(shop.payout(&claim).state, PayoutState::InFlight, "it does not say what it cost");
    record.direction = FlowDirection::Inbound;
    let found = find_old_copy(&*shop.process.rows(), &[record]).unwrap();
    assert_eq!(found, None, "the node knows the hash: it is no old copy");
    node(&shop).settle(&invoice.hash, ONE_SAT);
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    shop.assert_sound();
}

#[test]
fn a_wallet_that_fails_again_and_again_has_to_wait_longer_and_longer() {
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    node(&shop).behave(Behaviour::Fail(FailureCode::NoRoute));
    for _ in 0..6 {
        let (_, invoice) = shop.invoice(&claim);
        shop.submit(&claim, &invoice).unwrap();
        shop.process.settle_down();
    }
    let (_, invoice) = shop.invoice(&claim);
    assert_eq!(shop.submit(&claim, &invoice), Err(Refusal::TooManyFailures));
    shop.process.pass(Span::from_secs(5));
    node(&shop).behave(Behaviour::Arrive(ONE_SAT));
    shop.submit(&claim, &invoice).unwrap();
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    shop.assert_sound();
}

#[test]
fn a_late_success_is_not_forgotten_while_another_payout_of_the_claim_is_under_way() {
    let mut shop = Shop::open();
    let (claim, preimage, first) = submitted(&mut shop, Behaviour::Fail(FailureCode::NoRoute));
    let (held, second) = shop.invoice(&claim);
    node(&shop).script(&held, Behaviour::Hold);
    shop.submit(&claim, &second).unwrap();
    shop.process.settle_down();
    let (preimage, fee) = (Some(preimage), Some(ONE_SAT));
    node(&shop).repeat(NodeEvent::Sent { hash: first.hash, preimage, fee });
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Processing);
    shop.assert_sound();
    node(&shop).fail(&second.hash, FailureCode::NoRoute);
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid, "it was paid by the first one");
    assert_eq!(shop.payout(&claim).hash, first.hash);
    assert_eq!(shop.available(), 10_000_000 - 501_000);
    shop.assert_sound();
}

#[test]
fn what_a_hanging_runner_never_dispatches_is_given_up_by_time() {
    let mut shop = Shop::open();
    let (claim, _) = reserved(&mut shop);
    shop.process.pass(Span::from_secs(19));
    assert!(shop.is_locked());
    shop.process.pass(Span::from_secs(1));
    assert!(!shop.is_locked());
    assert_eq!(shop.again(&claim).last_error, Some(FailureCode::NodeNotReady));
    shop.process.settle_down();
    assert_eq!(node(&shop).dispatched(), vec![], "the runner is told that it is over");
    shop.assert_sound();
}

#[test]
fn money_on_a_hash_that_nobody_knows_is_told_to_the_operator() {
    let shop = Shop::open();
    node(&shop).receive(PaymentHash([9; 32]), ONE_SAT);
    shop.process.pump();
    assert_eq!(shop.events("suspense.received"), 1);
}
