//! Rules about causes: each object has exactly the ledger rows that its state says, and no row is without a cause.

use std::collections::BTreeMap;

use crate::domain::chart;
use crate::domain::checkout::Payment;
use crate::domain::ledger::{LedgerAccount, Posting, TransferKind};
use crate::domain::money::Msat;
use crate::domain::payout::{Payout, PayoutState};
use crate::domain::suspense::SuspenseReceipt;

use super::{Everything, Problems};

/// The rows of each cause, in the order they were booked.
type Booked<'a> = BTreeMap<&'a str, Vec<&'a Posting>>;

pub(super) fn check(all: &Everything, problems: &mut Problems) {
    let mut booked = Booked::new();
    for transfer in &all.transfers {
        booked.entry(&transfer.source).or_default().push(&transfer.posting);
    }
    for payout in all.payouts.values() {
        let rows = booked.remove(payout.id.as_str()).unwrap_or_default();
        problems.check(payout_fits(payout, &rows), || {
            format!("the ledger rows of {} are not those of its state", payout.id)
        });
    }
    for payment in all.payments.values() {
        let rows = booked.remove(payment.id.as_str()).unwrap_or_default();
        problems.check(rows.into_iter().eq(&of_payment(payment)), || {
            format!("the ledger rows of {} are not those of its receipt", payment.id)
        });
    }
    for receipt in all.suspense.values() {
        let rows = booked.remove(receipt.id.as_str()).unwrap_or_default();
        problems.check(rows.into_iter().eq(&of_suspense(receipt)), || {
            format!("the ledger rows of {} are not those of its receipt", receipt.id)
        });
    }
    for (cause, rows) in booked {
        let fits = rows.iter().all(|row| is_without_object(cause, row.kind));
        problems.check(fits, || format!("ledger rows are booked for {cause}, which is nothing"));
    }
}

fn is_without_object(cause: &str, kind: TransferKind) -> bool {
    match cause {
        "operator" => matches!(kind, TransferKind::Deposit | TransferKind::Payout),
        "node" => kind == TransferKind::NodeAdjustment,
        _ => false,
    }
}

fn payout_fits(payout: &Payout, rows: &[&Posting]) -> bool {
    let (account, amount, budget) = (&payout.account, payout.amount, payout.fee_budget);
    let fee = payout.fee.unwrap_or_default();
    let mut expect = chart::payout_reserved(account, amount, budget);
    match payout.state {
        PayoutState::Failed => expect.extend(chart::payout_failed(account, amount, budget)),
        PayoutState::Paid if payout.late => {
            expect.extend(chart::payout_failed(account, amount, budget));
        }
        PayoutState::Paid => expect.extend(chart::payout_paid(account, amount, budget, fee)),
        PayoutState::Reserved
        | PayoutState::Dispatching
        | PayoutState::InFlight
        | PayoutState::InDoubt => {}
    }
    if rows.len() < expect.len() {
        return false;
    }
    let (first, rest) = rows.split_at(expect.len());
    let late = if payout.late { amount + fee } else { Msat::ZERO };
    first.iter().copied().eq(&expect) && is_late_payment(payout, rest, late)
}

/// What a late success took, from the account as far as it went and from the operator for the rest.
fn is_late_payment(payout: &Payout, rows: &[&Posting], spent: Msat) -> bool {
    let mut sum = Msat::ZERO;
    for row in rows {
        let from_account = row.debit == LedgerAccount::Available(payout.account.clone());
        let is_incident = row.kind == TransferKind::Incident && row.credit == LedgerAccount::Node;
        if !is_incident || !(from_account || row.debit == LedgerAccount::Operator) {
            return false;
        }
        sum += row.amount;
    }
    sum == spent
}

fn of_payment(payment: &Payment) -> Vec<Posting> {
    let receipt = payment.receipt;
    receipt.map_or(vec![], |receipt| chart::payment_received(&payment.account, receipt.amount))
}

fn of_suspense(receipt: &SuspenseReceipt) -> Vec<Posting> {
    let mut rows = chart::received_to_suspense(receipt.amount);
    if let Some(account) = &receipt.assigned_to {
        rows.extend(chart::assigned_from_suspense(account, receipt.amount));
    }
    rows
}
