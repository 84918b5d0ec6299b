//! Claims and payouts.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::claim;
use crate::domain::payout::{self, PayoutState};
use crate::web::links::ClaimLinks;

use super::{Common, Of};

/// A claim.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Claim {
    #[serde(flatten)]
    common: Common,
    status: &'static str,
    amount_msat: u64,
    description: String,
    lnurl: Option<String>,
    lnurlw: Option<String>,
    url: Option<String>,
    expires_at: u64,
    session: String,
    payment: String,
    cashback: String,
    payouts: Vec<Payout>,
    last_error: Option<&'static str>,
    last_error_message: Option<&'static str>,
}

impl Claim {
    /// `links` are for those who may see them.
    pub(in super::super) fn of(
        row: &claim::Claim,
        payouts: &[payout::Payout],
        links: Option<ClaimLinks>,
        livemode: bool,
    ) -> Self {
        let (lnurl, lnurlw, url) = match links {
            Some(links) => (Some(links.lnurl), Some(links.lnurlw), Some(links.page)),
            None => (None, None, None),
        };
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "claim",
                account: Some(&row.account),
                created: row.created,
                modified: row.modified,
                metadata: None,
            }
            .common(livemode),
            status: row.status.name(),
            amount_msat: row.amount.get(),
            description: row.description.clone(),
            lnurl,
            lnurlw,
            url,
            expires_at: row.expires_at.millis(),
            session: row.session.to_string(),
            payment: row.payment.to_string(),
            cashback: row.cashback.to_string(),
            payouts: payouts.iter().map(|payout| Payout::of(payout, livemode)).collect(),
            last_error: row.last_error.map(payout::FailureCode::code),
            last_error_message: row.last_error.map(payout::FailureCode::customer_text),
        }
    }
}

/// A payout.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Payout {
    #[serde(flatten)]
    common: Common,
    claim: Option<String>,
    send: Option<String>,
    status: &'static str,
    state: &'static str,
    parked: bool,
    late: bool,
    stuck: bool,
    payment_hash: String,
    amount_msat: u64,
    fee_msat: Option<u64>,
    fee_budget_msat: u64,
    preimage: Option<String>,
    /// Why it failed; of one in doubt, what the node says and is not believed.
    failure_code: Option<&'static str>,
    resolution_note: Option<String>,
    deadline_height: Option<u32>,
    attempted_at: Option<u64>,
    resolved_at: Option<u64>,
}

/// The words that [`status`] knows.
pub(in super::super) const PAYOUT_STATUSES: [&str; 4] =
    ["processing", "in_doubt", "paid", "failed"];

/// The API's word for a state (the table of DESIGN D6).
pub(in super::super) const fn status(state: PayoutState) -> &'static str {
    match state {
        PayoutState::Reserved | PayoutState::Dispatching | PayoutState::InFlight => "processing",
        PayoutState::InDoubt => "in_doubt",
        PayoutState::Paid => "paid",
        PayoutState::Failed => "failed",
    }
}

impl Payout {
    pub(in super::super) fn of(row: &payout::Payout, livemode: bool) -> Self {
        // The preimage is the proof of a payment that is settled; before that nobody may see it.
        let preimage = row.preimage.filter(|_| row.state == PayoutState::Paid);
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "payout",
                account: Some(&row.account),
                created: row.created,
                modified: row.modified,
                metadata: None,
            }
            .common(livemode),
            claim: row.claim().map(ToString::to_string),
            send: row.send().map(ToString::to_string),
            status: status(row.state),
            state: row.state.name(),
            parked: row.parked,
            late: row.late,
            stuck: row.stuck,
            payment_hash: row.hash.to_hex(),
            amount_msat: row.amount.get(),
            fee_msat: row.fee.map(|fee| fee.get()),
            fee_budget_msat: row.fee_budget.get(),
            preimage: preimage.map(|preimage| preimage.to_hex()),
            failure_code: row.failure.map(payout::FailureCode::code),
            resolution_note: row.resolution_note.clone(),
            deadline_height: row.dispatch.map(|dispatch| dispatch.deadline_height()),
            attempted_at: row.dispatch.map(|dispatch| dispatch.at.millis()),
            resolved_at: row.resolved_at.map(|at| at.millis()),
        }
    }
}
