//! The embedded ldk-node 0.7.1 behind the `lightning` port.
//!
//! What the library guarantees and what it does not is in `ldk-node-facts.md`; its ten facts are answered here and where
//! the code names them. Everything blocking runs on threads of the node's own runtime or of the shell, never on a worker
//! that serves HTTP (DESIGN D16).

mod admin;
pub mod bitcoind;
mod builder;
mod events;
mod lightning;
mod logger;
mod money;
mod onchain;
mod peers;
pub mod seed;
mod settled;
mod tip;
mod wal;

pub use builder::{BuildFault, NodeSettings};
pub use lightning::LdkLightning;
pub use peers::keep_connected;
