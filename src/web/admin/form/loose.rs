//! Values that may be written as something else: Speed's clients send what they read from forms and databases as they
//! got it.

use serde_json::value::RawValue;

use crate::domain::decimal::Decimal;

use super::super::declared::Kind;

/// The value as its field is declared, if it is one.
pub(super) fn as_declared(kind: Kind, value: Box<RawValue>) -> Box<RawValue> {
    let other = match kind {
        Kind::DecimalOrText => number(value.get()),
        Kind::TextOrNumber(_) => text(value.get()),
        _ => None,
    };
    other.and_then(|other| RawValue::from_string(other).ok()).unwrap_or(value)
}

/// The number that a text is.
fn number(raw: &str) -> Option<String> {
    serde_json::from_str(raw).ok().filter(|text: &String| Decimal::parse(text).is_ok())
}

/// The text that a number is written as.
fn text(raw: &str) -> Option<String> {
    serde_json::from_str::<u64>(raw).ok().map(|_| format!("\"{raw}\""))
}
