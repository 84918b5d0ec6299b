//! The fields of a session as a merchant writes them; payments are made of some of them.

use crate::domain::checkout::{Choice, SessionTerms};
use crate::domain::currency::Currency;
use crate::domain::customer::{Collection, CustomField, FieldKind};
use crate::domain::decimal::Decimal;
use crate::domain::id::CashbackId;
use crate::domain::rate::Price;
use crate::domain::time::Span;

use super::super::form::Form;
use super::Thanks;

/// Shortest and longest life of an invoice, and how long it is unless the merchant says otherwise (Speed): a rate is not
/// held for longer than it takes to pay.
pub(in super::super) const MIN_TTL_SECS: u64 = 300;
pub(in super::super) const MAX_TTL_SECS: u64 = 365 * 86_400;
const FIAT_TTL_SECS: u64 = 600;
/// Longest texts.
pub(super) const MAX_TITLE: usize = 100;
pub(super) const MAX_TEXT: usize = 250;
/// As long as Speed's own client sends it.
pub(super) const MAX_MESSAGE: usize = 255;
/// Most amounts to choose from, questions, and answers to choose from (Speed); longest of the latter.
const MAX_OPTIONS: usize = 3;
const MAX_FIELDS: usize = 3;
const MAX_ANSWERS: usize = 10;
const MAX_ANSWER: usize = 50;

/// Fields of Speed's that a session here does not have.
const NOT_OFFERED: [&str; 2] = ["transfers", "amount_paid_tolerance"];

/// Reads the terms of a session.
pub(in super::super) fn read(form: &mut Form, thanks: Thanks) -> Option<SessionTerms> {
    let mut terms = read_basis(form);
    let choice = read_choice(form, terms.as_ref().map(|terms| terms.currency));
    let cashback = cashback(form);
    let success_url = form.url("success_url");
    let success_message = form.long_text("success_message", MAX_MESSAGE);
    if thanks == Thanks::Either && success_url.is_some() && success_message.is_some() {
        let rule = "success_url and success_message exclude each other";
        form.problem("invalid_field", "success_message", rule);
    }
    let title = form.text("title", MAX_TITLE);
    let title_description = form.long_text("title_description", MAX_TEXT);
    let title_image = form.url("title_image");
    let description = form.long_text("description", MAX_TEXT);
    let cancel_url = form.url("cancel_url");
    let source = form.text("source", MAX_TITLE);
    let source_id = form.text("source_id", MAX_TITLE);
    let collects = collects(form);
    let terms = terms.as_mut()?;
    Some(SessionTerms {
        choice,
        cashback,
        success_url,
        success_message,
        title,
        title_description,
        title_image,
        description,
        cancel_url,
        source,
        source_id,
        collects,
        ..terms.clone()
    })
}

/// Reads what a payment has too: what is owed, for how long, and what the customer's wallet shows.
pub(in super::super) fn read_basis(form: &mut Form) -> Option<SessionTerms> {
    if !form.has("currency") {
        form.missing("currency");
    }
    let currency = form.word("currency", "SATS, BTC or an ISO 4217 code", Currency::parse);
    let amount = amount(form, currency);
    form.word("target_currency", "SATS", |word| (word == "SATS").then_some(()));
    payment_methods(form);
    form.not_offered(&NOT_OFFERED);
    let ttl = form.number("ttl", MIN_TTL_SECS, MAX_TTL_SECS);
    let statement_descriptor = form.text("statement_descriptor", MAX_TITLE);
    let metadata = form.metadata().unwrap_or_default();
    let currency = currency?;
    Some(SessionTerms {
        currency,
        amount: amount?,
        choice: None,
        ttl: Span::from_secs(ttl.unwrap_or_else(|| usual_ttl(currency))),
        cashback: None,
        title: None,
        title_description: None,
        title_image: None,
        description: None,
        statement_descriptor,
        success_url: None,
        success_message: None,
        cancel_url: None,
        source: None,
        source_id: None,
        collects: None,
        metadata,
    })
}

/// How long an invoice is good for unless the merchant says otherwise.
pub(in super::super) fn usual_ttl(currency: Currency) -> u64 {
    if currency.own_rate().is_some() { MAX_TTL_SECS } else { FIAT_TTL_SECS }
}

/// The amount as it was written; zero where the customer chooses.
fn amount(form: &mut Form, currency: Option<Currency>) -> Option<Decimal> {
    if !form.has("amount") {
        if form.has("options") || form.has("preset") {
            return Some(Decimal::ZERO);
        }
        form.missing("amount");
        return None;
    }
    let amount = form.amount("amount", currency)?;
    // In fiat it takes the rate of the moment to tell.
    let rate = currency.and_then(Currency::own_rate);
    if !amount.is_zero() && rate.is_some_and(|rate| Price::of(amount, rate).is_none()) {
        form.problem("invalid_field", "amount", "amount is more than there can be");
        return None;
    }
    Some(amount)
}

/// Which of the kinds of amount it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fixed,
    Options,
    Preset,
}

/// What the customer may choose from (Speed): nothing if the amount is fixed, anything if it is zero.
fn read_choice(form: &mut Form, currency: Option<Currency>) -> Option<Choice> {
    let kind = form.word("type", "fixed, options or preset", |word| match word {
        "fixed" => Some(Kind::Fixed),
        "options" => Some(Kind::Options),
        "preset" => Some(Kind::Preset),
        _ => None,
    });
    let kind = kind.unwrap_or(Kind::Fixed);
    if kind != Kind::Options {
        form.not_offered(&["options"]);
    }
    if kind != Kind::Preset {
        form.not_offered(&["preset"]);
    }
    match kind {
        Kind::Fixed => None,
        Kind::Options => options(form, currency),
        Kind::Preset => preset(form, currency),
    }
}

fn options(form: &mut Form, currency: Option<Currency>) -> Option<Choice> {
    if !form.has("options") {
        form.missing("options");
        return None;
    }
    let amounts = form.decimals("options", MAX_OPTIONS)?;
    let legal = |amount: &Decimal| !amount.is_zero() && currency.is_none_or(|c| c.fits(*amount));
    let distinct = amounts.iter().collect::<std::collections::BTreeSet<_>>().len();
    if amounts.is_empty() || distinct < amounts.len() || !amounts.iter().all(legal) {
        let rule =
            "options must be different amounts above zero, in a unit that their decimals fit";
        form.problem("invalid_field", "options", rule);
        return None;
    }
    Some(Choice::Options(amounts))
}

fn preset(form: &mut Form, currency: Option<Currency>) -> Option<Choice> {
    let Some(mut inner) = form.object("preset") else {
        form.missing("preset");
        return None;
    };
    for name in ["min_amount", "max_amount"] {
        if !inner.has(name) {
            inner.missing(name);
        }
    }
    let least = inner.amount("min_amount", currency);
    let most = inner.amount("max_amount", currency);
    if let (Some(least), Some(most)) = (least, most)
        && (least.is_zero() || least > most)
    {
        let rule = "max_amount must be no less than min_amount, which must be above zero";
        inner.problem("invalid_field", "max_amount", rule);
    }
    form.absorb(inner);
    Some(Choice::Preset(least?, most?))
}

/// Speed's clients may say how they want to be paid; here it is always over Lightning.
pub(in super::super) fn payment_methods(form: &mut Form) {
    let wanted = form.texts("payment_methods");
    if wanted.is_some_and(|methods| !methods.iter().any(|method| method == "lightning")) {
        form.problem("invalid_field", "payment_methods", "payment_methods must include lightning");
    }
}

pub(in super::super) fn cashback(form: &mut Form) -> Option<CashbackId> {
    let mut inner = form.object("cashback")?;
    let id = inner.required_text("id", MAX_TITLE);
    let parsed = id.as_deref().and_then(|id| CashbackId::parse(id).ok());
    if id.is_some() && parsed.is_none() {
        inner.problem("invalid_field", "id", "id must be the id of a cashback (cb_…)");
    }
    form.absorb(inner);
    parsed
}

/// What the customer is asked for; nothing is no question.
fn collects(form: &mut Form) -> Option<Box<Collection>> {
    let mut collects = Collection::default();
    if let Some(mut inner) = form.object("customer_collections_status") {
        let mut asked = |name| inner.boolean(name).unwrap_or(false);
        collects.email = asked("is_email_enabled");
        collects.phone = asked("is_phone_enabled");
        collects.billing_address = asked("is_billing_address_enabled");
        collects.shipping_address = asked("is_shipping_address_enabled");
        form.absorb(inner);
    }
    for (at, mut inner) in
        form.objects("custom_fields", MAX_FIELDS).unwrap_or_default().into_iter().enumerate()
    {
        collects.custom_fields.extend(custom_field(&mut inner, at));
        form.absorb(inner);
    }
    (collects != Collection::default()).then(|| Box::new(collects))
}

fn custom_field(form: &mut Form, at: usize) -> Option<CustomField> {
    // Speed gives ids; a client that sends back what it got may say it.
    form.text("id", MAX_TITLE);
    let label = form.required_text("label", MAX_TITLE);
    let is_optional = form.boolean("is_optional").unwrap_or(false);
    if !form.has("type") {
        form.missing("type");
    }
    let word = form.word("type", "text, number or dropdown", |word| {
        ["text", "number", "dropdown"].into_iter().find(|known| *known == word)
    });
    let options = form.texts("options").unwrap_or_default();
    let legal = |option: &String| {
        let len = option.trim().chars().count();
        (1..=MAX_ANSWER).contains(&len) && !option.contains(char::is_control)
    };
    let kind = match word? {
        "dropdown" if (1..=MAX_ANSWERS).contains(&options.len()) && options.iter().all(legal) => {
            FieldKind::Dropdown(options.iter().map(|option| option.trim().to_owned()).collect())
        }
        "dropdown" => {
            let rule = "options must be 1 to 10 texts of at most 50 characters";
            form.problem("invalid_field", "options", rule);
            return None;
        }
        _ if !options.is_empty() => {
            form.problem("invalid_field", "options", "only a dropdown has options");
            return None;
        }
        "number" => FieldKind::Number,
        _ => FieldKind::Text,
    };
    Some(CustomField { id: format!("cf_{}", at + 1), label: label?, kind, is_optional })
}
