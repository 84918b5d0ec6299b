//! What wallets are told, in at most 90 ASCII characters. Muun and others know some reasons by their words: "withdraw
//! link expired", "already being processed", "has already been used", "no route found" (lnurl-withdraw.md, C.2 rule 14).

use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::invoice::InvoiceFault;
use crate::engine::reply::Refusal;

pub(super) const UNKNOWN_LINK: &str = "there is no such withdraw link";
pub(super) const TOO_MANY_REQUESTS: &str = "too many requests, try again in a minute";
pub(super) const BROKEN: &str = "something broke here, try again later";
pub(super) const BUSY: &str = "too busy at the moment, try again in a few seconds";
pub(super) const WRONG_METHOD: &str = "only GET and POST are answered here";
pub(super) const BODY_TOO_LARGE: &str = "the request is too large";
pub(super) const BODY_INCOMPLETE: &str = "the request did not arrive in full";
pub(crate) const NO_K1: &str = "k1 is missing";
pub(crate) const NO_PR: &str = "pr is missing";
pub(crate) const TWO_K1: &str = "k1 is given twice with different values";
pub(crate) const TWO_PR: &str = "pr is given twice with different values";
pub(super) const BAD_JSON: &str = "the body is not a JSON object with the texts k1 and pr";
pub(super) const UNREADABLE_INVOICE: &str = "pr is not a BOLT11 invoice";

const EXPIRED: &str = "withdraw link expired";
const PROCESSING: &str = "this cashback is already being processed";
const USED: &str = "this cashback has already been used";
const CANCELLED: &str = "this cashback was cancelled";

/// Why the engine does not take an invoice.
pub(super) fn refusal(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownLink => UNKNOWN_LINK,
        Refusal::WrongK1 => "k1 is not valid for this link",
        Refusal::OldK1 => "payment failed, scan again",
        Refusal::AlreadyProcessing => PROCESSING,
        Refusal::AlreadyUsed => USED,
        Refusal::ClaimExpired => EXPIRED,
        Refusal::TooManyFailures => "too many failed payments, wait some minutes and try again",
        Refusal::ClaimCancelled => CANCELLED,
        Refusal::Invoice(fault) => invoice(*fault),
        Refusal::TooManyParked => {
            "earlier cashbacks of this shop are not settled yet, try again later"
        }
        Refusal::TooManyStuck => "too many payments are stuck at the moment, try again later",
        Refusal::Locked => {
            "another cashback is already being processed, try again in a few seconds"
        }
        Refusal::InsufficientFunds => {
            "the shop's balance is too low at the moment, try again later"
        }
        Refusal::Drained | Refusal::Stopping => {
            "cashbacks are closed for a moment, try again later"
        }
        Refusal::Paused => "cashbacks of this shop are paused, try again later",
        Refusal::Frozen(_) | Refusal::LowDisk => {
            "cashbacks are not available at the moment, try again later"
        }
        Refusal::NoSuch(_)
        | Refusal::CashbackInactive
        | Refusal::CashbackOver
        | Refusal::EndTooEarly
        | Refusal::NotAChoice
        | Refusal::TooManyPayments
        | Refusal::TwoEndings
        | Refusal::TooLong
        | Refusal::Unpriced
        | Refusal::SessionNotActive
        | Refusal::LinkNotActive
        | Refusal::ClaimNotOpen
        | Refusal::BeyondUnallocated
        | Refusal::BeyondAvailable
        | Refusal::Payout(_)
        | Refusal::WrongPreimage
        | Refusal::AlreadyAssigned
        | Refusal::IdempotencyConflict
        | Refusal::TooManyEndpoints
        | Refusal::EndpointDisabled
        | Refusal::TooManyWaiting
        | Refusal::OutcomeUnknown => BROKEN,
    }
}

const fn invoice(fault: InvoiceFault) -> &'static str {
    match fault {
        InvoiceFault::OtherNetwork => "the invoice is for another network",
        InvoiceFault::BadSignature => "the invoice's signature is not valid",
        InvoiceFault::NoAmount => "the invoice has no amount",
        InvoiceFault::WrongAmount => "the invoice's amount is not the cashback's amount",
        InvoiceFault::Expired => "the invoice has expired",
        InvoiceFault::ExpiresSoon => "the invoice expires too soon",
        InvoiceFault::OwnNode => "the invoice would be paid to our own node",
        InvoiceFault::HashUsed => "the invoice was used before, please make a new one",
        InvoiceFault::FinalCltvTooLong => "the invoice's min_final_cltv_expiry_delta is too large",
        InvoiceFault::UnfitFeatures => "the invoice requires or lacks a feature, we cannot pay it",
    }
}

/// Why a claim cannot be withdrawn now; `None` if it can.
pub(super) fn claim(claim: &Claim) -> Option<&'static str> {
    match claim.status {
        // Whether its time is over is for the engine to say, which knows whether the clock is right.
        ClaimStatus::Open => None,
        ClaimStatus::Processing => Some(PROCESSING),
        ClaimStatus::Paid => Some(USED),
        ClaimStatus::Expired => Some(EXPIRED),
        ClaimStatus::Cancelled => Some(CANCELLED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_short_plain_ascii() {
        let faults = [
            InvoiceFault::OtherNetwork,
            InvoiceFault::BadSignature,
            InvoiceFault::NoAmount,
            InvoiceFault::WrongAmount,
            InvoiceFault::Expired,
            InvoiceFault::ExpiresSoon,
            InvoiceFault::OwnNode,
            InvoiceFault::HashUsed,
            InvoiceFault::FinalCltvTooLong,
            InvoiceFault::UnfitFeatures,
        ];
        let refusals = [
            Refusal::WrongK1,
            Refusal::OldK1,
            Refusal::AlreadyProcessing,
            Refusal::AlreadyUsed,
            Refusal::ClaimExpired,
            Refusal::ClaimCancelled,
            Refusal::TooManyFailures,
            Refusal::TooManyParked,
            Refusal::TooManyStuck,
            Refusal::Locked,
            Refusal::InsufficientFunds,
            Refusal::Drained,
            Refusal::Paused,
            Refusal::LowDisk,
        ];
        let fixed = [
            UNKNOWN_LINK,
            TOO_MANY_REQUESTS,
            BROKEN,
            BUSY,
            WRONG_METHOD,
            BODY_TOO_LARGE,
            BODY_INCOMPLETE,
            NO_K1,
            NO_PR,
            TWO_K1,
            TWO_PR,
            BAD_JSON,
            UNREADABLE_INVOICE,
        ];
        let reasons: Vec<_> = faults
            .into_iter()
            .map(invoice)
            .chain(refusals.iter().map(refusal))
            .chain(fixed)
            .collect();
        for reason in &reasons {
            let plain = reason.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'<');
            assert!(plain && reason.len() <= 90, "{reason}");
        }
        let distinct: std::collections::BTreeSet<_> = faults.into_iter().map(invoice).collect();
        assert_eq!(distinct.len(), faults.len(), "each rule for invoices has a reason of its own");
    }
}
