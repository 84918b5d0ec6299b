//! How soon a claim may be tried again after its payouts failed (DESIGN D18). An honest wallet needs a few tries at the
//! most; without a brake, a hostile one could fill the books with failures or keep its merchant's account locked.

use super::time::Span;

/// The longest pause between two tries.
pub const LONGEST_PAUSE: Span = Span::from_secs(3_600);

/// When a claim may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryRule {
    /// So many failures cost no time.
    pub free: u32,
    /// The pause after the first failure beyond those; it doubles with each further one.
    pub first_pause: Span,
}

impl RetryRule {
    /// The pause after a claim's failure number `failures`.
    pub fn pause(&self, failures: u32) -> Span {
        let Some(doublings) = failures.checked_sub(self.free.saturating_add(1)) else {
            return Span::default();
        };
        let factor = 1_u64.checked_shl(doublings).unwrap_or(u64::MAX);
        let millis = self.first_pause.millis().saturating_mul(factor);
        Span::from_millis(millis).min(LONGEST_PAUSE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failures_are_free_and_the_pause_doubles_up_to_an_hour() {
        let rule = RetryRule { free: 3, first_pause: Span::from_secs(5) };
        let secs = |failures| rule.pause(failures).secs();
        assert_eq!([1, 2, 3].map(secs), [0, 0, 0]);
        assert_eq!([4, 5, 6, 7].map(secs), [5, 10, 20, 40]);
        assert_eq!(
            [13, 14, 60, 67, 68, 200, u32::MAX].map(secs),
            [2_560, 3_600, 3_600, 3_600, 3_600, 3_600, 3_600]
        );
    }
}
