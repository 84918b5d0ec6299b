//! Each field of each request that changes something is given a wrong value, and the answer names it. The tables are held
//! to the OpenAPI document: a route or a field without a row here fails.

use std::collections::{BTreeMap, BTreeSet};

use satback::web::admin::document;
use satback_regtest::Api;
use serde_json::{Value, json};

use super::kit::{Town, problems};

mod merchants;
mod operators;

/// A wrong value: the field, what is said, and the code of the one error that it brings.
type Wrong = (&'static str, Value, &'static str);

/// Requests to one route.
struct Case {
    route: &'static str,
    /// A body with nothing wrong in it.
    right: Value,
    wrong: Vec<Wrong>,
}

impl Case {
    fn new(route: &'static str, right: Value, wrong: Vec<Wrong>) -> Self {
        Self { route, right, wrong }
    }

    /// A route that takes no fields.
    fn bare(route: &'static str) -> Self {
        Self::new(route, json!({}), vec![])
    }
}

const INVALID: &str = "invalid_field";
const MISSING: &str = "missing_field";
const UNSUPPORTED: &str = "unsupported";

fn cases() -> Vec<Case> {
    let mut cases = merchants::cases();
    cases.extend(operators::cases());
    cases
}

/// Sets `a.b[0].c` in a body.
fn put(body: &mut Value, field: &str, value: Value) {
    let at = field.split(['.', '[']).fold(body, |at, part| match part.strip_suffix(']') {
        Some(index) => &mut at[index.parse::<usize>().unwrap()],
        None => &mut at[part],
    });
    *at = value;
}

/// The name of a field, without what it lies in.
fn leaf(field: &str) -> &str {
    field.rsplit(['.', ']']).next().unwrap()
}

/// Objects that routes are about.
struct Ids {
    by_route: BTreeMap<&'static str, String>,
}

impl Ids {
    fn make(town: &Town) -> Self {
        let shop = &town.shop;
        let cashback = shop.cashback();
        let session = shop.session(1_000, &cashback);
        let hook = json!({"url": "https://a.example/hook", "enabled_events": ["*"]});
        let hook = shop.api.post("/webhooks", hook).granted();
        let text = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let by_route = [
            ("/accounts", shop.account.clone()),
            ("/cashbacks", text(&cashback)),
            ("/checkout-sessions", text(&session)),
            ("/webhooks", text(&hook)),
        ];
        Self { by_route: by_route.into_iter().collect() }
    }

    /// A path for a route. What is not made need not be there: the body is read first.
    fn path(&self, route: &str) -> String {
        let kind = &route[..route.find("/{").unwrap_or(route.len())];
        let other = match kind {
            "/payouts" => "po_00000000zzzzzzzzzzzz",
            "/ledger/suspense" => "sus_00000000zzzzzzzzzzzz",
            "/claims" => "clm_00000000zzzzzzzzzzzz",
            "/checkout-links" => "clink_00000000zzzzzzzzzzzz",
            _ => "plink_00000000zzzzzzzzzzzz",
        };
        let id = self.by_route.get(kind).map_or(other, String::as_str);
        let path = route.replace("{id}", id).replace("{msg}", "msg_00000000zzzzzzzzzzzz");
        path.replace("{key}", "key_00000000zzzzzzzzzzzz")
    }
}

fn ask(api: &Api, route: &str, path: &str, body: &Value) -> satback_regtest::Answer {
    // The only request that removes something and says how.
    let method = if route.ends_with("{key}") { "DELETE" } else { "POST" };
    api.ask(method, path, Some(body))
}

#[test]
fn each_wrong_value_of_each_field_is_told_by_name_and_changes_nothing() {
    let town = Town::start();
    let ids = Ids::make(&town);
    let operator = town.operator.clone().with("Idempotency-Key", "wrong");
    let told = || town.operator.get("/events?limit=100").granted();
    let before = told();
    for case in cases() {
        let is_operators = ["/accounts", "/node", "/ledger", "/payouts", "/drain", "/undrain"]
            .iter()
            .any(|kind| case.route.starts_with(kind));
        let api = if is_operators { &operator } else { &town.shop.api };
        let path = ids.path(case.route);
        let unknown = ("no_such_field", json!(1), "unknown_field");
        for (field, value, code) in case.wrong.into_iter().chain([unknown]) {
            let mut body = case.right.clone();
            put(&mut body, field, value);
            let answer = ask(api, case.route, &path, &body);
            assert_eq!(answer.status, 400, "{path} {body}: {}", answer.text);
            assert_eq!(problems(&answer), [(code.into(), field.into())], "{path} {body}");
            assert!(answer.json["errors"][0]["message"].as_str().unwrap().len() > 10);
        }
    }
    assert_eq!(told(), before);
}

/// The names of a schema's fields, and of those inside them.
fn fields(schema: &Value, found: &mut BTreeSet<String>) {
    if let Some(properties) = schema["properties"].as_object() {
        for (name, inner) in properties {
            found.insert(name.clone());
            fields(inner, found);
        }
    }
    if schema["items"].is_object() {
        fields(&schema["items"], found);
    }
}

/// Routes that change something, with the fields of their bodies, as the document has them.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let document = document();
    let mut routes = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            let mut found = BTreeSet::new();
            fields(body, &mut found);
            if method == "post" || !found.is_empty() {
                routes.insert(path.clone(), found);
            }
        }
    }
    routes
}

#[test]
fn the_tables_have_every_route_and_every_field_of_the_document() {
    let mut rows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in cases() {
        let of_route = rows.entry(case.route.to_owned()).or_default();
        of_route.extend(case.wrong.iter().map(|(field, ..)| leaf(field).to_owned()));
    }
    let documented = documented();
    assert!(documented.len() > 20, "{documented:?}");
    assert_eq!(rows.keys().collect::<Vec<_>>(), documented.keys().collect::<Vec<_>>());
    let mut lacking = vec![];
    for (route, fields) in &documented {
        lacking.extend(fields.difference(&rows[route]).map(|field| (route, field)));
    }
    assert_eq!(lacking, [], "fields without a row");
}
