//! What the story must have shown.

use serde_json::json;

/// What the nodes' own records say of the story.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    pub(crate) checkout_paid: bool,
    pub(crate) claim_paid: bool,
    pub(crate) customer_received_msat: u64,
    pub(crate) fee_msat: u64,
    pub(crate) reversal_restored: bool,
    pub(crate) retry_paid: bool,
    pub(crate) second_claim_refused: bool,
    pub(crate) books_balanced: bool,
}

impl Checks {
    /// True if all of it is as it should be.
    pub(crate) fn all_hold(&self) -> bool {
        self.checkout_paid
            && self.claim_paid
            && self.reversal_restored
            && self.retry_paid
            && self.second_claim_refused
            && self.books_balanced
    }

    /// One line for programs.
    pub(crate) fn as_json(&self, seconds: f64) -> String {
        json!({
            "ok": self.all_hold(),
            "seconds": seconds,
            "checkout_paid": self.checkout_paid,
            "claim_paid": self.claim_paid,
            "customer_received_msat": self.customer_received_msat,
            "fee_msat": self.fee_msat,
            "reversal_restored": self.reversal_restored,
            "retry_paid": self.retry_paid,
            "second_claim_refused": self.second_claim_refused,
            "books_balanced": self.books_balanced,
        })
        .to_string()
    }

    /// A sentence for people.
    pub(crate) fn in_words(&self) -> String {
        if self.all_hold() {
            "All of it is confirmed by the nodes' own records.".into()
        } else {
            format!("NOT all of it is confirmed by the nodes' own records: {self:?}")
        }
    }
}
