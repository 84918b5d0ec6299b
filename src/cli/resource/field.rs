//! What may be said to an operation: each field of its query or its body is a flag.

use serde_json::Value;

use super::operation::resolve;

/// The end of the year 9999: a whole number up to it is a moment in Unix milliseconds.
const MAX_MOMENT: u64 = 253_402_300_799_999;

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A text of at most so many characters, if there is a bound.
    Text(Option<u64>),
    /// An id that begins with this.
    Id(String),
    /// One of these words; those that nobody wants to read in full are left out of the help.
    Words { words: Vec<String>, hidden: bool },
    /// A whole number within bounds.
    Integer(u64, u64),
    /// A moment.
    Moment,
    /// A number, digit by digit.
    Number,
    /// True or false.
    Boolean,
    /// Several texts.
    Texts,
    /// Several numbers.
    Numbers,
    /// Pairs of a name and a text.
    Pairs,
    /// Anything else, as JSON.
    Json,
}

/// A field.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Its name, after those of the objects that it is in.
    pub(super) path: Vec<String>,
    pub(super) shape: Shape,
    pub(super) required: bool,
}

impl Field {
    /// A parameter of the query.
    pub(super) fn query(document: &Value, name: &str, schema: &Value) -> Option<Self> {
        let shape = shape(document, schema)?;
        Some(Self { path: vec![name.to_owned()], shape, required: false })
    }

    /// The flag, without its dashes.
    pub(super) fn flag(&self) -> String {
        self.path.join("-").replace(['_', '['], "-").replace(']', "")
    }
}

/// The fields of an object: those that must be said come first.
pub(super) fn fields(document: &Value, schema: &Value) -> Vec<Field> {
    let mut all = within(document, schema, &[], true);
    all.sort_by_key(|field| !field.required);
    all
}

fn within(document: &Value, schema: &Value, above: &[String], must: bool) -> Vec<Field> {
    let mut all = vec![];
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        let path = [above, std::slice::from_ref(name)].concat();
        let required = must
            && schema["required"].as_array().is_some_and(|names| names.iter().any(|it| it == name));
        if inner["properties"].is_object() {
            all.extend(within(document, inner, &path, required));
        } else if let Some(shape) = shape(document, inner) {
            all.push(Field { path, shape, required });
        }
    }
    all
}

/// What a schema is about; nothing if it asks for nothing.
fn shape(document: &Value, schema: &Value) -> Option<Shape> {
    let schema = schema["anyOf"].get(0).unwrap_or(schema);
    let (name, schema) = resolve(document, schema);
    if name == "Nothing" {
        return None;
    }
    if let Some(words) = schema["enum"].as_array() {
        let words = words.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect();
        return Some(Shape::Words { words, hidden: name == "Currency" });
    }
    let kind = schema["type"].get(0).unwrap_or(&schema["type"]);
    let items = &schema["items"]["type"];
    let bound = |name: &str| schema[name].as_u64();
    let prefix = schema["pattern"].as_str().and_then(|pattern| {
        pattern.strip_prefix('^')?.strip_suffix("[0-9a-z]{20}$").map(str::to_owned)
    });
    if let Some(prefix) = prefix {
        return Some(Shape::Id(prefix));
    }
    Some(match (kind.as_str(), items.as_str()) {
        (Some("string"), _) => Shape::Text(bound("maxLength")),
        (Some("integer"), _) if bound("maximum") == Some(MAX_MOMENT) => Shape::Moment,
        (Some("integer"), _) => {
            Shape::Integer(bound("minimum").unwrap_or(0), bound("maximum").unwrap_or(u64::MAX))
        }
        (Some("number"), _) => Shape::Number,
        (Some("boolean"), _) => Shape::Boolean,
        (Some("array"), Some("string")) => Shape::Texts,
        (Some("array"), Some("number")) => Shape::Numbers,
        (Some("object"), _) => Shape::Pairs,
        _ => Shape::Json,
    })
}
