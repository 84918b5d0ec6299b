//! `/ledger`, `/balances` and `/balance-transactions`: the books.

mod audit;
mod balances;
mod export;
mod rows;
mod suspense;

pub(super) use audit::audit;
pub(super) use balances::balances;
pub(super) use export::export;
pub(super) use rows::{statement, transfers};
pub(super) use suspense::{assign, list as suspense};
