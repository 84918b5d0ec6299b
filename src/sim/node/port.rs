//! The `lightning` port on the node in memory.

use std::collections::BTreeSet;

use crate::domain::bytes::{NodeId, PaymentHash};
use crate::domain::invoice::{Invoice, InvoiceText};
use crate::domain::money::Msat;
use crate::domain::network::Network;
use crate::domain::time::Span;
use crate::ports::lightning::{
    ChainView, Holdings, IssuedInvoice, Lightning, Liquidity, NodeDown, NodeEvent, PayError,
    PayOrder, PaymentRecord, Unreadable,
};

use super::super::fuse;
use super::super::invoice::{hash_of, parse, with_text};
use super::{Flight, SimNode};

/// Smaller HTLCs have no output of their own, and no balance shows them.
const DUST: Msat = Msat::new(354_000);

impl Lightning for SimNode {
    fn node_id(&self) -> NodeId {
        Self::ID
    }

    fn parse_invoice(&self, text: &str) -> Result<Invoice, Unreadable> {
        parse(text).ok_or(Unreadable)
    }

    fn create_invoice(
        &self,
        amount: Msat,
        _description: &str,
        expiry: Span,
    ) -> Result<IssuedInvoice, NodeDown> {
        self.up(|inner| {
            inner.issued += 1;
            let preimage = Self::preimage_of(inner.issued);
            let invoice = with_text(Invoice {
                text: InvoiceText::new(String::new()),
                hash: hash_of(&preimage),
                network: Some(Network::Regtest),
                amount: Some(amount),
                expires_at: inner.now + expiry,
                payee: Self::ID,
                min_final_cltv_expiry_delta: 18,
                signature_valid: true,
                unfit_features: false,
            });
            let (text, hash, expires_at) = (invoice.text, invoice.hash, invoice.expires_at);
            IssuedInvoice { text, hash, expires_at }
        })
    }

    fn pay(&self, order: &PayOrder) -> Result<(), PayError> {
        fuse::pass("node:asked");
        let behaviour = self.with(|inner| inner.take(order))?;
        fuse::pass("node:taken");
        let answer = self.with(|inner| inner.write(order, behaviour));
        fuse::pass("node:written");
        answer
    }

    fn record(&self, hash: &PaymentHash) -> Result<Option<PaymentRecord>, NodeDown> {
        Ok(self.with(|inner| inner.records.get(hash).cloned()))
    }

    fn records(&self) -> Result<Vec<PaymentRecord>, NodeDown> {
        Ok(self.with(|inner| inner.records.values().cloned().collect()))
    }

    fn pending_hashes(&self) -> Result<BTreeSet<PaymentHash>, NodeDown> {
        let shows = |flight: &Flight| {
            let invoice = parse(flight.order.invoice.as_str());
            let amount = invoice.and_then(|invoice| invoice.amount).unwrap_or_default();
            flight.sent && amount >= DUST
        };
        self.up(|inner| {
            let shown = inner.in_flight.iter().filter(|(_, flight)| shows(flight));
            shown.map(|(hash, _)| *hash).collect()
        })
    }

    fn is_closing(&self) -> Result<bool, NodeDown> {
        self.up(|inner| inner.chain.height < inner.closed_until)
    }

    fn next_event(&self, _patience: Span) -> Option<NodeEvent> {
        self.with(|inner| inner.events.front().cloned())
    }

    fn acknowledge(&self) -> Result<(), NodeDown> {
        fuse::pass("node:acknowledging");
        self.up(|inner| {
            inner.acknowledged = inner.events.pop_front();
        })
    }

    fn has_event(&self) -> bool {
        self.with(|inner| !inner.events.is_empty())
    }

    fn chain(&self) -> Result<ChainView, NodeDown> {
        self.up(|inner| inner.chain)
    }

    fn liquidity(&self) -> Result<Liquidity, NodeDown> {
        self.up(|inner| inner.liquidity)
    }

    fn holdings(&self) -> Result<Holdings, NodeDown> {
        self.up(|inner| Holdings {
            total: Msat::new(inner.held),
            at_rest: inner.in_flight.is_empty() && inner.chain.height >= inner.closed_until,
        })
    }
}
