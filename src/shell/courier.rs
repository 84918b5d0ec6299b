//! The courier: asks the engine what is to be sent to webhook endpoints, sends it, and tells what came of it. Between
//! sending and telling the process may die; then the message is sent again, under the same id.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::id::EndpointId;
use crate::engine::command::{Attempted, Command, OutboxRequest};
use crate::engine::queue::NoAnswer;
use crate::engine::reply::{Letter, Reply};
use crate::ports::post::Post;

use super::Ask;

/// Brings messages to webhook endpoints.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "ports have none")]
pub struct Courier<A> {
    engine: A,
    post: Arc<dyn Post>,
    probe: fn(&str),
}

impl<A: Ask> Courier<A> {
    /// A courier. `probe` is called with the name of each step that a test may want to die at.
    pub const fn new(engine: A, post: Arc<dyn Post>, probe: fn(&str)) -> Self {
        Self { engine, post, probe }
    }

    /// What is to be sent now, at most one message for each endpoint that is not busy, and at most `room`.
    ///
    /// # Errors
    /// The engine has ended.
    pub fn due(&self, busy: BTreeSet<EndpointId>, room: usize) -> Result<Vec<Letter>, NoAnswer> {
        match self.engine.ask(Command::Outbox(OutboxRequest { busy, room }))? {
            Ok(Reply::Outbox(letters)) => Ok(letters),
            _ => Ok(vec![]),
        }
    }

    /// Sends one message, and tells what came of it.
    ///
    /// # Errors
    /// The engine has ended.
    pub fn deliver(&self, letter: &Letter) -> Result<(), NoAnswer> {
        let Letter { delivery, endpoint, event } = letter;
        (self.probe)("post:before");
        let outcome = self.post.post(delivery, endpoint, event);
        (self.probe)("post:after");
        if !outcome.is_success() {
            tracing::info!(endpoint = %endpoint.id, message = %delivery.id, ?outcome, "not delivered");
        }
        let (delivery, before) = (delivery.id.clone(), delivery.attempts);
        // Refused means frozen: the message waits, and is sent again once the books are mended.
        self.engine.ask(Command::Attempted(Attempted { delivery, before, outcome }))?.ok();
        Ok(())
    }

    /// Sends what is due now, one message for each endpoint; how many that were.
    ///
    /// # Errors
    /// The engine has ended.
    pub fn run_once(&self) -> Result<usize, NoAnswer> {
        let letters = self.due(BTreeSet::new(), usize::MAX)?;
        letters.iter().try_for_each(|letter| self.deliver(letter))?;
        Ok(letters.len())
    }
}
