//! What can be asked about checkout links and payment links.

use crate::domain::bytes::Digest;
use crate::domain::decimal::Decimal;
use crate::domain::id::AccountId;
use crate::domain::link::{LinkId, LinkTerms};

use super::Issued;

/// A request about a link.
#[derive(Clone, Debug)]
pub enum LinkOrder {
    /// Make a checkout link with its one session, whose invoice was made for it.
    CreateCheckout(NewLink, Issued),
    /// Make a payment link.
    CreatePayment(NewLink),
    /// Open a payment link with the invoice that was made for that.
    Open(OpenLink, Issued),
    /// Close a link, and what of it is unpaid.
    Deactivate(LinkId),
    /// Open a payment link again.
    Activate(LinkId),
}

/// A link to be made.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// Whose.
    pub account: AccountId,
    /// Its terms.
    pub terms: LinkTerms,
}

/// A browser opens a payment link.
#[derive(Clone, Debug)]
pub struct OpenLink {
    /// The link.
    pub link: LinkId,
    /// SHA-256 of what names the browser.
    pub browser: Digest,
    /// What the customer owes, in the currency of the link.
    pub amount: Decimal,
}
