//! Each field of each request that changes something is given a wrong value, and the answer names it. The tables are held
//! to the program's sources: a route or a field without a row here fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

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

/// The sources of the admin API.
fn admin() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/admin"))
}

/// The routes in a source: `.route("/path", post(…))`, or `post("/path", …)`.
fn routes(source: &str) -> BTreeSet<String> {
    let quoted =
        |text: &str| text.trim_start().strip_prefix('"')?.split('"').next().map(str::to_owned);
    let wrapped = source.split(".route(").skip(1).filter(|route| {
        let handlers = route.split_once("\",").map_or("", |(_, handlers)| handlers);
        handlers.contains("post(") || handlers.contains("delete(accounts")
    });
    let named = ["post(", "delete("].into_iter().flat_map(|method| source.split(method).skip(1));
    let named = named.filter_map(quoted).filter(|route| !route.ends_with("/customer-details"));
    wrapped.filter_map(quoted).chain(named).filter(|route| route.starts_with('/')).collect()
}

#[test]
fn the_tables_have_every_route_that_takes_a_body() {
    let mut known = routes(&fs::read_to_string(admin().join("routes.rs")).unwrap());
    for entry in fs::read_dir(admin().join("routes")).into_iter().flatten() {
        known.extend(routes(&fs::read_to_string(entry.unwrap().path()).unwrap()));
    }
    let ours: BTreeSet<String> = cases().iter().map(|case| case.route.to_owned()).collect();
    assert!(known.len() > 20, "{known:?}");
    assert_eq!(known, ours);
}

/// Which source declares the fields of which routes.
const DECLARED: &[(&str, &[&str])] = &[
    ("accounts/create.rs", &["/accounts"]),
    ("accounts/funds.rs", &["/accounts/{id}/credits", "/accounts/{id}/debits"]),
    ("accounts/keys.rs", &["/accounts/{id}/keys", "/accounts/{id}/keys/{key}"]),
    ("accounts/mod.rs", &["/accounts", "/accounts/{id}"]),
    ("accounts/update.rs", &["/accounts/{id}"]),
    ("cashbacks/create.rs", &["/cashbacks"]),
    ("cashbacks/update.rs", &["/cashbacks/{id}"]),
    ("checkout_sessions/terms.rs", &["/checkout-sessions", "/payment-page"]),
    ("checkout_sessions/update.rs", &["/checkout-sessions/{id}"]),
    ("ledger/suspense.rs", &["/ledger/suspense/{id}/assign"]),
    ("node/channels.rs", &["/node/channels"]),
    ("payouts/resolve.rs", &["/payouts/{id}/resolve"]),
    ("terms.rs", &["/checkout-links", "/payment-links", "/checkout-sessions", "/payment-page"]),
    (
        "terms/price.rs",
        &["/checkout-links", "/payment-links", "/checkout-sessions", "/payment-page", "/payments"],
    ),
    (
        "terms/questions.rs",
        &["/checkout-links", "/payment-links", "/checkout-sessions", "/payment-page"],
    ),
    ("webhooks/create.rs", &["/webhooks"]),
    ("webhooks/verify_secret.rs", &["/webhooks/verify-secret"]),
];

/// Words in those sources that name no field: codes, values, keys of other places.
const NO_FIELDS: &[&str] = &[
    "active",
    "cf_",
    "channel_refused",
    "data",
    "dropdown",
    "expired",
    "failed",
    "fixed",
    "has_more",
    "idempotency_key_required",
    "invalid_field",
    "invalid_metadata",
    "invalid_request_error",
    "lightning",
    "list",
    "live",
    "missing_field",
    "number",
    "object",
    "paid",
    "test",
    "text",
];

/// Fields that only some routes of a source have.
const NOT_IN: &[(&str, &str)] = &[
    ("/accounts/{id}/keys", "overlap_secs"),
    ("/accounts/{id}/keys", "account"),
    ("/accounts/{id}/keys/{key}", "type"),
    ("/accounts/{id}/keys/{key}", "account"),
    // What belongs to a choice is not offered there, as a whole.
    ("/checkout-links", "min_amount"),
    ("/checkout-links", "max_amount"),
    ("/payments", "min_amount"),
    ("/payments", "max_amount"),
];

/// The words in a source that may name fields.
fn words(source: &str) -> BTreeSet<String> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = code.collect::<Vec<_>>().join("\n");
    let texts = code.split('"').skip(1).step_by(2);
    let is_name = |text: &&str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    texts.filter(is_name).filter(|text| !NO_FIELDS.contains(text)).map(str::to_owned).collect()
}

#[test]
fn the_tables_have_every_field_that_the_sources_declare() {
    let mut rows: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for case in cases() {
        let of_route = rows.entry(case.route).or_default();
        of_route.extend(case.wrong.iter().map(|(field, ..)| leaf(field).to_owned()));
    }
    let mut lacking = vec![];
    for (file, routes) in DECLARED {
        let source = fs::read_to_string(admin().join(file)).unwrap();
        for route in *routes {
            let of_source = words(&source).into_iter();
            let left = of_source.filter(|field| !NOT_IN.contains(&(*route, field.as_str())));
            lacking.extend(left.filter(|field| !rows[route].contains(field)).map(|f| (*route, f)));
        }
    }
    assert_eq!(lacking, [], "fields without a row, or words to be passed over");
    // Nor does another source read bodies.
    let known: BTreeSet<&str> = DECLARED.iter().map(|(file, _)| *file).collect();
    let folders = [admin().to_owned()].into_iter().chain(
        fs::read_dir(admin()).unwrap().map(|entry| entry.unwrap().path()).filter(|p| p.is_dir()),
    );
    for folder in folders {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(admin()).unwrap().to_str().unwrap().to_owned();
            if path.extension().is_none_or(|end| end != "rs") || name.starts_with("form") {
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let reads =
                ["text(\"", "number(\"", "word(\"", "boolean(\"", "object(\"", "decimal(\""];
            let reads = reads.iter().any(|read| source.contains(read));
            assert!(!reads || known.contains(name.as_str()), "{name} reads a body");
        }
    }
}
