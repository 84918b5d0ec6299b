//! `/cashbacks`: a merchant's rules.

mod create;
mod deactivate;
mod limits;
mod read;
mod update;

pub(super) use create::create;
pub(super) use deactivate::deactivate;
pub(super) use read::{get, list};
pub(super) use update::update;
