//! Measurements: the shipped engine, store and admin API over the simulated node. Nothing here judges.
#![allow(
    clippy::expect_used,
    reason = "a measurement that cannot be made is a panic that says why"
)]
#![allow(clippy::disallowed_methods, reason = "what is measured is real time")]

mod books;
pub mod lists;
