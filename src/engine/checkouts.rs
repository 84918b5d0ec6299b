//! Checkout sessions: made with their first invoice, changed, and closed.

use crate::domain::cashback::{Cashback, CashbackStatus};
use crate::domain::checkout::{
    MAX_WEIGHT, Payment, PaymentStatus, Session, SessionChange, SessionStatus, SessionTerms,
    TwoEndings, Visit,
};
use crate::domain::event::EventKind;
use crate::domain::id::{AccountId, CashbackId, PaymentId, SessionId};
use crate::domain::money::Msat;
use crate::domain::snapshot::Snapshot;
use crate::domain::token::TokenKind;
use crate::ports::store::{HashOwner, List, Scope, StoreFault, TokenOwner, table};

use super::command::{Issued, NewSession, Origin};
use super::crowds::Crowd;
use super::links;
use super::ownership::owned;
use super::reply::{Object, Refusal, Reply, Wanted};
use super::tx::{Fail, Tx};

/// Says what must be known to make a session.
pub(super) fn check(tx: &Tx<'_>, new: &NewSession) -> Result<Reply, Fail> {
    let cashback = admit(tx, new)?;
    Ok(first_wanted(&new.terms, cashback.as_ref()))
}

/// What must be known for the first payment of a session.
pub(super) fn first_wanted(terms: &SessionTerms, cashback: Option<&Cashback>) -> Reply {
    let text = terms.statement_descriptor.clone().or_else(|| terms.title.clone());
    Reply::Wanted(Box::new(Wanted {
        amount: terms.owed(),
        currency: terms.currency,
        cashback: cashback.and_then(Cashback::rate_wanted),
        ttl: terms.ttl,
        text,
        after: None,
    }))
}

/// Decides whether a session may be made; asked before its invoice exists, and again in the commit.
pub(super) fn admit(tx: &Tx<'_>, new: &NewSession) -> Result<Option<Cashback>, Fail> {
    closed_to_new_business(tx)?;
    if new.terms.weight() > MAX_WEIGHT {
        return Err(Refusal::TooLong.into());
    }
    live_cashback(tx, &new.account, new.terms.cashback.clone())
}

/// The cashback that an account wants to attach, if it is its own and live.
pub(super) fn live_cashback(
    tx: &Tx<'_>,
    account: &AccountId,
    id: Option<CashbackId>,
) -> Result<Option<Cashback>, Fail> {
    tx.asked::<table::Account>(account.clone(), Object::Account)?;
    let Some(id) = id else { return Ok(None) };
    let cashback = tx.asked::<table::Cashback>(id, Object::Cashback)?;
    if cashback.account != *account {
        return Err(Refusal::NoSuch(Object::Cashback).into());
    }
    if cashback.status_at(tx.now()) != CashbackStatus::Active {
        return Err(Refusal::CashbackInactive.into());
    }
    Ok(Some(cashback))
}

/// The switches that hold back both claims and sessions.
pub(super) fn closed_to_new_business(tx: &Tx<'_>) -> Result<(), Fail> {
    let refusal = if let Some(rule) = &tx.state.frozen {
        Refusal::Frozen(rule.clone())
    } else if tx.state.stopping {
        Refusal::Stopping
    } else if tx.books().drained {
        Refusal::Drained
    } else if tx.state.disk_low {
        Refusal::LowDisk
    } else {
        return Ok(());
    };
    Err(refusal.into())
}

pub(super) fn create(
    tx: &mut Tx<'_>,
    new: NewSession,
    issued: Option<Issued>,
) -> Result<Snapshot, Fail> {
    let cashback = admit(tx, &new)?;
    if issued.is_some() != new.terms.owed().is_some() {
        return Err(Refusal::NotAChoice.into());
    }
    let most = tx.around.policy.max_unpaid_direct;
    make_room(tx, &Crowd::Direct(new.account.clone()), most)?;
    let made = make(tx, new, None, cashback.as_ref(), issued)?;
    Ok(announce(tx, &made))
}

/// Closes what has to give way so that one more unpaid session finds room among `most`.
pub(super) fn make_room(tx: &mut Tx<'_>, crowd: &Crowd, most: usize) -> Result<(), Fail> {
    for id in tx.state.crowds.giving_way(crowd, most) {
        let mut session = tx.named::<table::Session>(id)?;
        close(tx, &mut session)?;
    }
    Ok(())
}

/// A session that was made, and not told of yet.
pub(super) struct Made {
    pub(super) session: Session,
    /// None if its customer has yet to choose the amount.
    pub(super) payment: Option<Payment>,
}

/// Makes a session with its first payment, if its amount is known.
pub(super) fn make(
    tx: &mut Tx<'_>,
    new: NewSession,
    visit: Option<Visit>,
    cashback: Option<&Cashback>,
    issued: Option<Issued>,
) -> Result<Made, Fail> {
    let mut session = Session {
        id: SessionId::new(tx.now(), tx.random()),
        seq: tx.next_seq(),
        account: new.account,
        terms: new.terms,
        visit,
        status: SessionStatus::Active,
        chosen: None,
        payments: vec![],
        received: Msat::ZERO,
        claim: None,
        no_claim: None,
        token_generation: 0,
        created: tx.now(),
        modified: tx.now(),
        paid_at: None,
    };
    let payment = match issued {
        Some(issued) => Some(add_payment(tx, &mut session, cashback, issued)?),
        None => None,
    };
    let scope = Scope::Account(session.account.clone());
    tx.list(List::Sessions, &[scope], session.seq, session.id.as_str());
    let owner = TokenOwner::SessionPage(session.id.clone());
    tx.index_token(TokenKind::SessionPage, session.id.as_str(), session.token_generation, owner);
    tx.put::<table::Session>(session.id.clone(), session.clone());
    Ok(Made { session, payment })
}

/// Tells of a session and its payment.
pub(super) fn announce(tx: &mut Tx<'_>, made: &Made) -> Snapshot {
    let Made { session, payment } = made;
    let payments: Vec<Payment> = payment.clone().into_iter().collect();
    let snapshot = Snapshot::session(session.clone(), &payments);
    tx.tell(EventKind::SessionCreated, Some(&session.account), snapshot.clone());
    if let Some(payment) = payment {
        let subject = Snapshot::Payment(Box::new(payment.clone()));
        tx.tell(EventKind::PaymentCreated, Some(&session.account), subject);
    }
    snapshot
}

/// What is owed, by what and for how long does not change; what the page says may.
pub(super) fn update(
    tx: &mut Tx<'_>,
    id: SessionId,
    change: SessionChange,
    origin: &Origin,
) -> Result<Snapshot, Fail> {
    let mut session = tx.asked::<table::Session>(id, Object::Session)?;
    owned(&session.account, origin, Object::Session)?;
    let before = session.terms.clone();
    session.terms.change(change).map_err(|TwoEndings| Refusal::TwoEndings)?;
    if session.terms.weight() > MAX_WEIGHT {
        return Err(Refusal::TooLong.into());
    }
    if session.terms != before {
        session.modified = tx.now();
        tx.session_changed(&session.id);
        tx.put::<table::Session>(session.id.clone(), session.clone());
    }
    snapshot(tx, session)
}

/// Records an invoice under its hash before anybody sees it (DESIGN section 5 row 1), with the cashback as it is now.
pub(super) fn add_payment(
    tx: &mut Tx<'_>,
    session: &mut Session,
    cashback: Option<&Cashback>,
    issued: Issued,
) -> Result<Payment, Fail> {
    let Issued { price, cashback_rate, invoice } = issued;
    let quote = cashback.map(|cashback| cashback.quote(cashback_rate).ok_or(Refusal::Unpriced));
    if tx.get::<table::Hash>(invoice.hash)?.is_some() {
        return Err(Fail::Fault(StoreFault("the node issued a hash that is taken".to_owned())));
    }
    let payment = Payment {
        id: PaymentId::new(tx.now(), tx.random()),
        seq: tx.next_seq(),
        account: session.account.clone(),
        session: session.id.clone(),
        status: PaymentStatus::Unpaid,
        hash: invoice.hash,
        invoice: invoice.text,
        due: price.due,
        amount: Some(price.amount),
        rate: Some(price.rate),
        quote: quote.transpose()?,
        expires_at: invoice.expires_at,
        receipt: None,
        created: tx.now(),
        modified: tx.now(),
    };
    tx.put::<table::Hash>(payment.hash, HashOwner::Payment(payment.id.clone()));
    let scope = Scope::Account(payment.account.clone());
    tx.list(List::Payments, &[scope], payment.seq, payment.id.as_str());
    tx.put::<table::Payment>(payment.id.clone(), payment.clone());
    session.payments.push(payment.id.clone());
    Ok(payment)
}

pub(super) fn deactivate(
    tx: &mut Tx<'_>,
    id: SessionId,
    origin: &Origin,
) -> Result<Snapshot, Fail> {
    let mut session = tx.asked::<table::Session>(id, Object::Session)?;
    owned(&session.account, origin, Object::Session)?;
    let payments = match session.status {
        SessionStatus::Paid => return Err(Refusal::SessionNotActive.into()),
        SessionStatus::Deactivated => payments_of(tx, &session)?,
        SessionStatus::Active => {
            let payments = close(tx, &mut session)?;
            links::session_closed(tx, &session)?;
            payments
        }
    };
    Ok(Snapshot::session(session, &payments))
}

/// A session as it is now.
pub(super) fn snapshot(tx: &Tx<'_>, session: Session) -> Result<Snapshot, Fail> {
    let payments = payments_of(tx, &session)?;
    Ok(Snapshot::session(session, &payments))
}

/// Closes an active session, and its unpaid payment with it.
pub(super) fn close(tx: &mut Tx<'_>, session: &mut Session) -> Result<Vec<Payment>, Fail> {
    let mut payments = payments_of(tx, session)?;
    session.status = SessionStatus::Deactivated;
    session.modified = tx.now();
    for payment in payments.iter_mut().filter(|p| p.status == PaymentStatus::Unpaid) {
        end_unpaid(tx, payment, PaymentStatus::Cancelled, EventKind::PaymentCancelled);
    }
    let subject = Snapshot::session(session.clone(), &payments);
    tx.tell(EventKind::SessionDeactivated, Some(&session.account), subject);
    tx.session_changed(&session.id);
    tx.put::<table::Session>(session.id.clone(), session.clone());
    Ok(payments)
}

/// An invoice is over without money. What still comes in on it is credited as late.
pub(super) fn end_unpaid(
    tx: &mut Tx<'_>,
    payment: &mut Payment,
    status: PaymentStatus,
    kind: EventKind,
) {
    payment.status = status;
    payment.modified = tx.now();
    tx.tell(kind, Some(&payment.account), Snapshot::Payment(Box::new(payment.clone())));
    tx.session_changed(&payment.session);
    tx.put::<table::Payment>(payment.id.clone(), payment.clone());
}

/// All payments of a session, oldest first.
pub(super) fn payments_of(tx: &Tx<'_>, session: &Session) -> Result<Vec<Payment>, Fail> {
    session.payments.iter().map(|id| tx.named::<table::Payment>(id.clone())).collect()
}
