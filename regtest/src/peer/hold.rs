//! Hold invoices: the payee lets a payment wait, and takes or refuses it when it likes.

use std::time::Duration;

use bitcoin::secp256k1::rand;
use ldk_node::Event;
use ldk_node::bitcoin::hashes::{Hash, sha256};
use ldk_node::lightning_types::payment::{PaymentHash, PaymentPreimage};

use super::Peer;
use super::invoices::text;
use crate::until::PATIENCE;

/// A hold invoice with the preimage that its payee keeps back.
#[derive(Clone, Debug)]
pub struct Hold {
    /// What the payer pays.
    pub invoice: String,
    /// The amount asked for.
    pub amount_msat: u64,
    /// The payment hash.
    pub hash: PaymentHash,
    /// What settles it.
    pub preimage: PaymentPreimage,
}

impl Peer {
    /// Writes a hold invoice.
    pub fn hold_invoice(&self, amount_msat: u64, expiry_secs: u32) -> Hold {
        let preimage = PaymentPreimage(rand::random());
        let hash = PaymentHash(sha256::Hash::hash(&preimage.0).to_byte_array());
        let payments = self.node().bolt11_payment();
        let invoice = payments.receive_for_hash(amount_msat, &text("hold"), expiry_secs, hash);
        let invoice = invoice.expect("a node can write an invoice").to_string();
        Hold { invoice, amount_msat, hash, preimage }
    }

    /// Waits until a payment on the hash has arrived and waits for us; returns its amount.
    pub fn wait_held(&self, hash: &PaymentHash, deadline: Duration) -> u64 {
        let what = format!("a payment on {hash} that waits for {}", self.name);
        self.events.wait(&what, 0, deadline, |event| match event {
            Event::PaymentClaimable { payment_hash, claimable_amount_msat, .. }
                if payment_hash == hash =>
            {
                Some(*claimable_amount_msat)
            }
            _ => None,
        })
    }

    /// Takes a payment that waits, and waits until it is its own.
    pub fn settle(&self, hold: &Hold) {
        let mark = self.events.mark();
        let payments = self.node().bolt11_payment();
        let claimed = payments.claim_for_hash(hold.hash, hold.amount_msat, hold.preimage);
        claimed.unwrap_or_else(|error| panic!("{} cannot claim: {error}", self.name));
        let what = format!("{} to have claimed {}", self.name, hold.hash);
        self.events.wait(&what, mark, PATIENCE, |event| match event {
            Event::PaymentReceived { payment_hash, .. } if *payment_hash == hold.hash => Some(()),
            _ => None,
        });
    }

    /// Refuses a payment that waits; it goes back to the payer.
    pub fn cancel(&self, hold: &Hold) {
        let failed = self.node().bolt11_payment().fail_for_hash(hold.hash);
        failed.unwrap_or_else(|error| panic!("{} cannot cancel: {error}", self.name));
    }
}
