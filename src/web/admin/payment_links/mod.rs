//! `/payment-links`: links for any number of payments.

mod create;
mod read;
mod switch;

pub(super) use create::create;
pub(super) use read::{get, list};
pub(super) use switch::{activate, deactivate};
