//! `/node`: the operator's hands on the Lightning node.

mod address;
mod channels;
mod get;
mod payments;

pub(super) use address::new_address;
pub(super) use channels::{list_channels, open_channel};
pub(super) use get::get;
pub(super) use payments::list_payments;
