//! Payments that a node makes, and what it has written down about those it made and got.

use std::str::FromStr;

use ldk_node::Event;
use ldk_node::bitcoin::hashes::Hash;
use ldk_node::bitcoin::secp256k1::PublicKey;
use ldk_node::lightning::ln::channelmanager::PaymentId;
use ldk_node::lightning_invoice::Bolt11Invoice;
use ldk_node::lightning_types::payment::{PaymentHash, PaymentPreimage};
use ldk_node::payment::{PaymentDetails, PaymentDirection, PaymentKind, PaymentStatus};

use super::Peer;
use crate::until::PATIENCE;

/// A payment that arrived, with its proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// What was paid.
    pub hash: PaymentHash,
    /// The proof.
    pub preimage: PaymentPreimage,
    /// What the nodes in between took, beside the amount.
    pub fee_msat: u64,
}

/// A payment on its way.
#[derive(Clone, Copy, Debug)]
pub struct Paying {
    /// What is being paid.
    pub hash: PaymentHash,
    mark: usize,
}

impl Peer {
    /// Pays an invoice and waits for the end: its proof, or why it failed.
    pub fn pay(&self, invoice: &str) -> Result<Paid, String> {
        self.outcome(&self.start_pay(invoice)?)
    }

    /// Begins to pay an invoice; an error means that nothing was sent.
    pub fn start_pay(&self, invoice: &str) -> Result<Paying, String> {
        let invoice = parse(invoice)?;
        let hash = PaymentHash(invoice.payment_hash().to_byte_array());
        let paying = Paying { hash, mark: self.events.mark() };
        let sent = self.node().bolt11_payment().send(&invoice, None);
        sent.map_err(|error| format!("{} cannot pay: {error}", self.name))?;
        Ok(paying)
    }

    /// Pays a node that has not asked for it, and waits for the end.
    pub fn keysend(&self, to: &PublicKey, amount_msat: u64) -> Result<Paid, String> {
        let mark = self.events.mark();
        let sent = self.node().spontaneous_payment().send(amount_msat, *to, None);
        let id = sent.map_err(|error| format!("{} cannot pay: {error}", self.name))?;
        self.outcome(&Paying { hash: PaymentHash(id.0), mark })
    }

    /// Waits for the end of a payment that was begun.
    pub fn outcome(&self, paying: &Paying) -> Result<Paid, String> {
        let what = format!("the end of {}'s payment {}", self.name, paying.hash);
        self.events.wait(&what, paying.mark, PATIENCE, |event| match event {
            Event::PaymentSuccessful {
                payment_hash: hash,
                payment_preimage,
                fee_paid_msat,
                ..
            } if *hash == paying.hash => {
                let preimage = payment_preimage.expect("a node of this version tells preimages");
                let fee_msat = fee_paid_msat.expect("a node of this version tells fees");
                Some(Ok(Paid { hash: *hash, preimage, fee_msat }))
            }
            Event::PaymentFailed { payment_hash: Some(hash), reason, .. }
                if *hash == paying.hash =>
            {
                let reason = reason.map(|reason| format!("{reason:?}"));
                Some(Err(reason.unwrap_or_else(|| "no reason given".into())))
            }
            _ => None,
        })
    }

    /// What it got on a hash, if anything: from its own records, not from what it was told.
    pub fn received_msat(&self, hash: &PaymentHash) -> Option<u64> {
        let record = self.payment(hash)?;
        let got = record.direction == PaymentDirection::Inbound
            && record.status == PaymentStatus::Succeeded;
        got.then_some(record.amount_msat).flatten()
    }

    /// The preimage of a hash as far as it knows it. Of its own invoices it knows it before they are paid.
    pub fn preimage(&self, hash: &PaymentHash) -> Option<PaymentPreimage> {
        match self.payment(hash)?.kind {
            PaymentKind::Bolt11 { preimage, .. }
            | PaymentKind::Bolt11Jit { preimage, .. }
            | PaymentKind::Bolt12Offer { preimage, .. }
            | PaymentKind::Bolt12Refund { preimage, .. }
            | PaymentKind::Spontaneous { preimage, .. } => preimage,
            PaymentKind::Onchain { .. } => None,
        }
    }

    /// Its record of the Lightning payment with this hash.
    pub fn payment(&self, hash: &PaymentHash) -> Option<PaymentDetails> {
        self.node().payment(&PaymentId(hash.0))
    }

    /// All its records.
    pub fn payments(&self) -> Vec<PaymentDetails> {
        self.node().list_payments()
    }
}

/// The payment hash of an invoice.
pub fn hash_of(invoice: &str) -> Result<PaymentHash, String> {
    Ok(PaymentHash(parse(invoice)?.payment_hash().to_byte_array()))
}

fn parse(invoice: &str) -> Result<Bolt11Invoice, String> {
    Bolt11Invoice::from_str(invoice).map_err(|error| format!("no invoice: {error}"))
}
