//! satback: a self-hosted Lightning cashback daemon.

pub mod domain;
pub mod engine;
pub mod ports;
pub mod secrets;
pub mod shell;
#[cfg(feature = "sim")]
pub mod sim;
pub mod store;
