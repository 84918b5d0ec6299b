use super::kit::{Shop, new_account};
use crate::domain::bytes::Preimage;
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::invoice::Invoice;
use crate::domain::ledger::LedgerAccount;
use crate::domain::money::Msat;
use crate::domain::payout::{FailureCode, PayoutState, Refused};
use crate::domain::time::Span;
use crate::engine::command::{Command, Evidence, EvidenceSource, Order, Resolution};
use crate::engine::reply::Refusal;
use crate::ports::lightning::NodeEvent;
use crate::ports::store::{fetch, table};
use crate::sim::Behaviour;
use crate::sim::invoice::with_text;

/// A claim whose payout the node treats as `behaviour` says.
pub(super) fn submitted(shop: &mut Shop, behaviour: Behaviour) -> (Claim, Preimage, Invoice) {
    let claim = shop.claim(10_000);
    let (preimage, invoice) = shop.invoice(&claim);
    shop.process.outside.node.script(&preimage, behaviour);
    shop.submit(&claim, &invoice).unwrap();
    shop.process.settle_down();
    (claim, preimage, invoice)
}

fn check_failed(behaviour: Behaviour, code: FailureCode) {
    let mut shop = Shop::open();
    let (claim, _, invoice) = submitted(&mut shop, behaviour);
    assert_eq!(shop.again(&claim).last_error, Some(code));
    assert_eq!(shop.again(&claim).status, ClaimStatus::Open);
    assert_eq!(shop.available(), 10_000_000);
    assert!(!shop.is_locked());
    assert_eq!(shop.process.outside.node.dispatched(), vec![invoice.hash]);
    shop.assert_sound();
}

#[test]
fn a_refusal_and_a_failure_both_give_everything_back() {
    check_failed(Behaviour::Reject(FailureCode::NoRoute), FailureCode::NoRoute);
    check_failed(Behaviour::Fail(FailureCode::RecipientRejected), FailureCode::RecipientRejected);
}

#[test]
fn an_unclear_answer_is_a_doubt_that_only_an_outcome_ends() {
    let mut shop = Shop::open();
    let (claim, _, invoice) = submitted(&mut shop, Behaviour::UnclearAndSent);
    assert_eq!(shop.payout(&claim).state, PayoutState::InDoubt);
    assert!(shop.is_locked());
    shop.process.sweep();
    assert_eq!(shop.payout(&claim).state, PayoutState::InDoubt);
    shop.process.outside.node.settle(&invoice.hash, Msat::new(2_000));
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    assert_eq!(shop.available(), 10_000_000 - 502_000);
    shop.assert_sound();
}

#[test]
fn a_doubt_parks_itself_and_ends_at_the_deadline_height() {
    let mut shop = Shop::open();
    let (claim, _, _) = submitted(&mut shop, Behaviour::UnclearAndLost);
    shop.process.pass(Span::from_secs(59));
    assert!(shop.is_locked());
    shop.process.pass(Span::from_secs(1));
    assert!(!shop.is_locked());
    assert!(shop.payout(&claim).parked);
    assert_eq!(shop.balance(LedgerAccount::InFlight(shop.account.clone())), 505_000);
    shop.process.outside.node.set_chain(|chain| chain.height = 100 + 584);
    shop.process.sweep();
    assert_eq!(shop.payout(&claim).state, PayoutState::InDoubt);
    shop.process.outside.node.set_chain(|chain| chain.height = 100 + 585);
    shop.process.sweep();
    let reopened = shop.again(&claim);
    assert_eq!(reopened.last_error, Some(FailureCode::DeadlinePassed));
    assert_eq!(shop.available(), 10_000_000);
    shop.assert_sound();
}

#[test]
fn what_is_in_flight_stays_locked_until_the_operator_parks_it() {
    let mut shop = Shop::open();
    let (claim, _, invoice) = submitted(&mut shop, Behaviour::Hold);
    shop.process.pass(Span::from_secs(86_400));
    assert!(shop.is_locked());
    let payout = shop.payout(&claim);
    assert!(payout.stuck && !payout.parked);
    shop.process.order(Order::ParkPayout(payout.id.clone())).unwrap();
    assert!(!shop.is_locked());
    let again = shop.process.order(Order::ParkPayout(payout.id)).unwrap_err();
    assert_eq!(again, Refusal::Payout(Refused::NotParkable));
    shop.process.outside.node.settle(&invoice.hash, Msat::new(1_000));
    shop.process.settle_down();
    shop.process.outside.node.repeat(NodeEvent::Sent {
        hash: invoice.hash,
        preimage: None,
        fee: None,
    });
    shop.process.settle_down();
    assert_eq!(shop.available(), 10_000_000 - 501_000);
    shop.assert_sound();
}

#[test]
fn an_account_has_at_most_three_parked_payouts() {
    let mut shop = Shop::open();
    for _ in 0..3 {
        let (claim, _, _) = submitted(&mut shop, Behaviour::Hold);
        shop.process.order(Order::ParkPayout(shop.payout(&claim).id)).unwrap();
    }
    let claim = shop.claim(10_000);
    let (_, invoice) = shop.invoice(&claim);
    assert_eq!(shop.submit(&claim, &invoice), Err(Refusal::TooManyParked));
    shop.assert_sound();
}

#[test]
fn a_late_success_is_booked_once_and_closes_the_open_claim() {
    let mut shop = Shop::open();
    let (claim, preimage, invoice) = submitted(&mut shop, Behaviour::Fail(FailureCode::NoRoute));
    let sent = NodeEvent::Sent {
        hash: invoice.hash,
        preimage: Some(preimage),
        fee: Some(Msat::new(1_000)),
    };
    for _ in 0..2 {
        shop.process.outside.node.repeat(sent.clone());
    }
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    assert!(shop.payout(&claim).late);
    assert_eq!(shop.available(), 10_000_000 - 501_000);
    shop.assert_sound();
}

#[test]
fn payouts_wait_for_a_permit_and_give_up_undispatched_at_its_deadline() {
    let mut shop = Shop::open();
    shop.process
        .outside
        .node
        .set_liquidity(|liquidity| liquidity.largest_send = Msat::new(499_999));
    let claim = shop.claim(10_000);
    let (_, invoice) = shop.invoice(&claim);
    shop.submit(&claim, &invoice).unwrap();
    shop.process.settle_down();
    assert_eq!(shop.payout(&claim).state, PayoutState::Reserved);
    shop.process.pass(Span::from_secs(10));
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).last_error, Some(FailureCode::InsufficientLiquidity));
    assert_eq!(shop.process.outside.node.dispatched(), vec![]);
    shop.assert_sound();
}

#[test]
fn permits_bound_what_is_in_flight_and_a_stuck_payout_gives_its_own_back() {
    let mut outside = crate::sim::harness::Outside::default();
    outside.policy.permits_per_peer = 1;
    outside.policy.permit_wait = Span::from_secs(3_600);
    let mut shop = Shop::open_in(&outside);
    submitted(&mut shop, Behaviour::Hold);
    shop.process.outside.node.behave(Behaviour::Hold);
    let other = new_account(&shop.process, "other");
    let terms = super::kit::cashback_terms(&shop.process, super::kit::five_percent());
    let cashback = super::kit::new_cashback(&shop.process, &other, terms);
    let session = super::kit::session_terms(10_000, Some(cashback));
    let session = shop.pay(&shop.try_session_with(&other, session).unwrap(), 0);
    let claim = shop.claim_row(session.claim.as_ref().unwrap());
    let (_, mut invoice) = shop.invoice(&claim);
    invoice.expires_at = invoice.expires_at + Span::from_secs(60);
    shop.submit(&claim, &with_text(invoice)).unwrap();
    shop.process.settle_down();
    assert_eq!(shop.payout(&claim).state, PayoutState::Reserved);
    shop.process.pass(Span::from_secs(50));
    shop.process.settle_down();
    assert_eq!(shop.payout(&claim).state, PayoutState::Reserved);
    shop.process.pass(Span::from_secs(10));
    shop.process.settle_down();
    assert_eq!(shop.payout(&claim).state, PayoutState::InFlight);
    shop.assert_sound();
}

#[test]
fn the_operator_resolves_with_a_preimage_that_fits_and_not_otherwise() {
    let mut shop = Shop::open();
    let (claim, preimage, _) = submitted(&mut shop, Behaviour::Hold);
    let id = shop.payout(&claim).id;
    let resolve = |resolution| shop.process.order(Order::ResolvePayout(id.clone(), resolution));
    let wrong = resolve(Resolution::Paid(Preimage([0; 32]))).unwrap_err();
    assert_eq!(wrong, Refusal::WrongPreimage);
    let early = resolve(Resolution::Failed("gave up".to_owned())).unwrap_err();
    assert_eq!(early, Refusal::Payout(Refused::CurrentEpoch));
    resolve(Resolution::Paid(preimage)).unwrap();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    assert_eq!(shop.available(), 10_000_000 - 505_000, "an unknown fee counts as the budget");
    shop.assert_sound();
}

#[test]
fn a_lost_event_of_a_payout_is_made_good_by_the_sweep() {
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    let (_, invoice) = shop.invoice(&claim);
    shop.submit(&claim, &invoice).unwrap();
    shop.process.run_payouts();
    shop.process.outside.node.lose_events();
    shop.process.sweep();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    shop.assert_sound();
}

#[test]
fn an_orderly_end_gives_up_what_was_not_dispatched_and_nothing_else() {
    let mut shop = Shop::open();
    let (claim, _, _) = submitted(&mut shop, Behaviour::Hold);
    assert_eq!(shop.payout(&claim).state, PayoutState::InFlight);
    shop.process.ask(Command::Stop).unwrap();
    assert_eq!(shop.payout(&claim).state, PayoutState::InFlight);

    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    let (_, invoice) = shop.invoice(&claim);
    shop.submit(&claim, &invoice).unwrap();
    shop.process.ask(Command::Stop).unwrap();
    assert_eq!(shop.again(&claim).last_error, Some(FailureCode::ShuttingDown));
    assert_eq!(shop.available(), 10_000_000);
    assert!(shop.process.outside.node.dispatched().is_empty());
    shop.assert_sound();
}

#[test]
fn only_a_record_shows_that_the_node_must_have_one_from_now_on() {
    let mut shop = Shop::open();
    let (claim, _, invoice) = submitted(&mut shop, Behaviour::UnclearAndSent);
    assert!(!shop.payout(&claim).node_knows);
    let told = |source| Command::Evidence(invoice.hash, Evidence::Pending, source);
    shop.process.ask(told(EvidenceSource::Record)).unwrap();
    assert!(shop.payout(&claim).node_knows);

    let mut shop = Shop::open();
    let (claim, _, invoice) = submitted(&mut shop, Behaviour::UnclearAndLost);
    let payout = shop.payout(&claim).id;
    let failed = Evidence::Failed(FailureCode::NoRoute, 0);
    shop.process.ask(Command::Evidence(invoice.hash, failed, EvidenceSource::Event)).unwrap();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Open);
    let payout = fetch::<table::Payout>(&*shop.process.rows(), payout).unwrap().unwrap();
    assert!(!payout.node_knows);
}

/// What merchants were told of payouts.
fn payout_events(shop: &Shop) -> Vec<&'static str> {
    let names = shop.told().into_iter().map(|event| event.kind.name());
    names.filter(|name| name.starts_with("payout.")).collect()
}

#[test]
fn a_payout_is_told_of_when_somebody_should_look_and_each_thing_once() {
    let mut shop = Shop::open();
    submitted(&mut shop, Behaviour::Arrive(Msat::new(1_000)));
    assert_eq!(payout_events(&shop), Vec::<&str>::new());

    let mut shop = Shop::open();
    submitted(&mut shop, Behaviour::UnclearAndLost);
    assert_eq!(payout_events(&shop), ["payout.in_doubt"]);
    for _ in 0..2 {
        shop.process.pass(Span::from_secs(61));
    }
    assert_eq!(payout_events(&shop), ["payout.in_doubt", "payout.stuck", "payout.parked"]);

    let mut shop = Shop::open();
    let (_, _, invoice) = submitted(&mut shop, Behaviour::Hold);
    for _ in 0..2 {
        shop.process.pass(Span::from_secs(61));
    }
    assert_eq!(payout_events(&shop), ["payout.stuck"]);
    shop.process.outside.node.settle(&invoice.hash, Msat::new(1_000));
    shop.process.settle_down();
    assert_eq!(payout_events(&shop), ["payout.stuck"]);
}

#[test]
fn only_a_fee_above_the_budget_is_an_incident() {
    for (above, told) in [(0, vec![]), (1, vec!["payout.incident"])] {
        let mut shop = Shop::open();
        let (claim, _, invoice) = submitted(&mut shop, Behaviour::Hold);
        let fee = shop.payout(&claim).fee_budget + Msat::new(above);
        shop.process.outside.node.settle(&invoice.hash, fee);
        shop.process.settle_down();
        assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
        assert_eq!(payout_events(&shop), told);
    }
}
