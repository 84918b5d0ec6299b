//! Whose object an order may touch.

use crate::domain::id::AccountId;

use super::command::Origin;
use super::reply::{Object, Refusal};

/// Another merchant's object does not exist for this one, nor for an operator who acts for it.
pub(super) fn owned(owner: &AccountId, origin: &Origin, object: Object) -> Result<(), Refusal> {
    match origin.account.as_ref().or(origin.acts_for.as_ref()) {
        Some(account) if account != owner => Err(Refusal::NoSuch(object)),
        _ => Ok(()),
    }
}
