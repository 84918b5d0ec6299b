//! Reading the terms of a link: Speed's fields, with all that is wrong at once.

use crate::domain::checkout::MAX_WEIGHT;
use crate::domain::decimal::Decimal;
use crate::domain::link::LinkTerms;

use super::super::Shared;
use super::form::Form;
use super::terms::{self, Prices, Thanks};

/// Reads a link's terms.
pub(super) fn read(form: &mut Form, shared: &Shared, prices: Prices) -> Option<LinkTerms> {
    let basis = terms::basis(form, prices);
    let cashback = terms::cashback(form);
    let words = terms::words(form, Thanks::Either);
    let collects = terms::questions(form, shared);
    let basis = basis?;
    let terms = LinkTerms {
        currency: basis.currency,
        price: basis.price,
        ttl: basis.ttl,
        cashback,
        title: words.title,
        title_description: words.title_description,
        title_image: words.title_image,
        statement_descriptor: basis.statement_descriptor,
        success_url: words.success_url,
        success_message: words.success_message,
        collects,
        metadata: basis.metadata,
    };
    check_size(form, &terms);
    Some(terms)
}

/// Bounds of single fields leave room for texts of four bytes a letter only if not all of them are used at once.
fn check_size(form: &mut Form, terms: &LinkTerms) {
    if terms.session(Decimal::ZERO).weight() > MAX_WEIGHT {
        let rule = format!("the texts of a link may have at most {MAX_WEIGHT} bytes in all");
        form.problem("invalid_metadata", "metadata", rule);
    }
}
