//! Answers that are not the ones that were wished for, and the headers of all.

use serde_json::{Map, Value, json};

use super::super::operation::Operation;

const SAYS: [(u16, &str); 12] = [
    (400, "The request is wrong; all that is wrong with it is told at once."),
    (401, "There is no key, or it does not count."),
    (402, "The request is right, but a balance, a limit or a missing rate does not allow it."),
    (403, "The key may not do this, or the Host or Origin is not on the list."),
    (404, "There is no such object, or it is another merchant's."),
    (408, "The body did not arrive in full."),
    (409, "The request does not fit what is, or what was asked before under this idempotency key."),
    (413, "The body is too large."),
    (415, "The body is not JSON."),
    (424, "The node is not ready."),
    (500, "Something broke here; the log has it under the request's id."),
    (503, "Not now: too much to do, drained, frozen, no room on the disk, or ending."),
];

fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

/// The headers of a good answer.
pub(super) fn headers_of(own: &Operation) -> Value {
    let mut headers = Map::from_iter([("Request-Id".to_owned(), header("Request-Id"))]);
    if own.acts() {
        headers.insert("Idempotent-Replayed".to_owned(), header("Idempotent-Replayed"));
    }
    Value::Object(headers)
}

/// All headers.
pub(super) fn headers() -> Value {
    let text = |says: &str, required: bool, schema: Value| json!({ "description": says, "required": required, "schema": schema });
    let id = json!({ "type": "string", "pattern": "^req_[0-9a-f]{16}$" });
    json!({
        "Request-Id": text("Names the request in the log.", true, id),
        "Idempotent-Replayed": text(
            "The answer was given before, under the same idempotency key.",
            false,
            json!({ "type": "string", "enum": ["true"] }),
        ),
        "Retry-After": text("Seconds.", true, json!({ "type": "integer", "minimum": 1 })),
        "WWW-Authenticate": text("How a key is sent.", true, json!({ "type": "string" })),
    })
}

/// The answers that are not good ones.
pub(super) fn responses(errors: &Value) -> Value {
    let response = |(status, says): (u16, &str)| {
        let mut headers = Map::from_iter([("Request-Id".to_owned(), header("Request-Id"))]);
        let own = match status {
            401 => Some("WWW-Authenticate"),
            424 | 503 => Some("Retry-After"),
            _ => None,
        };
        headers.extend(own.map(|name| (name.to_owned(), header(name))));
        let content = json!({ "application/json": { "schema": errors } });
        let response = json!({ "description": says, "headers": headers, "content": content });
        (status.to_string(), response)
    };
    Value::Object(SAYS.map(response).into_iter().collect())
}
