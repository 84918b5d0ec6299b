//! The shell carries out effects and hands every outcome back to the engine as a command (DESIGN section 4).
//!
//! What runs here – payout runner, event pump, sweep – is synchronous and knows only ports: threads drive it in
//! production, the simulated world drives it step by step. Only the runner calls
//! [`Lightning::pay`](crate::ports::lightning::Lightning::pay).

use crate::engine::command::Command;
use crate::engine::queue::{Handle, NoAnswer};
use crate::engine::reply::{Refusal, Reply};

pub mod courier;
pub mod desk;
pub mod inbox;
pub mod pump;
pub mod runner;
pub mod sweep;

/// The way to the engine: a queue in production, the engine itself in the simulated world.
pub trait Ask {
    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// The engine has ended.
    fn ask(&self, command: Command) -> Result<Result<Reply, Refusal>, NoAnswer>;

    /// As [`ask`](Self::ask), but without waiting for room: whoever asks on behalf of a request can be told to try again.
    ///
    /// # Errors
    /// There is no room, or the engine has ended.
    fn ask_now(&self, command: Command) -> Result<Result<Reply, Refusal>, NoAnswer> {
        self.ask(command)
    }
}

impl Ask for Handle {
    fn ask(&self, command: Command) -> Result<Result<Reply, Refusal>, NoAnswer> {
        Self::ask(self, command)
    }

    fn ask_now(&self, command: Command) -> Result<Result<Reply, Refusal>, NoAnswer> {
        Self::ask_now(self, command)
    }
}
