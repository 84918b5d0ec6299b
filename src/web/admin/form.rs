//! Reading JSON bodies field by field: every problem is found, and each names the field and the rule. Amounts are read
//! digit by digit, never through a float.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::domain::account::Metadata;
use crate::domain::currency::Currency;
use crate::domain::decimal::{Decimal, DecimalError};
use crate::domain::time::Timestamp;

use super::super::fields::Fields;
use super::declared::{Field, Kind, MAX_MOMENT, MAX_URL};
use super::error::{ApiError, Problem};

mod idle;
mod loose;
mod notes;

use idle::is_idle;
use notes::{is_control_in_text, metadata};

/// A JSON object that is being read.
#[derive(Debug)]
pub(super) struct Form {
    prefix: String,
    declared: &'static [Field],
    fields: BTreeMap<String, Box<RawValue>>,
    problems: Vec<Problem>,
}

impl Form {
    /// Reads a body, of which only the declared fields are there to be taken; nothing counts as an object without fields.
    pub(super) fn parse(body: &[u8], declared: &'static [Field]) -> Result<Self, ApiError> {
        let body = if body.is_empty() { b"{}" } else { body };
        let fields = serde_json::from_slice(body).map_err(|error| {
            let message = format!("the body is not a JSON object: {error}");
            ApiError::invalid(vec![Problem::whole("invalid_json", message)])
        })?;
        Ok(Self::of(String::new(), declared, fields))
    }

    fn of(
        prefix: String,
        declared: &'static [Field],
        Fields(fields): Fields<Box<RawValue>>,
    ) -> Self {
        let mut form = Self { prefix, declared, fields: BTreeMap::new(), problems: vec![] };
        for (name, value) in fields {
            if form.fields.contains_key(&name) {
                form.problem("invalid_field", &name, format!("{name} is given twice"));
            }
            form.fields.insert(name, value);
        }
        form
    }

    /// How a field is declared. One that is not declared is not there: the document would not tell of it.
    fn kind(&self, name: &str) -> Option<Kind> {
        let kind = self.declared.iter().find(|field| field.name == name).map(|field| field.kind);
        debug_assert!(kind.is_some(), "{}{name} is not declared", self.prefix);
        kind
    }

    /// Makes sure that a field is read as it is declared: otherwise the document would lie.
    fn read_as(&self, name: &str, kind: Kind) {
        let declared = self.kind(name).map(Kind::strict);
        debug_assert_eq!(declared, Some(kind), "how {}{name} is declared", self.prefix);
    }

    fn take(&mut self, name: &str) -> Option<Box<RawValue>> {
        let kind = self.kind(name)?;
        let value = self.fields.remove(name).filter(|value| value.get() != "null")?;
        Some(loose::as_declared(kind, value))
    }

    /// Notes what is wrong with a field.
    pub(super) fn problem(&mut self, code: &'static str, name: &str, message: impl Into<String>) {
        let param = format!("{}{name}", self.prefix);
        self.problems.push(Problem::field(code, &param, message));
    }

    /// True if the field is there, and not `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.says(name) && self.fields.get(name).is_some_and(|value| value.get() != "null")
    }

    fn typed<T>(
        &mut self,
        name: &str,
        rule: &str,
        read: impl FnOnce(&RawValue) -> Option<T>,
    ) -> Option<T> {
        let raw = self.take(name)?;
        let value = read(&raw);
        if value.is_none() {
            self.problem("invalid_field", name, format!("{name} must be {rule}"));
        }
        value
    }

    /// A text of at most `max` characters on one line. Blank counts as absent.
    pub(super) fn text(&mut self, name: &str, max: usize) -> Option<String> {
        self.read_as(name, Kind::Text(max));
        self.line(name, max)
    }

    fn line(&mut self, name: &str, max: usize) -> Option<String> {
        let rule = format!("a text of at most {max} characters without control characters");
        self.text_of(name, max, &rule, char::is_control)
    }

    /// As [`text`](Self::text), with line breaks and tabs.
    pub(super) fn long_text(&mut self, name: &str, max: usize) -> Option<String> {
        self.read_as(name, Kind::LongText(max));
        let rule = format!(
            "a text of at most {max} characters without control characters but line breaks"
        );
        self.text_of(name, max, &rule, is_control_in_text)
    }

    fn text_of(
        &mut self,
        name: &str,
        max: usize,
        rule: &str,
        is_bad: fn(char) -> bool,
    ) -> Option<String> {
        let text: String = self.typed(name, rule, |raw| {
            let text: String = serde_json::from_str(raw.get()).ok()?;
            (text.chars().count() <= max && !text.contains(is_bad)).then_some(text)
        })?;
        (!text.trim().is_empty()).then_some(text)
    }

    /// A text that must be there.
    pub(super) fn required_text(&mut self, name: &str, max: usize) -> Option<String> {
        let before = self.problems.len();
        let text = self.text(name, max);
        if text.is_none() && self.problems.len() == before {
            self.missing(name);
        }
        text
    }

    /// Notes that a field must be there; one that is `null` is not.
    pub(super) fn missing(&mut self, name: &str) {
        self.fields.remove(name);
        self.problem("missing_field", name, format!("{name} is required"));
    }

    /// One of some words.
    pub(super) fn word<T>(
        &mut self,
        name: &str,
        rule: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let words = match self.kind(name) {
            Some(Kind::Word(words)) => Some(words),
            kind => {
                debug_assert_eq!(kind, Some(Kind::Currency), "{}{name}", self.prefix);
                None
            }
        };
        self.typed(name, rule, |raw| {
            let word: String = serde_json::from_str(raw.get()).ok()?;
            let is_known = words.is_none_or(|words| words.contains(&word.as_str()));
            if is_known { parse(&word) } else { None }
        })
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        debug_assert!(matches!(self.kind(name), Some(Kind::Texts(..))), "{}{name}", self.prefix);
        self.typed(name, "a list of texts", |raw| serde_json::from_str(raw.get()).ok())
    }

    /// True or false.
    pub(super) fn boolean(&mut self, name: &str) -> Option<bool> {
        self.read_as(name, Kind::Boolean);
        self.typed(name, "true or false", |raw| serde_json::from_str(raw.get()).ok())
    }

    /// A whole number within bounds.
    pub(super) fn number(&mut self, name: &str, least: u64, most: u64) -> Option<u64> {
        self.read_as(name, Kind::Number(least, most));
        self.whole(name, least, most)
    }

    fn whole(&mut self, name: &str, least: u64, most: u64) -> Option<u64> {
        self.typed(name, &format!("a whole number from {least} to {most}"), |raw| {
            let number: u64 = serde_json::from_str(raw.get()).ok()?;
            (least..=most).contains(&number).then_some(number)
        })
    }

    /// A decimal number that is not below zero.
    pub(super) fn decimal(&mut self, name: &str) -> Option<Decimal> {
        self.read_as(name, Kind::Decimal);
        let raw = self.take(name)?;
        let message = match Decimal::parse(raw.get()) {
            Ok(number) => return Some(number),
            Err(DecimalError::NotANumber) => "must be a number",
            Err(DecimalError::Negative) => "must not be below zero",
            Err(DecimalError::TooLong) => "is larger than any amount of money",
            Err(DecimalError::TooFine) => "has more decimal places than its unit",
        };
        self.problem("invalid_field", name, format!("{name} {message}"));
        None
    }

    /// An amount in the unit of `currency` (`None` if that could not be read, which has been said), no finer than that.
    pub(super) fn amount(&mut self, name: &str, currency: Option<Currency>) -> Option<Decimal> {
        let amount = self.decimal(name)?;
        let currency = currency?;
        if currency.fits(amount) {
            return Some(amount);
        }
        let (places, code) = (currency.places(), currency.code());
        let message = format!("{name} has more than the {places} decimal places of {code}");
        self.problem("invalid_field", name, message);
        None
    }

    /// A moment in Unix milliseconds.
    pub(super) fn moment(&mut self, name: &str) -> Option<Timestamp> {
        self.read_as(name, Kind::Moment);
        self.whole(name, 0, MAX_MOMENT).map(Timestamp::from_millis)
    }

    /// An address of the web.
    pub(super) fn url(&mut self, name: &str) -> Option<String> {
        self.read_as(name, Kind::Url);
        let text = self.line(name, MAX_URL)?;
        let legal = |text: &str| {
            let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
            rest.is_some_and(|rest| !rest.is_empty() && !text.contains(char::is_whitespace))
        };
        if legal(&text) {
            return Some(text);
        }
        self.problem("invalid_field", name, format!("{name} must be an http or https address"));
        None
    }

    /// The merchant's own notes.
    pub(super) fn metadata(&mut self) -> Option<Metadata> {
        self.read_as("metadata", Kind::Metadata);
        let raw = self.take("metadata")?;
        match metadata(raw.get()) {
            Ok(metadata) => Some(metadata),
            Err(message) => {
                self.problem("invalid_metadata", "metadata", message);
                None
            }
        }
    }

    /// An object inside this one; its problems come back with [`Form::absorb`].
    pub(super) fn object(&mut self, name: &str) -> Option<Self> {
        let Some(Kind::Object(declared)) = self.kind(name) else {
            debug_assert!(false, "{}{name} is not declared as an object", self.prefix);
            return None;
        };
        let fields = self.typed(name, "an object", |raw| serde_json::from_str(raw.get()).ok())?;
        Some(Self::of(format!("{}{name}.", self.prefix), declared, fields))
    }

    /// Objects in a list inside this one, at most so many; their problems come back with [`Form::absorb`].
    pub(super) fn objects(&mut self, name: &str, most: usize) -> Option<Vec<Self>> {
        let Some(Kind::Objects(declared, _)) = self.kind(name) else {
            debug_assert!(false, "{}{name} is not declared as a list of objects", self.prefix);
            return None;
        };
        self.read_as(name, Kind::Objects(declared, most));
        let rule = format!("a list of at most {most} objects");
        let list: Vec<Fields<Box<RawValue>>> = self.typed(name, &rule, |raw| {
            let list: Vec<_> = serde_json::from_str(raw.get()).ok()?;
            (list.len() <= most).then_some(list)
        })?;
        let at = |index: usize| format!("{}{name}[{index}].", self.prefix);
        let forms = list.into_iter().enumerate();
        Some(forms.map(|(index, fields)| Self::of(at(index), declared, fields)).collect())
    }

    /// Numbers in a list, from one to `most`, none of them below zero.
    pub(super) fn decimals(&mut self, name: &str, most: usize) -> Option<Vec<Decimal>> {
        self.read_as(name, Kind::Decimals(most));
        self.typed(name, &format!("a list of 1 to {most} numbers"), |raw| {
            let list: Vec<Box<RawValue>> = serde_json::from_str(raw.get()).ok()?;
            let numbers = list.iter().map(|raw| Decimal::parse(raw.get()).ok());
            let numbers: Vec<Decimal> = numbers.collect::<Option<_>>()?;
            (1..=most).contains(&numbers.len()).then_some(numbers)
        })
    }

    /// Ends an inner object.
    pub(super) fn absorb(&mut self, mut inner: Self) {
        inner.refuse_unknown();
        self.problems.append(&mut inner.problems);
    }

    /// Passes over a field.
    pub(super) fn drop_field(&mut self, name: &str) {
        self.fields.remove(name);
    }

    /// True if the field is there, `null` or not.
    pub(super) fn says(&self, name: &str) -> bool {
        self.kind(name).is_some() && self.fields.contains_key(name)
    }

    /// Fields that mean nothing because of another problem, which has been told.
    pub(super) fn forget(&mut self, names: &[&str]) {
        self.fields.retain(|name, _| !names.contains(&name.as_str()));
    }

    /// Fields of Speed's that satback does not offer: they may be said, as long as they ask for nothing.
    pub(super) fn not_offered(&mut self, names: &[&str]) {
        for name in names {
            let kind = self.kind(name);
            if let Some(raw) = self.take(name)
                && !serde_json::from_str(raw.get()).is_ok_and(|value| is_idle(kind, &value))
            {
                self.problem("unsupported", name, format!("{name} is not offered here"));
            }
        }
    }

    fn refuse_unknown(&mut self) {
        // One that is `null` counts as absent, also where nobody asked for it.
        let declared = |name: &str| self.declared.iter().any(|field| field.name == name);
        let idle = |name: &str, value: &RawValue| declared(name) && value.get() == "null";
        let left = self.fields.iter().filter(|(name, value)| !idle(name, value));
        let unknown: Vec<_> = left.map(|(name, _)| name.clone()).collect();
        for name in unknown {
            self.problem("unknown_field", &name, format!("there is no field {name} here"));
        }
    }

    /// Ends reading: all problems at once, or none.
    pub(super) fn finish(mut self) -> Result<(), ApiError> {
        self.refuse_unknown();
        if self.problems.is_empty() { Ok(()) } else { Err(ApiError::invalid(self.problems)) }
    }
}

#[cfg(test)]
mod tests;
