//! `/send`: a merchant's own payments.

mod create;
mod read;

pub(super) use create::create;
pub(super) use read::{get, list};
