//! Answers of the API as a tree, with numbers as the digits that were written: money never goes through a float.

use serde_json::value::RawValue;

use super::super::fields::Fields;

/// A value of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    /// `null`, or nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object, in the order of its fields.
    Object(Vec<(String, Json)>),
}

/// What a field that is not there is.
static NOTHING: Json = Json::Null;

impl Json {
    /// Reads an answer. What is none reads as nothing.
    pub(super) fn parse(text: &str) -> Self {
        match text.trim_start().as_bytes().first() {
            Some(b'{') => serde_json::from_str::<Fields<Box<RawValue>>>(text).map_or(
                Self::Null,
                |Fields(fields)| {
                    let read =
                        |(name, raw): (String, Box<RawValue>)| (name, Self::parse(raw.get()));
                    Self::Object(fields.into_iter().map(read).collect())
                },
            ),
            Some(b'[') => serde_json::from_str::<Vec<Box<RawValue>>>(text)
                .map_or(Self::Null, |values| {
                    Self::List(values.iter().map(|raw| Self::parse(raw.get())).collect())
                }),
            Some(b'"') => serde_json::from_str(text).map_or(Self::Null, Self::Text),
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'-' | b'0'..=b'9') => Self::Number(text.trim().to_owned()),
            _ => Self::Null,
        }
    }

    /// The field at a path with dots.
    pub(super) fn at(&self, path: &str) -> &Self {
        path.split('.').fold(self, |value, name| match value {
            Self::Object(fields) => {
                fields.iter().find(|(found, _)| found == name).map_or(&NOTHING, |(_, value)| value)
            }
            _ => &NOTHING,
        })
    }

    /// A text, or the digits of a number; empty if there is neither.
    pub(super) fn text(&self, path: &str) -> &str {
        match self.at(path) {
            Self::Text(text) | Self::Number(text) => text,
            _ => "",
        }
    }

    /// A whole number.
    pub(super) fn number(&self, path: &str) -> Option<u64> {
        match self.at(path) {
            Self::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// True if it says so.
    pub(super) fn is(&self, path: &str) -> bool {
        matches!(self.at(path), Self::Bool(true))
    }

    /// True if there is something.
    pub(super) fn has(&self, path: &str) -> bool {
        !matches!(self.at(path), Self::Null)
    }

    /// The values of a list.
    pub(super) fn list(&self, path: &str) -> &[Self] {
        match self.at(path) {
            Self::List(values) => values,
            _ => &[],
        }
    }

    /// The fields of an object.
    pub(super) fn fields(&self, path: &str) -> &[(String, Self)] {
        match self.at(path) {
            Self::Object(fields) => fields,
            _ => &[],
        }
    }

    /// As people read it, on several lines.
    pub(super) fn pretty(&self, depth: usize) -> String {
        let (inner, outer) = ("  ".repeat(depth + 1), "  ".repeat(depth));
        let block = |open: char, lines: Vec<String>, close: char| match lines.as_slice() {
            [] => format!("{open}{close}"),
            lines => {
                format!("{open}\n{inner}{}\n{outer}{close}", lines.join(&format!(",\n{inner}")))
            }
        };
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(yes) => yes.to_string(),
            Self::Number(digits) => digits.clone(),
            Self::Text(text) => quoted(text),
            Self::List(values) => {
                block('[', values.iter().map(|value| value.pretty(depth + 1)).collect(), ']')
            }
            Self::Object(fields) => {
                let line = |(name, value): &(String, Self)| {
                    format!("{}: {}", quoted(name), value.pretty(depth + 1))
                };
                block('{', fields.iter().map(line).collect(), '}')
            }
        }
    }
}

/// A text as JSON writes it.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_fields_are_found_by_path() {
        let json =
            Json::parse(r#"{"a":{"b":0.00001000},"c":["x",1,true,null],"d":18446744073709551615}"#);
        assert_eq!(json.text("a.b"), "0.00001000");
        assert_eq!(json.number("d"), Some(u64::MAX));
        assert_eq!(json.list("c").len(), 4);
        assert!(!json.has("a.b.c") && !json.has("e") && json.list("c")[2] == Json::Bool(true));
        assert_eq!(Json::parse("<html>"), Json::Null);
        assert_eq!(Json::parse(&json.pretty(0)), json);
    }
}
