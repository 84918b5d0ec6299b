//! A merchant's own payments out of its balance: the same lock, limits, books and machine as a claim's.

use crate::domain::event::EventKind;
use crate::domain::id::SendId;
use crate::domain::payout::{Payout, PayoutState, Purpose};
use crate::domain::send::InstantSend;
use crate::domain::snapshot::Snapshot;
use crate::ports::store::{List, Scope, table};

use super::checkouts::closed_to_new_business;
use super::command::NewSend;
use super::reply::{Object, Refusal};
use super::reservation;
use super::tx::{Fail, Tx};

/// Promises to pay an invoice.
pub(super) fn create(tx: &mut Tx<'_>, new: NewSend) -> Result<Snapshot, Fail> {
    closed_to_new_business(tx)?;
    let account = tx.asked::<table::Account>(new.account, Object::Account)?;
    if account.claims_paused {
        return Err(Refusal::Paused.into());
    }
    reservation::check_invoice(tx, &new.invoice, new.amount)?;
    let fee_budget = reservation::admit(tx, &account, new.amount)?;
    let id = SendId::new(tx.now(), tx.random());
    let amounts = (new.amount, fee_budget);
    let payout =
        reservation::reserve(tx, &account, Purpose::Send(id.clone()), &new.invoice, amounts)?;
    let send = InstantSend {
        id: id.clone(),
        seq: tx.next_seq(),
        account: account.id,
        payout: payout.id.clone(),
        address: new.address,
        note: new.note,
        created: tx.now(),
    };
    tx.list(List::Sends, &[Scope::Account(send.account.clone())], send.seq, id.as_str());
    tx.put::<table::Send>(id, send.clone());
    Ok(tell(tx, EventKind::SendCreated, send, &payout))
}

/// A send's payout moved from one state to another.
pub(super) fn moved(tx: &mut Tx<'_>, id: &SendId, payout: &Payout) -> Result<(), Fail> {
    let kind = match payout.state {
        PayoutState::Paid => EventKind::SendPaid,
        PayoutState::Failed => EventKind::SendFailed,
        PayoutState::Reserved
        | PayoutState::Dispatching
        | PayoutState::InFlight
        | PayoutState::InDoubt => return Ok(()),
    };
    let send = tx.named::<table::Send>(id.clone())?;
    tell(tx, kind, send, payout);
    Ok(())
}

fn tell(tx: &mut Tx<'_>, kind: EventKind, send: InstantSend, payout: &Payout) -> Snapshot {
    let account = send.account.clone();
    let subject = Snapshot::Send(Box::new(send), Box::new(payout.clone()));
    tx.tell(kind, Some(&account), subject.clone());
    subject
}
