//! Webhook messages on their way out: signed as Standard Webhooks and Speed do, to public addresses only, one try at a
//! time. When a message is tried again is a matter of the domain, that it is not forgotten one of the engine.

mod address;
mod carrier;
mod sign;

pub use address::is_public;
pub use carrier::{Carrier, Limits, Write};
pub use sign::signature;
