use super::kit::Shop;
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::invoice::Invoice;
use crate::domain::money::Msat;
use crate::domain::payout::{FailureCode, PayoutState};
use crate::domain::time::Span;
use crate::engine::command::{Command, DispatchRequest};
use crate::engine::recovery::{OldCopy, find_old_copy};
use crate::engine::reply::{DispatchReply, Reply};
use crate::ports::lightning::{Lightning, PayOrder};
use crate::sim::Behaviour;

pub(super) fn reserved(shop: &mut Shop) -> (Claim, Invoice) {
    let claim = shop.claim(10_000);
    let (_, invoice) = shop.invoice(&claim);
    shop.submit(&claim, &invoice).unwrap();
    (claim, invoice)
}

/// Commit B, without the call that follows it.
pub(super) fn dispatching(shop: &Shop, claim: &Claim) -> PayOrder {
    let node = &shop.process.outside.node;
    let request = DispatchRequest {
        payout: shop.payout(claim).id,
        known_to_node: Some(false),
        liquidity: node.liquidity().ok(),
        chain: node.chain().ok(),
    };
    match shop.process.ask(Command::Dispatch(request)).unwrap() {
        Reply::Dispatch(DispatchReply::Go(order)) => order,
        other => panic!("may not go: {other:?}"),
    }
}

#[test]
fn what_was_reserved_is_paid_by_the_next_process() {
    let mut shop = Shop::open();
    let (claim, _) = reserved(&mut shop);
    let mut shop = shop.crash();
    shop.process.recover();
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    shop.assert_sound();
}

#[test]
fn what_was_reserved_too_long_ago_fails_undispatched() {
    let mut shop = Shop::open();
    let (claim, _) = reserved(&mut shop);
    let mut shop = shop.crash();
    shop.process.pass(Span::from_secs(56));
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).last_error, Some(FailureCode::InvoiceExpired));
    assert_eq!(shop.process.outside.node.dispatched(), vec![]);
    shop.assert_sound();
}

#[test]
fn dispatched_without_a_record_is_in_doubt_and_never_dispatched_again() {
    let mut shop = Shop::open();
    let (claim, _) = reserved(&mut shop);
    dispatching(&shop, &claim);
    let mut shop = shop.crash();
    shop.process.recover();
    shop.process.settle_down();
    assert_eq!(shop.payout(&claim).state, PayoutState::InDoubt);
    assert_eq!(shop.process.outside.node.dispatched(), vec![]);
    shop.process.pass(Span::from_secs(60));
    assert!(!shop.is_locked(), "the account is usable again");
    let (next, _) = reserved(&mut shop);
    shop.process.settle_down();
    assert_eq!(shop.again(&next).status, ClaimStatus::Paid);
    shop.assert_sound();
}

#[test]
fn dispatched_and_sent_is_paid_once_whatever_the_node_remembers() {
    for lose_record in [false, true] {
        let mut shop = Shop::open();
        let (claim, invoice) = reserved(&mut shop);
        shop.process.outside.node.behave(Behaviour::Hold);
        let order = dispatching(&shop, &claim);
        shop.process.outside.node.pay(&order).unwrap();
        if lose_record {
            shop.process.outside.node.lose_record(&invoice.hash);
        }
        let mut shop = shop.crash();
        shop.process.recover();
        let expect = if lose_record { PayoutState::InDoubt } else { PayoutState::InFlight };
        assert_eq!(shop.payout(&claim).state, expect);
        shop.process.outside.node.settle(&invoice.hash, Msat::new(1_000));
        shop.process.settle_down();
        assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
        assert_eq!(shop.available(), 10_000_000 - 501_000);
        shop.assert_sound();
    }
}

#[test]
fn what_an_earlier_process_left_in_flight_is_in_doubt_and_parked_after_a_while() {
    let mut shop = Shop::open();
    let (claim, invoice) = reserved(&mut shop);
    shop.process.outside.node.behave(Behaviour::Hold);
    shop.process.settle_down();
    let mut shop = shop.crash();
    shop.process.recover();
    shop.process.pass(Span::from_secs(59));
    assert_eq!(shop.payout(&claim).state, PayoutState::InFlight);
    shop.process.pass(Span::from_secs(1));
    let payout = shop.payout(&claim);
    assert_eq!((payout.state, payout.parked), (PayoutState::InDoubt, true));
    shop.process.outside.node.fail(&invoice.hash, FailureCode::NoRoute);
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Open);
    assert_eq!(shop.available(), 10_000_000);
    shop.assert_sound();
}

#[test]
fn an_outcome_that_came_while_we_were_down_is_found_at_start() {
    let mut shop = Shop::open();
    let (claim, invoice) = reserved(&mut shop);
    shop.process.outside.node.behave(Behaviour::Hold);
    shop.process.settle_down();
    shop.process.outside.node.settle(&invoice.hash, Msat::new(1_000));
    shop.process.outside.node.lose_events();
    let shop = shop.crash();
    shop.process.recover();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    shop.assert_sound();
}

#[test]
fn the_view_can_be_lost_at_any_restart() {
    let mut shop = Shop::open();
    let (claim, _) = reserved(&mut shop);
    shop.process.outside.lose_view();
    shop.process.outside.disk.cut_power();
    let mut shop = shop.crash();
    shop.process.recover();
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    shop.assert_sound();
}

#[test]
fn one_sync_makes_sixty_four_commands_durable() {
    let shop = Shop::open();
    let commands = (0..64)
        .map(|number| {
            let order = crate::engine::command::Order::CreateAccount(super::kit::account_terms(
                &format!("account {number}"),
            ));
            Command::Order(Box::new(order), crate::engine::command::Origin::default())
        })
        .collect();
    let before = shop.process.outside.disk.syncs();
    let answers = shop.process.batch(commands);
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(shop.process.outside.disk.syncs() - before, 1);
}

#[test]
fn books_older_than_the_node_and_a_node_older_than_the_books_are_found() {
    let mut shop = Shop::open();
    let (_, invoice) = reserved(&mut shop);
    shop.process.outside.node.behave(Behaviour::Hold);
    shop.process.settle_down();
    let rows = shop.process.rows();
    let records = shop.process.outside.node.records().unwrap();
    assert_eq!(find_old_copy(&*rows, &records).unwrap(), None);
    let missing = find_old_copy(&*rows, &[]).unwrap();
    assert_eq!(missing, Some(OldCopy::Node(invoice.hash)));
    let mut foreign = records.clone();
    let mut stranger = records.into_iter().find(|record| record.hash == invoice.hash).unwrap();
    stranger.hash = crate::domain::bytes::PaymentHash([99; 32]);
    foreign.push(stranger);
    let unknown = find_old_copy(&*rows, &foreign).unwrap();
    assert_eq!(unknown, Some(OldCopy::Books(crate::domain::bytes::PaymentHash([99; 32]))));
}
