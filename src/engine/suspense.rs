//! Receipts that nobody can be credited for, until the operator says whose they are.

use crate::domain::chart;
use crate::domain::event::EventKind;
use crate::domain::id::{AccountId, SuspenseId};
use crate::domain::snapshot::Snapshot;
use crate::domain::suspense::SuspenseReceipt;
use crate::ports::store::{HashOwner, List, Scope, table};

use super::command::Received;
use super::reply::{Object, Refusal};
use super::tx::{Fail, Tx};

pub(super) fn receive(tx: &mut Tx<'_>, money: Received) -> Result<(), Fail> {
    if money.amount.is_zero() {
        return Ok(());
    }
    let receipt = SuspenseReceipt {
        id: SuspenseId::new(tx.now(), tx.random()),
        seq: tx.next_seq(),
        hash: money.hash,
        amount: money.amount,
        assigned_to: None,
        created: tx.now(),
        modified: tx.now(),
    };
    tx.post(chart::received_to_suspense(receipt.amount), receipt.id.as_str())?;
    tx.put::<table::Hash>(receipt.hash, HashOwner::Suspense(receipt.id.clone()));
    tx.list(List::Suspense, &[], receipt.seq, receipt.id.as_str());
    let subject = Snapshot::Suspense(Box::new(receipt.clone()));
    tx.tell(EventKind::SuspenseReceived, None, subject);
    tx.put::<table::Suspense>(receipt.id.clone(), receipt);
    Ok(())
}

pub(super) fn assign(
    tx: &mut Tx<'_>,
    id: SuspenseId,
    account: AccountId,
) -> Result<Snapshot, Fail> {
    let mut receipt = tx.asked::<table::Suspense>(id, Object::Suspense)?;
    let account = tx.asked::<table::Account>(account, Object::Account)?;
    if receipt.assigned_to.is_some() {
        return Err(Refusal::AlreadyAssigned.into());
    }
    tx.post(chart::assigned_from_suspense(&account.id, receipt.amount), receipt.id.as_str())?;
    receipt.assigned_to = Some(account.id.clone());
    receipt.modified = tx.now();
    let scope = Scope::Account(account.id);
    tx.list(List::Suspense, &[scope], receipt.seq, receipt.id.as_str());
    tx.put::<table::Suspense>(receipt.id.clone(), receipt.clone());
    Ok(Snapshot::Suspense(Box::new(receipt)))
}
