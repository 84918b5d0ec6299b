//! What customers say about themselves: kept beside their session, told in no event, deleted on request.

use crate::domain::checkout::SessionStatus;
use crate::domain::customer::Details;
use crate::domain::id::SessionId;
use crate::domain::snapshot::Snapshot;
use crate::ports::store::table;

use super::checkouts;
use super::command::Origin;
use super::ownership::owned;
use super::reply::{Object, Refusal};
use super::tx::{Fail, Tx};

/// Keeps what was said, in place of what was said before.
pub(super) fn give(tx: &mut Tx<'_>, id: SessionId, details: Details) -> Result<Snapshot, Fail> {
    let session = tx.asked::<table::Session>(id, Object::Session)?;
    if session.status != SessionStatus::Active || session.terms.collects.is_none() {
        return Err(Refusal::SessionNotActive.into());
    }
    tx.session_changed(&session.id);
    tx.put::<table::Details>(session.id.clone(), details);
    checkouts::snapshot(tx, session)
}

/// Deletes what was said; the session itself stays as it is.
pub(super) fn forget(tx: &mut Tx<'_>, id: SessionId, origin: &Origin) -> Result<Snapshot, Fail> {
    let session = tx.asked::<table::Session>(id, Object::Session)?;
    owned(&session.account, origin, Object::Session)?;
    if tx.get::<table::Details>(session.id.clone())?.is_some() {
        tx.remove::<table::Details>(session.id.clone());
        tx.session_changed(&session.id);
    }
    checkouts::snapshot(tx, session)
}
