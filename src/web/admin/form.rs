//! Reading JSON bodies field by field: every problem is found, and each names the field and the rule. Amounts are read
//! digit by digit, never through a float.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::domain::account::{METADATA_MAX_BYTES, METADATA_MAX_PAIRS, Metadata};
use crate::domain::decimal::{Decimal, DecimalError};
use crate::domain::time::Timestamp;

use super::error::{ApiError, Problem};

/// A JSON object that is being read.
#[derive(Debug)]
pub(super) struct Form {
    prefix: String,
    fields: BTreeMap<String, Box<RawValue>>,
    problems: Vec<Problem>,
}

impl Form {
    /// Reads a body; nothing counts as an object without fields.
    pub(super) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        let body = if body.is_empty() { b"{}" } else { body };
        let fields = serde_json::from_slice(body).map_err(|error| {
            let message = format!("the body is not a JSON object: {error}");
            ApiError::invalid(vec![Problem::field("invalid_json", "", message)])
        })?;
        Ok(Self { prefix: String::new(), fields, problems: vec![] })
    }

    fn take(&mut self, name: &str) -> Option<Box<RawValue>> {
        self.fields.remove(name).filter(|value| value.get() != "null")
    }

    /// Notes what is wrong with a field.
    pub(super) fn problem(&mut self, code: &'static str, name: &str, message: impl Into<String>) {
        let param = format!("{}{name}", self.prefix);
        self.problems.push(Problem::field(code, &param, message));
    }

    /// True if the field is there, and not `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(|value| value.get() != "null")
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

    /// A text of at most `max` bytes without control characters. Blank counts as absent.
    pub(super) fn text(&mut self, name: &str, max: usize) -> Option<String> {
        let rule = format!("a text of at most {max} bytes without control characters");
        let text: String = self.typed(name, &rule, |raw| {
            let text: String = serde_json::from_str(raw.get()).ok()?;
            (text.len() <= max && !text.chars().any(char::is_control)).then_some(text)
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

    /// Notes that a field must be there.
    pub(super) fn missing(&mut self, name: &str) {
        self.problem("missing_field", name, format!("{name} is required"));
    }

    /// One of some words.
    pub(super) fn word<T>(
        &mut self,
        name: &str,
        rule: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        self.typed(name, rule, |raw| parse(&serde_json::from_str::<String>(raw.get()).ok()?))
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        self.typed(name, "a list of texts", |raw| serde_json::from_str(raw.get()).ok())
    }

    /// True or false.
    pub(super) fn boolean(&mut self, name: &str) -> Option<bool> {
        self.typed(name, "true or false", |raw| serde_json::from_str(raw.get()).ok())
    }

    /// A whole number within bounds.
    pub(super) fn number(&mut self, name: &str, least: u64, most: u64) -> Option<u64> {
        self.typed(name, &format!("a whole number from {least} to {most}"), |raw| {
            let number: u64 = serde_json::from_str(raw.get()).ok()?;
            (least..=most).contains(&number).then_some(number)
        })
    }

    /// A decimal number that is not below zero.
    pub(super) fn decimal(&mut self, name: &str) -> Option<Decimal> {
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

    /// A moment in Unix milliseconds.
    pub(super) fn moment(&mut self, name: &str) -> Option<Timestamp> {
        // The end of the year 9999: beyond it, somebody has mixed up units.
        self.number(name, 0, 253_402_300_799_999).map(Timestamp::from_millis)
    }

    /// An address of the web.
    pub(super) fn url(&mut self, name: &str) -> Option<String> {
        let text = self.text(name, 1_024)?;
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
        let fields = self.typed(name, "an object", |raw| serde_json::from_str(raw.get()).ok())?;
        Some(Self { prefix: format!("{}{name}.", self.prefix), fields, problems: vec![] })
    }

    /// Ends an inner object.
    pub(super) fn absorb(&mut self, mut inner: Self) {
        inner.refuse_unknown();
        self.problems.append(&mut inner.problems);
    }

    /// Fields of Speed's that satback does not offer: they may be said, but only as `null` or empty.
    pub(super) fn not_offered(&mut self, names: &[&str]) {
        for name in names {
            if let Some(raw) = self.take(name)
                && !matches!(raw.get(), "[]" | "{}" | "false" | "0" | "\"\"")
            {
                self.problem("unsupported", name, format!("{name} is not offered here"));
            }
        }
    }

    fn refuse_unknown(&mut self) {
        let unknown: Vec<_> = self.fields.keys().cloned().collect();
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

fn metadata(json: &str) -> Result<Metadata, String> {
    let fields: BTreeMap<String, Value> =
        serde_json::from_str(json).map_err(|_| "metadata must be an object".to_owned())?;
    if fields.len() > METADATA_MAX_PAIRS {
        return Err(format!("metadata may have at most {METADATA_MAX_PAIRS} pairs"));
    }
    let mut metadata = Metadata::new();
    let mut bytes = 0;
    for (key, value) in fields {
        let text = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(yes) => yes.to_string(),
            Value::Null => continue,
            Value::Array(_) | Value::Object(_) => {
                return Err("values of metadata must be texts, numbers or booleans".to_owned());
            }
        };
        if key.is_empty() || key.chars().chain(text.chars()).any(char::is_control) {
            return Err("metadata may have no empty keys and no control characters".to_owned());
        }
        bytes += key.len() + text.len();
        metadata.insert(key, text);
    }
    if bytes > METADATA_MAX_BYTES {
        return Err(format!("metadata may have at most {METADATA_MAX_BYTES} bytes in all"));
    }
    Ok(metadata)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(json: &str) -> Form {
        Form::parse(json.as_bytes()).unwrap()
    }

    fn problems(form: Form) -> Vec<String> {
        let error = format!("{:?}", form.finish());
        error
            .match_indices("param: Some(\"")
            .map(|(at, found)| {
                let rest = &error[at + found.len()..];
                rest[..rest.find('"').unwrap()].to_owned()
            })
            .collect()
    }

    #[test]
    fn every_problem_is_found_and_names_its_field() {
        let mut form = form(
            r#"{"name":5,"ttl":1,"on":"yes","amount":-1,"url":"javascript:x","other":1,
                "cashback":{"id":7,"x":1},"metadata":{"a":[]}}"#,
        );
        assert_eq!(form.text("name", 10), None);
        assert_eq!(form.number("ttl", 300, 400), None);
        assert_eq!(form.boolean("on"), None);
        assert_eq!(form.decimal("amount"), None);
        assert_eq!(form.url("url"), None);
        assert_eq!(form.metadata(), None);
        let mut inner = form.object("cashback").unwrap();
        assert_eq!(inner.text("id", 10), None);
        form.absorb(inner);
        assert_eq!(form.required_text("must", 10), None);
        assert_eq!(
            problems(form),
            [
                "name",
                "ttl",
                "on",
                "amount",
                "url",
                "metadata",
                "cashback.id",
                "cashback.x",
                "must",
                "other",
            ]
        );
    }

    #[test]
    fn null_and_blank_count_as_absent() {
        let mut form = form(r#"{"a":null,"b":"  "}"#);
        assert_eq!((form.text("a", 5), form.text("b", 5)), (None, None));
        assert!(form.finish().is_ok());
    }

    #[test]
    fn amounts_are_read_digit_by_digit() {
        let mut form = form(r#"{"a":0.1,"b":1e-8,"c":"5"}"#);
        assert_eq!(form.decimal("a").unwrap().to_string(), "0.1");
        assert_eq!(form.decimal("b").unwrap().to_string(), "0.00000001");
        assert_eq!(form.decimal("c"), None);
    }

    #[test]
    fn metadata_has_bounds() {
        let many: Vec<_> = (0..51).map(|n| format!("\"k{n}\":1")).collect();
        assert!(metadata(&format!("{{{}}}", many.join(","))).is_err());
        let long = "x".repeat(METADATA_MAX_BYTES);
        assert!(metadata(&format!("{{\"k\":\"{long}\"}}")).is_err());
        assert!(metadata(r#"{"k":"a\u0000"}"#).is_err());
        let read = metadata(r#"{"n":1.50,"b":true,"z":null,"t":"x"}"#).unwrap();
        assert_eq!(read.get("b").map(String::as_str), Some("true"));
        assert_eq!(read.len(), 3);
    }
}
