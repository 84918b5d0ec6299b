//! Fields that a request has no use for, as long as they ask for nothing.

use serde_json::Value;

use crate::domain::decimal::Decimal;

use super::super::declared::Kind;

/// True if the value asks for nothing, in the shape that the field is declared with.
pub(super) fn is_idle(kind: Option<Kind>, value: &Value) -> bool {
    match (kind.map(Kind::strict), value) {
        (None, _) => false,
        (_, Value::Null) => true,
        (Some(Kind::Text(_)), Value::String(text)) => text.trim().is_empty(),
        (Some(Kind::Decimal), _) => value.is_number() && asks_for_nothing(value),
        (Some(Kind::Decimals(_) | Kind::Texts(..)), Value::Array(values)) => values.is_empty(),
        (Some(Kind::Object(fields)), Value::Object(values)) => {
            values.iter().all(|(name, value)| {
                let inner = fields.iter().find(|field| field.name == name);
                is_idle(inner.map(|field| field.kind), value)
            })
        }
        (Some(Kind::NotOffered), _) => asks_for_nothing(value),
        _ => false,
    }
}

/// Empty, zero, false, or made of such.
fn asks_for_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(yes) => !yes,
        Value::Number(number) => Decimal::parse(&number.to_string()).is_ok_and(Decimal::is_zero),
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.iter().all(asks_for_nothing),
        Value::Object(fields) => fields.values().all(asks_for_nothing),
    }
}
