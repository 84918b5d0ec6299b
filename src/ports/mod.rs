//! All that is uncertain – time, chance, disk, node – as traits, with what each side owes the other.
//!
//! Every method is synchronous: the engine needs no runtime, and the simulated world needs none either.

pub mod clock;
pub mod entropy;
pub mod lightning;
pub mod node_admin;
pub mod payees;
pub mod post;
pub mod rates;
pub mod secrets;
pub mod store;
