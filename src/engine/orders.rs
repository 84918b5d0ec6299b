//! Which family of orders is decided where, and what all of them share: their idempotency key.

use crate::domain::snapshot::Snapshot;

use super::command::{Order, Origin};
use super::reply::{Refusal, Reply};
use super::tx::{Fail, Tx};
use super::{
    accounts, acts, cashbacks, checkouts, claims, customers, idempotency, links, next_payments,
    payouts, sends, suspense, webhooks,
};

/// Carries out an order, or repeats the answer it had.
pub(super) fn order(tx: &mut Tx<'_>, order: Order, origin: &Origin) -> Result<Reply, Fail> {
    if let Some(reply) = idempotency::recall(tx, origin)? {
        return Ok(reply);
    }
    if let Some(rule) = &tx.state.frozen {
        return Err(Refusal::Frozen(rule.clone()).into());
    }
    let is_act = matches!(order, Order::BeginAct(..));
    let snapshot = dispatch(tx, order, origin)?;
    match &snapshot {
        Snapshot::Act(act) if is_act => idempotency::remember_act(tx, origin, act.id.clone()),
        _ => idempotency::remember(tx, origin, &snapshot),
    }
    Ok(Reply::Object { snapshot, replayed: false })
}

fn dispatch(tx: &mut Tx<'_>, order: Order, origin: &Origin) -> Result<Snapshot, Fail> {
    match order {
        Order::CreateAccount(terms) => accounts::create(tx, terms),
        Order::UpdateAccount(id, change) => accounts::update(tx, id, change),
        Order::CreateKey(key) => accounts::create_key(tx, key),
        Order::RevokeKey(account, key, overlap) => accounts::revoke_key(tx, &account, key, overlap),
        Order::Credit(account, amount) => accounts::credit(tx, account, amount),
        Order::Debit(account, amount) => accounts::debit(tx, account, amount),
        Order::CreateCashback(account, terms) => cashbacks::create(tx, account, *terms),
        Order::UpdateCashback(id, change) => cashbacks::update(tx, id, *change, origin),
        Order::DeactivateCashback(id) => cashbacks::deactivate(tx, id, origin),
        Order::CreateSession(new, issued) => {
            checkouts::create(tx, *new, issued.map(|issued| *issued))
        }
        Order::UpdateSession(id, change) => checkouts::update(tx, id, *change, origin),
        Order::AddPayment(next) => next_payments::add(tx, *next),
        Order::GiveDetails(id, details) => customers::give(tx, id, *details),
        Order::ForgetDetails(id) => customers::forget(tx, id, origin),
        Order::DeactivateSession(id) => checkouts::deactivate(tx, id, origin),
        Order::CreateEndpoint(account, terms) => webhooks::create(tx, account, terms),
        Order::DisableEndpoint(id) => webhooks::disable(tx, id, origin),
        Order::EnableEndpoint(id) => webhooks::enable(tx, id, origin),
        Order::Resend(endpoint, delivery) => webhooks::resend(tx, endpoint, delivery, origin),
        Order::Link(asked) => links::order(tx, *asked, origin),
        Order::CancelClaim(id) => claims::cancel(tx, id, origin),
        Order::ParkPayout(id) => payouts::park(tx, id),
        Order::ResolvePayout(id, resolution) => payouts::resolve(tx, id, resolution),
        Order::Send(new) => sends::create(tx, *new),
        Order::AssignSuspense(id, account) => suspense::assign(tx, id, account),
        Order::Drain(drained) => {
            tx.books_mut().drained = drained;
            Ok(Snapshot::Drained(drained))
        }
        Order::NoteAddress(address) => Ok(Snapshot::Address(address)),
        Order::BeginAct(kind, terms, spends) => acts::begin(tx, kind, terms, spends),
        Order::FinishAct(id, outcome, spends) => acts::finish(tx, id, outcome, spends),
    }
}
