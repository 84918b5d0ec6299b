//! A private regtest world for satback's tests and demo: the real Bitcoin Core, real Lightning nodes, real LNURL
//! wallets, all on loopback and gone with the test.
//!
//! ```text
//!                      ┌───────────┐
//!            ┌────────►│ bitcoind  │◄────────┐  found or built by `bitcoind`, no wallet, no peers
//!            │         └───────────┘         │
//!     ┌──────┴─────┐                  ┌──────┴─────┐
//!     │ customer-1 ├──┐            ┌──┤ customer-2 │  `Peer`s; a customer's phone with its LNURL `wallet`
//!     └────────────┘  │  channels  │  └────────────┘
//!                     │ ┌────────┐ │
//!                     └─┤ router ├─┘  a `Peer` that forwards for 1000 msat
//!                       └───┬────┘
//!                           └ ─ ─ ─ the daemon under test: a `Child` with a `Contact`
//! ```
//!
//! [`World::start`] gives all of this with usable, announced channels that everybody knows of. Nothing in here
//! sleeps and hopes: blocks are mined, wallets told to sync, events awaited, and every wait is bounded ([`mod@until`]).
//! All of it is synchronous; each node has a runtime of its own. What goes wrong panics with a sentence, because
//! whoever uses this crate is a test.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "test support: a panic that says what is missing is the report"
)]
#![allow(clippy::disallowed_methods, reason = "real nodes live in real time")]

pub mod api;
pub mod bitcoind;
pub mod browser;
pub mod children;
pub mod daemon;
mod http;
pub mod peer;
pub mod ports;
mod python;
pub mod shop;
pub mod until;
pub mod wallet;
pub mod webhooks;
pub mod world;

pub use api::{Answer, Api, Exchange, watch};
pub use bitcoind::{Bitcoind, find_or_build};
pub use browser::{Browser, Look};
pub use children::Child;
pub use daemon::{Daemon, DaemonSpec};
pub use peer::{Contact, Hold, Paid, Paying, Peer};
pub use python::python;
pub use shop::Shop;
pub use until::{PATIENCE, eventually, perhaps, timed, until, within};
pub use webhooks::Receiver;
pub use world::{World, WorldSpec};
