//! Invoices of the simulated world: every fact in plain text, so that a test can say what it wants.

use crate::domain::bytes::{NodeId, PaymentHash, Preimage};
use crate::domain::invoice::{Invoice, InvoiceText};
use crate::domain::money::Msat;
use crate::domain::network::Network;
use crate::domain::time::Timestamp;
use crate::secrets::sha256;

/// What simulated invoices begin with.
const PREFIX: &str = "lnsim1";

/// The payment hash of a preimage.
pub fn hash_of(preimage: &Preimage) -> PaymentHash {
    PaymentHash(sha256(&preimage.0).0)
}

/// An invoice of a simulated wallet that meets every rule.
pub fn wallet_invoice(preimage: &Preimage, amount: Msat, expires_at: Timestamp) -> Invoice {
    with_text(Invoice {
        text: InvoiceText::new(String::new()),
        hash: hash_of(preimage),
        network: Some(Network::Regtest),
        amount: Some(amount),
        expires_at,
        payee: NodeId([3; 33]),
        min_final_cltv_expiry_delta: 18,
        signature_valid: true,
        unfit_features: false,
    })
}

/// The same facts with the text that says them.
pub fn with_text(mut invoice: Invoice) -> Invoice {
    let text = format!(
        "{PREFIX}_{}_{}_{}_{}_{}_{}_{}_{}",
        invoice.hash,
        invoice.network.map_or("unknown", Network::name),
        invoice.amount.map_or_else(|| "any".to_owned(), |amount| amount.get().to_string()),
        invoice.expires_at.millis(),
        invoice.payee,
        invoice.min_final_cltv_expiry_delta,
        invoice.signature_valid,
        invoice.unfit_features,
    );
    invoice.text = InvoiceText::new(text);
    invoice
}

/// Reads the text of a simulated invoice.
pub fn parse(text: &str) -> Option<Invoice> {
    let text = text.trim().to_ascii_lowercase();
    let text = text.strip_prefix("lightning:").unwrap_or(&text);
    let mut parts = text.strip_prefix(PREFIX)?.strip_prefix('_')?.split('_');
    let mut next = || parts.next();
    let invoice = Invoice {
        text: InvoiceText::new(text.to_owned()),
        hash: PaymentHash::parse(next()?).ok()?,
        network: Network::parse(next()?),
        amount: match next()? {
            "any" => None,
            amount => Some(Msat::new(amount.parse().ok()?)),
        },
        expires_at: Timestamp::from_millis(next()?.parse().ok()?),
        payee: NodeId::parse(next()?).ok()?,
        min_final_cltv_expiry_delta: next()?.parse().ok()?,
        signature_valid: next()? == "true",
        unfit_features: next()? == "true",
    };
    Some(invoice)
}
