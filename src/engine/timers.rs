//! What time does: payments and claims expire, cashbacks start and end, payouts that take too long are reported and
//! parked. Nothing of it runs while the wall clock is not to be trusted (DESIGN D23).

use crate::domain::checkout::PaymentStatus;
use crate::domain::event::EventKind;
use crate::domain::id::{PaymentId, PayoutId};
use crate::domain::payout::{Input, PayoutState};
use crate::ports::store::table;

use super::reply::Reply;
use super::state::Timer;
use super::tx::{Fail, Tx};
use super::{cashbacks, checkouts, claims, dispatching, idempotency, payouts, webhooks};

/// Most timers that one tick runs; what is left runs with the next.
const MAX_PER_TICK: usize = 500;

pub(super) fn run_due(tx: &mut Tx<'_>) -> Result<Reply, Fail> {
    for timer in tx.state.due_timers(tx.now(), MAX_PER_TICK) {
        match timer {
            Timer::Payment(id) => expire_payment(tx, id)?,
            Timer::Cashback(id) => cashbacks::follow_dates(tx, id)?,
            Timer::Claim(id) => claims::expire(tx, id)?,
            Timer::Payout(id) => payout_is_slow(tx, id)?,
            Timer::Answer(key) => idempotency::forget(tx, key)?,
        }
    }
    webhooks::tidy(tx)?;
    Ok(Reply::Noted)
}

fn expire_payment(tx: &mut Tx<'_>, id: PaymentId) -> Result<(), Fail> {
    let mut payment = tx.named::<table::Payment>(id)?;
    if payment.status == PaymentStatus::Unpaid && payment.expires_at <= tx.now() {
        checkouts::end_unpaid(tx, &mut payment, PaymentStatus::Expired, EventKind::PaymentExpired);
    }
    Ok(())
}

/// Gives up what nobody dispatched; reports a payout once, and parks it when it is in doubt long enough – unless the account has as many parked ones as
/// it may have: then it keeps the lock.
fn payout_is_slow(tx: &mut Tx<'_>, id: PayoutId) -> Result<(), Fail> {
    let payout = tx.named::<table::Payout>(id)?;
    if payout.state == PayoutState::Reserved {
        return dispatching::give_up_overdue(tx, payout).map(drop);
    }
    let payout = payouts::apply(tx, payout, Input::Slow, 0)?;
    let doubt_ends = payout.dispatch.map(|dispatch| tx.state.doubt_ends(dispatch.at));
    let may_park = tx.state.parked_of(&payout.account) < tx.around.policy.max_parked;
    if may_park && doubt_ends.is_some_and(|ends| ends <= tx.now()) {
        payouts::apply(tx, payout, Input::Overdue, 0)?;
    }
    Ok(())
}
