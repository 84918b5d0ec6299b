//! Sending a message to a webhook endpoint.

use crate::domain::event::Event;
use crate::domain::webhook::{Delivery, Endpoint, Outcome};

/// Whoever carries messages to webhook endpoints.
pub trait Post: Send + Sync {
    /// Tries once to bring `event` to `endpoint` as the message `delivery`, and says what came of it. It ends within a
    /// bounded time, and reads no more of an answer than it has to.
    fn post(&self, delivery: &Delivery, endpoint: &Endpoint, event: &Event) -> Outcome;
}
