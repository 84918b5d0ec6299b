//! How values of the domain become JSON and come back. The domain itself is not serialisable by design: what is stored
//! is a promise, and promises are made here.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

/// A row that does not say what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrupt(pub String);

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Corrupt {}

/// A value that can be stored.
pub(super) trait Persist: Sized {
    fn save(&self) -> Value;
    fn load(value: &Value) -> Result<Self, Corrupt>;
}

pub(super) fn unexpected(wanted: &str, value: &Value) -> Corrupt {
    // The value itself may be long, or nobody's business.
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    Corrupt(format!("{wanted} expected, {kind} found"))
}

pub(super) fn object(value: &Value) -> Result<&Map<String, Value>, Corrupt> {
    value.as_object().ok_or_else(|| unexpected("an object", value))
}

/// A field of an object; one that is not there counts as `null`, so that rows from before it existed can be read.
pub(super) fn field<T: Persist>(map: &Map<String, Value>, name: &str) -> Result<T, Corrupt> {
    let value = map.get(name).unwrap_or(&Value::Null);
    T::load(value).map_err(|corrupt| Corrupt(format!("{name}: {corrupt}")))
}

pub(super) fn text(value: &Value) -> Result<&str, Corrupt> {
    value.as_str().ok_or_else(|| unexpected("a text", value))
}

/// The one key of an object and its value: how a choice with contents is stored.
pub(super) fn choice(value: &Value) -> Result<(&str, &Value), Corrupt> {
    let map = object(value)?;
    let mut entries = map.iter();
    match (entries.next(), entries.next()) {
        (Some((name, content)), None) => Ok((name, content)),
        _ => Err(Corrupt("an object with one key expected".to_owned())),
    }
}

impl Persist for String {
    fn save(&self) -> Value {
        Value::String(self.clone())
    }
    fn load(value: &Value) -> Result<Self, Corrupt> {
        text(value).map(str::to_owned)
    }
}

impl Persist for bool {
    fn save(&self) -> Value {
        Value::Bool(*self)
    }
    fn load(value: &Value) -> Result<Self, Corrupt> {
        value.as_bool().ok_or_else(|| unexpected("a boolean", value))
    }
}

impl Persist for u64 {
    fn save(&self) -> Value {
        Value::from(*self)
    }
    fn load(value: &Value) -> Result<Self, Corrupt> {
        value.as_u64().ok_or_else(|| unexpected("a whole number", value))
    }
}

impl Persist for i64 {
    fn save(&self) -> Value {
        Value::from(*self)
    }
    fn load(value: &Value) -> Result<Self, Corrupt> {
        value.as_i64().ok_or_else(|| unexpected("a whole number", value))
    }
}

macro_rules! persist_small {
    ($($number:ty),+) => {$(
        impl Persist for $number {
            fn save(&self) -> Value {
                Value::from(*self)
            }
            fn load(value: &Value) -> Result<Self, Corrupt> {
                let number = u64::load(value)?;
                Self::try_from(number).map_err(|_| Corrupt(format!("{number} is too large")))
            }
        }
    )+};
}

persist_small!(u16, u32);

impl<T: Persist> Persist for Option<T> {
    fn save(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::save)
    }
    fn load(value: &Value) -> Result<Self, Corrupt> {
        if value.is_null() { Ok(None) } else { T::load(value).map(Some) }
    }
}

impl<T: Persist> Persist for Box<T> {
    fn save(&self) -> Value {
        T::save(self)
    }
    fn load(value: &Value) -> Result<Self, Corrupt> {
        T::load(value).map(Self::new)
    }
}

impl<T: Persist> Persist for Vec<T> {
    fn save(&self) -> Value {
        Value::Array(self.iter().map(T::save).collect())
    }
    fn load(value: &Value) -> Result<Self, Corrupt> {
        let items = value.as_array().ok_or_else(|| unexpected("a list", value))?;
        items.iter().map(T::load).collect()
    }
}

impl Persist for BTreeMap<String, String> {
    fn save(&self) -> Value {
        self.iter().map(|(key, value)| (key.clone(), Value::String(value.clone()))).collect()
    }
    fn load(value: &Value) -> Result<Self, Corrupt> {
        let entries = object(value)?.iter();
        entries.map(|(key, value)| Ok((key.clone(), String::load(value)?))).collect()
    }
}

/// A struct, field by field. The macro fails to compile when a field is forgotten.
macro_rules! persist_struct {
    ($($name:ident { $($field:ident),+ $(,)? })+) => {$(
        impl Persist for $name {
            fn save(&self) -> Value {
                let Self { $($field),+ } = self;
                let mut map = serde_json::Map::new();
                $(map.insert(stringify!($field).to_owned(), $field.save());)+
                Value::Object(map)
            }
            fn load(value: &Value) -> Result<Self, Corrupt> {
                let map = object(value)?;
                Ok(Self { $($field: field(map, stringify!($field))?),+ })
            }
        }
    )+};
}

/// A type that has a text form of its own.
macro_rules! persist_text {
    ($($name:ty: $print:expr, $parse:expr;)+) => {$(
        impl Persist for $name {
            fn save(&self) -> Value {
                let print: fn(&$name) -> String = $print;
                Value::String(print(self))
            }
            fn load(value: &Value) -> Result<Self, Corrupt> {
                let parse: fn(&str) -> Option<$name> = $parse;
                let text = text(value)?;
                parse(text).ok_or_else(|| Corrupt(format!(concat!("not a ", stringify!($name)))))
            }
        }
    )+};
}

/// A choice with contents: `{"word": contents}`.
macro_rules! persist_choice {
    ($($name:ident { $($variant:ident($($part:ident),*) = $word:literal),+ $(,)? })+) => {$(
        impl Persist for $name {
            fn save(&self) -> Value {
                let (word, content) = match self {
                    $(Self::$variant($($part),*) => ($word, persist_choice!(@save $($part),*)),)+
                };
                Value::Object([(word.to_owned(), content)].into_iter().collect())
            }
            fn load(value: &Value) -> Result<Self, Corrupt> {
                let (word, content) = choice(value)?;
                match word {
                    $($word => persist_choice!(@load content, $variant, $($part),*),)+
                    _ => Err(Corrupt(format!(concat!("not a ", stringify!($name))))),
                }
            }
        }
    )+};
    (@save $one:ident) => { $one.save() };
    (@save $($part:ident),+) => { Value::Array(vec![$($part.save()),+]) };
    (@load $content:ident, $variant:ident, $one:ident) => {
        Ok(Self::$variant(Persist::load($content)?))
    };
    (@load $content:ident, $variant:ident, $($part:ident),+) => {{
        let parts = $content.as_array().ok_or_else(|| unexpected("a list", $content))?;
        let mut parts = parts.iter();
        $(let $part = Persist::load(parts.next().unwrap_or(&Value::Null))?;)+
        Ok(Self::$variant($($part),+))
    }};
}

pub(super) use {persist_choice, persist_struct, persist_text};
