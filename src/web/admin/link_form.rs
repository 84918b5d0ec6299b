//! Reading the terms of a link: Speed's fields, with all that is wrong at once.

use crate::domain::checkout::MAX_WEIGHT;
use crate::domain::currency::Currency;
use crate::domain::customer::{Collection, CustomField, FieldKind};
use crate::domain::decimal::Decimal;
use crate::domain::link::{LinkTerms, Price};
use crate::domain::rate;
use crate::domain::time::Span;

use super::super::Shared;
use super::checkout_sessions::{MAX_TTL_SECS, MIN_TTL_SECS, cashback, payment_methods, usual_ttl};
use super::form::Form;

/// Longest texts, in characters.
const MAX_TITLE: usize = 100;
const MAX_TEXT: usize = 250;
/// As long as Speed's own client sends it.
const MAX_MESSAGE: usize = 255;
const MAX_LABEL: usize = 50;
/// Most amounts of which a customer may choose one, questions, and answers among which one is chosen (Speed).
const MAX_OPTIONS: usize = 3;
const MAX_CUSTOM_FIELDS: usize = 3;
const MAX_CHOICES: usize = 10;

/// What a link may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prices {
    /// One amount, known beforehand.
    One,
    /// Also a choice of the customer's.
    Any,
}

/// Reads a link's terms, and what is owed if that is known beforehand.
pub(super) fn read(
    form: &mut Form,
    shared: &Shared,
    prices: Prices,
) -> Option<(LinkTerms, Option<Decimal>)> {
    if !form.has("currency") {
        form.missing("currency");
    }
    let currency = form.word("currency", "SATS, BTC or an ISO 4217 code", Currency::parse);
    let price = match prices {
        Prices::One => one_price(form, currency),
        Prices::Any => any_price(form, currency),
    };
    form.word("target_currency", "SATS", |word| (word == "SATS").then_some(()));
    payment_methods(form);
    let ttl = form.number("ttl", MIN_TTL_SECS, MAX_TTL_SECS).map(Span::from_secs);
    let cashback = cashback(form);
    let success_url = form.url("success_url");
    let success_message = form.long_text("success_message", MAX_MESSAGE);
    if success_url.is_some() && success_message.is_some() {
        let rule = "success_url and success_message exclude each other";
        form.problem("invalid_field", "success_message", rule);
    }
    let title = form.text("title", MAX_TITLE);
    let title_description = form.long_text("title_description", MAX_TEXT);
    let title_image = form.url("title_image");
    let statement_descriptor = form.text("statement_descriptor", MAX_TITLE);
    let collects = collects(form, shared);
    let metadata = form.metadata().unwrap_or_default();
    let currency = currency?;
    let (price, owed) = price?;
    let terms = LinkTerms {
        currency,
        price,
        ttl: ttl.unwrap_or_else(|| Span::from_secs(usual_ttl(currency))),
        cashback,
        title,
        title_description,
        title_image,
        statement_descriptor,
        success_url,
        success_message,
        collects,
        metadata,
    };
    check_size(form, &terms);
    Some((terms, owed))
}

/// Bounds of single fields leave room for texts of four bytes a letter only if not all of them are used at once.
fn check_size(form: &mut Form, terms: &LinkTerms) {
    if terms.session(Decimal::ZERO).weight() > MAX_WEIGHT {
        let rule = format!("the texts of a link may have at most {MAX_WEIGHT} bytes in all");
        form.problem("invalid_metadata", "metadata", rule);
    }
}

/// The amount, if a customer can pay it. Whether an amount of fiat money comes to a satoshi takes the rate of the moment
/// to tell.
fn payable(form: &mut Form, name: &str, currency: Currency, amount: Decimal) -> Option<Decimal> {
    let is_none = |rate| rate::Price::of(amount, rate).is_none();
    let out = amount.is_zero() || !currency.fits(amount);
    if out || currency.own_rate().is_some_and(is_none) {
        let rule = "must be at least one satoshi, in a unit that its decimals fit";
        form.problem("invalid_field", name, format!("{name} {rule}"));
        return None;
    }
    Some(amount)
}

/// An amount that the customer has no say in.
fn one_price(form: &mut Form, currency: Option<Currency>) -> Option<(Price, Option<Decimal>)> {
    form.word("type", "fixed", |word| (word == "fixed").then_some(()));
    form.not_offered(&["options", "preset"]);
    if !form.has("amount") {
        form.missing("amount");
        return None;
    }
    let amount = form.decimal("amount")?;
    payable(form, "amount", currency?, amount)?;
    Some((Price::Fixed(amount), Some(amount)))
}

/// How a customer's price comes about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fixed,
    Options,
    Preset,
}

fn any_price(form: &mut Form, currency: Option<Currency>) -> Option<(Price, Option<Decimal>)> {
    let is_said = form.has("type");
    let kind = form.word("type", "fixed, options or preset", |word| match word {
        "fixed" => Some(Kind::Fixed),
        "options" => Some(Kind::Options),
        "preset" => Some(Kind::Preset),
        _ => None,
    });
    if is_said && kind.is_none() {
        form.forget(&["amount", "options", "preset"]);
        return None;
    }
    let kind = kind.unwrap_or(Kind::Fixed);
    for (name, of) in
        [("amount", Kind::Fixed), ("options", Kind::Options), ("preset", Kind::Preset)]
    {
        if kind == of && !form.has(name) {
            form.missing(name);
        } else if kind != of {
            form.not_offered(&[name]);
        }
    }
    let price = match kind {
        Kind::Fixed => fixed(form, currency),
        Kind::Options => options(form, currency),
        Kind::Preset => preset(form, currency),
    };
    Some((price?, None))
}

fn fixed(form: &mut Form, currency: Option<Currency>) -> Option<Price> {
    let amount = form.decimal("amount")?;
    if amount.is_zero() {
        return Some(Price::Open(None, None));
    }
    payable(form, "amount", currency?, amount)?;
    Some(Price::Fixed(amount))
}

fn options(form: &mut Form, currency: Option<Currency>) -> Option<Price> {
    let amounts = form.decimals("options", MAX_OPTIONS)?;
    let currency = currency?;
    for amount in &amounts {
        payable(form, "options", currency, *amount)?;
    }
    let is_twice = |at: usize| amounts[..at].contains(&amounts[at]);
    if (0..amounts.len()).any(is_twice) {
        form.problem("invalid_field", "options", "options must differ from each other");
    }
    Some(Price::Options(amounts))
}

fn preset(form: &mut Form, currency: Option<Currency>) -> Option<Price> {
    let mut inner = form.object("preset")?;
    let (least, most) = (inner.decimal("min_amount"), inner.decimal("max_amount"));
    let mut bounds = vec![];
    for (name, amount) in [("min_amount", least), ("max_amount", most)] {
        if let (Some(amount), Some(currency)) = (amount, currency) {
            bounds.extend(payable(&mut inner, name, currency, amount));
        }
    }
    if least.is_none() && most.is_none() {
        inner.problem("missing_field", "min_amount", "min_amount or max_amount is required");
    }
    if let [least, most] = bounds[..]
        && least > most
    {
        inner.problem("invalid_field", "max_amount", "max_amount must not be below min_amount");
    }
    form.absorb(inner);
    Some(Price::Open(least, most))
}

/// What the customer is asked for; nothing is no question.
fn collects(form: &mut Form, shared: &Shared) -> Option<Box<Collection>> {
    let mut collects = Collection::default();
    if let Some(mut inner) = form.object("customer_collections_status") {
        let mut wants = |name: &str| inner.boolean(name).unwrap_or(false);
        collects.email = wants("is_email_enabled");
        collects.phone = wants("is_phone_enabled");
        collects.billing_address = wants("is_billing_address_enabled");
        collects.shipping_address = wants("is_shipping_address_enabled");
        form.absorb(inner);
    }
    collects.custom_fields = custom_fields(form, shared);
    (collects != Collection::default()).then(|| Box::new(collects))
}

fn custom_fields(form: &mut Form, shared: &Shared) -> Vec<CustomField> {
    let asked = form.objects("custom_fields", MAX_CUSTOM_FIELDS).unwrap_or_default();
    let mode = if shared.network.livemode() { "live" } else { "test" };
    let mut fields = vec![];
    for mut inner in asked {
        let label = inner.required_text("label", MAX_LABEL);
        let kind = custom_kind(&mut inner);
        let is_optional = inner.boolean("is_optional").unwrap_or(false);
        if let (Some(label), Some(kind)) = (label, kind) {
            let id = format!("cf_{mode}_{:016x}", shared.entropy.number());
            fields.push(CustomField { id, label, kind, is_optional });
        }
        form.absorb(inner);
    }
    fields
}

fn custom_kind(form: &mut Form) -> Option<FieldKind> {
    if !form.has("type") {
        form.missing("type");
    }
    let kind = form.word("type", "text, number or dropdown", |word| match word {
        "text" => Some(FieldKind::Text),
        "number" => Some(FieldKind::Number),
        "dropdown" => Some(FieldKind::Dropdown(vec![])),
        _ => None,
    });
    let FieldKind::Dropdown(_) = kind.clone()? else {
        form.not_offered(&["options"]);
        return kind;
    };
    if !form.has("options") {
        form.missing("options");
        return None;
    }
    let choices = form.texts("options")?;
    let fits = |choice: &String| {
        let length = choice.chars().count();
        !choice.trim().is_empty() && length <= MAX_LABEL && !choice.contains(char::is_control)
    };
    let is_twice = |at: usize| choices[..at].contains(&choices[at]);
    let many = (1..=MAX_CHOICES).contains(&choices.len());
    if !many || !choices.iter().all(fits) || (0..choices.len()).any(is_twice) {
        let rule = format!(
            "options must be 1 to {MAX_CHOICES} different texts of at most {MAX_LABEL} characters"
        );
        form.problem("invalid_field", "options", rule);
        return None;
    }
    Some(FieldKind::Dropdown(choices))
}
