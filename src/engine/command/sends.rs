//! What merchants' own payments are ordered with.

use crate::domain::id::AccountId;
use crate::domain::invoice::Invoice;
use crate::domain::money::Msat;

/// A merchant's own payment.
#[derive(Clone, Debug)]
pub struct NewSend {
    /// Whose money it is.
    pub account: AccountId,
    /// What is to be paid.
    pub invoice: Invoice,
    /// How much, which the invoice must say too.
    pub amount: Msat,
    /// The Lightning address that gave us the invoice; `None` if the merchant did.
    pub address: Option<String>,
    /// The merchant's own words.
    pub note: Option<String>,
}
