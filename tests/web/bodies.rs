//! What the document says of bodies is what the API reads: every field that it names is read, and no other one.

use satback::web::admin::{RouteFacts, route_facts};
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
