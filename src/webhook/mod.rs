//! Webhook messages on their way out: signed as Standard Webhooks and Speed do, to public addresses only, one try at a
//! time. When a message is tried again is a matter of the domain, that it is not forgotten one of the engine.

mod carrier;
mod sign;

pub use carrier::{Carrier, Write};
pub use sign::signature;
