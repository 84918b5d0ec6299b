//! What the node in memory does to a payment, step by step.

use std::collections::BTreeMap;

use crate::domain::bytes::PaymentHash;
use crate::domain::money::Msat;
use crate::domain::payout::FailureCode;
use crate::ports::lightning::{
    FlowDirection, NodeEvent, PayError, PayOrder, PaymentRecord, RecordStatus,
};

use super::super::invoice::parse;
use super::{Arrival, Behaviour, CLOSING_BLOCKS, Flight, Inner};

impl Inner {
    /// Money leaves by another way than a payment.
    pub(in super::super) const fn let_go(&mut self, amount: Msat) {
        self.held = self.held.saturating_sub(amount.get());
    }

    pub(super) fn record(&mut self, hash: PaymentHash, status: RecordStatus) {
        let record = PaymentRecord {
            hash,
            direction: FlowDirection::Outbound,
            status,
            amount: None,
            fee: None,
            preimage: None,
            skimmed: Msat::ZERO,
            updated: None,
        };
        self.records.insert(hash, record);
    }

    /// Notes what came of a payment in its record. One that was never written is not made up for (facts, section 1.1).
    fn update(&mut self, hash: PaymentHash, status: RecordStatus, fee: Option<Msat>) {
        let preimage = self.preimages.get(&hash).copied();
        if let Some(record) = self.records.get_mut(&hash) {
            record.status = status;
            record.fee = fee;
            record.preimage = fee.and(preimage);
        }
    }

    pub(super) fn arrive(&mut self, flight: &Flight, fee: Msat) {
        let order = &flight.order;
        let amount = parse(order.invoice.as_str()).and_then(|invoice| invoice.amount);
        let amount = amount.unwrap_or_default();
        let preimage = self.preimages.get(&order.hash).copied();
        self.held = self.held.saturating_sub(amount.get() + fee.get());
        self.arrived.push(Arrival { hash: order.hash, amount, fee });
        if flight.forgotten {
            return;
        }
        self.update(order.hash, RecordStatus::Succeeded, Some(fee));
        let event = NodeEvent::Sent { hash: order.hash, preimage, fee: Some(fee) };
        self.events.push_back(event);
    }

    /// A payment under way comes to nothing.
    pub(super) fn end(&mut self, hash: PaymentHash, code: FailureCode) {
        if self.in_flight.remove(&hash).is_some_and(|flight| !flight.forgotten) {
            self.fail(hash, code);
        }
    }

    /// A start finds a channel newer than what it knows, and closes it. What it says of these payments is wrong.
    pub(super) fn lose_channel(&mut self, hashes: Vec<PaymentHash>) {
        self.closed_until = self.chain.height + CLOSING_BLOCKS;
        for hash in hashes {
            let known = self.in_flight.get_mut(&hash).filter(|flight| !flight.forgotten);
            if let Some(flight) = known {
                flight.forgotten = true;
                flight.sent = true;
                self.fail(hash, FailureCode::NoRoute);
            }
        }
    }

    pub(super) fn fail(&mut self, hash: PaymentHash, code: FailureCode) {
        self.update(hash, RecordStatus::Failed, None);
        self.events.push_back(NodeEvent::SendFailed { hash, code });
    }

    /// What the node does first (facts, section 1.1): it refuses, or LDK has the payment and nothing is written yet.
    pub(super) fn take(&mut self, order: &PayOrder) -> Result<Behaviour, PayError> {
        if !self.running {
            return Err(PayError::Rejected(FailureCode::NodeNotReady));
        }
        let taken = self.records.get(&order.hash).map(|record| record.status);
        if matches!(taken, Some(RecordStatus::Pending | RecordStatus::Succeeded)) {
            return Err(PayError::Unclear("duplicate payment"));
        }
        self.dispatched.push(order.hash);
        let behaviour = self.scripted.get(&order.hash).copied().unwrap_or(self.behaviour);
        match behaviour {
            Behaviour::Reject(code) => {
                self.record(order.hash, RecordStatus::Failed);
                return Err(PayError::Rejected(code));
            }
            Behaviour::UnclearAndLost => return Err(PayError::Unclear("no answer")),
            _ => {}
        }
        let ends = self.chain.height + order.cltv_limit + CLOSING_BLOCKS;
        let sent = behaviour != Behaviour::Queue;
        let flight = Flight { order: order.clone(), sent, forgotten: false, ends };
        self.in_flight.insert(order.hash, flight);
        self.unwritten = Some(order.hash);
        Ok(behaviour)
    }

    /// Then it writes its own record and answers.
    pub(super) fn write(&mut self, order: &PayOrder, behaviour: Behaviour) -> Result<(), PayError> {
        self.unwritten = None;
        if behaviour == Behaviour::UnclearAndSent {
            return Err(PayError::Unclear("its record could not be written"));
        }
        self.record(order.hash, RecordStatus::Pending);
        match behaviour {
            Behaviour::Arrive(fee) => {
                if let Some(flight) = self.in_flight.remove(&order.hash) {
                    self.arrive(&flight, fee);
                }
            }
            Behaviour::Fail(code) => self.end(order.hash, code),
            _ => {}
        }
        Ok(())
    }
}

/// True if a terminal record says what the event says.
pub(super) fn is_recorded(
    event: &NodeEvent,
    records: &BTreeMap<PaymentHash, PaymentRecord>,
) -> bool {
    let status = |hash: &PaymentHash, way| {
        let record = records.get(hash).filter(|record| record.direction == way);
        record.map(|record| record.status)
    };
    let (sent, received) = (FlowDirection::Outbound, FlowDirection::Inbound);
    match event {
        NodeEvent::Sent { hash, .. } => status(hash, sent) == Some(RecordStatus::Succeeded),
        NodeEvent::SendFailed { hash, .. } => status(hash, sent) == Some(RecordStatus::Failed),
        NodeEvent::Received { hash, .. } => status(hash, received) == Some(RecordStatus::Succeeded),
        NodeEvent::Other(_) => false,
    }
}
