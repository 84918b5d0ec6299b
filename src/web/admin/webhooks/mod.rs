//! `/webhooks`: where a merchant wants to be told what happens, and what became of the messages.

mod create;
mod deliveries;
mod read;
mod switch;
mod verify_secret;

pub(super) use create::create;
pub(super) use deliveries::{list as list_deliveries, resend};
pub(super) use read::{get, list};
pub(super) use switch::{disable, enable};
pub(super) use verify_secret::verify_secret;
