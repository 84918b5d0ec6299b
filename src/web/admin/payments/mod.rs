//! `/payments`: one invoice each.

mod create;
mod read;

pub(super) use create::create;
pub(super) use read::{get, list};
