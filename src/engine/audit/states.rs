//! Rules about states: which claim, payout, lock and receipt may stand beside which.

use std::collections::BTreeMap;

use crate::domain::checkout::{Payment, PaymentStatus};
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::id::{AccountId, ClaimId, PayoutId};
use crate::domain::payout::{Payout, PayoutState, Purpose};
use crate::ports::secrets::Secrets;

use super::{Everything, Problems};

pub(super) fn check(all: &Everything, secrets: &dyn Secrets, problems: &mut Problems) {
    check_locks(all, problems);
    for payout in all.payouts.values() {
        check_payout(all, payout, secrets, problems);
    }
    for send in all.sends.values() {
        let fits = all.payouts.get(&send.payout).is_some_and(|own| own.send() == Some(&send.id));
        problems.check(fits, || format!("{} has no payout of its own", send.id));
    }
    for claim in all.claims.values() {
        check_claim(all, claim, problems);
    }
    for payment in all.payments.values() {
        check_payment(all, payment, problems);
    }
    for id in &all.details {
        let asked = all.sessions.get(id).is_some_and(|session| session.terms.collects.is_some());
        problems.check(asked, || format!("{id} has customer details that nobody asked for"));
    }
}

/// A payment is its session's, over before the next one begins, and asks for what its amount comes to at its rate.
fn check_payment(all: &Everything, payment: &Payment, problems: &mut Problems) {
    let id = &payment.id;
    let Some(session) = all.sessions.get(&payment.session) else {
        problems.check(false, || format!("{id} belongs to no session"));
        return;
    };
    let belongs = session.payments.contains(id);
    problems.check(belongs, || format!("{id} belongs to no session"));
    let is_last = session.payments.last() == Some(id);
    let is_over = is_last || payment.status != PaymentStatus::Unpaid;
    problems.check(is_over, || format!("{id} is unpaid although another one follows it"));
    let price = payment.price(&session.terms);
    let fits = payment.rate.is_none() || price.rate.ceil_sat(price.amount) == Some(payment.due);
    problems.check(fits, || format!("{id} does not ask for what its amount comes to"));
}

/// A lock if and only if an open payout of the account is not parked; never two.
fn check_locks(all: &Everything, problems: &mut Problems) {
    let mut holders: BTreeMap<&AccountId, &PayoutId> = BTreeMap::new();
    for payout in all.payouts.values().filter(|payout| payout.holds_lock()) {
        let other = holders.insert(&payout.account, &payout.id);
        problems.check(other.is_none(), || format!("{} has two payouts at once", payout.account));
    }
    for (account, lock) in &all.locks {
        let right = holders.get(account) == Some(&&lock.payout);
        problems.check(right, || format!("the lock of {account} is held by {}", lock.payout));
    }
    for (account, payout) in holders {
        let locked = all.locks.contains_key(account);
        problems.check(locked, || format!("{payout} is under way but {account} is not locked"));
    }
}

fn check_payout(all: &Everything, payout: &Payout, secrets: &dyn Secrets, problems: &mut Problems) {
    let id = &payout.id;
    match &payout.purpose {
        Purpose::Claim(claim, _) => {
            let fits = is_paid_by(all, payout, claim);
            problems.check(fits, || format!("{id} does not fit the claim that it pays"));
        }
        Purpose::Send(send) => {
            let own = all.sends.get(send).map(|send| (&send.payout, &send.account));
            let fits = own == Some((id, &payout.account));
            problems.check(fits, || format!("{id} carries out no send"));
        }
    }
    if let (PayoutState::Paid, Some(preimage)) = (payout.state, &payout.preimage) {
        let fits = secrets.digest(&preimage.0).0 == payout.hash.0;
        problems.check(fits, || format!("{id} is paid but its preimage does not fit its hash"));
    }
    let dispatched = payout.dispatch.is_some();
    let needs_dispatch = matches!(
        payout.state,
        PayoutState::Dispatching | PayoutState::InFlight | PayoutState::InDoubt
    );
    problems.check(dispatched || !needs_dispatch, || format!("{id} was never dispatched"));
    let resolved = payout.state.is_terminal() == payout.resolved_at.is_some();
    problems.check(resolved, || format!("{id} has a wrong time of resolution"));
    let parked = !payout.parked || payout.state.may_park();
    problems.check(parked, || format!("{id} is parked but {}", payout.state.name()));
}

/// A claim is paid by one payout. One that succeeded after it had been booked as failed closes its claim, unless that is
/// over already or taken by another payout.
fn is_paid_by(all: &Everything, payout: &Payout, claim: &ClaimId) -> bool {
    let Some(claim) = all.claims.get(claim) else { return false };
    match payout.state {
        PayoutState::Paid if payout.late => match claim.status {
            ClaimStatus::Open => false,
            ClaimStatus::Processing => claim.late_payout.is_some(),
            ClaimStatus::Paid | ClaimStatus::Expired | ClaimStatus::Cancelled => true,
        },
        PayoutState::Paid => claim.payout.as_ref() == Some(&payout.id),
        _ => true,
    }
}

fn check_claim(all: &Everything, claim: &Claim, problems: &mut Problems) {
    let id = &claim.id;
    let payout = claim.payout.as_ref().and_then(|payout| all.payouts.get(payout));
    let fits = match (claim.status, payout) {
        (ClaimStatus::Processing, Some(payout)) => {
            payout.claim() == Some(id) && !payout.state.is_terminal()
        }
        (ClaimStatus::Paid, Some(payout)) => {
            payout.claim() == Some(id) && payout.state == PayoutState::Paid
        }
        (ClaimStatus::Open | ClaimStatus::Expired | ClaimStatus::Cancelled, None) => true,
        _ => false,
    };
    problems
        .check(fits, || format!("{id} is {} with a payout that does not fit", claim.status.name()));
    let received = all
        .payments
        .get(&claim.payment)
        .and_then(|payment| payment.receipt)
        .map(|receipt| receipt.amount);
    let covered = received.is_some_and(|received| claim.amount <= received);
    problems.check(covered, || format!("{id} is worth more than was received for it"));
    let linked = all.sessions.get(&claim.session).and_then(|s| s.claim.as_ref()) == Some(id);
    problems.check(linked, || format!("{id} is not its session's claim"));
}
