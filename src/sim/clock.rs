//! A clock that only the world moves.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::time::{Reading, Span, Timestamp};
use crate::ports::clock::Clock;

/// Both clocks, moved by hand.
#[derive(Clone, Debug)]
pub struct SimClock(Arc<Mutex<Reading>>);

impl SimClock {
    /// A clock that shows `wall`.
    pub fn at(wall: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Reading { wall, monotonic: Span::default() })))
    }

    fn change(&self, change: impl FnOnce(&mut Reading)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Time passes.
    pub fn advance(&self, span: Span) {
        self.change(|reading| {
            reading.wall = reading.wall + span;
            reading.monotonic = Span::from_millis(reading.monotonic.millis() + span.millis());
        });
    }

    /// Somebody sets the wall clock.
    pub fn set_wall(&self, wall: Timestamp) {
        self.change(|reading| reading.wall = wall);
    }
}

impl Clock for SimClock {
    fn now(&self) -> Reading {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
