//! What is said to the shopkeeper.

mod money;
mod sales;

pub(in super::super) use money::{cashback, claim, payment, payout, rate, transaction};
pub(in super::super) use sales::{event, home, key, link, session, webhook};
