//! What a customer owes, as merchants write it: an amount, or between which amounts the customer chooses.

use crate::domain::checkout::Choice;
use crate::domain::currency::Currency;
use crate::domain::decimal::Decimal;
use crate::domain::link::Price;
use crate::domain::rate;

use super::super::form::Form;

/// Most amounts of which a customer may choose one (Speed).
const MAX_OPTIONS: usize = 3;

/// Whether the customer may have a say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Prices {
    /// One amount, known beforehand.
    One,
    /// Also a choice of the customer's.
    Any,
}

/// How a price comes about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fixed,
    Options,
    Preset,
}

/// Reads `type`, and of `amount`, `options` and `preset` the one that goes with it.
pub(super) fn read(form: &mut Form, prices: Prices, currency: Option<Currency>) -> Option<Price> {
    let kind = kind(form, prices)?;
    for (name, of) in
        [("amount", Kind::Fixed), ("options", Kind::Options), ("preset", Kind::Preset)]
    {
        if kind != of {
            form.not_offered(&[name]);
        } else if !form.has(name) {
            form.missing(name);
        }
    }
    match kind {
        Kind::Fixed => amount(form, prices, currency),
        Kind::Options => options(form, currency).map(Price::Chosen),
        Kind::Preset => preset(form, currency).map(Price::Chosen),
    }
}

/// `None` if it was said and is none, of which that has been told; what it would decide about means nothing then.
fn kind(form: &mut Form, prices: Prices) -> Option<Kind> {
    if prices == Prices::One {
        form.word("type", "fixed", |word| (word == "fixed").then_some(()));
        return Some(Kind::Fixed);
    }
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
    Some(kind.unwrap_or(Kind::Fixed))
}

/// An amount; of zero, the customer says how much (Speed), where it may.
fn amount(form: &mut Form, prices: Prices, currency: Option<Currency>) -> Option<Price> {
    let amount = form.amount("amount", currency)?;
    if amount.is_zero() && prices == Prices::Any {
        return Some(Price::Chosen(Choice::Any));
    }
    payable(form, "amount", currency?, amount).map(Price::Fixed)
}

/// The amount, if a customer can pay it. Whether an amount of fiat money comes to a satoshi takes the rate of the moment
/// to tell.
fn payable(form: &mut Form, name: &str, currency: Currency, amount: Decimal) -> Option<Decimal> {
    let is_none = |rate| rate::Price::of(amount, rate).is_none();
    if amount.is_zero() || !currency.fits(amount) || currency.own_rate().is_some_and(is_none) {
        let rule =
            "must be above zero, no more than there can be, and in a unit that its decimals fit";
        form.problem("invalid_field", name, format!("{name} {rule}"));
        return None;
    }
    Some(amount)
}

fn options(form: &mut Form, currency: Option<Currency>) -> Option<Choice> {
    let amounts = form.decimals("options", MAX_OPTIONS)?;
    let currency = currency?;
    for amount in &amounts {
        payable(form, "options", currency, *amount)?;
    }
    let is_twice = |at: usize| amounts[..at].contains(&amounts[at]);
    if (0..amounts.len()).any(is_twice) {
        form.problem("invalid_field", "options", "options must differ from each other");
    }
    Some(Choice::Options(amounts))
}

fn preset(form: &mut Form, currency: Option<Currency>) -> Option<Choice> {
    let mut inner = form.object("preset")?;
    let mut bound = |name| {
        if !inner.has(name) {
            inner.missing(name);
        }
        let amount = inner.amount(name, currency)?;
        payable(&mut inner, name, currency?, amount)
    };
    let (least, most) = (bound("min_amount"), bound("max_amount"));
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        inner.problem("invalid_field", "max_amount", "max_amount must not be below min_amount");
    }
    form.absorb(inner);
    Some(Choice::Preset(least?, most?))
}
