//! Reading BOLT11 invoices into the facts that the domain's rules are about.

use lightning_invoice::{Bolt11Invoice, Bolt11SemanticError, Currency, SignedRawBolt11Invoice};

use crate::domain::bytes::{NodeId, PaymentHash};
use crate::domain::invoice::{Invoice, InvoiceText};
use crate::domain::money::Msat;
use crate::domain::network::Network;
use crate::domain::time::Timestamp;
use crate::ports::lightning::Unreadable;

/// Longest invoice that is looked at.
const MAX_LEN: usize = 4_096;
/// BOLT11: what counts if the invoice does not say (field `c`).
const DEFAULT_FINAL_CLTV: u64 = 18;
/// BOLT11: what counts if the invoice does not say (field `x`).
const DEFAULT_EXPIRY_SECS: u64 = 3_600;

/// Reads an invoice: either case, with or without `lightning:` and outer blanks.
///
/// # Errors
/// The text is no invoice, or one that nobody could pay (no payment hash, say). Rules that a readable invoice may break
/// are facts, not errors: each has its own answer.
pub fn parse(text: &str) -> Result<Invoice, Unreadable> {
    let canonical = canonical(text)?;
    let signed: SignedRawBolt11Invoice = canonical.parse().map_err(|_| Unreadable)?;
    let (signature_valid, unfit_features) = match Bolt11Invoice::from_signed(signed.clone()) {
        Ok(_) => (true, false),
        Err(Bolt11SemanticError::InvalidFeatures) => (signed.check_signature(), true),
        Err(Bolt11SemanticError::InvalidSignature) => (false, false),
        Err(_) => return Err(Unreadable),
    };
    let raw = signed.raw_invoice();
    let hash = raw.payment_hash().ok_or(Unreadable)?;
    // The library looks at this last, so it has not where it stopped at the features.
    let amount = match raw.amount_pico_btc() {
        Some(pico) if pico % 10 != 0 => return Err(Unreadable),
        pico => pico.map(|pico| Msat::new(pico / 10)),
    };
    let created = raw.data.timestamp.as_duration_since_epoch().as_secs();
    let expiry = raw.expiry_time().map_or(DEFAULT_EXPIRY_SECS, |time| time.as_duration().as_secs());
    let final_cltv = raw.min_final_cltv_expiry_delta().map_or(DEFAULT_FINAL_CLTV, |delta| delta.0);
    Ok(Invoice {
        hash: PaymentHash(*hash.0.as_ref()),
        network: network(raw.currency()),
        amount,
        expires_at: Timestamp::from_secs(created.saturating_add(expiry)),
        payee: payee(&signed).unwrap_or(NodeId([0; 33])),
        min_final_cltv_expiry_delta: u32::try_from(final_cltv).unwrap_or(u32::MAX),
        signature_valid,
        unfit_features,
        text: InvoiceText::new(canonical),
    })
}

fn canonical(text: &str) -> Result<String, Unreadable> {
    let text = text.trim();
    if text.len() > MAX_LEN || !text.is_ascii() {
        return Err(Unreadable);
    }
    let text = text.to_ascii_lowercase();
    let text = text.strip_prefix("lightning:").unwrap_or(&text);
    Ok(text.trim_start_matches("//").to_owned())
}

/// The invoice as the library pays it.
pub fn to_library(text: &InvoiceText) -> Option<Bolt11Invoice> {
    text.as_str().parse().ok()
}

const fn network(currency: Currency) -> Option<Network> {
    match currency {
        Currency::Bitcoin => Some(Network::Bitcoin),
        Currency::BitcoinTestnet => Some(Network::Testnet),
        Currency::Regtest => Some(Network::Regtest),
        Currency::Signet => Some(Network::Signet),
        Currency::Simnet => None,
    }
}

/// The payee that the invoice names, or whose signature it carries.
fn payee(signed: &SignedRawBolt11Invoice) -> Option<NodeId> {
    let key = match signed.raw_invoice().payee_pub_key() {
        Some(named) => named.0,
        None => signed.recover_payee_pub_key().ok()?.0,
    };
    Some(NodeId(key.serialize()))
}

#[cfg(test)]
mod tests;
