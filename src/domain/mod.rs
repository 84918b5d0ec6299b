//! The rules, and nothing else: values in, decisions out.
//!
//! Nothing here can fail for a reason outside its arguments. It uses the standard library only – no clock, no chance,
//! no serialisation, no floats, no hash maps (their order is chance) – and a test keeps it so.

pub mod account;
pub mod act;
pub mod bytes;
pub mod calendar;
pub mod cashback;
pub mod chart;
pub mod checkout;
pub mod claim;
pub mod currency;
pub mod customer;
pub mod decimal;
pub mod event;
pub mod fees;
pub mod id;
pub mod invoice;
pub mod ledger;
pub mod link;
pub mod money;
pub mod network;
pub mod payout;
pub mod rate;
pub mod retry;
pub mod send;
pub mod snapshot;
pub mod suspense;
pub mod time;
pub mod token;
pub mod webhook;
