//! What satback needs to know of a BOLT11 invoice, and the rules it must meet before we promise to pay it.

use std::fmt;

use super::bytes::{NodeId, PaymentHash};
use super::money::Msat;
use super::network::Network;
use super::time::{Span, Timestamp};

/// An invoice as text, lower case and without prefix. Never printed: whoever holds it sees whom we pay.
#[derive(Clone, PartialEq, Eq)]
pub struct InvoiceText(String);

impl InvoiceText {
    /// Wraps a canonical invoice.
    pub fn new(canonical: String) -> Self {
        Self(canonical)
    }

    /// The invoice.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for InvoiceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvoiceText(hidden)")
    }
}

/// The facts of one BOLT11 invoice that a stranger gave us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// The invoice in its canonical form: two texts are the same invoice if and only if these are equal.
    pub text: InvoiceText,
    /// The payment hash.
    pub hash: PaymentHash,
    /// The network it is for; `None` for one that satback does not know.
    pub network: Option<Network>,
    /// The amount, if it names one.
    pub amount: Option<Msat>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The node that is to be paid.
    pub payee: NodeId,
    /// Blocks that the payee wants between the last HTLC and its expiry (BOLT11 field `c`).
    pub min_final_cltv_expiry_delta: u32,
    /// True if the signature fits.
    pub signature_valid: bool,
    /// True if it requires a feature that our node does not know, or lacks one without which it cannot be paid (BOLT11
    /// field `9`: the payment secret).
    pub unfit_features: bool,
}

/// What an invoice must be for one claim.
#[derive(Clone, Copy, Debug)]
pub struct InvoiceRules {
    /// The network our node runs on.
    pub network: Network,
    /// The amount, to the millisatoshi.
    pub amount: Msat,
    /// How long it must still be good for.
    pub min_left: Span,
    /// Our own node, which cannot pay itself.
    pub our_node: NodeId,
    /// Largest `min_final_cltv_expiry_delta` (DESIGN D5: it bounds how long a wallet can hold our money).
    pub max_final_cltv_expiry_delta: u32,
}

/// The rule that an invoice breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceFault {
    /// For another network.
    OtherNetwork,
    /// The signature does not fit.
    BadSignature,
    /// No amount.
    NoAmount,
    /// Another amount than the cashback's.
    WrongAmount,
    /// Expired already.
    Expired,
    /// Expires before it could be paid with certainty.
    ExpiresSoon,
    /// Our own node is the payee.
    OwnNode,
    /// The hash is one that we issued, or one that some payout was bound to.
    HashUsed,
    /// The payee may hold the payment for too many blocks.
    FinalCltvTooLong,
    /// It requires a feature that our node does not know, or lacks one that every payment needs.
    UnfitFeatures,
}

impl Invoice {
    /// Checks every rule in the order of `API.md`; `hash_used` is what the index of payment hashes says (DESIGN D7).
    pub fn check(
        &self,
        rules: &InvoiceRules,
        hash_used: bool,
        now: Timestamp,
    ) -> Result<(), InvoiceFault> {
        let broken = [
            (self.network != Some(rules.network), InvoiceFault::OtherNetwork),
            (!self.signature_valid, InvoiceFault::BadSignature),
            (self.amount.is_none(), InvoiceFault::NoAmount),
            (self.amount != Some(rules.amount), InvoiceFault::WrongAmount),
            (self.expires_at <= now, InvoiceFault::Expired),
            (self.expires_at < now + rules.min_left, InvoiceFault::ExpiresSoon),
            (self.payee == rules.our_node, InvoiceFault::OwnNode),
            (hash_used, InvoiceFault::HashUsed),
            (
                self.min_final_cltv_expiry_delta > rules.max_final_cltv_expiry_delta,
                InvoiceFault::FinalCltvTooLong,
            ),
            (self.unfit_features, InvoiceFault::UnfitFeatures),
        ];
        match broken.into_iter().find(|(is_broken, _)| *is_broken) {
            Some((_, fault)) => Err(fault),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
    const RULES: InvoiceRules = InvoiceRules {
        network: Network::Regtest,
        amount: Msat::new(5_000),
        min_left: Span::from_secs(20),
        our_node: NodeId([2; 33]),
        max_final_cltv_expiry_delta: 160,
    };

    fn good() -> Invoice {
        Invoice {
            text: InvoiceText::new("lnbcrt50n1".to_owned()),
            hash: PaymentHash([1; 32]),
            network: Some(Network::Regtest),
            amount: Some(Msat::new(5_000)),
            expires_at: NOW + Span::from_secs(20),
            payee: NodeId([3; 33]),
            min_final_cltv_expiry_delta: 160,
            signature_valid: true,
            unfit_features: false,
        }
    }

    #[test]
    fn an_invoice_at_every_bound_is_accepted() {
        assert_eq!(good().check(&RULES, false, NOW), Ok(()));
    }

    #[test]
    fn each_rule_has_its_own_fault() {
        type Break = fn(&mut Invoice);
        let cases: [(Break, InvoiceFault); 10] = [
            (|i| i.network = Some(Network::Bitcoin), InvoiceFault::OtherNetwork),
            (|i| i.network = None, InvoiceFault::OtherNetwork),
            (|i| i.signature_valid = false, InvoiceFault::BadSignature),
            (|i| i.amount = None, InvoiceFault::NoAmount),
            (|i| i.amount = Some(Msat::new(5_001)), InvoiceFault::WrongAmount),
            (|i| i.expires_at = NOW, InvoiceFault::Expired),
            (|i| i.expires_at = NOW + Span::from_millis(19_999), InvoiceFault::ExpiresSoon),
            (|i| i.payee = RULES.our_node, InvoiceFault::OwnNode),
            (|i| i.min_final_cltv_expiry_delta = 161, InvoiceFault::FinalCltvTooLong),
            (|i| i.unfit_features = true, InvoiceFault::UnfitFeatures),
        ];
        for (break_rule, fault) in cases {
            let mut invoice = good();
            break_rule(&mut invoice);
            assert_eq!(invoice.check(&RULES, false, NOW), Err(fault));
        }
        assert_eq!(good().check(&RULES, true, NOW), Err(InvoiceFault::HashUsed));
    }
}
