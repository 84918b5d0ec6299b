//! The fields of request bodies, each declared once. [`Form`](super::form::Form) hands out only what is declared here,
//! and the OpenAPI document is written from the same declarations: what the API takes and what it says that it takes
//! cannot drift apart. Where a handler reads a field with another type or bound than the declared one, tests panic.

use serde_json::{Map, Value, json};

use crate::domain::account::METADATA_MAX_PAIRS;
use crate::domain::currency::Currency;

/// Longest address of the web, in characters.
pub(super) const MAX_URL: usize = 1_024;
/// The end of the year 9999: beyond it, somebody has mixed up units.
pub(super) const MAX_MOMENT: u64 = 253_402_300_799_999;

/// What a field may hold. All of them may be `null`, which counts as absent, unless they are required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text of at most so many characters on one line.
    Text(usize),
    /// As before, or a whole number that is taken for the text that it is written as.
    TextOrNumber(usize),
    /// A text of at most so many characters.
    LongText(usize),
    /// An address of the web.
    Url,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The code of a currency.
    Currency,
    /// A list of texts, from the first to the second number of them.
    Texts(usize, usize),
    /// True or false.
    Boolean,
    /// A whole number within bounds.
    Number(u64, u64),
    /// Unix milliseconds.
    Moment,
    /// An amount or a share, not below zero.
    Decimal,
    /// As before, or written as a text.
    DecimalOrText,
    /// At most so many of those.
    Decimals(usize),
    /// Notes.
    Metadata,
    /// An object.
    Object(&'static [Field]),
    /// A list of at most so many objects.
    Objects(&'static [Field], usize),
    /// One of Speed's that is not offered here: it may be said as long as it asks for nothing.
    NotOffered,
    /// One that this request never takes, with a reason of its own; the document does not have it.
    Never,
}

/// A field of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    presence: Presence,
    like: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    /// It may be absent, or `null`.
    Optional,
    /// It may be absent, but not `null`.
    Said,
    Required,
}

/// A field that may be absent.
pub(super) const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, presence: Presence::Optional, like: None }
}

impl Field {
    /// It must be there.
    pub(super) const fn required(self) -> Self {
        Self { presence: Presence::Required, ..self }
    }

    /// It may be absent, but if it is there it says something.
    pub(super) const fn said(self) -> Self {
        Self { presence: Presence::Said, ..self }
    }

    /// Its text looks like this, as a regular expression.
    pub(super) const fn like(self, pattern: &'static str) -> Self {
        Self { like: Some(pattern), ..self }
    }

    fn is_required(&self) -> bool {
        self.presence == Presence::Required
    }

    fn schema(&self) -> Value {
        let mut schema = match self.like {
            Some(pattern) => json!({ "type": "string", "pattern": pattern }),
            None => self.kind.schema(self.presence != Presence::Optional),
        };
        if self.presence == Presence::Optional {
            allow_null(&mut schema);
        }
        schema
    }
}

/// All but control characters.
const LINE: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";
/// The same, and not blank.
const SAID: &str = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$";
/// Line breaks and tabs too.
const LINES: &str = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$";
/// An amount that is written as a text.
const DECIMAL: &str = r"^(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$";
/// Blank, which counts as absent, or an address.
const URL: &str = r"^([^\S\u0000-\u001f\u007f-\u009f]*|https?://[^\s\u0000-\u001f\u007f-\u009f]+)$";
/// An address that must be there.
const SAID_URL: &str = r"^https?://[^\s\u0000-\u001f\u007f-\u009f]+$";

impl Kind {
    /// What a handler reads it as.
    pub(super) const fn strict(self) -> Self {
        match self {
            Self::DecimalOrText => Self::Decimal,
            Self::TextOrNumber(max) => Self::Text(max),
            strict => strict,
        }
    }

    fn schema(self, said: bool) -> Value {
        match self {
            Self::Text(max) => {
                let pattern = if said { SAID } else { LINE };
                json!({ "type": "string", "maxLength": max, "pattern": pattern })
            }
            Self::TextOrNumber(max) => json!({
                "type": ["string", "integer"], "maxLength": max, "pattern": LINE,
                "minimum": 0, "maximum": u64::MAX,
            }),
            Self::LongText(max) => {
                json!({ "type": "string", "maxLength": max, "pattern": LINES })
            }
            Self::Url => {
                let pattern = if said { SAID_URL } else { URL };
                json!({ "type": "string", "maxLength": MAX_URL, "pattern": pattern })
            }
            Self::Word(words) => json!({ "type": "string", "enum": words }),
            Self::Currency => json!({ "$ref": "#/components/schemas/Currency" }),
            Self::Texts(least, most) => json!({
                "type": "array", "items": { "type": "string" }, "minItems": least, "maxItems": most,
            }),
            Self::Boolean => json!({ "type": "boolean" }),
            Self::Number(least, most) => {
                json!({ "type": "integer", "minimum": least, "maximum": most })
            }
            Self::Moment => json!({ "type": "integer", "minimum": 0, "maximum": MAX_MOMENT }),
            Self::Decimal => json!({ "type": "number", "minimum": 0 }),
            Self::DecimalOrText => {
                json!({ "type": ["number", "string"], "minimum": 0, "pattern": DECIMAL })
            }
            Self::Decimals(most) => json!({
                "type": "array", "items": { "type": "number", "minimum": 0 }, "maxItems": most,
            }),
            Self::Metadata => json!({
                "type": "object",
                "maxProperties": METADATA_MAX_PAIRS,
                "propertyNames": { "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]+$" },
                "additionalProperties": {
                    "type": ["string", "number", "boolean", "null"], "pattern": LINES,
                },
            }),
            Self::Object(fields) => schema(fields),
            Self::Objects(fields, most) => {
                json!({ "type": "array", "items": schema(fields), "maxItems": most })
            }
            // The latter is shown nowhere.
            Self::NotOffered | Self::Never => json!({ "$ref": "#/components/schemas/Nothing" }),
        }
    }
}

/// What may be said of a field that is not offered.
pub(super) fn nothing() -> Value {
    let this = json!({ "$ref": "#/components/schemas/Nothing" });
    json!({
        "description": "Nothing: null, false, zero, a blank text, or made of such.",
        "anyOf": [
            { "enum": [null, false, 0] },
            { "type": "string", "pattern": r"^\s*$" },
            { "type": "array", "items": this },
            { "type": "object", "additionalProperties": this },
        ],
    })
}

/// The codes of all currencies.
pub(super) fn currency() -> Value {
    let codes: Vec<_> = Currency::all().map(Currency::code).collect();
    json!({ "description": "SATS, BTC, or an ISO 4217 code.", "type": "string", "enum": codes })
}

fn allow_null(schema: &mut Value) {
    if schema.get("$ref").is_some_and(|to| to == "#/components/schemas/Currency") {
        *schema = json!({ "anyOf": [schema, { "type": "null" }] });
        return;
    }
    if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        words.push(Value::Null);
    }
    match schema.get_mut("type") {
        Some(Value::Array(kinds)) => kinds.push(json!("null")),
        Some(kind) => *kind = json!([kind.clone(), "null"]),
        None => {}
    }
}

/// The schema of an object with these fields and no others.
pub(super) fn schema(fields: &[Field]) -> Value {
    let shown = || fields.iter().filter(|field| field.kind != Kind::Never);
    let properties: Map<String, Value> =
        shown().map(|field| (field.name.to_owned(), field.schema())).collect();
    let required: Vec<_> = shown().filter(|f| f.is_required()).map(|field| field.name).collect();
    let mut schema = json!({
        "type": "object", "properties": properties, "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// True if some field must be there.
pub(super) fn asks(fields: &[Field]) -> bool {
    fields.iter().any(Field::is_required)
}
