//! Commit B of DESIGN section 5: whether a reserved payout may be dispatched now, must wait, or is given up (D6, D18).

use crate::domain::payout::{Dispatch, FailureCode, Input, Payout, PayoutState};
use crate::ports::lightning::PayOrder;
use crate::ports::store::table;

use super::command::DispatchRequest;
use super::payouts;
use super::reply::{DispatchReply, Reply};
use super::tx::{Fail, Tx};

pub(super) fn dispatch(tx: &mut Tx<'_>, request: DispatchRequest) -> Result<Reply, Fail> {
    let payout = tx.named::<table::Payout>(request.payout.clone())?;
    let reply = if payout.state != PayoutState::Reserved {
        DispatchReply::Over
    } else if let Some(code) = must_give_up(tx, &payout, &request) {
        payouts::apply(tx, payout, Input::GiveUp(code), 0)?;
        DispatchReply::Over
    } else {
        match obstacle(tx, &payout, &request) {
            None => go(tx, payout, &request)?,
            Some(code) if tx.now() >= payout.created + tx.around.policy.permit_wait => {
                payouts::apply(tx, payout, Input::GiveUp(code), 0)?;
                DispatchReply::Over
            }
            Some(_) => DispatchReply::Wait,
        }
    };
    Ok(Reply::Dispatch(reply))
}

/// Nobody asked to dispatch it in time: the runner hangs, or the node does.
pub(super) fn give_up_overdue(tx: &mut Tx<'_>, payout: Payout) -> Result<Payout, Fail> {
    let code = if is_too_late(tx, &payout) {
        FailureCode::InvoiceExpired
    } else {
        FailureCode::NodeNotReady
    };
    payouts::apply(tx, payout, Input::GiveUp(code), 0)
}

fn is_too_late(tx: &Tx<'_>, payout: &Payout) -> bool {
    payout.invoice_expires_at < tx.around.wall + tx.around.policy.min_dispatch_left
}

/// What no waiting would mend.
fn must_give_up(tx: &Tx<'_>, payout: &Payout, request: &DispatchRequest) -> Option<FailureCode> {
    if tx.state.stopping {
        return Some(FailureCode::ShuttingDown);
    }
    // Somebody who knows the preimage sent us money on this hash. The node would answer `DuplicatePayment`, which proves
    // nothing; as long as nothing is dispatched, giving up is proof enough.
    if request.known_to_node == Some(true) {
        tracing::warn!(payout = %payout.id, "the node knows the payment hash already");
        return Some(FailureCode::InvalidInvoice);
    }
    is_too_late(tx, payout).then_some(FailureCode::InvoiceExpired)
}

/// What waiting may mend.
fn obstacle(tx: &Tx<'_>, payout: &Payout, request: &DispatchRequest) -> Option<FailureCode> {
    let (Some(_), Some(liquidity), Some(chain)) =
        (request.known_to_node, request.liquidity, request.chain)
    else {
        return Some(FailureCode::NodeNotReady);
    };
    let permits = u64::from(tx.around.policy.permits_per_peer) * u64::from(liquidity.usable_peers);
    let taken = u64::try_from(tx.state.permits_taken()).unwrap_or(u64::MAX);
    if !chain.may_pay() {
        Some(FailureCode::NodeNotReady)
    } else if liquidity.largest_send < payout.amount {
        Some(FailureCode::InsufficientLiquidity)
    } else if taken >= permits {
        Some(FailureCode::NoPermit)
    } else {
        None
    }
}

fn go(tx: &mut Tx<'_>, payout: Payout, request: &DispatchRequest) -> Result<DispatchReply, Fail> {
    let cltv_limit = tx.around.policy.route_cltv_limit;
    let order = PayOrder {
        invoice: payout.invoice.clone(),
        hash: payout.hash,
        max_fee: payout.fee_budget,
        cltv_limit,
    };
    let dispatch = Dispatch {
        at: tx.now(),
        height: request.chain.map_or(0, |chain| chain.height),
        cltv_limit,
        process: tx.books().process,
    };
    payouts::apply(tx, payout, Input::Dispatch(dispatch), 0)?;
    Ok(DispatchReply::Go(order))
}
