//! The audit finds what is wrong: each rule is broken on purpose, in books that are right but for that.

use super::kit::Shop;
use super::payouts::submitted;
use crate::domain::claim::ClaimStatus;
use crate::domain::ledger::{LedgerAccount, TransferKind};
use crate::domain::money::Msat;
use crate::domain::payout::{FailureCode, PayoutState};
use crate::engine::audit::audit;
use crate::ports::store::{Batch, Key, Row};
use crate::sim::Behaviour;

/// Books with a payout that was paid, one that failed, one in flight, and a receipt in suspense.
fn shop() -> Shop {
    let mut shop = Shop::open();
    submitted(&mut shop, Behaviour::Arrive(Msat::new(1_000)));
    submitted(&mut shop, Behaviour::Fail(FailureCode::NoRoute));
    submitted(&mut shop, Behaviour::Hold);
    shop.process.outside.node.receive(crate::domain::bytes::PaymentHash([9; 32]), Msat::new(5));
    shop.process.pump();
    shop.assert_sound();
    shop
}

/// What the audit says after `spoil` changed the first row that it wants to.
fn found(mut spoil: impl FnMut(&mut Row) -> bool) -> Vec<String> {
    let shop = shop();
    let outside = shop.process.outside.clone();
    drop(shop);
    let (mut engine, _) = outside.open(2);
    let mut spoilt: Option<(Key, Row)> = None;
    engine
        .rows()
        .each(&mut |key, mut row| {
            if spoilt.is_none() && spoil(&mut row) {
                spoilt = Some((key, row));
            }
            Ok(())
        })
        .unwrap();
    let (key, row) = spoilt.expect("there is such a row");
    engine.parts.store.commit(Batch { rows: [(key, Some(row))].into() }).unwrap();
    audit(&*engine.rows(), &outside.secrets).unwrap().problems
}

fn check(spoil: impl FnMut(&mut Row) -> bool, expect: &str) {
    let problems = found(spoil);
    assert!(problems.iter().any(|problem| problem.contains(expect)), "{expect}: {problems:?}");
}

/// Changes the first payout in a state.
fn payout(
    state: PayoutState,
    change: fn(&mut crate::domain::payout::Payout),
) -> impl FnMut(&mut Row) -> bool {
    move |row| match row {
        Row::Payout(payout) if payout.state == state => {
            change(payout);
            true
        }
        _ => false,
    }
}

/// Changes the first transfer of a kind.
fn transfer(
    kind: TransferKind,
    change: fn(&mut crate::domain::ledger::Transfer),
) -> impl FnMut(&mut Row) -> bool {
    move |row| match row {
        Row::Transfer(transfer) if transfer.posting.kind == kind => {
            change(transfer);
            true
        }
        _ => false,
    }
}

#[test]
fn a_payout_whose_rows_are_another_states_is_found() {
    let rows = "are not those of its state";
    check(payout(PayoutState::Paid, |p| p.state = PayoutState::Failed), rows);
    check(payout(PayoutState::Failed, |p| p.state = PayoutState::Paid), rows);
    check(payout(PayoutState::Paid, |p| p.fee = Some(Msat::new(999))), rows);
    check(payout(PayoutState::InFlight, |p| p.amount = Msat::new(499_999)), rows);
    check(payout(PayoutState::Paid, |p| p.late = true), rows);
}

#[test]
fn a_row_that_was_changed_or_has_no_cause_is_found() {
    let more = |t: &mut crate::domain::ledger::Transfer| t.posting.amount = Msat::new(1);
    check(transfer(TransferKind::Withdraw, more), "breaks the hash chain");
    check(transfer(TransferKind::Payment, more), "are not those of its receipt");
    check(transfer(TransferKind::Suspense, more), "are not those of its receipt");
    let elsewhere = |t: &mut crate::domain::ledger::Transfer| t.source = "nobody".to_owned();
    check(transfer(TransferKind::Payment, elsewhere), "which is nothing");
    let away = |t: &mut crate::domain::ledger::Transfer| t.posting.debit = LedgerAccount::Operator;
    check(transfer(TransferKind::Settlement, away), "its transfers sum to");
}

#[test]
fn a_claim_and_a_payout_that_do_not_fit_are_found() {
    let claim = |from: ClaimStatus, to: ClaimStatus| {
        move |row: &mut Row| match row {
            Row::Claim(claim) if claim.status == from => {
                claim.status = to;
                true
            }
            _ => false,
        }
    };
    let fits = "with a payout that does not fit";
    check(claim(ClaimStatus::Processing, ClaimStatus::Paid), fits);
    check(claim(ClaimStatus::Paid, ClaimStatus::Open), fits);
    let forget = |row: &mut Row| match row {
        Row::Claim(claim) if claim.status == ClaimStatus::Paid => {
            claim.payout = None;
            claim.status = ClaimStatus::Open;
            true
        }
        _ => false,
    };
    check(forget, "does not fit the claim that it pays");
    check(claim(ClaimStatus::Open, ClaimStatus::Expired), "counts 3 claims but has 2");
}

#[test]
fn a_lock_that_does_not_fit_a_preimage_and_a_parked_flag_are_found() {
    let stolen = |row: &mut Row| match row {
        Row::Lock(lock) => {
            lock.payout = crate::domain::id::PayoutId::new(lock.since, 1);
            true
        }
        _ => false,
    };
    check(stolen, "is held by");
    let forged = |p: &mut crate::domain::payout::Payout| {
        p.preimage = Some(crate::domain::bytes::Preimage([0; 32]));
    };
    check(payout(PayoutState::Paid, forged), "does not fit its hash");
    check(payout(PayoutState::InFlight, |p| p.parked = true), "the lock of");
    check(payout(PayoutState::InFlight, |p| p.dispatch = None), "was never dispatched");
}
