//! `/payouts`: attempts to pay.

mod park;
mod read;
mod resolve;

pub(super) use park::park;
pub(super) use read::{get, list};
pub(super) use resolve::resolve;
