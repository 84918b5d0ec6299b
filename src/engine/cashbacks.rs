//! Cashbacks: made, started and ended, and charged with what their claims are worth.

use crate::domain::cashback::{
    Cashback, CashbackChange, CashbackStatus, CashbackTerms, DeactivatedReason,
};
use crate::domain::claim::Claim;
use crate::domain::event::EventKind;
use crate::domain::id::{AccountId, CashbackId};
use crate::domain::money::Msat;
use crate::domain::snapshot::Snapshot;
use crate::ports::store::{List, Scope, table};

use super::command::Origin;
use super::ownership::owned;
use super::reply::{Object, Refusal};
use super::tx::{Fail, Tx};

pub(super) fn create(
    tx: &mut Tx<'_>,
    account: AccountId,
    terms: CashbackTerms,
) -> Result<Snapshot, Fail> {
    tx.asked::<table::Account>(account.clone(), Object::Account)?;
    let mut cashback = Cashback {
        id: CashbackId::new(tx.now(), tx.random()),
        seq: tx.next_seq(),
        account,
        version: 1,
        terms,
        status: CashbackStatus::Scheduled,
        committed: Msat::ZERO,
        claims: 0,
        created: tx.now(),
        modified: tx.now(),
    };
    cashback.status = cashback.status_at(tx.now());
    let scope = Scope::Account(cashback.account.clone());
    tx.list(List::Cashbacks, &[scope], cashback.seq, cashback.id.as_str());
    save(tx, &cashback, Some(EventKind::CashbackCreated));
    Ok(Snapshot::Cashback(Box::new(cashback)))
}

/// Payments that were made before keep the version that they were quoted.
pub(super) fn update(
    tx: &mut Tx<'_>,
    id: CashbackId,
    change: CashbackChange,
    origin: &Origin,
) -> Result<Snapshot, Fail> {
    let mut cashback = tx.asked::<table::Cashback>(id, Object::Cashback)?;
    owned(&cashback.account, origin, Object::Cashback)?;
    if matches!(cashback.status_at(tx.now()), CashbackStatus::Deactivated(_)) {
        return Err(Refusal::CashbackOver.into());
    }
    if let Some(Some(end)) = change.end
        && (end <= cashback.terms.start || end <= tx.now())
    {
        return Err(Refusal::EndTooEarly.into());
    }
    let before = cashback.terms.clone();
    cashback.terms.change(change);
    if cashback.terms != before {
        cashback.version += 1;
        cashback.modified = tx.now();
        save(tx, &cashback, Some(EventKind::CashbackUpdated));
    }
    Ok(Snapshot::Cashback(Box::new(cashback)))
}

/// Ending what is over changes nothing: the first reason stays.
pub(super) fn deactivate(
    tx: &mut Tx<'_>,
    id: CashbackId,
    origin: &Origin,
) -> Result<Snapshot, Fail> {
    let mut cashback = tx.asked::<table::Cashback>(id, Object::Cashback)?;
    owned(&cashback.account, origin, Object::Cashback)?;
    if !matches!(cashback.status, CashbackStatus::Deactivated(_)) {
        cashback.status = CashbackStatus::Deactivated(DeactivatedReason::Manual);
        cashback.modified = tx.now();
        save(tx, &cashback, Some(EventKind::CashbackDeactivated));
    }
    Ok(Snapshot::Cashback(Box::new(cashback)))
}

/// The start or the end date of a cashback may have come.
pub(super) fn follow_dates(tx: &mut Tx<'_>, id: CashbackId) -> Result<(), Fail> {
    let mut cashback = tx.named::<table::Cashback>(id)?;
    let status = cashback.status_at(tx.now());
    if status != cashback.status {
        cashback.status = status;
        cashback.modified = tx.now();
        let kind = match status {
            CashbackStatus::Deactivated(_) => EventKind::CashbackDeactivated,
            CashbackStatus::Scheduled | CashbackStatus::Active => EventKind::CashbackUpdated,
        };
        save(tx, &cashback, Some(kind));
    }
    Ok(())
}

/// A claim was opened: it counts towards budget and number.
pub(super) fn commit_claim(tx: &mut Tx<'_>, mut cashback: Cashback, amount: Msat) {
    cashback.committed += amount;
    cashback.claims += 1;
    save(tx, &cashback, None);
}

/// A claim is over without payment: it gives its share back.
pub(super) fn release_claim(tx: &mut Tx<'_>, claim: &Claim) -> Result<(), Fail> {
    let mut cashback = tx.named::<table::Cashback>(claim.cashback.clone())?;
    cashback.committed = cashback.committed.saturating_sub(claim.amount);
    cashback.claims = cashback.claims.saturating_sub(1);
    save(tx, &cashback, None);
    Ok(())
}

fn save(tx: &mut Tx<'_>, cashback: &Cashback, kind: Option<EventKind>) {
    if let Some(kind) = kind {
        tx.tell(kind, Some(&cashback.account), Snapshot::Cashback(Box::new(cashback.clone())));
    }
    tx.put::<table::Cashback>(cashback.id.clone(), cashback.clone());
}
