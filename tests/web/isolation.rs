//! No merchant sees or touches another's objects, and no key does what it is not for: on every route of the table.

use satback::domain::account::KeyKind;
use satback::web::admin::{Keys, RouteFacts, route_facts};
use satback_regtest::{Answer, Api};
use serde_json::{Value, json};

use super::samples::World;

/// Routes that need no key.
const OPEN: [&str; 4] = ["GET /healthz", "GET /metrics", "GET /openapi.json", "GET /readyz"];
/// What a publishable key may do beside that: it says whether a secret is known that the caller has already.
const PUBLISHABLE: [&str; 3] =
    ["POST /checkout-sessions", "POST /payment-page", "POST /webhooks/verify-secret"];
/// Pages for people, which show nothing to those who have not logged in.
const PAGES: [&str; 0] = [];

fn name(route: &RouteFacts) -> String {
    format!("{} {}", route.method, route.path)
}

fn named(fits: impl Fn(&RouteFacts) -> bool) -> Vec<String> {
    let mut names: Vec<_> = route_facts().iter().filter(|route| fits(route)).map(name).collect();
    names.sort();
    names
}

fn api_routes() -> Vec<RouteFacts> {
    let mut routes = route_facts();
    routes.retain(|route| route.keys != Keys::None);
    assert!(routes.len() > 60);
    routes
}

/// What the shop has, as it sees it itself.
fn belongings(world: &World) -> Vec<(String, String)> {
    let mut all = vec![];
    for route in api_routes() {
        if route.method == "GET" && route.keys == Keys::Readers {
            let path = world.path(&route);
            let seen = world.town.shop.api.get(&path);
            assert_eq!(seen.status, 200, "{path} {}", seen.text);
            all.push((path, seen.text));
        }
    }
    assert!(all.len() > 20);
    all
}

#[test]
fn the_table_says_of_every_route_who_may_call_it_and_few_are_for_everybody() {
    assert_eq!(named(|route| route.keys == Keys::None && route.is_documented), OPEN);
    assert_eq!(named(|route| !route.is_documented), PAGES);
    let publishable =
        |route: &RouteFacts| route.keys != Keys::None && route.keys.admit(KeyKind::Publishable);
    assert_eq!(named(publishable), PUBLISHABLE);
    let reads = |route: &RouteFacts| {
        route.method != "GET" && route.keys != Keys::None && route.keys.admit(KeyKind::Restricted)
    };
    assert_eq!(named(reads), ["POST /webhooks/verify-secret"], "a restricted key only reads");
}

#[test]
fn without_a_key_every_route_but_health_and_the_document_is_closed() {
    let world = World::start();
    for key in ["", "sk_test_nobodys"] {
        let nobody = Api::new(world.town.daemon.admin_at, key);
        for route in api_routes() {
            let refused = world.ask(&nobody, &route);
            assert_eq!(refused.refused(401), "unauthorized", "{}", name(&route));
        }
    }
}

#[test]
fn each_kind_of_key_is_refused_on_every_route_that_is_not_for_it() {
    let world = World::start();
    let shop = &world.town.shop;
    let before = belongings(&world);
    for (kind, api) in [
        (KeyKind::Restricted, &shop.restricted),
        (KeyKind::Publishable, &shop.publishable),
        (KeyKind::Secret, &shop.api),
    ] {
        for route in api_routes().iter().filter(|route| !route.keys.admit(kind)) {
            let refused = world.ask(api, route);
            assert_eq!(refused.refused(403), "forbidden", "{kind:?} {}", name(route));
        }
    }
    // Nor does a key that may only read change anything where it is let in.
    for route in api_routes().iter().filter(|route| route.keys.admit(KeyKind::Restricted)) {
        let answer = world.ask(&shop.restricted, route);
        assert_eq!(answer.status, 200, "{} {}", name(route), answer.text);
    }
    assert_eq!(belongings(&world), before);
}

/// Nothing of the shop's is in an answer to somebody else.
fn tells_nothing(world: &World, answer: &Answer, about: &str) {
    for id in world.ids.values().chain(&world.secrets) {
        assert!(!answer.text.contains(id.as_str()), "{about} tells {id}: {}", answer.text);
    }
}

#[test]
fn what_is_anothers_is_not_there_on_any_route() {
    let world = World::start();
    let other = world.town.merchant("other");
    let before = belongings(&world);
    for route in api_routes() {
        let about = name(&route);
        for api in [&other.api, &other.restricted, &other.publishable] {
            let answer = world.ask(api, &route);
            tells_nothing(&world, &answer, &about);
        }
        if !route.keys.admit(KeyKind::Secret) {
            continue;
        }
        let answer = world.ask(&other.api, &route);
        if route.path.contains('{') {
            assert_eq!(answer.refused(404), "not_found", "{about}");
            let missing = world.ask_at(&other.api, &route, &world.path_to_nothing(&route));
            assert_eq!(answer.json, missing.json, "{about}: like one that is missing");
        } else if world.bodies(&route).first().is_some_and(|body| body["cashback"].is_object()) {
            assert_eq!(answer.refused(404), "not_found", "{about}: another's cashback");
        } else if about == "POST /send" {
            assert_eq!(answer.refused(402), "insufficient_funds", "{about}: another's balance");
        } else {
            assert_eq!(answer.status, 200, "{about} {}", answer.text);
        }
    }
    assert_eq!(belongings(&world), before);
}

#[test]
fn lists_do_not_lead_to_what_is_anothers_by_any_parameter() {
    let world = World::start();
    let other = world.town.merchant("other");
    let shop = &world.town.shop.account;
    for route in api_routes() {
        let lists = route.method == "GET" && !route.path.contains('{');
        if !lists || !route.keys.admit(KeyKind::Secret) {
            continue;
        }
        let path = route.path;
        let foreign = other.api.clone().with("speed-account", shop);
        assert_eq!(foreign.get(path).refused(403), "forbidden", "{path}");
        let asked = format!("{path}?account={shop}");
        // Rates are nobody's; everything else is asked for in vain.
        assert_eq!(other.api.get(&asked).status == 400, path != "/rates", "{asked}");
        tells_nothing_but(&world, &other.api.get(&asked), shop, &asked);
        for (prefix, id) in &world.ids {
            for cursor in ["starting_after", "ending_before"] {
                let asked = format!("{path}?{cursor}={id}");
                let answer = other.api.get(&asked);
                tells_nothing_but(&world, &answer, id, &asked);
                let is_list = answer.json["object"] == "list";
                assert!(!is_list, "{asked}: a cursor of another's ({prefix}) leads nowhere");
            }
        }
    }
}

fn tells_nothing_but(world: &World, answer: &Answer, said: &str, about: &str) {
    let without = Answer { text: answer.text.replace(said, ""), ..answer.clone() };
    tells_nothing(world, &without, about);
}

/// Every field of these names, wherever it is, with the kind of object that has it.
fn fields<'a>(value: &'a Value, names: &[&str], found: &mut Vec<(&'a Value, &'a Value)>) {
    match value {
        Value::Object(fields_of) => {
            for (name, inner) in fields_of {
                if names.contains(&name.as_str()) {
                    found.push((&value["object"], inner));
                }
                fields(inner, names, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|inner| fields(inner, names, found)),
        _ => {}
    }
}

#[test]
fn a_restricted_key_sees_no_link_and_no_secret_on_any_route() {
    let world = World::start();
    let (shop, mut hidden, mut shown) = (&world.town.shop, 0, 0);
    for route in api_routes() {
        if route.method != "GET" || !route.keys.admit(KeyKind::Restricted) {
            continue;
        }
        let path = world.path(&route);
        let seen = shop.restricted.get(&path);
        let json = seen.json.clone();
        seen.clone().granted();
        for secret in &world.secrets {
            assert!(!seen.text.contains(secret.as_str()), "{path} shows {secret}");
        }
        let mut found = vec![];
        fields(&json, &["lnurl", "lnurlw", "url", "secret"], &mut found);
        for (object, value) in found {
            // Where the merchant is told is the merchant's own address, and no link of a customer's.
            if object == "webhook.endpoint" && value.is_string() {
                assert_eq!(value, "https://shop.example/hook", "{path}");
            } else {
                assert_eq!(value, &json!(null), "{path}");
                hidden += 1;
            }
        }
        let mut full = vec![];
        let with_secret = shop.api.get(&path).json;
        fields(&with_secret, &["lnurl", "lnurlw", "url", "secret"], &mut full);
        shown += full.iter().filter(|(_, value)| value.is_string()).count();
    }
    assert!(hidden > 20 && shown > 10, "{hidden} {shown}");
}
