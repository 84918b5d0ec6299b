//! What the document says of bodies is what the API reads: every field that it names is read, and no other one.

use satback::web::admin::{Keys, RouteFacts, document, route_facts};
use satback_regtest::Api;
use serde_json::{Value, json};

use super::kit::problems;
use super::samples::World;

/// Who may call, acting for the shop where it has to.
fn caller(world: &World) -> Api {
    world.town.operator.clone().with("speed-account", &world.town.shop.account)
}

fn routes() -> Vec<RouteFacts> {
    let mut routes = route_facts();
    routes.retain(|route| route.method != "GET");
    assert!(routes.len() > 30);
    routes
}

/// What is said of a field in a body that is otherwise right; every key is new.
fn told(world: &World, route: &RouteFacts, body: &Value, field: &str, at: usize) -> Vec<String> {
    let key = format!("{}{field}{at}", route.path);
    let api = caller(world).with("Idempotency-Key", &key);
    let answer = api.ask(&route.method, &world.path(route), Some(body));
    if answer.status != 400 {
        return vec![];
    }
    let about = problems(&answer).into_iter().filter(|(_, param)| param.starts_with(field));
    about.map(|(code, _)| code).collect()
}

#[test]
fn every_documented_field_is_read() {
    let world = World::start();
    for route in routes() {
        for field in &route.fields {
            let samples = world.bodies(&route).into_iter().chain([json!({})]);
            let read = samples.enumerate().any(|(at, mut body)| {
                // No field is a list of lists.
                body[*field] = json!([[["x"]]]);
                let codes = told(&world, &route, &body, field, at);
                !codes.is_empty() && codes.iter().all(|code| code != "unknown_field")
            });
            assert!(read, "{} {} does not read {field}", route.method, route.path);
        }
    }
}

#[test]
fn no_other_field_is_taken() {
    let world = World::start();
    for route in routes() {
        for (at, mut body) in world.bodies(&route).into_iter().enumerate() {
            body["undocumented"] = json!(null);
            let codes = told(&world, &route, &body, "undocumented", at);
            assert_eq!(codes, ["unknown_field"], "{} {}", route.method, route.path);
        }
    }
}

#[test]
fn every_word_that_the_document_names_is_understood() {
    let document = document();
    let (world, mut tried) = (World::start(), 0);
    for route in routes() {
        let operation = &document["paths"][route.path][route.method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        for field in &route.fields {
            let words = schema["properties"][*field]["enum"].as_array();
            for word in words.into_iter().flatten().filter(|word| word.is_string()) {
                let mut body = world.bodies(&route)[0].clone();
                body[*field] = word.clone();
                let codes = told(&world, &route, &body, field, tried);
                let refused = codes.iter().any(|code| code == "invalid_field");
                assert!(!refused, "{} {} {field} {word}", route.method, route.path);
                tried += 1;
            }
        }
    }
    assert!(tried > 20, "{tried}");
}

#[test]
fn null_counts_as_absent_wherever_the_document_allows_it() {
    let document = document();
    let (world, mut tried) = (World::start(), 0);
    for route in routes() {
        let operation = &document["paths"][route.path][route.method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        for (at, body) in world.bodies(&route).into_iter().enumerate() {
            for field in route.fields.iter().filter(|field| body.get(**field).is_none()) {
                let schema = &schema["properties"][*field];
                let null = json!("null");
                let kinds = schema["type"].as_array();
                if kinds.is_none_or(|kinds| !kinds.contains(&null)) && schema["type"].is_string() {
                    continue;
                }
                let mut body = body.clone();
                body[*field] = json!(null);
                let codes = told(&world, &route, &body, field, at);
                assert_eq!(codes, [""; 0], "{} {} {field}", route.method, route.path);
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn the_operator_acts_for_accounts_that_there_are() {
    let world = World::start();
    let nobody = world.town.operator.clone().with("speed-account", "acct_00000000zzzzzzzzzzzz");
    for route in route_facts().iter().filter(|route| route.keys != Keys::None) {
        let answer = world.ask(&nobody, route);
        assert_eq!(answer.refused(400), "invalid_field", "{} {}", route.method, route.path);
        assert_eq!(problems(&answer)[0].1, "speed-account");
    }
}

#[test]
fn what_goes_with_another_outcome_of_a_payout_is_refused_as_that() {
    let world = World::start();
    let path = format!("/payouts/{}/resolve", world.ids["po_"]);
    let resolve = |body: Value| world.town.operator.post(&path, body);
    let both = json!({"status": "failed", "reason": "gone", "preimage": "01".repeat(32)});
    assert_eq!(resolve(both).refused(400), "unsupported");
    let neither = resolve(json!({"status": "lost", "reason": "gone"}));
    assert_eq!(problems(&neither), [("invalid_field".to_owned(), "status".to_owned())]);
    let paid = json!({"status": "paid", "reason": " ", "preimage": "01".repeat(32)});
    assert_eq!(resolve(paid).granted()["status"], "paid");
}

#[test]
fn what_follows_from_another_mistake_is_not_told_as_one_more() {
    let world = World::start();
    let told = |path: &str, body: Value| problems(&caller(&world).post(path, body));
    let wrong = |param: &str| [("invalid_field".to_owned(), param.to_owned())];
    for act in ["credits", "debits"] {
        let path = format!("/accounts/{}/{act}", world.town.shop.account);
        assert_eq!(told(&path, json!({"amount": 1, "amount_msat": 1})), wrong("amount"));
    }
    let neither = json!({"name": "x", "type": "tiered", "amount": 5});
    assert_eq!(told("/cashbacks", neither), wrong("type"));
}
