//! Invoices that a node writes, also of the odd kinds that a cashback daemon must refuse or accept.

use std::time::Duration;

use ldk_node::bitcoin::hashes::{Hash, sha256};
use ldk_node::lightning_invoice::{Bolt11InvoiceDescription, Description, Sha256};
use ldk_node::lightning_types::payment::PaymentHash;

use super::Peer;
use crate::until::until;

impl Peer {
    /// An invoice as wallets write them.
    pub fn invoice(&self, amount_msat: u64, description: &str, expiry_secs: u32) -> String {
        let invoice =
            self.node().bolt11_payment().receive(amount_msat, &text(description), expiry_secs);
        invoice.expect("a node can write an invoice").to_string()
    }

    /// An invoice without an amount: the payer decides.
    pub fn invoice_without_amount(&self, description: &str, expiry_secs: u32) -> String {
        let payments = self.node().bolt11_payment();
        let invoice = payments.receive_variable_amount(&text(description), expiry_secs);
        invoice.expect("a node can write an invoice").to_string()
    }

    /// An invoice with the hash of a description in place of the description.
    pub fn invoice_with_description_hash(
        &self,
        amount_msat: u64,
        description: &str,
        expiry_secs: u32,
    ) -> String {
        let hash = Sha256(sha256::Hash::hash(description.as_bytes()));
        let description = Bolt11InvoiceDescription::Hash(hash);
        let invoice = self.node().bolt11_payment().receive(amount_msat, &description, expiry_secs);
        invoice.expect("a node can write an invoice").to_string()
    }

    /// Waits until something has been paid on the hash and tells how much.
    pub fn wait_received(&self, hash: &PaymentHash, deadline: Duration) -> u64 {
        let what = format!("{} to be paid on {hash}", self.name);
        until(&what, deadline, || self.received_msat(hash))
    }
}

pub(super) fn text(description: &str) -> Bolt11InvoiceDescription {
    let description = Description::new(description.into()).expect("a description is short");
    Bolt11InvoiceDescription::Direct(description)
}
