//! The engine over simulated adapters: one file a family of rules.

mod accounts;
mod claims;
mod kit;
mod payouts;
mod receipts;
mod restart;
mod sessions;
mod timers;
