//! A merchant's webhook receiver in memory: it keeps what it took, and does what it is told to.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::event::Event;
use crate::domain::webhook::{Delivery, Endpoint, Outcome};
use crate::ports::post::Post;
use crate::shell::Ask;
use crate::shell::courier::Courier;

use super::fuse;
use super::harness::Process;

/// One try that reached the receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// The endpoint's id.
    pub endpoint: String,
    /// The message's id.
    pub message: String,
    /// The event's id.
    pub event: String,
    /// The event's place in commit order.
    pub seq: u64,
    /// How often the message had been tried before.
    pub before: u32,
    /// What the receiver answered.
    pub outcome: Outcome,
}

#[derive(Debug)]
struct Inner {
    answer: Outcome,
    tries: Vec<Try>,
}

/// The receiver. It outlives the process.
#[derive(Debug)]
pub struct SimReceiver(Mutex<Inner>);

impl Default for SimReceiver {
    fn default() -> Self {
        Self(Mutex::new(Inner { answer: Outcome::Answered(200), tries: vec![] }))
    }
}

impl SimReceiver {
    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on it answers this.
    pub fn answer(&self, outcome: Outcome) {
        self.with(|inner| inner.answer = outcome);
    }

    /// What has reached it, in order.
    pub fn tries(&self) -> Vec<Try> {
        self.with(|inner| inner.tries.clone())
    }
}

impl Post for SimReceiver {
    fn post(&self, delivery: &Delivery, endpoint: &Endpoint, event: &Event) -> Outcome {
        self.with(|inner| {
            inner.tries.push(Try {
                endpoint: endpoint.id.to_string(),
                message: delivery.id.to_string(),
                event: event.id.to_string(),
                seq: event.seq,
                before: delivery.attempts,
                outcome: inner.answer,
            });
            inner.answer
        })
    }
}

impl<A: Ask + Clone> Process<A> {
    /// Sends what is due to the simulated receiver, one message for each endpoint; how many that were.
    pub fn deliver(&self) -> usize {
        let receiver: Arc<dyn Post> = Arc::<SimReceiver>::clone(&self.outside.receiver);
        self.deliver_by(receiver)
    }

    /// As [`deliver`](Self::deliver), by another way.
    ///
    /// # Panics
    /// If the engine has ended.
    pub fn deliver_by(&self, post: Arc<dyn Post>) -> usize {
        let courier = Courier::new(self.engine.clone(), post, fuse::pass);
        courier.run_once().unwrap_or_else(|none| panic!("{none}"))
    }
}
