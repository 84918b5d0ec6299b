//! The operations of the API as commands. They are read from the document that the daemon publishes, which is made of
//! the tables that its router is made of: a new route is a new command by itself.

use std::sync::OnceLock;

use serde_json::Value;

use crate::web::admin::document;

use super::field::{Field, fields};
use super::naming::name;

/// Speed's header by which the operator acts for an account.
pub(super) const ACT_FOR: &str = "speed-account";
/// The header under which a repetition does nothing again.
pub(super) const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// Whether an operation takes an idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyed {
    No,
    Optional,
    Required,
}

/// An operation with a key, which answers JSON.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) noun: String,
    pub(super) verb: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) says: String,
    /// What the path names.
    pub(super) named: Vec<String>,
    pub(super) query: Vec<Field>,
    pub(super) body: Vec<Field>,
    /// Whether the operator may act for an account.
    pub(super) acts_for: bool,
    pub(super) keyed: Keyed,
    /// The kind of the object that is answered, or of those in the list.
    pub(super) kind: String,
    pub(super) lists: bool,
}

impl Operation {
    /// What it does, as a heading.
    pub(super) fn summary(&self) -> &str {
        self.says.trim_end_matches('.')
    }
}

/// Every operation that is a command.
pub(super) fn operations() -> &'static [Operation] {
    static ALL: OnceLock<Vec<Operation>> = OnceLock::new();
    ALL.get_or_init(|| read(&document()))
}

fn read(document: &Value) -> Vec<Operation> {
    let mut all = vec![];
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let is_open = operation["security"].as_array().is_none_or(Vec::is_empty);
            let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
            // What answers a text (the export) is a command of its own, and what is open needs none.
            if !is_open && !schema.is_null() {
                all.push(command(document, path, &method.to_uppercase(), operation));
            }
        }
    }
    all
}

fn command(document: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let content = |of: &Value| of["content"]["application/json"]["schema"].clone();
    let (kind, lists) = answer(document, &content(&operation["responses"]["200"]));
    let (noun, verb) = name(method, path, lists);
    let parameters = || operation["parameters"].as_array().into_iter().flatten();
    let within =
        |place: &'static str| parameters().filter(move |parameter| parameter["in"] == place);
    let header = |name: &str| within("header").find(|parameter| parameter["name"] == name);
    let mut query: Vec<Field> = within("query")
        .filter_map(|one| Field::query(document, &text(&one["name"]), &one["schema"]))
        .collect();
    let body = fields(document, &content(&operation["requestBody"]));
    let says_account = |fields: &[Field]| fields.iter().any(|field| field.flag() == "account");
    // The header says the same as the parameter, and says it for every operation.
    let is_operators = operation["tags"].as_array().is_some_and(|tags| tags[0] == "operator");
    let acts_for = header(ACT_FOR).is_some()
        && !says_account(&body)
        && (!is_operators || says_account(&query));
    query.retain(|field| field.flag() != "account");
    Operation {
        noun,
        verb,
        method: method.to_owned(),
        path: path.to_owned(),
        says: text(&operation["summary"]),
        named: within("path").map(|parameter| text(&parameter["name"])).collect(),
        query,
        body,
        acts_for,
        keyed: match header(IDEMPOTENCY_KEY).map(|parameter| parameter["required"] == true) {
            None => Keyed::No,
            // A Lightning address gives another invoice each time: repeated without a key, it would be paid again.
            Some(false) if path == "/send" => Keyed::Required,
            Some(false) => Keyed::Optional,
            Some(true) => Keyed::Required,
        },
        kind,
        lists,
    }
}

/// What kind of object a schema is of, and whether there is a list of them.
fn answer(document: &Value, schema: &Value) -> (String, bool) {
    let (name, object) = resolve(document, schema);
    match object["properties"]["data"].get("items") {
        Some(items) => (resolve(document, items).0, true),
        None => (name, false),
    }
}

/// The schema that is meant, and what it is called.
pub(super) fn resolve<'a>(document: &'a Value, schema: &'a Value) -> (String, &'a Value) {
    let to = schema["$ref"].as_str().unwrap_or("");
    match to.strip_prefix('#').and_then(|pointer| document.pointer(pointer)) {
        Some(found) => (to.rsplit('/').next().unwrap_or("").to_owned(), found),
        None => (String::new(), schema),
    }
}
