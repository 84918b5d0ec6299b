//! `/checkout-sessions`: one purchase each.

mod create;
mod deactivate;
mod forget;
mod read;
mod terms;
mod update;

pub(super) use create::{create, create_as, make};
pub(super) use deactivate::deactivate;
pub(super) use forget::forget;
pub(super) use read::{get, list};
pub(super) use terms::read_payment;
pub(super) use update::update;
