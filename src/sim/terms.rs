//! Terms that simulated merchants use where they want nothing in particular.

use crate::domain::account::Metadata;
use crate::domain::checkout::SessionTerms;
use crate::domain::currency::Currency;
use crate::domain::decimal::Decimal;
use crate::domain::id::CashbackId;
use crate::domain::link::{LinkTerms, Price};
use crate::domain::money::Sat;
use crate::domain::time::Span;

/// A checkout over `due` whose invoice is good for ten minutes.
pub fn session(due: Sat, cashback: Option<CashbackId>) -> SessionTerms {
    SessionTerms {
        currency: Currency::Sats,
        amount: Decimal::from_units(due.get(), 0),
        choice: None,
        ttl: Span::from_secs(600),
        cashback,
        title: None,
        title_description: None,
        title_image: None,
        description: None,
        statement_descriptor: None,
        success_url: None,
        success_message: None,
        cancel_url: None,
        source: None,
        source_id: None,
        collects: None,
        metadata: Metadata::new(),
    }
}

/// A link of the same kind, with this price.
pub fn link(price: Price, cashback: Option<CashbackId>) -> LinkTerms {
    LinkTerms {
        currency: Currency::Sats,
        price,
        ttl: Span::from_secs(600),
        cashback,
        title: None,
        title_description: None,
        title_image: None,
        statement_descriptor: None,
        success_url: None,
        success_message: None,
        collects: None,
        metadata: Metadata::new(),
    }
}
