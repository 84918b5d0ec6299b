//! Merchants' own payments, as Speed's instant sends.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::payout::{FailureCode, Payout, PayoutState};
use crate::domain::send::InstantSend;

use super::{Common, Number, Of, payout_status};

/// A merchant's own payment.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Send {
    #[serde(flatten)]
    common: Common,
    /// `unpaid` until it is known to have arrived, or not to have left.
    status: &'static str,
    /// The payout that carries it out, and that one's status.
    payout: String,
    payout_status: &'static str,
    currency: &'static str,
    amount: Number,
    target_currency: &'static str,
    target_amount: Number,
    amount_msat: u64,
    /// What routing cost, in satoshis.
    fees: Option<Number>,
    fee_msat: Option<u64>,
    fee_budget_msat: u64,
    withdraw_method: &'static str,
    withdraw_type: &'static str,
    /// The Lightning address, or the invoice.
    withdraw_request: String,
    payment_hash: String,
    preimage: Option<String>,
    note: Option<String>,
    failure_code: Option<&'static str>,
    failure_reason: Option<&'static str>,
}

/// The words that [`status`] knows.
pub(in super::super) const SEND_STATUSES: [&str; 3] = ["unpaid", "paid", "failed"];

/// Speed's word for what became of it.
const fn status(state: PayoutState) -> &'static str {
    match state {
        PayoutState::Reserved
        | PayoutState::Dispatching
        | PayoutState::InFlight
        | PayoutState::InDoubt => "unpaid",
        PayoutState::Paid => "paid",
        PayoutState::Failed => "failed",
    }
}

impl Send {
    pub(in super::super) fn of(row: &InstantSend, payout: &Payout, livemode: bool) -> Self {
        let preimage = payout.preimage.filter(|_| payout.state == PayoutState::Paid);
        let address = row.address.clone();
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "instant_send",
                account: Some(&row.account),
                created: row.created,
                modified: payout.modified,
                metadata: None,
            }
            .common(livemode),
            status: status(payout.state),
            payout: payout.id.to_string(),
            payout_status: payout_status(payout.state),
            currency: "SATS",
            amount: Number::sats(payout.amount),
            target_currency: "SATS",
            target_amount: Number::sats(payout.amount),
            amount_msat: payout.amount.get(),
            fees: payout.fee.map(Number::sats),
            fee_msat: payout.fee.map(|fee| fee.get()),
            fee_budget_msat: payout.fee_budget.get(),
            withdraw_method: "lightning",
            withdraw_type: if address.is_some() {
                "lightning_address"
            } else {
                "lightning_invoice"
            },
            withdraw_request: address.unwrap_or_else(|| payout.invoice.as_str().to_owned()),
            payment_hash: payout.hash.to_hex(),
            preimage: preimage.map(|preimage| preimage.to_hex()),
            note: row.note.clone(),
            failure_code: payout.failure.map(FailureCode::code),
            failure_reason: payout.failure.map(FailureCode::customer_text),
        }
    }
}
