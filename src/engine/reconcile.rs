//! The reconciliation of the books with what the node holds (DESIGN D12): whatever moved the node's money beside
//! checkouts and payouts is the operator's.

use crate::domain::chart;
use crate::domain::event::EventKind;
use crate::domain::ledger::LedgerAccount;
use crate::domain::snapshot::Snapshot;

use super::command::Reconcile;
use super::reply::Reply;
use super::tx::{Fail, Tx};

pub(super) fn reconcile(tx: &mut Tx<'_>, request: Reconcile) -> Result<Reply, Fail> {
    // Money moved in the books since the node was read: what was read is no longer comparable.
    if request.mark != tx.state.money_mark || tx.state.money_moves() {
        return Ok(Reply::Noted);
    }
    let booked = tx.balance(&LedgerAccount::Node)?;
    let before = tx.balance(&LedgerAccount::Operator)?;
    if i64::try_from(request.held.get()).unwrap_or(i64::MAX) < booked {
        // Channels and closings cost something; anything else that leaves unseen is what the operator should look into.
        tracing::warn!(held = %request.held, booked, "the node holds less than the books say");
    }
    tx.post(chart::node_adjustment(request.held, booked), "node")?;
    let after = tx.balance(&LedgerAccount::Operator)?;
    if before >= 0 && after < 0 {
        tracing::error!(operator_msat = after, "the operator's own money fell below zero");
        tx.tell(EventKind::NodeDeficit, None, Snapshot::Operator(after));
    }
    Ok(Reply::Noted)
}
