//! The engine over simulated adapters: one file a family of rules.

mod accounts;
mod audits;
mod claims;
mod hostile;
mod kit;
mod links;
mod lost_channel;
mod outbox;
mod payouts;
mod prices;
mod receipts;
mod restart;
mod restore;
mod sessions;
mod timers;
mod webhooks;
