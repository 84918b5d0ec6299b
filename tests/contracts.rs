//! One suite per port, run against the real adapter and the simulated one: what the simulated world shows is worth
//! something only if its parts behave like the real ones.
#![allow(clippy::unwrap_used, reason = "a panic that says where is the report of a test")]

mod contracts {
    mod disk;
    mod lightning;
    mod lightning_real;
    mod lightning_sim;
    mod small;
    mod view;
}
