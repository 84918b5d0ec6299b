//! What sessions, links and payments are made of, as merchants write it: read in one place, so that one rule holds for
//! all of them.

use crate::domain::account::Metadata;
use crate::domain::currency::Currency;
use crate::domain::id::CashbackId;
use crate::domain::link::Price;
use crate::domain::time::Span;

use super::form::Form;

mod price;
mod questions;

pub(super) use price::Prices;
pub(super) use questions::read as questions;

/// Shortest and longest life of an invoice, and how long it is unless the merchant says otherwise (Speed): a rate is not
/// held for longer than it takes to pay.
const MIN_TTL_SECS: u64 = 300;
const MAX_TTL_SECS: u64 = 365 * 86_400;
const FIAT_TTL_SECS: u64 = 600;
/// Longest texts, in characters.
pub(super) const MAX_TITLE: usize = 100;
pub(super) const MAX_TEXT: usize = 250;
/// As long as Speed's own client sends it.
pub(super) const MAX_MESSAGE: usize = 255;

/// Fields of Speed's that nothing here has.
const NOT_OFFERED: [&str; 2] = ["transfers", "amount_paid_tolerance"];

/// What is owed, for how long, and what the customer's wallet shows.
pub(super) struct Basis {
    pub(super) currency: Currency,
    pub(super) price: Price,
    pub(super) ttl: Span,
    pub(super) statement_descriptor: Option<String>,
    pub(super) metadata: Metadata,
}

/// Reads what everything has that can be paid.
pub(super) fn basis(form: &mut Form, prices: Prices) -> Option<Basis> {
    if !form.has("currency") {
        form.missing("currency");
    }
    let currency = form.word("currency", "SATS, BTC or an ISO 4217 code", Currency::parse);
    let price = price::read(form, prices, currency);
    form.word("target_currency", "SATS", |word| (word == "SATS").then_some(()));
    payment_methods(form);
    form.not_offered(&NOT_OFFERED);
    let ttl = form.number("ttl", MIN_TTL_SECS, MAX_TTL_SECS);
    let statement_descriptor = form.text("statement_descriptor", MAX_TITLE);
    let metadata = form.metadata().unwrap_or_default();
    let currency = currency?;
    let ttl = Span::from_secs(ttl.unwrap_or_else(|| usual_ttl(currency)));
    Some(Basis { currency, price: price?, ttl, statement_descriptor, metadata })
}

/// How long an invoice is good for unless the merchant says otherwise.
fn usual_ttl(currency: Currency) -> u64 {
    if currency.own_rate().is_some() { MAX_TTL_SECS } else { FIAT_TTL_SECS }
}

/// Speed's clients may say how they want to be paid; here it is always over Lightning.
fn payment_methods(form: &mut Form) {
    let wanted = form.texts("payment_methods");
    if wanted.is_some_and(|methods| !methods.iter().any(|method| method == "lightning")) {
        form.problem("invalid_field", "payment_methods", "payment_methods must include lightning");
    }
}

/// What may be said to a customer who has paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thanks {
    /// A message, or a way back to the shop.
    Either,
    /// Both, as Speed's own browser client asks for.
    Both,
}

/// What a page says.
pub(super) struct Words {
    pub(super) success_url: Option<String>,
    pub(super) success_message: Option<String>,
    pub(super) title: Option<String>,
    pub(super) title_description: Option<String>,
    pub(super) title_image: Option<String>,
}

/// Reads what a page says.
pub(super) fn words(form: &mut Form, thanks: Thanks) -> Words {
    let success_url = form.url("success_url");
    let success_message = form.long_text("success_message", MAX_MESSAGE);
    if thanks == Thanks::Either && success_url.is_some() && success_message.is_some() {
        let rule = "success_url and success_message exclude each other";
        form.problem("invalid_field", "success_message", rule);
    }
    Words {
        success_url,
        success_message,
        title: form.text("title", MAX_TITLE),
        title_description: form.long_text("title_description", MAX_TEXT),
        title_image: form.url("title_image"),
    }
}

/// Reads which cashback is attached.
pub(super) fn cashback(form: &mut Form) -> Option<CashbackId> {
    let mut inner = form.object("cashback")?;
    let id = inner.required_text("id", MAX_TITLE);
    let parsed = id.as_deref().and_then(|id| CashbackId::parse(id).ok());
    if id.is_some() && parsed.is_none() {
        inner.problem("invalid_field", "id", "id must be the id of a cashback (cb_…)");
    }
    form.absorb(inner);
    parsed
}
