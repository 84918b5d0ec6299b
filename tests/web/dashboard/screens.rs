//! The dashboard in a real browser over the simulated node.

mod barriers;
mod pictures;
mod shop;
mod tour;
