//! Moments and spans, and the judgement whether the wall clock may be trusted (DESIGN D23). No clock is read here.

use std::fmt;
use std::ops::{Add, Sub};

/// A moment in Unix milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

impl Timestamp {
    /// The moment this many milliseconds after the Unix epoch.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// The moment this many seconds after the Unix epoch.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000))
    }

    /// Milliseconds since the Unix epoch.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// How long after `earlier` this is; nothing if it is not.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// How far apart two moments are.
    pub const fn distance(self, other: Self) -> Span {
        Span(self.0.abs_diff(other.0))
    }
}

impl Add<Span> for Timestamp {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Timestamp {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}

impl Span {
    /// A span of whole seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000))
    }

    /// A span of milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// Whole seconds, rounded down.
    pub const fn secs(self) -> u64 {
        self.0 / 1_000
    }
}

/// One look at both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock; an operator or a broken battery can move it.
    pub wall: Timestamp,
    /// Time since some moment before the process began; nothing moves it.
    pub monotonic: Span,
}

/// How far the clocks may drift apart before timers stop.
const MAX_DRIFT: Span = Span::from_secs(60);
/// How far the wall clock may be from the best block's time for a shift to be believed.
const MAX_FROM_BLOCK: Span = Span::from_secs(3 * 3_600);

/// Decides whether timers may run.
#[derive(Clone, Debug)]
pub struct ClockGuard {
    /// Regtest blocks carry whatever time they were mined with and prove nothing.
    blocks_prove_time: bool,
    agreed: Option<Reading>,
}

impl ClockGuard {
    /// A guard that has seen nothing yet.
    pub const fn new(blocks_prove_time: bool) -> Self {
        Self { blocks_prove_time, agreed: None }
    }

    /// What time it is: the wall clock while it goes in step, else what it would show had nobody moved it. So nobody is
    /// late for a clock that was set wrong.
    pub fn time(&self, now: Reading) -> Timestamp {
        let Some(agreed) = self.agreed else { return now.wall };
        let elapsed = Span(now.monotonic.0.saturating_sub(agreed.monotonic.0));
        let expected = agreed.wall + elapsed;
        if now.wall.distance(expected) <= MAX_DRIFT { now.wall } else { expected }
    }

    /// Looks at both clocks and at the best block's time, if it is known; true if timers may run now.
    pub fn observe(&mut self, now: Reading, best_block: Option<Timestamp>) -> bool {
        let near_block = best_block.is_some_and(|block| now.wall.distance(block) <= MAX_FROM_BLOCK);
        let trusted = match self.agreed {
            None => !self.blocks_prove_time || near_block,
            Some(_) => {
                let in_step = self.time(now) == now.wall;
                in_step || (self.blocks_prove_time && near_block)
            }
        };
        if trusted {
            self.agreed = Some(now);
        }
        trusted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn at(wall_secs: u64, monotonic_secs: u64) -> Reading {
        Reading {
            wall: BLOCK + Span::from_secs(wall_secs),
            monotonic: Span::from_secs(monotonic_secs),
        }
    }

    #[test]
    fn clocks_in_step_keep_timers_running_without_any_new_block() {
        let mut guard = ClockGuard::new(true);
        assert!(guard.observe(at(0, 10), Some(BLOCK)));
        assert!(guard.observe(at(86_400, 86_410), Some(BLOCK)));
    }

    #[test]
    fn a_jump_does_not_change_what_time_it_is_until_it_is_believed() {
        let mut guard = ClockGuard::new(true);
        assert_eq!(guard.time(at(9, 0)), at(9, 0).wall, "nothing else is known");
        assert!(guard.observe(at(86_400, 0), Some(BLOCK + Span::from_secs(86_400))));
        assert_eq!(guard.time(at(86_440, 10)), at(86_440, 10).wall, "a drift is none");
        for jumped in [0, 2 * 86_400] {
            assert_eq!(guard.time(at(jumped, 10)), at(86_410, 10).wall);
        }
        let block = Some(BLOCK + Span::from_secs(2 * 86_400));
        assert!(guard.observe(at(2 * 86_400, 10), block));
        assert_eq!(guard.time(at(2 * 86_400, 10)), at(2 * 86_400, 10).wall);
    }

    #[test]
    fn a_jump_stops_timers_until_a_block_confirms_it() {
        let mut guard = ClockGuard::new(true);
        assert!(guard.observe(at(0, 0), Some(BLOCK)));
        assert!(!guard.observe(at(86_400, 1), Some(BLOCK)));
        let later_block = BLOCK + Span::from_secs(86_000);
        assert!(guard.observe(at(86_401, 2), Some(later_block)));
    }

    #[test]
    fn a_clock_that_jumps_back_and_returns_is_trusted_again() {
        let mut guard = ClockGuard::new(true);
        assert!(guard.observe(at(86_400, 0), Some(BLOCK + Span::from_secs(86_400))));
        assert!(!guard.observe(at(0, 1), Some(BLOCK + Span::from_secs(86_400))));
        assert!(guard.observe(at(86_402, 2), None));
    }

    #[test]
    fn at_start_a_clock_far_from_the_best_block_is_not_trusted() {
        assert!(!ClockGuard::new(true).observe(at(86_400, 0), Some(BLOCK)));
        assert!(!ClockGuard::new(true).observe(at(0, 0), None));
    }

    #[test]
    fn on_regtest_only_a_restart_accepts_a_jump() {
        let mut guard = ClockGuard::new(false);
        assert!(guard.observe(at(0, 0), None));
        assert!(!guard.observe(at(86_400, 1), Some(BLOCK + Span::from_secs(86_400))));
        assert!(ClockGuard::new(false).observe(at(86_400, 1), None));
    }
}
