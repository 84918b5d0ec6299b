//! The OpenAPI document: every route is in it, it is closed, and it changes only knowingly.

use std::path::Path;

use satback::web::admin::{document, route_facts};
use satback_regtest::Api;
use serde_json::Value;

use super::kit::Town;

/// Set, it has the snapshot written anew.
const WRITE: &str = "SATBACK_WRITE_SNAPSHOT";

#[test]
fn the_document_is_as_it_was_or_was_changed_knowingly() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let now = format!("{:#}\n", document());
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let then = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = then.lines().zip(now.lines()).enumerate().find(|(_, (then, now))| then != now);
    assert!(then == now, "first at {differs:?}; write it anew: make docs/openapi.json");
}

#[test]
fn what_is_served_without_a_key_is_the_document() {
    let town = Town::start();
    let served = Api::new(town.daemon.admin_at, "").get("/openapi.json");
    assert_eq!(served.header("content-type"), Some("application/json"));
    assert_eq!(served.granted(), document());
}

#[test]
fn every_route_but_the_pages_is_in_the_document_and_nothing_else() {
    let document = document();
    let mut documented = vec![];
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            documented.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    let routes = route_facts().into_iter().filter(|route| route.is_documented);
    let mut routes: Vec<_> =
        routes.map(|route| format!("{} {}", route.method, route.path)).collect();
    documented.sort();
    routes.sort();
    assert_eq!(documented, routes);
    assert!(routes.len() > 60, "{}", routes.len());
}

/// Every schema of the document, with where it is.
fn each_schema(value: &Value, at: &str, see: &mut impl FnMut(&Value, &str)) {
    if let Value::Object(fields) = value {
        if fields.contains_key("type") || fields.contains_key("properties") {
            see(value, at);
        }
        for (name, inner) in fields {
            // A field that is called so is none of the schema's own words.
            if name == "properties" {
                for (field, inner) in inner.as_object().unwrap() {
                    each_schema(inner, &format!("{at}.{field}"), see);
                }
            } else {
                each_schema(inner, &format!("{at}/{name}"), see);
            }
        }
    } else if let Value::Array(values) = value {
        for inner in values {
            each_schema(inner, at, see);
        }
    }
}

#[test]
fn no_schema_is_open_and_every_field_of_an_answer_is_required() {
    let document = document();
    let mut objects = 0;
    for part in ["paths", "components"] {
        each_schema(&document[part], part, &mut |schema, at| {
            let kind = &schema["type"];
            let is_object = kind == "object"
                || kind.as_array().is_some_and(|all| all.contains(&Value::from("object")));
            // The document's own shape is OpenAPI's.
            if !is_object || at.contains("/openapi.json/") {
                return;
            }
            objects += 1;
            let others = &schema["additionalProperties"];
            let typed = others.is_object() && !others.as_object().unwrap().is_empty();
            assert!(others == false || typed, "{at} is open: {schema}");
            let is_answer = !at.contains("requestBody");
            if let (true, Some(fields)) = (is_answer, schema["properties"].as_object()) {
                let required = schema["required"].as_array().map_or(0, Vec::len);
                assert_eq!(required, fields.len(), "{at}");
            }
        });
    }
    assert!(objects > 60, "{objects}");
}

#[test]
fn no_answer_is_a_default_and_each_says_what_it_is() {
    let document = document();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let about = format!("{method} {path}");
            assert!(operation["operationId"].is_string() && operation["summary"].is_string());
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key("200"), "{about}");
            for (status, response) in responses {
                assert!(status.parse::<u16>().is_ok(), "{about}: {status}");
                let shared = response["$ref"].as_str().map(|at| at.trim_start_matches('#'));
                let response = shared.map_or(Some(response), |at| document.pointer(at)).unwrap();
                let content = response["content"].as_object().unwrap();
                assert_eq!(content.len(), 1, "{about}: {status}");
                for (kind, content) in content {
                    assert!(content["schema"].is_object(), "{about}: {status} {kind}");
                }
            }
        }
    }
}
