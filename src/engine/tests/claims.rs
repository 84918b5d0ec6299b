use super::kit::Shop;
use crate::domain::bytes::NodeId;
use crate::domain::claim::ClaimStatus;
use crate::domain::invoice::{Invoice, InvoiceFault};
use crate::domain::money::Msat;
use crate::domain::network::Network;
use crate::domain::payout::{FailureCode, PayoutState};
use crate::domain::time::Span;
use crate::engine::command::{AccountChange, Command, Order};
use crate::engine::reply::{Refusal, Reply};
use crate::ports::clock::Clock;
use crate::sim::invoice::{wallet_invoice, with_text};
use crate::sim::{Behaviour, SimNode};

#[test]
fn a_claim_is_paid_once_and_the_merchant_pays_amount_and_fee() {
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    assert_eq!(claim.amount, Msat::new(500_000));
    let (_, invoice) = shop.invoice(&claim);
    shop.submit(&claim, &invoice).unwrap();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Processing);
    assert!(shop.is_locked());
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    assert_eq!(shop.payout(&claim).fee, Some(Msat::new(1_000)));
    assert_eq!(shop.available(), 10_000_000 - 500_000 - 1_000);
    assert!(!shop.is_locked());
    let arrived = shop.process.outside.node.arrived();
    assert_eq!(arrived.len(), 1);
    assert_eq!((arrived[0].hash, arrived[0].amount), (invoice.hash, Msat::new(500_000)));
    shop.assert_sound();
}

#[test]
fn the_same_k1_and_invoice_again_is_ok_and_does_nothing() {
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    let (_, invoice) = shop.invoice(&claim);
    for _ in 0..3 {
        shop.submit(&claim, &invoice).unwrap();
    }
    shop.process.settle_down();
    shop.submit(&claim, &invoice).unwrap();
    shop.process.settle_down();
    assert_eq!(shop.process.outside.node.dispatched().len(), 1);
    shop.assert_sound();
}

#[test]
fn another_invoice_is_refused_while_processing_and_after_success() {
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    let (_, first) = shop.invoice(&claim);
    let (_, second) = shop.invoice(&claim);
    shop.submit(&claim, &first).unwrap();
    assert_eq!(shop.submit(&claim, &second), Err(Refusal::AlreadyProcessing));
    shop.process.settle_down();
    assert_eq!(shop.submit(&claim, &second), Err(Refusal::AlreadyUsed));
    assert_eq!(shop.process.outside.node.dispatched(), vec![first.hash]);
}

#[test]
fn twenty_callbacks_with_one_k1_in_one_batch_make_one_payout() {
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    let invoices: Vec<_> = (0..20).map(|_| shop.invoice(&claim).1).collect();
    let commands = invoices.iter().map(|invoice| shop.callback(&claim, 0, invoice)).collect();
    let answers = shop.process.batch(commands);
    let accepted = answers.iter().filter(|answer| matches!(answer, Ok(Reply::Accepted))).count();
    assert_eq!(accepted, 1);
    shop.process.settle_down();
    assert_eq!(shop.process.outside.node.arrived().len(), 1);
    shop.assert_sound();
}

#[test]
fn one_invoice_for_two_claims_is_paid_once_and_the_other_claim_stays_open() {
    let mut shop = Shop::open();
    let (first, second) = (shop.claim(10_000), shop.claim(10_000));
    let (_, invoice) = shop.invoice(&first);
    shop.submit(&first, &invoice).unwrap();
    shop.process.settle_down();
    let refused = shop.submit(&second, &invoice);
    assert_eq!(refused, Err(Refusal::Invoice(InvoiceFault::HashUsed)));
    assert_eq!(shop.again(&second).status, ClaimStatus::Open);
}

#[test]
fn a_proven_failure_opens_the_claim_again_with_a_new_k1_behind_the_same_link() {
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    let (preimage, invoice) = shop.invoice(&claim);
    shop.process.outside.node.script(&preimage, Behaviour::Fail(FailureCode::NoRoute));
    shop.submit(&claim, &invoice).unwrap();
    shop.process.settle_down();
    let reopened = shop.again(&claim);
    assert_eq!((reopened.status, reopened.k1_generation), (ClaimStatus::Open, 1));
    assert_eq!(reopened.link_generation, claim.link_generation);
    assert_eq!(reopened.last_error, Some(FailureCode::NoRoute));
    assert_eq!(shop.available(), 10_000_000);
    assert_eq!(shop.submit_with(&claim, 0, &invoice), Err(Refusal::OldK1));
    let used = shop.submit(&claim, &invoice);
    assert_eq!(used, Err(Refusal::Invoice(InvoiceFault::HashUsed)), "the old invoice is refused");
    let (_, fresh) = shop.invoice(&claim);
    shop.submit(&claim, &fresh).unwrap();
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    shop.assert_sound();
}

#[test]
fn a_second_claim_of_the_account_waits_and_keeps_its_k1() {
    let mut shop = Shop::open();
    let (first, second) = (shop.claim(10_000), shop.claim(10_000));
    let (held, first_invoice) = shop.invoice(&first);
    shop.process.outside.node.script(&held, Behaviour::Hold);
    shop.submit(&first, &first_invoice).unwrap();
    shop.process.settle_down();
    let (_, invoice) = shop.invoice(&second);
    assert_eq!(shop.submit(&second, &invoice), Err(Refusal::Locked));
    shop.process.outside.node.settle(&first_invoice.hash, Msat::new(1_000));
    shop.process.settle_down();
    shop.submit_with(&second, 0, &invoice).unwrap();
    shop.process.settle_down();
    assert_eq!(shop.again(&second).status, ClaimStatus::Paid);
    shop.assert_sound();
}

#[test]
fn each_rule_for_invoices_has_its_own_refusal_and_the_claim_stays_good() {
    type Break = fn(&mut Invoice);
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    let (_, good) = shop.invoice(&claim);
    let cases: [(Break, InvoiceFault); 8] = [
        (|i| i.network = Some(Network::Bitcoin), InvoiceFault::OtherNetwork),
        (|i| i.signature_valid = false, InvoiceFault::BadSignature),
        (|i| i.amount = None, InvoiceFault::NoAmount),
        (|i| i.amount = Some(Msat::new(500_001)), InvoiceFault::WrongAmount),
        (|i| i.expires_at = i.expires_at - Span::from_secs(41), InvoiceFault::ExpiresSoon),
        (|i| i.payee = SimNode::ID, InvoiceFault::OwnNode),
        (|i| i.min_final_cltv_expiry_delta = 161, InvoiceFault::FinalCltvTooLong),
        (|i| i.unfit_features = true, InvoiceFault::UnfitFeatures),
    ];
    for (break_rule, fault) in cases {
        let mut invoice = good.clone();
        break_rule(&mut invoice);
        let refused = shop.submit(&claim, &with_text(invoice));
        assert_eq!(refused, Err(Refusal::Invoice(fault)));
    }
    shop.submit(&claim, &good).unwrap();
}

#[test]
fn a_hash_that_we_issued_is_never_paid_whoever_signed_the_invoice() {
    let shop = Shop::open();
    let claim = shop.claim(10_000);
    let ours = SimNode::preimage_of(1);
    let expires_at = shop.process.outside.clock.now().wall + Span::from_secs(60);
    let mut invoice = wallet_invoice(&ours, claim.amount, expires_at);
    invoice.payee = NodeId([9; 33]);
    let refused = shop.submit(&claim, &with_text(invoice));
    assert_eq!(refused, Err(Refusal::Invoice(InvoiceFault::HashUsed)));
}

#[test]
fn a_k1_of_another_claim_is_wrong() {
    let mut shop = Shop::open();
    let (one, other) = (shop.claim(10_000), shop.claim(10_000));
    let (_, invoice) = shop.invoice(&one);
    let (Command::SubmitInvoice(mut request), Command::SubmitInvoice(foreign)) =
        (shop.callback(&one, 0, &invoice), shop.callback(&other, 0, &invoice))
    else {
        unreachable!()
    };
    request.k1 = foreign.k1;
    let refused = shop.process.ask(Command::SubmitInvoice(request.clone()));
    assert_eq!(refused.unwrap_err(), Refusal::WrongK1);
    request.k1 = None;
    let refused = shop.process.ask(Command::SubmitInvoice(request));
    assert_eq!(refused.unwrap_err(), Refusal::WrongK1);
}

#[test]
fn a_balance_below_amount_and_budget_refuses_until_the_operator_credits() {
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    shop.process.order(Order::Debit(shop.account.clone(), Msat::new(9_499_000))).unwrap();
    let (_, invoice) = shop.invoice(&claim);
    assert_eq!(shop.submit(&claim, &invoice), Err(Refusal::InsufficientFunds));
    assert_eq!(shop.again(&claim).status, ClaimStatus::Open);
    let credit = |msat| shop.process.order(Order::Credit(shop.account.clone(), Msat::new(msat)));
    credit(3_999).unwrap();
    assert_eq!(shop.submit(&claim, &invoice), Err(Refusal::InsufficientFunds));
    credit(1).unwrap();
    shop.submit(&claim, &invoice).unwrap();
    assert_eq!(shop.available(), 0);
    shop.assert_sound();
}

#[test]
fn drained_paused_and_low_disk_refuse_but_an_exact_replay_is_still_ok() {
    let mut shop = Shop::open();
    let (first, second) = (shop.claim(10_000), shop.claim(10_000));
    let (_, accepted) = shop.invoice(&first);
    shop.submit(&first, &accepted).unwrap();
    shop.process.settle_down();
    let (_, invoice) = shop.invoice(&second);
    let pause = |paused| {
        let change = AccountChange { claims_paused: Some(paused), ..AccountChange::default() };
        Order::UpdateAccount(shop.account.clone(), change)
    };
    let order = |order| shop.process.order(order).map(drop).unwrap();
    order(Order::Drain(true));
    assert_eq!(shop.submit(&second, &invoice), Err(Refusal::Drained));
    assert_eq!(shop.try_session(&shop.account, 1).unwrap_err(), Refusal::Drained);
    shop.submit(&first, &accepted).unwrap();
    order(Order::Drain(false));
    order(pause(true));
    assert_eq!(shop.submit(&second, &invoice), Err(Refusal::Paused));
    order(pause(false));
    shop.submit(&second, &invoice).unwrap();
}

#[test]
fn a_cancelled_claim_gives_its_budget_back_and_cannot_be_claimed() {
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    shop.process.order(Order::CancelClaim(claim.id.clone())).unwrap();
    let (_, invoice) = shop.invoice(&claim);
    assert_eq!(shop.submit(&claim, &invoice), Err(Refusal::ClaimCancelled));
    shop.assert_sound();
}

#[test]
fn a_claim_with_an_unresolved_payout_cannot_be_cancelled() {
    let mut shop = Shop::open();
    let claim = shop.claim(10_000);
    shop.process.outside.node.behave(Behaviour::Hold);
    let (_, invoice) = shop.invoice(&claim);
    shop.submit(&claim, &invoice).unwrap();
    shop.process.settle_down();
    let cancel = || shop.process.order(Order::CancelClaim(claim.id.clone())).unwrap_err();
    assert_eq!(cancel(), Refusal::ClaimNotOpen);
    shop.process.order(Order::ParkPayout(shop.payout(&claim).id)).unwrap();
    assert_eq!(cancel(), Refusal::ClaimNotOpen);
    assert_eq!(shop.payout(&claim).state, PayoutState::InFlight);
}
