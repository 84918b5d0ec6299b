//! What start-up does with what it finds (DESIGN D6, D7, D21, D22; the crash-recovery table of `ldk-node-facts.md`).

use std::collections::BTreeSet;

use crate::domain::bytes::PaymentHash;
use crate::domain::payout::{FailureCode, Input, PayoutState};
use crate::ports::lightning::{FlowDirection, Lightning, NodeDown, PaymentRecord, RecordStatus};
use crate::ports::store::{HashOwner, Key, Row, Rows, StoreFault, fetch, table};

use super::command::{Evidence, EvidenceSource, Received};
use super::reply::Reply;
use super::tx::{Fail, Tx};
use super::{payouts, receipts};

/// What a look at the node found after start-up.
#[derive(Clone, Debug, Default)]
pub struct Recovery {
    /// Its records.
    pub records: Vec<PaymentRecord>,
    /// The block that it has come to, if it has a channel that was closed and is not settled on chain: it may have lost
    /// that one in this start.
    pub closing_at: Option<u32>,
}

impl Recovery {
    /// Looks at a node that has been started.
    ///
    /// # Errors
    /// It does not answer.
    pub fn look(node: &dyn Lightning) -> Result<Self, NodeDown> {
        let height = node.chain()?.height;
        let closing_at = node.is_closing()?.then_some(height);
        Ok(Self { records: node.records()?, closing_at })
    }
}

/// What a record of the node, read at this height, proves about a payment of ours.
pub fn evidence_of(record: &PaymentRecord, height: u32) -> Option<Evidence> {
    match (record.direction, record.status) {
        (FlowDirection::Inbound, _) => None,
        // Fact 4: it may say so for ever, whether the payment is out, settled or lost. It proves nothing.
        (FlowDirection::Outbound, RecordStatus::Pending) => Some(Evidence::Pending),
        // The node knows what every payment of ours cost. A record that does not say so was written by somebody who sent
        // us money on the hash of a payment under way (the library has one record for both).
        (FlowDirection::Outbound, RecordStatus::Succeeded) => Some(match record.fee {
            None => Evidence::Pending,
            fee => Evidence::Succeeded { preimage: record.preimage, fee },
        }),
        // Our hashes are dispatched once, so the record's failure is that dispatch's.
        (FlowDirection::Outbound, RecordStatus::Failed) => {
            Some(Evidence::Failed(FailureCode::NoRoute, height))
        }
    }
}

/// Money that a record of the node proves to have come in.
pub fn receipt_of(record: &PaymentRecord) -> Option<Received> {
    let came_in =
        record.direction == FlowDirection::Inbound && record.status == RecordStatus::Succeeded;
    let amount = record.amount.filter(|_| came_in)?;
    Some(Received { hash: record.hash, amount, skimmed: record.skimmed, at: record.updated })
}

/// Applies what the node's records say to all that was open when the last process ended.
pub(super) fn recover(tx: &mut Tx<'_>, records: &[PaymentRecord]) -> Result<Reply, Fail> {
    let known = outbound(records);
    for record in records {
        if let Some(money) = receipt_of(record) {
            receipts::received(tx, money)?;
        }
        let open = matches!(tx.get::<table::Hash>(record.hash)?, Some(HashOwner::Payout(_)));
        if let (true, Some(evidence)) = (open, evidence_of(record, tx.state.height)) {
            payouts::evidence(tx, record.hash, evidence, EvidenceSource::OldRecord)?;
        }
    }
    // Fact 8: LDK goes on with what it has and never begins a payment again by itself, and neither do we: what has no
    // record may have left, and waits for proof.
    let silent: Vec<_> = tx
        .state
        .open_payouts()
        .filter(|payout| payout.state == PayoutState::Dispatching && !known.contains(&payout.hash))
        .cloned()
        .collect();
    for payout in silent {
        tracing::warn!(payout = %payout.id, "dispatched by an earlier process, no record: in doubt");
        payouts::apply(tx, payout, Input::NoRecord, 0)?;
    }
    Ok(Reply::Noted)
}

/// Which of the two – the books or the node's own data – is an old copy (DESIGN D22).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OldCopy {
    /// The node knows of payments that the books do not know.
    Books(PaymentHash),
    /// The books know that the node has a payment which it does not know. It must not be started.
    Node(PaymentHash),
}

/// The hashes of all that went out.
fn outbound(records: &[PaymentRecord]) -> BTreeSet<PaymentHash> {
    let sent = records.iter().filter(|record| record.direction == FlowDirection::Outbound);
    sent.map(|record| record.hash).collect()
}

/// Compares the node's records with the books, after `build` and before `start`.
pub fn find_old_copy(
    rows: &dyn Rows,
    records: &[PaymentRecord],
) -> Result<Option<OldCopy>, StoreFault> {
    let outbound = outbound(records);
    let known: BTreeSet<PaymentHash> = records.iter().map(|record| record.hash).collect();
    let epoch = fetch::<table::Books>(rows, ())?.map(|books| books.epoch);
    let mut missing = None;
    let mut bound = BTreeSet::new();
    rows.each(&mut |key, row| {
        match (key, row) {
            (Key::Hash(hash), _) => {
                bound.insert(hash);
            }
            (_, Row::Payout(payout)) => {
                let must_know = payout.node_knows && Some(payout.epoch) == epoch;
                if must_know && !known.contains(&payout.hash) {
                    missing = Some(payout.hash);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    if let Some(hash) = missing {
        return Ok(Some(OldCopy::Node(hash)));
    }
    Ok(outbound.iter().find(|hash| !bound.contains(*hash)).copied().map(OldCopy::Books))
}
