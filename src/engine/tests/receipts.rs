use super::kit::{Shop, cashback_terms, new_cashback, session_terms};
use crate::domain::bytes::PaymentHash;
use crate::domain::cashback::{NoClaim, Rule};
use crate::domain::checkout::{PaymentStatus, SessionStatus};
use crate::domain::claim::ClaimStatus;
use crate::domain::id::SuspenseId;
use crate::domain::ledger::LedgerAccount;
use crate::domain::money::{Msat, Sat};
use crate::domain::time::Span;
use crate::engine::command::Order;
use crate::engine::reply::Refusal;
use crate::ports::clock::Clock;
use crate::ports::lightning::NodeEvent;
use crate::ports::store::{List, Page, Scope, fetch, table};

fn payment_status(shop: &Shop, session: &crate::domain::checkout::Session) -> PaymentStatus {
    let id = session.payments[0].clone();
    fetch::<table::Payment>(&*shop.process.rows(), id).unwrap().unwrap().status
}

#[test]
fn an_overpaid_session_credits_all_and_its_percentage_is_of_all() {
    let shop = Shop::open();
    let session = shop.pay(&shop.session(10_000), 20_000);
    assert_eq!(session.status, SessionStatus::Paid);
    assert_eq!(shop.available(), 10_020_000);
    let claim = shop.claim_row(session.claim.as_ref().unwrap());
    assert_eq!(claim.amount, Msat::new(501_000));
    shop.assert_sound();
}

#[test]
fn a_repeated_event_credits_nothing_again() {
    let shop = Shop::open();
    let session = shop.pay(&shop.session(100), 0);
    let payment = fetch::<table::Payment>(&*shop.process.rows(), session.payments[0].clone())
        .unwrap()
        .unwrap();
    let again = NodeEvent::Received {
        hash: payment.hash,
        amount: Msat::new(100_000),
        skimmed: Msat::ZERO,
        at: None,
    };
    shop.process.outside.node.repeat(again);
    shop.process.pump();
    assert_eq!(shop.available(), 100_000);
    shop.assert_sound();
}

#[test]
fn a_payment_after_the_grace_is_credited_without_a_claim() {
    let mut shop = Shop::open();
    let session = shop.session(10_000);
    shop.process.pass(Span::from_secs(1_201));
    assert_eq!(payment_status(&shop, &session), PaymentStatus::Expired);
    let session = shop.pay(&session, 0);
    assert_eq!(session.status, SessionStatus::Active);
    assert_eq!(session.claim, None);
    assert_eq!(payment_status(&shop, &session), PaymentStatus::Paid);
    assert_eq!(shop.available(), 10_000_000);
    shop.assert_sound();
}

#[test]
fn an_expired_payment_within_the_grace_still_pays() {
    let mut shop = Shop::open();
    let session = shop.session(10_000);
    shop.process.pass(Span::from_secs(1_199));
    let session = shop.pay(&session, 0);
    assert_eq!(session.status, SessionStatus::Paid);
    assert!(session.claim.is_some());
}

#[test]
fn a_payment_that_came_in_time_pays_however_late_we_learn_of_it() {
    let mut shop = Shop::open();
    let session = shop.session(10_000);
    let came = shop.process.outside.clock.now().wall + Span::from_secs(1_200);
    shop.process.outside.node.date_receipts(came);
    shop.process.pass(Span::from_secs(86_400));
    let session = shop.pay(&session, 0);
    assert_eq!(session.status, SessionStatus::Paid);
    assert!(session.claim.is_some());
    shop.assert_sound();
}

#[test]
fn a_payment_of_a_closed_session_is_credited_without_a_claim() {
    let shop = Shop::open();
    let session = shop.session(10_000);
    shop.process.order(Order::DeactivateSession(session.id.clone())).unwrap();
    assert_eq!(payment_status(&shop, &session), PaymentStatus::Cancelled);
    let session = shop.pay(&session, 0);
    assert_eq!(session.status, SessionStatus::Deactivated);
    assert_eq!(session.claim, None);
    assert_eq!(shop.available(), 10_000_000);
    shop.assert_sound();
}

#[test]
fn an_unknown_receipt_waits_in_suspense_until_it_is_assigned() {
    let shop = Shop::open();
    let hash = PaymentHash([42; 32]);
    shop.process.outside.node.receive(hash, Msat::new(7_777));
    shop.process.outside.node.receive(hash, Msat::new(7_777));
    shop.process.pump();
    assert_eq!(shop.balance(LedgerAccount::Suspense), 7_777);
    let page = Page {
        list: List::Suspense,
        scope: Scope::All,
        after: None,
        before: None,
        ascending: true,
        limit: 10,
    };
    let listed = shop.process.rows().page(&page).unwrap();
    assert_eq!(listed.len(), 1);
    let id = SuspenseId::parse(&listed[0].1).unwrap();
    let assign = || shop.process.order(Order::AssignSuspense(id.clone(), shop.account.clone()));
    assign().unwrap();
    assert_eq!(assign().unwrap_err(), Refusal::AlreadyAssigned);
    assert_eq!((shop.available(), shop.balance(LedgerAccount::Suspense)), (7_777, 0));
    shop.assert_sound();
}

#[test]
fn a_lost_event_is_made_good_by_the_sweep() {
    let mut shop = Shop::open();
    let session = shop.session(10_000);
    let payment = fetch::<table::Payment>(&*shop.process.rows(), session.payments[0].clone())
        .unwrap()
        .unwrap();
    shop.process.outside.node.receive(payment.hash, Msat::new(10_000_000));
    shop.process.outside.node.lose_events();
    shop.process.sweep();
    assert_eq!(shop.reload(&session).status, SessionStatus::Paid);
    shop.assert_sound();
}

#[test]
fn whether_the_cashback_is_live_is_decided_when_the_money_comes() {
    let shop = Shop::open();
    let session = shop.session(10_000);
    shop.process.order(Order::DeactivateCashback(shop.cashback.clone())).unwrap();
    let session = shop.pay(&session, 0);
    assert_eq!((session.claim, session.no_claim), (None, Some(NoClaim::NotLive)));
    assert_eq!(session.status, SessionStatus::Paid);
    assert_eq!(shop.available(), 10_000_000);
}

#[test]
fn a_budget_is_never_exceeded_and_a_cancelled_claim_gives_back_its_share() {
    let shop = Shop::open();
    let mut terms = cashback_terms(&shop.process, Rule::Fixed(Sat::new(400)));
    terms.budget = Some(Sat::new(1_000));
    let cashback = new_cashback(&shop.process, &shop.account, terms);
    let session = || {
        let terms = session_terms(5_000, Some(cashback.clone()));
        shop.try_session_with(&shop.account, terms).unwrap()
    };
    let sessions: Vec<_> = (0..3).map(|_| session()).collect();
    let paid: Vec<_> = sessions.iter().map(|session| shop.pay(session, 0)).collect();
    assert!(paid[1].claim.is_some());
    assert_eq!(paid[2].no_claim, Some(NoClaim::Exhausted));
    shop.process.order(Order::CancelClaim(paid[0].claim.clone().unwrap())).unwrap();
    let paid = shop.pay(&session(), 0);
    let claim = shop.claim_row(paid.claim.as_ref().unwrap());
    assert_eq!((claim.status, claim.amount), (ClaimStatus::Open, Msat::new(400_000)));
    shop.assert_sound();
}
