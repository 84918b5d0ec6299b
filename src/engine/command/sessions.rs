//! What it takes to make a session and its payments.

use crate::domain::checkout::SessionTerms;
use crate::domain::decimal::Decimal;
use crate::domain::id::{AccountId, PaymentId, SessionId};
use crate::domain::rate::{Price, Rate};
use crate::ports::lightning::IssuedInvoice;

/// A session to be made.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Whose.
    pub account: AccountId,
    /// Its terms.
    pub terms: SessionTerms,
}

/// An invoice with the price that is fixed by it (DESIGN D19).
#[derive(Clone, Debug)]
pub struct Issued {
    /// What it asks for.
    pub price: Price,
    /// The rate of the cashback's currency, if it needs one.
    pub cashback_rate: Option<Rate>,
    /// The invoice.
    pub invoice: IssuedInvoice,
}

/// A payment that follows another one of the same session.
#[derive(Clone, Debug)]
pub struct NextPayment {
    /// Which session.
    pub session: SessionId,
    /// The payment that it follows: of several that would follow the same one, only the first is taken.
    pub after: Option<PaymentId>,
    /// The amount that the customer chose just now.
    pub chosen: Option<Decimal>,
    /// Its invoice.
    pub issued: Issued,
}
