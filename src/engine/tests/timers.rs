use super::kit::{Shop, cashback_terms, five_percent, new_cashback};
use crate::domain::account::Metadata;
use crate::domain::act::{ActKind, ActOutcome};
use crate::domain::bytes::Digest;
use crate::domain::cashback::{CashbackStatus, DeactivatedReason};
use crate::domain::claim::ClaimStatus;
use crate::domain::id::CashbackId;
use crate::domain::money::Msat;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Span;
use crate::engine::command::{Command, Idempotency, Order, Origin};
use crate::engine::reply::{Refusal, Reply};
use crate::ports::clock::Clock;
use crate::ports::store::{fetch, table};

fn status(shop: &Shop, id: &CashbackId) -> CashbackStatus {
    fetch::<table::Cashback>(&*shop.process.rows(), id.clone()).unwrap().unwrap().status
}

#[test]
fn cashbacks_start_and_end_by_themselves() {
    let mut shop = Shop::open();
    let now = shop.process.outside.clock.now().wall;
    let mut terms = cashback_terms(&shop.process, five_percent());
    terms.start = now + Span::from_secs(60);
    terms.end = Some(now + Span::from_secs(120));
    let id = new_cashback(&shop.process, &shop.account, terms);
    assert_eq!(status(&shop, &id), CashbackStatus::Scheduled);
    shop.process.pass(Span::from_secs(60));
    assert_eq!(status(&shop, &id), CashbackStatus::Active);
    shop.process.pass(Span::from_secs(60));
    assert_eq!(status(&shop, &id), CashbackStatus::Deactivated(DeactivatedReason::Expired));
    shop.assert_sound();
}

#[test]
fn an_unclaimed_claim_expires_and_gives_its_share_back() {
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    let (_, invoice) = shop.invoice(&claim);
    shop.process.pass(Span::from_secs(86_400));
    assert_eq!(shop.again(&claim).status, ClaimStatus::Expired);
    assert_eq!(shop.submit(&claim, &invoice), Err(Refusal::ClaimExpired));
    shop.assert_sound();
}

#[test]
fn nothing_expires_while_the_wall_clock_is_not_to_be_trusted() {
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    shop.process.pass(Span::from_secs(1));
    let jumped = shop.process.outside.clock.now().wall + Span::from_secs(10 * 86_400);
    shop.process.outside.clock.set_wall(jumped);
    shop.process.pass(Span::from_secs(1));
    assert_eq!(shop.again(&claim).status, ClaimStatus::Open);
    let mut shop = shop.crash();
    shop.process.pass(Span::from_secs(1));
    assert_eq!(shop.again(&claim).status, ClaimStatus::Expired, "regtest: a restart accepts it");
}

#[test]
fn a_customer_who_pays_or_claims_while_the_clock_is_a_day_off_is_not_late() {
    for (days_on, days_back) in [(1, 0), (0, 1)] {
        let mut shop = Shop::open();
        let (session, claim) = (shop.session(10_000), shop.claim(10_000));
        shop.process.pass(Span::from_secs(1));
        let right = shop.process.outside.clock.now().wall;
        let wrong = right + Span::from_secs(days_on * 86_400) - Span::from_secs(days_back * 86_400);
        shop.process.outside.clock.set_wall(wrong);
        // Both before and after the first look at the clock.
        let paid = shop.pay(&session, 0);
        let other = shop.claim_row(paid.claim.as_ref().expect("paid in time"));
        assert_eq!(other.created, right, "what it is, and not what the wall says");
        shop.process.pass(Span::from_secs(1));
        let (_, invoice) = shop.invoice(&claim);
        assert_eq!(shop.submit(&claim, &invoice), Ok(()), "a claim that is open is not overdue");
        shop.assert_sound();
    }
}

#[test]
fn an_act_whose_outcome_is_unknown_is_remembered_for_as_long_as_it_is() {
    let mut shop = Shop::open();
    let idempotency = Some(Idempotency { key: Digest([1; 32]), request: Digest([2; 32]) });
    let origin = Origin { idempotency, ..Origin::default() };
    let begin = || {
        let order = Order::BeginAct(ActKind::OpenChannel, Metadata::new(), Msat::ZERO);
        Command::Order(Box::new(order), origin.clone())
    };
    let Reply::Object { snapshot: Snapshot::Act(act), .. } = shop.process.ask(begin()).unwrap()
    else {
        panic!("no act")
    };
    for _ in 0..2 {
        shop.process.pass(Span::from_secs(8 * 86_400));
        assert_eq!(shop.process.ask(begin()).unwrap_err(), Refusal::OutcomeUnknown);
    }
    let done = Order::FinishAct(act.id.clone(), ActOutcome::Done(String::new()), Msat::ZERO);
    shop.process.order(done).unwrap();
    assert!(matches!(shop.process.ask(begin()), Ok(Reply::Object { replayed: true, .. })));
    shop.process.pass(Span::from_secs(8 * 86_400));
    assert!(matches!(shop.process.ask(begin()), Ok(Reply::Object { replayed: false, .. })));
}
