//! The library's events in the words of the port.

use ldk_node::lightning::events::{ClosureReason, PaymentFailureReason};
use ldk_node::payment::{PaymentDetails, PaymentDirection, PaymentKind, PaymentStatus};
use ldk_node::{Event, Node};

use crate::domain::bytes::{PaymentHash, Preimage};
use crate::domain::money::Msat;
use crate::domain::payout::FailureCode;
use crate::domain::time::Timestamp;
use crate::ports::lightning::{FlowDirection, NodeEvent, PaymentRecord, RecordStatus};

/// What an event says. What the event itself lacks is looked up in the node's records: nothing is asked of anyone once
/// the engine has it (DESIGN D1).
pub(super) fn translate(event: Event, node: &Node) -> NodeEvent {
    match event {
        Event::PaymentSuccessful { payment_hash, payment_preimage, fee_paid_msat, .. } => {
            NodeEvent::Sent {
                hash: PaymentHash(payment_hash.0),
                preimage: payment_preimage.map(|preimage| Preimage(preimage.0)),
                fee: fee_paid_msat.map(Msat::new),
            }
        }
        Event::PaymentFailed { payment_hash: Some(hash), reason, .. } => {
            NodeEvent::SendFailed { hash: PaymentHash(hash.0), code: failure_code(reason) }
        }
        Event::PaymentReceived { payment_hash, amount_msat, .. } => {
            let id = ldk_node::lightning::ln::channelmanager::PaymentId(payment_hash.0);
            let record = node.payment(&id).as_ref().and_then(record);
            NodeEvent::Received {
                hash: PaymentHash(payment_hash.0),
                amount: Msat::new(amount_msat),
                skimmed: record.as_ref().map_or(Msat::ZERO, |record| record.skimmed),
                at: record.and_then(|record| record.updated),
            }
        }
        Event::ChannelClosed { channel_id, reason, .. } => {
            if matches!(reason, Some(ClosureReason::OutdatedChannelManager)) {
                // Fact 7: a kill between two writes of the node costs a channel; its payouts resolve on chain.
                tracing::error!(%channel_id, "a kill has cost this channel: it is being closed on chain");
            }
            NodeEvent::Other(format!("channel {channel_id} closed: {reason:?}"))
        }
        Event::PaymentForwarded { total_fee_earned_msat, .. } => {
            NodeEvent::Other(format!("payment forwarded, fee {total_fee_earned_msat:?} msat"))
        }
        Event::ChannelPending { channel_id, counterparty_node_id, .. } => {
            NodeEvent::Other(format!("channel {channel_id} with {counterparty_node_id} pending"))
        }
        Event::ChannelReady { channel_id, .. } => {
            NodeEvent::Other(format!("channel {channel_id} ready"))
        }
        // Failures without a hash are BOLT12's, which we never send; claimable payments and splices we never ask for.
        Event::PaymentFailed { payment_hash: None, .. }
        | Event::PaymentClaimable { .. }
        | Event::SplicePending { .. }
        | Event::SpliceFailed { .. } => NodeEvent::Other("event of no use to us".to_owned()),
    }
}

const fn failure_code(reason: Option<PaymentFailureReason>) -> FailureCode {
    match reason {
        Some(PaymentFailureReason::RecipientRejected) => FailureCode::RecipientRejected,
        Some(PaymentFailureReason::RetriesExhausted | PaymentFailureReason::RouteNotFound) => {
            FailureCode::NoRoute
        }
        Some(PaymentFailureReason::PaymentExpired) => FailureCode::InvoiceExpired,
        Some(PaymentFailureReason::UnknownRequiredFeatures) => FailureCode::InvalidInvoice,
        Some(
            PaymentFailureReason::UserAbandoned
            | PaymentFailureReason::UnexpectedError
            | PaymentFailureReason::InvoiceRequestExpired
            | PaymentFailureReason::InvoiceRequestRejected
            | PaymentFailureReason::BlindedPathCreationFailed,
        )
        | None => FailureCode::NodeError,
    }
}

/// A record of the library, unless it is about an on-chain transaction.
pub(super) fn record(details: &PaymentDetails) -> Option<PaymentRecord> {
    let (hash, preimage, skimmed) = match &details.kind {
        PaymentKind::Onchain { .. } => return None,
        PaymentKind::Bolt11 { hash, preimage, .. }
        | PaymentKind::Spontaneous { hash, preimage } => (hash.0, *preimage, None),
        PaymentKind::Bolt11Jit { hash, preimage, counterparty_skimmed_fee_msat, .. } => {
            (hash.0, *preimage, *counterparty_skimmed_fee_msat)
        }
        PaymentKind::Bolt12Offer { hash, preimage, .. }
        | PaymentKind::Bolt12Refund { hash, preimage, .. } => {
            (hash.map_or(details.id.0, |hash| hash.0), *preimage, None)
        }
    };
    Some(PaymentRecord {
        hash: PaymentHash(hash),
        direction: match details.direction {
            PaymentDirection::Inbound => FlowDirection::Inbound,
            PaymentDirection::Outbound => FlowDirection::Outbound,
        },
        status: match details.status {
            PaymentStatus::Pending => RecordStatus::Pending,
            PaymentStatus::Succeeded => RecordStatus::Succeeded,
            PaymentStatus::Failed => RecordStatus::Failed,
        },
        amount: details.amount_msat.map(Msat::new),
        fee: details.fee_paid_msat.map(Msat::new),
        preimage: preimage.map(|preimage| Preimage(preimage.0)),
        skimmed: Msat::new(skimmed.unwrap_or(0)),
        updated: Some(Timestamp::from_secs(details.latest_update_timestamp)),
    })
}
