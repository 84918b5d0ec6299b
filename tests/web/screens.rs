//! What customers see, in a real browser over the simulated node.

mod barriers;
mod cashback;
mod checkout;
mod counter;
mod endings;
mod headers;
mod hostile;
mod pictures;
mod questions;
mod scriptless;
mod weight;
