//! `/checkout-links`: links for one payment.

mod create;
mod deactivate;
mod read;

pub(super) use create::create;
pub(super) use deactivate::deactivate;
pub(super) use read::{get, list};
