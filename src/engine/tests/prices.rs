use super::kit::{Shop, cashback_terms, dollar, five_percent, new_cashback, session_terms};
use crate::domain::account::Metadata;
use crate::domain::cashback::{CashbackChange, Limit, NoClaim, Rule, Stated};
use crate::domain::checkout::{Choice, PaymentStatus, SessionStatus, SessionTerms};
use crate::domain::claim::ClaimStatus;
use crate::domain::currency::Currency;
use crate::domain::customer::{Collection, Details};
use crate::domain::decimal::Decimal;
use crate::domain::id::CashbackId;
use crate::domain::money::{Msat, Sat};
use crate::domain::time::Span;
use crate::engine::command::{Command, NextPayment, Order};
use crate::engine::reply::Refusal;
use crate::ports::store::{fetch, table};

fn number(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

fn in_dollars(amount: &str, cashback: Option<CashbackId>) -> SessionTerms {
    let basis = session_terms(1, cashback);
    SessionTerms { currency: usd(), amount: number(amount), ..basis }
}

/// A cashback of ten cents, at a thousand satoshis a dollar.
fn ten_cents(shop: &Shop) -> CashbackId {
    let mut terms = cashback_terms(&shop.process, Rule::Fixed(Sat::new(100)));
    terms.currency = usd();
    terms.stated = Some(Stated { amount: Some(number("0.10")), ..Stated::default() });
    new_cashback(&shop.process, &shop.account, terms)
}

fn next_payment(shop: &Shop, session: &crate::domain::checkout::Session) -> Option<NextPayment> {
    let wanted = shop.wanted(Command::CheckPayment(session.id.clone(), None)).unwrap()?;
    let issued = shop.issue(&wanted).unwrap();
    let (session, after) = (session.id.clone(), wanted.after);
    Some(NextPayment { session, after, chosen: None, issued })
}

#[test]
fn rate_amount_and_cashback_are_fixed_when_the_payment_is_made() {
    let mut shop = Shop::open();
    let cashback = ten_cents(&shop);
    let session = shop.try_session_with(&shop.account, in_dollars("2.01", Some(cashback))).unwrap();
    let payment = shop.payment(&session, 0);
    assert_eq!((payment.due, payment.rate), (Sat::new(2_010), Some(dollar("1000"))));
    shop.rate = dollar("5000");
    let paid = shop.pay(&session, 0);
    let claim = shop.claim_row(paid.claim.as_ref().unwrap());
    assert_eq!(claim.amount, Sat::new(100).msat(), "at the rate of then");
    shop.assert_sound();
}

#[test]
fn an_expired_payment_is_followed_by_exactly_one_at_the_new_rate() {
    let mut shop = Shop::open();
    let cashback = ten_cents(&shop);
    let session = shop.try_session_with(&shop.account, in_dollars("2", Some(cashback))).unwrap();
    assert!(next_payment(&shop, &session).is_none(), "the first one still stands");
    shop.process.pass(Span::from_secs(601));
    shop.rate = dollar("1100");
    let (one, two) = (next_payment(&shop, &session), next_payment(&shop, &session));
    for next in [one, two] {
        shop.process.order(Order::AddPayment(Box::new(next.unwrap()))).unwrap();
    }
    let renewed = shop.reload(&session);
    assert_eq!(renewed.payments.len(), 2);
    let (old, new) = (shop.payment(&renewed, 0), shop.payment(&renewed, 1));
    assert_eq!((old.status, new.status), (PaymentStatus::Expired, PaymentStatus::Unpaid));
    assert_eq!((old.due, new.due), (Sat::new(2_000), Sat::new(2_200)));
    assert_eq!((shop.events("payment.created"), shop.events("payment.expired")), (2, 1));
    shop.assert_sound();

    // Who scanned the old one pays it within the grace: it pays the session as it was promised then (DESIGN D21).
    let paid = shop.pay(&renewed, 0);
    assert_eq!(paid.status, SessionStatus::Paid);
    assert_eq!(shop.payment(&paid, 1).status, PaymentStatus::Cancelled);
    let claim = shop.claim_row(paid.claim.as_ref().unwrap());
    assert_eq!(claim.amount, Sat::new(100).msat());
    // And what comes in on the new one is credited, without another claim.
    shop.process.outside.node.receive(new.hash, new.due.msat());
    shop.process.pump();
    assert_eq!(shop.events("payment.late"), 1);
    assert_eq!(shop.reload(&paid).claim, paid.claim);
    assert_eq!(shop.available(), 4_200_000);
    shop.assert_sound();
}

#[test]
fn a_hundred_sessions_paid_at_once_use_exactly_the_budget() {
    let shop = Shop::open();
    let mut terms = cashback_terms(&shop.process, five_percent());
    terms.budget = Some(Sat::new(1_020));
    terms.max_claims = Some(40);
    let cashback = new_cashback(&shop.process, &shop.account, terms);
    let make = |sat| {
        let terms = session_terms(sat, Some(cashback.clone()));
        shop.try_session_with(&shop.account, terms).unwrap()
    };
    // The first would use it all up together; 1 sat each by the last ones fits in still.
    let sessions: Vec<_> = (0..100).map(|at| make(if at < 50 { 1_000 } else { 20 })).collect();
    for session in &sessions {
        let payment = shop.payment(session, 0);
        shop.process.outside.node.receive(payment.hash, payment.due.msat());
    }
    shop.process.pump();
    let paid: Vec<_> = sessions.iter().map(|session| shop.reload(session)).collect();
    assert!(paid.iter().all(|session| session.status == SessionStatus::Paid));
    let row = fetch::<table::Cashback>(&*shop.process.rows(), cashback.clone()).unwrap().unwrap();
    let claims: Vec<_> = paid.iter().filter_map(|session| session.claim.clone()).collect();
    assert_eq!((row.claims, claims.len()), (40, 40));
    let worth: u64 = claims.iter().map(|id| shop.claim_row(id).amount.get()).sum();
    assert_eq!(row.committed.get(), worth);
    assert!(row.exhausted() && row.committed <= Sat::new(1_020).msat());
    assert_eq!(paid.iter().filter(|s| s.no_claim == Some(NoClaim::Exhausted)).count(), 60);
    shop.assert_sound();

    shop.process.order(Order::CancelClaim(claims[0].clone())).unwrap();
    let back = fetch::<table::Cashback>(&*shop.process.rows(), cashback).unwrap().unwrap();
    let given = shop.claim_row(&claims[0]);
    assert_eq!(given.status, ClaimStatus::Cancelled);
    assert_eq!(back.committed.get() + given.amount.get(), worth);
    assert!(!back.exhausted() && back.claims == 39);
    shop.assert_sound();
}

#[test]
fn a_payment_keeps_the_version_of_the_rule_that_it_was_made_with() {
    let mut shop = Shop::open();
    let before = shop.session(10_000);
    let limit = Limit { stated: Decimal::whole(7), sat: Sat::new(7) };
    let change = CashbackChange {
        name: Some("autumn".to_owned()),
        max_amount: Some(Some(limit)),
        claim_ttl: Some(Span::from_secs(60)),
        ..CashbackChange::default()
    };
    let update = |change| Order::UpdateCashback(shop.cashback.clone(), Box::new(change));
    shop.process.order(update(change.clone())).unwrap();
    shop.process.order(update(change)).unwrap();
    assert_eq!(shop.events("cashback.updated"), 1, "the second changes nothing");
    let after = shop.session(10_000);
    let quoted = |session| shop.payment(session, 0).quote.unwrap().version;
    assert_eq!((quoted(&before), quoted(&after)), (1, 2));
    let amount = |session| shop.claim_row(shop.pay(session, 0).claim.as_ref().unwrap()).amount;
    assert_eq!((amount(&before), amount(&after)), (Msat::new(500_000), Msat::new(7_000)));
    let end = CashbackChange {
        end: Some(Some(crate::domain::time::Timestamp::from_secs(1))),
        ..CashbackChange::default()
    };
    assert_eq!(shop.process.order(update(end)).unwrap_err(), Refusal::EndTooEarly);
    shop.process.order(Order::DeactivateCashback(shop.cashback.clone())).unwrap();
    let over = shop.process.order(update(CashbackChange::default())).unwrap_err();
    assert_eq!(over, Refusal::CashbackOver);
    shop.process.pass(Span::from_secs(61));
    shop.assert_sound();
}

#[test]
fn a_customer_chooses_among_what_is_offered_and_may_choose_again() {
    let shop = Shop::open();
    let choice = Choice::Preset(number("1"), number("5"));
    let terms = SessionTerms { choice: Some(choice), ..in_dollars("0", None) };
    let session = shop.try_session_with(&shop.account, terms).unwrap();
    assert_eq!(session.payments, vec![]);
    assert!(next_payment(&shop, &session).is_none(), "nothing is chosen yet");
    let choose = |amount: &str| {
        let chosen = Some(number(amount));
        let Some(wanted) = shop.wanted(Command::CheckPayment(session.id.clone(), chosen))? else {
            return Ok(());
        };
        let issued = shop.issue(&wanted).unwrap();
        let next = NextPayment { session: session.id.clone(), after: wanted.after, chosen, issued };
        shop.process.order(Order::AddPayment(Box::new(next))).map(drop)
    };
    for wrong in ["0", "0.99", "5.01", "2.005"] {
        assert_eq!(choose(wrong), Err(Refusal::NotAChoice), "{wrong}");
    }
    choose("2").unwrap();
    choose("2").unwrap();
    choose("3.50").unwrap();
    let session = shop.reload(&session);
    assert_eq!(session.payments.len(), 2);
    assert_eq!(shop.payment(&session, 0).status, PaymentStatus::Cancelled);
    assert_eq!(shop.payment(&session, 1).due, Sat::new(3_500));
    let second = shop.payment(&session, 1);
    shop.process.outside.node.receive(second.hash, second.due.msat());
    shop.process.pump();
    assert_eq!(shop.reload(&session).status, SessionStatus::Paid);
    assert_eq!(choose("4"), Err(Refusal::SessionNotActive));
    shop.assert_sound();
}

#[test]
fn what_a_customer_said_is_kept_apart_and_can_be_deleted() {
    let shop = Shop::open();
    let collects = Collection { email: true, ..Collection::default() };
    let terms = SessionTerms { collects: Some(Box::new(collects)), ..session_terms(5, None) };
    let session = shop.try_session_with(&shop.account, terms).unwrap();
    let details = Details { email: Some("a@b.example".to_owned()), ..Details::default() };
    let give = |id| Order::GiveDetails(id, Box::new(details.clone()));
    shop.process.order(give(session.id.clone())).unwrap();
    shop.assert_sound();
    let kept = || fetch::<table::Details>(&*shop.process.rows(), session.id.clone()).unwrap();
    assert_eq!(kept(), Some(details.clone()));
    shop.process.order(Order::ForgetDetails(session.id.clone())).unwrap();
    assert_eq!(kept(), None);
    let unasked = shop.session(5);
    assert_eq!(shop.process.order(give(unasked.id)).unwrap_err(), Refusal::SessionNotActive);
    shop.assert_sound();
}

#[test]
fn texts_that_would_not_fit_into_a_row_are_refused() {
    let shop = Shop::open();
    let mut metadata = Metadata::new();
    metadata.insert("notes".to_owned(), "\"".repeat(10_001));
    let terms = SessionTerms { metadata, ..session_terms(5, None) };
    assert_eq!(shop.try_session_with(&shop.account, terms).unwrap_err(), Refusal::TooLong);
}
