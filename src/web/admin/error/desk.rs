//! What the desk could not do.

use axum::http::StatusCode;

use crate::ports::payees::NoInvoice;
use crate::shell::desk::DeskFault;

use super::{ApiError, invalid, refused};

impl From<DeskFault> for ApiError {
    fn from(fault: DeskFault) -> Self {
        match fault {
            DeskFault::Refused(refusal) => refusal.into(),
            DeskFault::NoAnswer(none) => none.into(),
            DeskFault::Node(down) => {
                let status = StatusCode::FAILED_DEPENDENCY;
                ApiError::new(status, "api_error", "node_not_ready", down.to_string())
            }
            DeskFault::Unreachable(_) => {
                refused("peer_unreachable", &fault.to_string()).about("address")
            }
            DeskFault::InboundCapacity => {
                let message = "the amount exceeds what our channels can receive at the moment";
                refused("inbound_capacity", message).about("amount")
            }
            DeskFault::NoInvoice(NoInvoice::NotAnAddress) => {
                invalid("withdraw_request", "must be a BOLT11 invoice or a Lightning address")
            }
            DeskFault::NoInvoice(why) => {
                refused("no_invoice", &why.to_string()).about("withdraw_request")
            }
            DeskFault::NoRate(currency, why) => Self::no_rate(currency, why),
            DeskFault::NoPrice => {
                invalid("amount", "must be at least one satoshi, and no more than there can be")
            }
        }
    }
}
