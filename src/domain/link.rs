//! Checkout links and payment links: what a merchant hands out so that customers open sessions by themselves. A checkout
//! link has exactly one session, a payment link one for each buyer.

use super::account::Metadata;
use super::currency::Currency;
use super::decimal::Decimal;
use super::id::{AccountId, CashbackId, CheckoutLinkId, PaymentLinkId, SessionId};
use super::time::{Span, Timestamp};
use super::token::TokenKind;

use super::checkout::{Choice, NoPrice, SessionTerms};
use super::customer::Collection;

/// Which link: each kind has ids of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkId {
    /// A checkout link, for one payment.
    Checkout(CheckoutLinkId),
    /// A payment link, for any number.
    Payment(PaymentLinkId),
}

impl LinkId {
    /// Reads an id of either kind.
    pub fn parse(text: &str) -> Option<Self> {
        let checkout = CheckoutLinkId::parse(text).map(Self::Checkout);
        checkout.or_else(|_| PaymentLinkId::parse(text).map(Self::Payment)).ok()
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Checkout(id) => id.as_str(),
            Self::Payment(id) => id.as_str(),
        }
    }

    /// What kind of token opens it.
    pub const fn token_kind(&self) -> TokenKind {
        match self {
            Self::Checkout(_) => TokenKind::CheckoutLink,
            Self::Payment(_) => TokenKind::PaymentLink,
        }
    }

    /// What the sessions of it say they come from.
    pub const fn source(&self) -> &'static str {
        match self {
            Self::Checkout(_) => "checkout_link",
            Self::Payment(_) => "payment_link",
        }
    }
}

impl std::fmt::Display for LinkId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a link is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkStatus {
    /// Customers may open it.
    Active,
    /// Its one session was paid. A payment link never is.
    Paid,
    /// Closed by the merchant. A payment link may be opened again.
    Deactivated,
}

impl LinkStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Active, Self::Paid, Self::Deactivated];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paid => "paid",
            Self::Deactivated => "deactivated",
        }
    }

    /// Reads the API's word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// What a customer owes, in the currency of the terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Price {
    /// This much.
    Fixed(Decimal),
    /// What the customer chooses.
    Chosen(Choice),
}

impl Price {
    /// What every customer owes, if that is known beforehand.
    pub const fn fixed(&self) -> Option<Decimal> {
        match self {
            Self::Fixed(amount) => Some(*amount),
            Self::Chosen(_) => None,
        }
    }

    /// What the customer owes who chose this.
    ///
    /// # Errors
    /// There is a choice, and this is none.
    pub fn choose(&self, chosen: Option<Decimal>) -> Result<Decimal, NoPrice> {
        match self {
            Self::Fixed(amount) => Ok(*amount),
            Self::Chosen(choice) => choice.take(chosen),
        }
    }
}

/// What a merchant may set when it makes a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTerms {
    /// The currency of all amounts.
    pub currency: Currency,
    /// What a customer owes.
    pub price: Price,
    /// How long an invoice of its sessions is good for.
    pub ttl: Span,
    /// The cashback attached to it.
    pub cashback: Option<CashbackId>,
    /// What the page shows on top.
    pub title: Option<String>,
    /// A sentence below the title.
    pub title_description: Option<String>,
    /// The address of a picture.
    pub title_image: Option<String>,
    /// What the customer's wallet shows for the invoice.
    pub statement_descriptor: Option<String>,
    /// Where the page leads after payment.
    pub success_url: Option<String>,
    /// What the page says after payment.
    pub success_message: Option<String>,
    /// What the customer is asked for before the invoice is shown.
    pub collects: Option<Box<Collection>>,
    /// The merchant's notes.
    pub metadata: Metadata,
}

impl LinkTerms {
    /// The terms of a session of this link over `amount`: whoever opens it has chosen.
    pub fn session(&self, amount: Decimal) -> SessionTerms {
        SessionTerms {
            currency: self.currency,
            amount,
            choice: None,
            ttl: self.ttl,
            cashback: self.cashback.clone(),
            title: self.title.clone(),
            title_description: self.title_description.clone(),
            title_image: self.title_image.clone(),
            description: None,
            statement_descriptor: self.statement_descriptor.clone(),
            success_url: self.success_url.clone(),
            success_message: self.success_message.clone(),
            cancel_url: None,
            source: None,
            source_id: None,
            collects: self.collects.clone(),
            metadata: self.metadata.clone(),
        }
    }
}

/// A checkout link or a payment link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its id, which says of which kind it is.
    pub id: LinkId,
    /// Its place in commit order.
    pub seq: u64,
    /// Whose it is.
    pub account: AccountId,
    /// The terms.
    pub terms: LinkTerms,
    /// Where it is in its life.
    pub status: LinkStatus,
    /// The one session of a checkout link.
    pub session: Option<SessionId>,
    /// How many sessions were opened through it.
    pub opened: u64,
    /// How many of them were paid.
    pub paid: u64,
    /// Generation of the token in its address (DESIGN D11).
    pub token_generation: u32,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed, its counters aside.
    pub modified: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    fn chosen(price: &Price, text: &str) -> Result<Decimal, NoPrice> {
        price.choose(Decimal::parse(text).ok())
    }

    #[test]
    fn a_fixed_price_is_no_choice() {
        let price = Price::Fixed(decimal("7"));
        assert_eq!(chosen(&price, "1"), Ok(decimal("7")));
        assert_eq!(chosen(&price, ""), Ok(decimal("7")));
    }

    #[test]
    fn ids_of_either_kind_are_read_back() {
        let at = Timestamp::from_millis(1);
        for id in [
            LinkId::Checkout(CheckoutLinkId::new(at, 1)),
            LinkId::Payment(PaymentLinkId::new(at, 1)),
        ] {
            assert_eq!(LinkId::parse(id.as_str()), Some(id.clone()));
        }
        assert_eq!(LinkId::parse("cs_00000000000000000000"), None);
    }
}
