//! satback: a self-hosted Lightning cashback daemon.

#[cfg(feature = "daemon")]
pub mod app;
#[cfg(feature = "bench")]
pub mod bench;
#[cfg(feature = "web")]
pub mod bolt11;
pub mod books_export;
#[cfg(feature = "daemon")]
pub mod cli;
#[cfg(feature = "web")]
pub mod config;
#[cfg(feature = "daemon")]
mod direct;
pub mod domain;
pub mod engine;
#[cfg(feature = "fuzz")]
pub mod fuzz;
#[cfg(feature = "web")]
pub mod metrics;
#[cfg(feature = "daemon")]
pub mod node;
pub mod ports;
pub mod rates;
pub mod secrets;
pub mod shell;
#[cfg(feature = "sim")]
pub mod sim;
pub mod store;
pub mod system;
pub mod tripwire;
#[cfg(feature = "web")]
pub mod web;
#[cfg(feature = "daemon")]
pub mod webhook;
