//! Choices of the simulated world, all from one seed.

use crate::ports::entropy::Entropy;

use super::SimEntropy;

/// A seeded chooser.
#[derive(Debug)]
pub struct Chance(SimEntropy);

impl Chance {
    /// A chooser with this seed.
    pub const fn seeded(seed: u64) -> Self {
        Self(SimEntropy::seeded(seed))
    }

    /// A number below `bound`, which is above zero.
    pub fn below(&self, bound: u64) -> u64 {
        // The bias of a remainder is far below what a simulation could notice.
        self.0.number() % bound.max(1)
    }

    /// A number from `least` to `most`.
    pub fn between(&self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    /// True once in `times`.
    pub fn one_in(&self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of some things; `None` if there are none.
    pub fn pick<'a, T>(&self, things: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(things.len()).unwrap_or(u64::MAX);
        things.get(usize::try_from(self.below(count)).unwrap_or(0))
    }
}
