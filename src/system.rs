//! Time and chance of the operating system.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::domain::time::{Reading, Span, Timestamp};
use crate::ports::clock::Clock;
use crate::ports::entropy::Entropy;

/// The system's clocks.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    began: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the Clock port")]
        let began = Instant::now();
        Self { began }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Reading {
        #[expect(clippy::disallowed_methods, reason = "this is the Clock port")]
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis =
            |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Reading {
            wall: Timestamp::from_millis(millis(since_epoch)),
            monotonic: Span::from_millis(millis(self.began.elapsed())),
        }
    }
}

/// The system's entropy.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Keys and tokens made of anything else would be worth nothing: better no process at all.
        let filled = getrandom::fill(bytes);
        assert!(filled.is_ok(), "the operating system has no entropy: {filled:?}");
    }
}
