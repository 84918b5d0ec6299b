//! `/node`: the operator's hands on the Lightning node.

mod acts;
mod address;
mod channels;
mod get;
mod payments;
mod peers;
mod send;

pub(super) use address::new_address;
pub(super) use channels::{close_channel, list_channels, open_channel};
pub(super) use get::get;
pub(super) use payments::list_payments;
pub(super) use peers::{connect, list_peers};
pub(super) use send::send;
