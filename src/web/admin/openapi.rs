//! The OpenAPI document, written from the tables of routes, the declarations of bodies and the types of answers.

use std::sync::{Arc, OnceLock};

use axum::http::header;
use axum::response::{IntoResponse, Response};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::declared;
use super::error::Errors;
use super::operation::{Answer, Keys, Operation, id_schema};
use super::request::MAX_KEY_LEN;
use super::routes;

mod closed;
mod links;
mod statuses;

/// Where schemas lie in the document.
const SCHEMAS: &str = "/components/schemas";

/// `GET /openapi.json`.
pub(super) async fn get() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| document().to_string());
    ([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response()
}

/// What is known of a route outside of this module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteFacts {
    /// `GET`, `POST` or `DELETE`.
    pub method: String,
    /// With parameters in braces.
    pub path: &'static str,
    /// Who may call it.
    pub keys: Keys,
    /// True if the document has it; pages for people it has not.
    pub is_documented: bool,
    /// The fields of its body.
    pub fields: Vec<&'static str>,
}

/// Every route of the admin listener.
pub fn route_facts() -> Vec<RouteFacts> {
    let facts = |operation: Arc<Operation>| RouteFacts {
        method: operation.method.to_string(),
        path: operation.path,
        keys: operation.keys,
        is_documented: operation.is_documented(),
        fields: operation.shown_fields().map(|field| field.name).collect(),
    };
    routes::operations().into_iter().map(facts).collect()
}

/// The document.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
        settings.definitions_path = SCHEMAS.into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let errors = generator.subschema_for::<Errors>();
    let operations: Vec<_> =
        routes::operations().into_iter().filter(|own| own.is_documented()).collect();
    let mut paths = Map::new();
    for own in &operations {
        let path = paths.entry(own.path).or_insert_with(|| json!({}));
        path[own.method.as_str().to_lowercase()] = operation(own, &operations, &mut generator);
    }
    let mut schemas = generator.take_definitions(true);
    schemas.values_mut().for_each(closed::close);
    closed::name_words(&mut schemas);
    schemas.insert("Currency".to_owned(), declared::currency());
    schemas.insert("Nothing".to_owned(), declared::nothing());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "satback",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Cashback over Lightning: the admin listener's API. Amounts are in the unit of `currency`, \
                            moments in Unix milliseconds.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "headers": statuses::headers(),
            "responses": statuses::responses(&errors.to_value()),
            "securitySchemes": {
                "basic": {
                    "type": "http", "scheme": "basic", "description": "The key is the user name.",
                },
                "bearer": { "type": "http", "scheme": "bearer" },
            },
        },
    })
}

/// A name for an operation: its method and its path.
fn operation_id(own: &Operation) -> String {
    let path = own.path.replace(['{', '}'], "").replace(['/', '-', '.'], "_");
    format!("{}{path}", own.method.as_str().to_lowercase())
}

fn operation(own: &Operation, all: &[Arc<Operation>], generator: &mut SchemaGenerator) -> Value {
    let content = match own.answer {
        Answer::Json(schema) => {
            json!({ "application/json": { "schema": schema(generator) } })
        }
        Answer::Text("application/json") => {
            json!({ "application/json": { "schema": document_schema() } })
        }
        Answer::Text(kind) => json!({ kind: { "schema": { "type": "string" } } }),
        Answer::Page => json!({}),
    };
    let mut good = json!({
        "description": own.says,
        "headers": statuses::headers_of(own),
        "content": content,
    });
    let links = links::of(own, all);
    if !links.is_empty() {
        good["links"] = Value::Object(links);
    }
    let mut responses = Map::from_iter([("200".to_owned(), good.clone())]);
    for status in own.all_statuses().into_iter().filter(|status| *status != 200) {
        // What is not ready is told in the shape of what is.
        let response = match own.keys {
            Keys::None if status == 503 => good.clone(),
            _ => json!({ "$ref": format!("#/components/responses/{status}") }),
        };
        responses.insert(status.to_string(), response);
    }
    let mut value = json!({
        "operationId": operation_id(own),
        "summary": own.says,
        "description": who(own.keys),
        "tags": [if own.keys == Keys::Operator { "operator" } else { "merchant" }],
        "parameters": parameters(own),
        "responses": responses,
    });
    if own.keys == Keys::None {
        value["tags"] = json!(["open"]);
        value["security"] = json!([]);
    } else {
        value["security"] = json!([{ "basic": [] }, { "bearer": [] }]);
    }
    if let Some(fields) = own.body {
        value["requestBody"] = json!({
            "required": declared::asks(fields),
            "content": { "application/json": { "schema": declared::schema(fields) } },
        });
    }
    value
}

/// What this document looks like; OpenAPI says the rest.
fn document_schema() -> Value {
    let object = json!({ "type": "object", "description": "As OpenAPI 3.1 says." });
    json!({
        "type": "object",
        "properties": {
            "openapi": { "type": "string", "enum": ["3.1.0"] },
            "info": object,
            "servers": { "type": "array", "items": object },
            "paths": object,
            "components": object,
        },
        "required": ["openapi", "info", "servers", "paths", "components"],
        "additionalProperties": false,
    })
}

const fn who(keys: Keys) -> &'static str {
    match keys {
        Keys::None => "For everybody, without a key.",
        Keys::Operator => "For the operator.",
        Keys::Writers => "For the operator and secret keys.",
        Keys::Sessions => "For the operator, secret and publishable keys.",
        Keys::Readers => "For the operator, secret and restricted keys.",
        Keys::All => "For every key.",
    }
}

fn parameters(own: &Operation) -> Value {
    let mut all = vec![];
    for name in own.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let schema = json!({ "type": "string", "minLength": 1 });
        all.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    for param in &own.query {
        let mut query = json!({
            "name": param.name, "in": "query", "required": false, "schema": param.schema,
        });
        if param.name == "account" {
            query["description"] = json!("Only the operator may say it.");
        }
        all.push(query);
    }
    if own.keys != Keys::None {
        all.push(json!({
            "name": "speed-account", "in": "header", "required": false,
            "description": "The account that the operator acts for.",
            "schema": id_schema("acct_"),
        }));
    }
    if own.acts() {
        all.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": own.once,
            "description": "A repetition under the same key is answered as the first request was.",
            "schema": { "type": "string", "minLength": 1, "maxLength": MAX_KEY_LEN },
        }));
    }
    Value::Array(all)
}
