//! A session's further payments: one takes the place of an invoice that expired, at the rate of then, or is the first one
//! over an amount that the customer chose (DESIGN D19, D21).

use crate::domain::checkout::{MAX_PAYMENTS, Payment, PaymentStatus, Session, SessionStatus};
use crate::domain::decimal::Decimal;
use crate::domain::event::EventKind;
use crate::domain::id::SessionId;
use crate::domain::snapshot::Snapshot;
use crate::ports::store::table;

use super::checkouts::{self, add_payment, closed_to_new_business, end_unpaid};
use super::command::NextPayment;
use super::reply::{Object, Refusal, Reply, Wanted};
use super::tx::{Fail, Tx};

/// Says what must be known for the next payment, or takes note if none is needed.
pub(super) fn check(tx: &Tx<'_>, id: SessionId, chosen: Option<Decimal>) -> Result<Reply, Fail> {
    let session = tx.asked::<table::Session>(id, Object::Session)?;
    let last = last_of(tx, &session)?;
    if !is_wanted(tx, &session, last.as_ref(), chosen)? {
        return Ok(Reply::Noted);
    }
    let terms = &session.terms;
    let cashback = match terms.cashback.clone() {
        Some(id) => tx.named::<table::Cashback>(id)?.rate_wanted(),
        None => None,
    };
    Ok(Reply::Wanted(Box::new(Wanted {
        amount: chosen.or(session.owed()),
        currency: terms.currency,
        cashback,
        ttl: terms.ttl,
        text: terms.statement_descriptor.clone().or_else(|| terms.title.clone()),
        after: session.payments.last().cloned(),
    })))
}

fn last_of(tx: &Tx<'_>, session: &Session) -> Result<Option<Payment>, Fail> {
    session.payments.last().map(|id| tx.named::<table::Payment>(id.clone())).transpose()
}

/// A choice is an order and may be refused; an expired invoice is looked at by everybody who passes.
fn is_wanted(
    tx: &Tx<'_>,
    session: &Session,
    last: Option<&Payment>,
    chosen: Option<Decimal>,
) -> Result<bool, Fail> {
    let Some(amount) = chosen else {
        let wanted = session.needs_payment(last, tx.now());
        return if wanted { closed_to_new_business(tx).map(|()| true) } else { Ok(false) };
    };
    if session.status != SessionStatus::Active
        || last.is_some_and(|payment| payment.receipt.is_some())
    {
        return Err(Refusal::SessionNotActive.into());
    }
    let terms = &session.terms;
    if terms.choice.as_ref().is_none_or(|choice| choice.take(Some(amount)).is_err())
        || !terms.currency.fits(amount)
    {
        return Err(Refusal::NotAChoice.into());
    }
    if session.payments.len() >= MAX_PAYMENTS {
        return Err(Refusal::TooManyPayments.into());
    }
    closed_to_new_business(tx)?;
    let stands = last.is_some_and(|payment| {
        payment.status == PaymentStatus::Unpaid && payment.expires_at > tx.now()
    });
    Ok(!stands || session.chosen != Some(amount))
}

/// Takes the payment if it is still wanted and follows what it was made to follow; else the session stays as it is.
pub(super) fn add(tx: &mut Tx<'_>, next: NextPayment) -> Result<Snapshot, Fail> {
    let mut session = tx.asked::<table::Session>(next.session, Object::Session)?;
    let last = last_of(tx, &session)?;
    let is_first = session.payments.last() == next.after.as_ref();
    if !is_first || !is_wanted(tx, &session, last.as_ref(), next.chosen)? {
        return checkouts::snapshot(tx, session);
    }
    if let Some(mut last) = last.filter(|last| last.status == PaymentStatus::Unpaid) {
        let (status, kind) = if last.expires_at <= tx.now() {
            (PaymentStatus::Expired, EventKind::PaymentExpired)
        } else {
            (PaymentStatus::Cancelled, EventKind::PaymentCancelled)
        };
        end_unpaid(tx, &mut last, status, kind);
    }
    let cashback = match session.terms.cashback.clone() {
        Some(id) => Some(tx.named::<table::Cashback>(id)?),
        None => None,
    };
    session.chosen = next.chosen.or(session.chosen);
    let payment = add_payment(tx, &mut session, cashback.as_ref(), next.issued)?;
    session.modified = tx.now();
    let subject = Snapshot::Payment(Box::new(payment));
    tx.tell(EventKind::PaymentCreated, Some(&session.account), subject);
    tx.session_changed(&session.id);
    tx.put::<table::Session>(session.id.clone(), session.clone());
    checkouts::snapshot(tx, session)
}
