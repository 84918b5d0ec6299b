//! A claim: the customer's right to withdraw the cashback of one paid session, and what may be said about it now.

use super::id::{AccountId, CashbackId, ClaimId, PaymentId, PayoutId, SessionId};
use super::money::Msat;
use super::payout::FailureCode;
use super::retry::RetryRule;
use super::time::{Span, Timestamp};

/// How long a claim stays open after a payout of it failed, even past its expiry (DESIGN D8).
pub const RETRY_GRACE: Span = Span::from_secs(600);

/// Where a claim is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimStatus {
    /// A wallet may claim it.
    Open,
    /// A payout for it is under way, parked or in doubt.
    Processing,
    /// It was paid: once, and never again.
    Paid,
    /// Nobody claimed it in time.
    Expired,
    /// The merchant or the operator withdrew it.
    Cancelled,
}

impl ClaimStatus {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Open, Self::Processing, Self::Paid, Self::Expired, Self::Cancelled];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Processing => "processing",
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the API's word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// True if its worth counts towards the cashback's budget.
    pub const fn is_committed(self) -> bool {
        matches!(self, Self::Open | Self::Processing | Self::Paid)
    }
}

/// The customer's right to withdraw one cashback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its id.
    pub id: ClaimId,
    /// Its place in commit order.
    pub seq: u64,
    /// The account that pays it.
    pub account: AccountId,
    /// The session that earned it.
    pub session: SessionId,
    /// The payment that opened it.
    pub payment: PaymentId,
    /// The rule it follows.
    pub cashback: CashbackId,
    /// What the customer receives: whole satoshis, to the millisatoshi.
    pub amount: Msat,
    /// What the wallet shows.
    pub description: String,
    /// Where it is in its life.
    pub status: ClaimStatus,
    /// Generation of the link behind the QR code; only a restore changes it.
    pub link_generation: u32,
    /// Generation of the k1; each proven failure makes a new one.
    pub k1_generation: u32,
    /// The payout that is under way or that paid it.
    pub payout: Option<PayoutId>,
    /// A payout of it that turned out to have arrived while another one was under way: if that one fails, the claim is
    /// paid all the same.
    pub late_payout: Option<PayoutId>,
    /// Why the last payout failed.
    pub last_error: Option<FailureCode>,
    /// Until then a wallet must wait, after too many failures.
    pub retry_at: Option<Timestamp>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
}

impl Claim {
    /// True if it is open but its time is over.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.status == ClaimStatus::Open && self.expires_at <= now
    }

    /// Takes it for a payout.
    ///
    /// # Panics
    /// If it is not open: the caller has to look first.
    pub fn take(&mut self, payout: PayoutId, now: Timestamp) {
        assert_eq!(self.status, ClaimStatus::Open, "{} is taken twice", self.id);
        self.status = ClaimStatus::Processing;
        self.payout = Some(payout);
        self.modified = now;
    }

    /// True while it is open but too many failures make a wallet wait.
    pub fn must_wait(&self, now: Timestamp) -> bool {
        self.retry_at.is_some_and(|at| now < at)
    }

    /// Its payout is proven to have failed: it is open again, with a new k1 and some time to try again.
    pub fn reopen(&mut self, code: FailureCode, retry: RetryRule, now: Timestamp) {
        self.status = ClaimStatus::Open;
        self.payout = None;
        // Each failure makes a new k1, so the generation counts them.
        self.k1_generation += 1;
        self.last_error = Some(code);
        let pause = retry.pause(self.k1_generation);
        self.retry_at = (pause > Span::default()).then(|| now + pause);
        self.expires_at = self.expires_at.max(now + RETRY_GRACE);
        self.modified = now;
    }

    /// The books were restored from a backup: whoever has an old link or k1 has nothing. The link's new generation is the
    /// restore's own, so that two restores of one backup do not give out the same link. (The k1 counts it as one failure
    /// more; of those, some cost no time.)
    pub fn renew(&mut self, generation: u32, now: Timestamp) {
        self.link_generation = generation.max(self.link_generation.saturating_add(1));
        self.k1_generation += 1;
        self.modified = now;
    }

    /// It has been paid.
    pub fn settle(&mut self, payout: PayoutId, now: Timestamp) {
        self.status = ClaimStatus::Paid;
        self.payout = Some(payout);
        self.last_error = None;
        self.modified = now;
    }

    /// It is over without payment.
    pub fn close(&mut self, status: ClaimStatus, now: Timestamp) {
        self.status = status;
        self.payout = None;
        self.modified = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(10_000);
    const RETRY: RetryRule = RetryRule { free: 1, first_pause: Span::from_secs(5) };

    fn claim() -> Claim {
        Claim {
            id: ClaimId::new(NOW, 1),
            seq: 1,
            account: AccountId::new(NOW, 1),
            session: SessionId::new(NOW, 1),
            payment: PaymentId::new(NOW, 1),
            cashback: CashbackId::new(NOW, 1),
            amount: Msat::new(5_000),
            description: String::new(),
            status: ClaimStatus::Open,
            link_generation: 0,
            k1_generation: 0,
            payout: None,
            late_payout: None,
            last_error: None,
            retry_at: None,
            expires_at: NOW + Span::from_secs(60),
            created: NOW,
            modified: NOW,
        }
    }

    #[test]
    fn a_failed_payout_opens_the_claim_again_with_a_new_k1_and_time_to_retry() {
        let mut claim = claim();
        claim.take(PayoutId::new(NOW, 1), NOW);
        claim.reopen(FailureCode::NoRoute, RETRY, NOW + Span::from_secs(59));
        assert_eq!(claim.status, ClaimStatus::Open);
        assert_eq!(claim.k1_generation, 1);
        assert_eq!(claim.expires_at, NOW + Span::from_secs(659));
        assert_eq!(claim.last_error, Some(FailureCode::NoRoute));
    }

    #[test]
    fn a_retry_never_shortens_a_claims_life() {
        let mut claim = claim();
        claim.expires_at = NOW + Span::from_secs(86_400);
        claim.take(PayoutId::new(NOW, 1), NOW);
        claim.reopen(FailureCode::NoRoute, RETRY, NOW);
        assert_eq!(claim.expires_at, NOW + Span::from_secs(86_400));
    }

    #[test]
    fn too_many_failures_make_the_next_try_wait() {
        let mut claim = claim();
        for _ in 0..2 {
            claim.take(PayoutId::new(NOW, 1), NOW);
            claim.reopen(FailureCode::NoRoute, RETRY, NOW);
        }
        assert!(claim.must_wait(NOW + Span::from_millis(4_999)));
        assert!(!claim.must_wait(NOW + Span::from_secs(5)));
    }

    /// Every sequence, to length 6, of what the engine may do to a claim.
    #[test]
    fn no_sequence_pays_a_claim_twice_or_brings_an_old_k1_back() {
        fn go(claim: &Claim, paid: u32, depth: u32) {
            assert!(paid <= 1);
            assert_eq!(paid == 1, claim.status == ClaimStatus::Paid);
            assert_eq!(
                claim.status == ClaimStatus::Processing,
                paid == 0 && claim.payout.is_some()
            );
            if depth == 6 {
                return;
            }
            let mut next = claim.clone();
            match claim.status {
                ClaimStatus::Open => {
                    next.take(PayoutId::new(NOW, u64::from(depth)), NOW);
                    go(&next, paid, depth + 1);
                    for end in [ClaimStatus::Expired, ClaimStatus::Cancelled] {
                        let mut over = claim.clone();
                        over.close(end, NOW);
                        go(&over, paid, depth + 1);
                    }
                }
                ClaimStatus::Processing => {
                    next.reopen(FailureCode::NoRoute, RETRY, NOW);
                    assert_eq!(next.k1_generation, claim.k1_generation + 1);
                    assert!(next.expires_at >= claim.expires_at);
                    go(&next, paid, depth + 1);
                    let mut arrived = claim.clone();
                    let payout = claim.payout.clone().unwrap();
                    arrived.settle(payout, NOW);
                    go(&arrived, paid + 1, depth + 1);
                }
                ClaimStatus::Paid | ClaimStatus::Expired | ClaimStatus::Cancelled => {}
            }
        }
        go(&claim(), 0, 0);
    }

    #[test]
    fn a_restore_gives_a_claim_a_link_and_a_k1_that_nobody_has_seen() {
        let mut claim = claim();
        claim.renew(1_700, NOW);
        assert_eq!((claim.link_generation, claim.k1_generation), (1_700, 1));
        claim.renew(1_600, NOW);
        assert_eq!((claim.link_generation, claim.k1_generation), (1_701, 2));
    }

    #[test]
    #[should_panic(expected = "taken twice")]
    fn a_claim_under_way_cannot_be_taken_again() {
        let mut claim = claim();
        claim.take(PayoutId::new(NOW, 1), NOW);
        claim.take(PayoutId::new(NOW, 2), NOW);
    }
}
