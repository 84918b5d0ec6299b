//! Money that comes in (DESIGN D21). Applying it is total: it asks nothing outside, and is never refused.

use crate::domain::cashback::NoClaim;
use crate::domain::chart;
use crate::domain::checkout::{
    Payment, PaymentStatus, Receipt, Session, SessionStatus, Verdict, judge,
};
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::event::EventKind;
use crate::domain::id::{ClaimId, PaymentId};
use crate::domain::snapshot::Snapshot;
use crate::domain::token::TokenKind;
use crate::ports::store::{HashOwner, List, Scope, TokenOwner, table};

use super::command::Received;
use super::reply::Reply;
use super::tx::{Fail, Tx};
use super::{cashbacks, checkouts, links, payouts, suspense};

pub(super) fn received(tx: &mut Tx<'_>, money: Received) -> Result<Reply, Fail> {
    match tx.get::<table::Hash>(money.hash)? {
        Some(HashOwner::Payment(id)) => credit(tx, id, money)?,
        // Once per hash: a repeated event and a true second receipt look alike, and the latter surfaces as the
        // operator's surplus in the reconciliation.
        Some(HashOwner::Suspense(_)) => {}
        Some(HashOwner::Payout(payout)) => {
            payouts::stray_receipt(tx, payout, money.amount)?;
        }
        None => suspense::receive(tx, money)?,
    }
    Ok(Reply::Noted)
}

/// Credits the first receipt on a payment's hash in full, and pays its session with it if it can.
fn credit(tx: &mut Tx<'_>, id: PaymentId, money: Received) -> Result<(), Fail> {
    let mut payment = tx.named::<table::Payment>(id)?;
    if payment.receipt.is_some() || money.amount.is_zero() {
        return Ok(());
    }
    let mut session = tx.named::<table::Session>(payment.session.clone())?;
    // We may learn of it long after it came in: the process was down, or the books were frozen.
    let came = money.at.map_or(tx.now(), |at| at.min(tx.now()));
    let verdict = judge(&session, &payment, money.amount, money.skimmed, came);
    tx.post(chart::payment_received(&payment.account, money.amount), payment.id.as_str())?;
    payment.status = PaymentStatus::Paid;
    payment.modified = tx.now();
    payment.receipt = Some(Receipt {
        amount: money.amount,
        skimmed: money.skimmed,
        at: tx.now(),
        late: verdict == Verdict::Late,
    });
    session.received += money.amount;
    session.modified = tx.now();
    tx.put::<table::Payment>(payment.id.clone(), payment.clone());
    let subject = Snapshot::Payment(Box::new(payment.clone()));
    match verdict {
        Verdict::Late => tx.tell(EventKind::PaymentLate, Some(&payment.account), subject),
        Verdict::Pays => {
            tx.tell(EventKind::PaymentPaid, Some(&payment.account), subject);
            pay_session(tx, &mut session, &payment)?;
        }
    }
    tx.session_changed(&session.id);
    tx.put::<table::Session>(session.id.clone(), session);
    Ok(())
}

fn pay_session(tx: &mut Tx<'_>, session: &mut Session, payment: &Payment) -> Result<(), Fail> {
    session.status = SessionStatus::Paid;
    session.paid_at = Some(tx.now());
    match open_claim(tx, payment)? {
        Some(Ok(claim)) => session.claim = Some(claim),
        Some(Err(reason)) => session.no_claim = Some(reason),
        None => {}
    }
    let mut payments = checkouts::payments_of(tx, session)?;
    for other in payments.iter_mut().filter(|other| other.status == PaymentStatus::Unpaid) {
        checkouts::end_unpaid(tx, other, PaymentStatus::Cancelled, EventKind::PaymentCancelled);
    }
    for kind in [EventKind::SessionPaymentPaid, EventKind::SessionPaid] {
        let subject = Snapshot::session(session.clone(), &payments);
        tx.tell(kind, Some(&session.account), subject);
    }
    links::session_paid(tx, session)
}

/// Opens the claim that was promised with the payment, if its cashback is still live.
fn open_claim(
    tx: &mut Tx<'_>,
    payment: &Payment,
) -> Result<Option<Result<ClaimId, NoClaim>>, Fail> {
    let (Some(quote), Some(receipt)) = (&payment.quote, &payment.receipt) else {
        return Ok(None);
    };
    let cashback = tx.named::<table::Cashback>(quote.cashback.clone())?;
    let admitted = quote
        .amount(receipt.amount)
        .and_then(|amount| cashback.admit(amount, tx.now()).map(|()| amount.msat()));
    let amount = match admitted {
        Ok(amount) => amount,
        Err(reason) => return Ok(Some(Err(reason))),
    };
    let claim = Claim {
        id: ClaimId::new(tx.now(), tx.random()),
        seq: tx.next_seq(),
        account: payment.account.clone(),
        session: payment.session.clone(),
        payment: payment.id.clone(),
        cashback: cashback.id.clone(),
        amount,
        description: quote.description.clone(),
        status: ClaimStatus::Open,
        link_generation: 0,
        k1_generation: 0,
        payout: None,
        late_payout: None,
        last_error: None,
        retry_at: None,
        expires_at: tx.now() + quote.claim_ttl,
        created: tx.now(),
        modified: tx.now(),
    };
    cashbacks::commit_claim(tx, cashback, amount);
    let id = claim.id.clone();
    tx.list(List::Claims, &[Scope::Account(claim.account.clone())], claim.seq, id.as_str());
    tx.index_token(TokenKind::ClaimLink, id.as_str(), 0, TokenOwner::ClaimLink(id.clone(), 0));
    tx.index_token(TokenKind::K1, id.as_str(), 0, TokenOwner::K1(id.clone(), 0));
    tx.tell(
        EventKind::ClaimCreated,
        Some(&claim.account),
        Snapshot::Claim(Box::new(claim.clone()), None),
    );
    tx.put::<table::Claim>(id.clone(), claim);
    Ok(Some(Ok(id)))
}
