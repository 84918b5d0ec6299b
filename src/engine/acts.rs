//! Acts outside the books (DESIGN D24): intent first, outcome when it is known.

use crate::domain::account::Metadata;
use crate::domain::act::{Act, ActKind, ActOutcome};
use crate::domain::chart;
use crate::domain::id::ActId;
use crate::domain::ledger::LedgerAccount;
use crate::domain::money::Msat;
use crate::domain::snapshot::Snapshot;
use crate::ports::store::{List, table};

use super::reply::{Object, Refusal};
use super::tx::{Fail, Tx};

/// What the books call the cause of what moves by the operator's hand.
const CAUSE: &str = "node";

/// Money that accounts are owed does not leave by an act: only what the books say is the operator's own, and that is
/// the operator's no longer once the intent is there.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    kind: ActKind,
    terms: Metadata,
    spends: Msat,
) -> Result<Snapshot, Fail> {
    let own = tx.balance(&LedgerAccount::Operator)?;
    if !spends.is_zero() && own < i64::try_from(spends.get()).unwrap_or(i64::MAX) {
        return Err(Refusal::BeyondUnallocated.into());
    }
    tx.post(chart::node_spends(spends), CAUSE)?;
    let act = Act {
        id: ActId::new(tx.now(), tx.random()),
        seq: tx.next_seq(),
        kind,
        terms,
        outcome: ActOutcome::Unknown,
        created: tx.now(),
        modified: tx.now(),
    };
    tx.list(List::Acts, &[], act.seq, act.id.as_str());
    tx.put::<table::Act>(act.id.clone(), act.clone());
    Ok(Snapshot::Act(Box::new(act)))
}

/// What the intent took is given back where nothing happened.
pub(super) fn finish(
    tx: &mut Tx<'_>,
    id: ActId,
    outcome: ActOutcome,
    spends: Msat,
) -> Result<Snapshot, Fail> {
    let mut act = tx.asked::<table::Act>(id, Object::Act)?;
    if act.outcome == ActOutcome::Unknown && matches!(outcome, ActOutcome::Refused(_)) {
        tx.post(chart::node_spends_not(spends), CAUSE)?;
    }
    act.outcome = outcome;
    act.modified = tx.now();
    tx.put::<table::Act>(act.id.clone(), act.clone());
    Ok(Snapshot::Act(Box::new(act)))
}
