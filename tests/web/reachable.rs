//! Every answer that the OpenAPI document promises can be had: each status of each operation is brought about once.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use satback::domain::money::Msat;
use satback::engine::command::Command;
use satback::ports::node_admin::Attempt;
use satback::sim::daemon::OPERATOR_KEY;
use satback::web::admin::{Keys, RouteFacts, document, route_facts};
use satback_regtest::{Answer, Api, eventually, timed};
use serde_json::{Value, json};

use super::samples::{World, id};

/// How long it may take to find the books changing while they are read.
const DEADLINE: Duration = Duration::from_secs(60);
/// Bounds that a test can reach.
const SETTINGS: [&str; 2] = ["webhooks.max_endpoints=1", "webhooks.max_waiting=100"];

/// Every documented operation that has this status.
fn with_status(status: u16) -> Vec<RouteFacts> {
    let document = document();
    let mut routes = route_facts();
    routes.retain(|route| {
        let methods = &document["paths"][route.path];
        let responses = &methods[route.method.to_lowercase()]["responses"];
        responses.get(status.to_string()).is_some()
    });
    assert!(!routes.is_empty(), "no operation has {status}");
    routes
}

fn of_key(status: u16) -> Vec<RouteFacts> {
    let mut routes = with_status(status);
    routes.retain(|route| route.keys != Keys::None);
    routes
}

/// The operator, acting for the shop.
fn caller(world: &World) -> Api {
    world.town.operator.clone().with("speed-account", &world.town.shop.account)
}

fn check(route: &RouteFacts, answer: &Answer, status: u16) {
    let about = format!("{} {}: {}", route.method, route.path, answer.text);
    assert_eq!(answer.status, status, "{about}");
}

#[test]
fn no_status_is_documented_that_is_not_brought_about_here() {
    let here = [200, 400, 401, 402, 403, 404, 408, 409, 413, 415, 424, 500, 503];
    for (path, methods) in document()["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            for status in operation["responses"].as_object().unwrap().keys() {
                assert!(here.contains(&status.parse().unwrap()), "{path} {status}");
            }
        }
    }
}

#[test]
fn every_operation_can_be_done() {
    let mut shared = World::start();
    for route in with_status(200) {
        // What changes an object has a world of its own: others are about that object too.
        let changes = route.method != "GET" && route.path.contains('{');
        if changes {
            shared = World::start();
        }
        let mut path = shared.path(&route);
        if route.path == "/claims/{id}/cancel" {
            let (_, claim) = shared.town.claim(2_000);
            path = path.replace(&shared.ids["clm_"], &id(&claim));
        }
        if route.path == "/checkout-sessions/{id}/deactivate" {
            let open = shared.town.shop.session(900, &shared.town.shop.cashback());
            path = path.replace(&shared.ids["cs_"], &id(&open));
        }
        if route.path == "/send" && route.method == "POST" {
            shared.free_account();
        }
        check(&route, &shared.ask_at(&caller(&shared), &route, &path), 200);
        if changes {
            shared = World::start();
        }
    }
}

#[test]
fn who_may_not_or_names_nothing_is_told_so_on_every_operation() {
    let world = World::start();
    let caller = caller(&world);
    for route in with_status(400) {
        let wrong = world.town.operator.clone().with("speed-account", "x");
        check(&route, &world.ask(&wrong, &route), 400);
    }
    for route in with_status(401) {
        check(&route, &world.ask(&Api::new(world.town.daemon.admin_at, ""), &route), 401);
    }
    for route in with_status(403) {
        let foreign = caller.clone().with("Origin", "http://evil.example");
        check(&route, &world.ask(&foreign, &route), 403);
    }
    for route in with_status(404) {
        let nothing = "acct_00000000zzzzzzzzzzzz";
        let answer = match route.path {
            "/balances" => world.town.operator.get(&format!("/balances?account={nothing}")),
            path if path.contains('{') => {
                world.ask_at(&world.town.operator, &route, &world.path_to_nothing(&route))
            }
            path => {
                let cashback = json!({"id": "cb_00000000zzzzzzzzzzzz"});
                let body = json!({"currency": "SATS", "amount": 5, "cashback": cashback});
                caller.post(path, body)
            }
        };
        check(&route, &answer, 404);
    }
}

#[test]
fn a_body_that_cannot_be_read_is_refused_on_every_operation_that_reads_one() {
    let world = World::start();
    let caller = caller(&world);
    for route in with_status(413) {
        let large = json!({ "x": "x".repeat(70_000) });
        check(&route, &caller.ask(&route.method, &world.path(&route), Some(&large)), 413);
    }
    for route in with_status(415) {
        let plain = caller.clone().with("Content-Type", "text/plain");
        check(&route, &plain.ask(&route.method, &world.path(&route), Some(&json!({}))), 415);
    }
    for route in with_status(408) {
        let (at, path) = (world.town.daemon.admin_at, world.path(&route));
        let request = format!(
            "{} {path} HTTP/1.1\r\nHost: {at}\r\nAuthorization: Bearer {OPERATOR_KEY}\r\n\
             Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{{",
            route.method
        );
        let mut stream = TcpStream::connect(at).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 408"), "{} {path}: {answer}", route.method);
    }
}

#[test]
fn a_repeated_idempotency_key_is_a_conflict_on_every_operation_that_takes_one() {
    let world = World::start();
    let once = caller(&world).with("Idempotency-Key", "taken");
    once.post("/accounts", json!({"name": "first"})).granted();
    for route in with_status(409) {
        let path = world.path(&route);
        let answer = once.ask(&route.method, &path, Some(&json!({"name": "second"})));
        check(&route, &answer, 409);
        assert_eq!(answer.refused(409), "idempotency_key_reused");
    }
}

#[test]
fn what_breaks_is_told_on_every_operation_with_a_key() {
    let world = World::start();
    for route in with_status(500) {
        world.town.daemon.secrets.arm_door();
        check(&route, &world.ask(&caller(&world), &route), 500);
    }
}

#[test]
fn without_a_node_what_needs_it_says_so() {
    let world = World::start();
    world.town.daemon.process.outside.node.set_running(false);
    for route in with_status(424) {
        check(&route, &world.ask(&caller(&world), &route), 424);
    }
    let ready = with_status(503).into_iter().find(|route| route.keys == Keys::None).unwrap();
    check(&ready, &world.town.operator.get(ready.path), 503);
}

#[test]
fn frozen_books_are_told_on_every_operation_that_would_change_them() {
    let world = World::start();
    let rule = "a test".to_owned();
    world.town.daemon.process.ask(Command::Freeze(rule)).unwrap();
    for route in of_key(503).iter().filter(|route| route.method != "GET") {
        // A new address without a key is in no books.
        let once = caller(&world).with("Idempotency-Key", route.path);
        let answer = once.ask(&route.method, &world.path(route), world.bodies(route).first());
        check(route, &answer, 503);
    }
}

#[test]
fn books_that_change_all_the_time_are_not_exported() {
    let world = World::start();
    let routes = of_key(503).into_iter().filter(|route| route.method == "GET");
    let paths: Vec<_> = routes.map(|route| route.path).collect();
    assert_eq!(paths, ["/ledger/export"]);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !over.load(Ordering::SeqCst) {
                    world.town.operator.post("/accounts", json!({"name": "one more"})).granted();
                }
            });
        }
        let ((), took) = timed(|| {
            eventually("books that change while they are read;", DEADLINE, || {
                let answer = world.town.operator.get("/ledger/export");
                if answer.status == 503 { Ok(()) } else { Err(answer.status.to_string()) }
            });
        });
        over.store(true, Ordering::SeqCst);
        assert!(took < DEADLINE);
    });
}

/// What is right, and refused by a balance, a limit or for want of a rate.
fn beyond(world: &World, route: &RouteFacts) -> Answer {
    let (api, path) = (caller(world), world.path(route));
    let rich = json!({"currency": "SATS", "amount": 20_000_000});
    let swiss = |kind: &str| json!({"name": "x", "type": kind, "currency": "CHF"});
    let with = |mut body: Value, field: &str| {
        body[field] = json!(5);
        body
    };
    let hook = || json!({"url": "https://shop.example/2", "enabled_events": ["claim.paid"]});
    match (route.method.as_str(), route.path) {
        ("POST", "/accounts/{id}/credits" | "/accounts/{id}/debits") => {
            api.post(&path, json!({"amount": 1_000_000_000}))
        }
        ("POST", "/cashbacks") => api.post(&path, with(swiss("fixed"), "amount")),
        ("POST", "/cashbacks/{id}") => {
            let made = api.post("/cashbacks", with(swiss("percentage"), "percentage")).granted();
            api.post(&format!("/cashbacks/{}", id(&made)), json!({"budget": 5}))
        }
        ("POST", "/checkout-links" | "/checkout-sessions" | "/payment-page" | "/payments") => {
            world.town.daemon.process.outside.node.set_liquidity(|now| now.inbound = Msat::ZERO);
            api.post(&path, rich)
        }
        ("POST", "/send") => {
            let address = json!({"withdraw_request": "nobody@wallet.example", "amount": 5});
            api.with("Idempotency-Key", "to nobody").post(&path, address)
        }
        ("POST", "/webhooks") => api.post(&path, hook()),
        ("POST", "/webhooks/{id}/enable") => {
            api.post(&path.replace("enable", "disable"), json!({})).granted();
            api.post("/webhooks", hook()).granted();
            api.post(&path, json!({}))
        }
        ("POST", "/webhooks/{id}/deliveries/{msg}/resend") => {
            let resent = (0..101).map(|_| api.post(&path, json!({})));
            resent.into_iter().find(|answer| answer.status != 200).unwrap()
        }
        ("POST", "/node/channels") => {
            let mut body = world.bodies(route)[0].clone();
            body["capacity_sat"] = json!(1_000_000_000);
            api.with("Idempotency-Key", "rich").post(&path, body)
        }
        ("POST", "/node/send") => {
            let body = json!({"address": "bcrt1q", "amount_sat": 1_000_000_000});
            api.with("Idempotency-Key", "richer").post(&path, body)
        }
        ("POST", "/node/channels/{id}/close" | "/node/peers") => {
            let refused = Attempt::Refused("not now".to_owned());
            world.town.daemon.process.outside.node.script_attempt(refused);
            world.ask(&api, route)
        }
        (method, path) => panic!("say here what brings {method} {path} to 402"),
    }
}

#[test]
fn what_is_right_but_beyond_a_balance_a_limit_or_the_rates_is_refused() {
    let mut world = World::start_with(&SETTINGS);
    for route in with_status(402) {
        if route.path.ends_with("enable") || route.path.ends_with("resend") {
            world = World::start_with(&SETTINGS);
        }
        check(&route, &beyond(&world, &route), 402);
    }
}
