//! `/claims`: customers' rights to their cashbacks.

mod cancel;
mod read;

pub(super) use cancel::cancel;
pub(super) use read::{get, list};
