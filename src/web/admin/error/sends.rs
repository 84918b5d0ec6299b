//! Why a merchant's own payment cannot be made.

use crate::domain::invoice::InvoiceFault;
use crate::engine::reply::Refusal;

use super::{ApiError, invalid, misfit, refused};

/// The answer to a refusal of the kinds that a payment meets.
pub(super) fn refusal(refusal: &Refusal) -> ApiError {
    match refusal {
        Refusal::Invoice(InvoiceFault::HashUsed) => {
            misfit("invoice_used", "the invoice was paid or tried before").about("withdraw_request")
        }
        Refusal::Invoice(InvoiceFault::WrongAmount) => {
            invalid("amount", "must be what the invoice says")
        }
        Refusal::Invoice(fault) => invalid("withdraw_request", rule(*fault)),
        Refusal::TooManyStuck => {
            refused("too_many_stuck", "the account's payouts hang already, and too many others do")
        }
        Refusal::Locked => misfit(
            "account_locked",
            "another payout of the account is under way; try again when it is done",
        ),
        Refusal::InsufficientFunds => refused(
            "insufficient_funds",
            "the account's balance does not cover the amount and what routing may cost",
        )
        .about("amount"),
        Refusal::Paused => refused("paused", "the account's payments are held back"),
        _ => ApiError::broken(),
    }
}

/// What an invoice must be.
const fn rule(fault: InvoiceFault) -> &'static str {
    match fault {
        InvoiceFault::OtherNetwork => "must be an invoice of this network",
        InvoiceFault::BadSignature => "must have a valid signature",
        InvoiceFault::NoAmount => "must be an invoice that says its amount",
        InvoiceFault::WrongAmount => "must be over the amount",
        InvoiceFault::Expired | InvoiceFault::ExpiresSoon => "must not expire within 20 seconds",
        InvoiceFault::OwnNode => "must not be an invoice of our own",
        InvoiceFault::HashUsed => "must not have been used before",
        InvoiceFault::FinalCltvTooLong => "must have a smaller min_final_cltv_expiry_delta",
        InvoiceFault::UnfitFeatures => "requires or lacks a feature, we cannot pay it",
    }
}
