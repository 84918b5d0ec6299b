//! Exchange rates: a board that knows which are good, and sources that fill it.

mod board;
#[cfg(feature = "daemon")]
mod pointer;
#[cfg(feature = "daemon")]
mod source;

pub use board::{Board, Offered};
#[cfg(feature = "daemon")]
pub use source::{Source, refresh};
