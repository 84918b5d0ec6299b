//! The fields of a session as a merchant writes them; payments are made of some of them.

use crate::domain::checkout::SessionTerms;
use crate::domain::decimal::Decimal;
use crate::domain::link::Price;

use super::super::super::Shared;
use super::super::form::Form;
use super::super::terms::{self, Basis, MAX_TEXT, MAX_TITLE, Prices, Thanks};

/// Reads the terms of a session.
pub(super) fn read(form: &mut Form, shared: &Shared, thanks: Thanks) -> Option<SessionTerms> {
    let basis = terms::basis(form, Prices::Any);
    let cashback = terms::cashback(form);
    let words = terms::words(form, thanks);
    let description = form.long_text("description", MAX_TEXT);
    let cancel_url = form.url("cancel_url");
    let source = form.text("source", MAX_TITLE);
    let source_id = form.text("source_id", MAX_TITLE);
    let collects = terms::questions(form, shared);
    Some(SessionTerms {
        cashback,
        success_url: words.success_url,
        success_message: words.success_message,
        title: words.title,
        title_description: words.title_description,
        title_image: words.title_image,
        description,
        cancel_url,
        source,
        source_id,
        collects,
        ..plain(basis?)
    })
}

/// Reads what a payment has: what is owed, for how long, and what the customer's wallet shows.
pub(in super::super) fn read_payment(form: &mut Form) -> Option<SessionTerms> {
    terms::basis(form, Prices::One).map(plain)
}

/// A session that says nothing more.
fn plain(basis: Basis) -> SessionTerms {
    let (amount, choice) = match basis.price {
        Price::Fixed(amount) => (amount, None),
        Price::Chosen(choice) => (Decimal::ZERO, Some(choice)),
    };
    SessionTerms {
        currency: basis.currency,
        amount,
        choice,
        ttl: basis.ttl,
        cashback: None,
        title: None,
        title_description: None,
        title_image: None,
        description: None,
        statement_descriptor: basis.statement_descriptor,
        success_url: None,
        success_message: None,
        cancel_url: None,
        source: None,
        source_id: None,
        collects: None,
        metadata: basis.metadata,
    }
}
