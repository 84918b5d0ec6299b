//! `/checkout-sessions`: one purchase each.

mod create;
mod deactivate;
mod read;

pub(super) use create::{Thanks, cashback, create, create_as, payment_methods};
pub(super) use deactivate::deactivate;
pub(super) use read::{get, list};
