//! `/node`: the operator's hands on the Lightning node.

mod address;
mod channels;
mod get;
mod payments;
mod peers;

pub(super) use address::new_address;
pub(super) use channels::{list_channels, open_channel};
pub(super) use get::get;
pub(super) use payments::list_payments;
pub(super) use peers::list_peers;
