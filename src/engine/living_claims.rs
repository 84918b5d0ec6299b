//! Claims that are not over yet, counted.

use std::collections::BTreeMap;

use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::id::ClaimId;

/// Claims by whether a payout of theirs is under way.
#[derive(Debug, Default)]
pub(super) struct LivingClaims {
    processing: BTreeMap<ClaimId, bool>,
    count_processing: u64,
}

impl LivingClaims {
    /// Takes note of a claim's row.
    pub(super) fn apply(&mut self, claim: &Claim) {
        let before = match claim.status {
            ClaimStatus::Open => self.processing.insert(claim.id.clone(), false),
            ClaimStatus::Processing => self.processing.insert(claim.id.clone(), true),
            ClaimStatus::Paid | ClaimStatus::Expired | ClaimStatus::Cancelled => {
                self.processing.remove(&claim.id)
            }
        };
        self.count_processing += u64::from(claim.status == ClaimStatus::Processing);
        self.count_processing -= u64::from(before == Some(true));
    }

    /// Open ones, and those of which a payout is under way.
    pub(super) fn counts(&self) -> (u64, u64) {
        let all = u64::try_from(self.processing.len()).unwrap_or(u64::MAX);
        (all - self.count_processing, self.count_processing)
    }
}
