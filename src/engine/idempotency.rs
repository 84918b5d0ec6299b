//! Same key, same request: the same answer, and nothing happens twice. The answer is stored in the commit that carried
//! the order out; a refusal is not stored, so the order may be tried again.

use crate::domain::act::ActOutcome;
use crate::domain::id::ActId;
use crate::domain::snapshot::Snapshot;
use crate::ports::store::{AnswerKey, Outcome, StoredAnswer, table};

use super::command::{Idempotency, Origin};
use super::reply::{Refusal, Reply};
use super::tx::{Fail, Tx};

fn key(origin: &Origin, idempotency: &Idempotency) -> AnswerKey {
    AnswerKey { account: origin.account.clone(), digest: idempotency.key }
}

/// The answer that was given under the origin's key, if there was one.
pub(super) fn recall(tx: &Tx<'_>, origin: &Origin) -> Result<Option<Reply>, Fail> {
    let Some(idempotency) = &origin.idempotency else { return Ok(None) };
    let Some(stored) = tx.get::<table::Answer>(key(origin, idempotency))? else {
        return Ok(None);
    };
    if stored.request != idempotency.request {
        return Err(Refusal::IdempotencyConflict.into());
    }
    let snapshot = match stored.outcome {
        Outcome::Answered(snapshot) => snapshot,
        Outcome::Act(id) => {
            let act = tx.named::<table::Act>(id)?;
            if act.outcome == ActOutcome::Unknown {
                return Err(Refusal::OutcomeUnknown.into());
            }
            Snapshot::Act(Box::new(act))
        }
    };
    Ok(Some(Reply::Object { snapshot, replayed: true }))
}

/// Keeps the answer under the origin's key.
pub(super) fn remember(tx: &mut Tx<'_>, origin: &Origin, snapshot: &Snapshot) {
    keep(tx, origin, Outcome::Answered(snapshot.clone()));
}

/// Keeps that an act was begun under the origin's key.
pub(super) fn remember_act(tx: &mut Tx<'_>, origin: &Origin, act: ActId) {
    keep(tx, origin, Outcome::Act(act));
}

fn keep(tx: &mut Tx<'_>, origin: &Origin, outcome: Outcome) {
    if let Some(idempotency) = &origin.idempotency {
        let answer = StoredAnswer { request: idempotency.request, created: tx.now(), outcome };
        tx.put::<table::Answer>(key(origin, idempotency), answer);
    }
}

/// Lets go of an answer whose time is over – but never of an act whose outcome is still unknown: under the same key it
/// must not be done again (DESIGN D24).
pub(super) fn forget(tx: &mut Tx<'_>, key: AnswerKey) -> Result<(), Fail> {
    let Some(mut answer) = tx.get::<table::Answer>(key.clone())? else { return Ok(()) };
    if let Outcome::Act(id) = &answer.outcome
        && tx.named::<table::Act>(id.clone())?.outcome == ActOutcome::Unknown
    {
        answer.created = tx.now();
        tx.put::<table::Answer>(key, answer);
    } else {
        tx.remove::<table::Answer>(key);
    }
    Ok(())
}
