//! Every operation of the API, done as a command of the real program.

use satback::cli::command_of;
use satback::web::admin::{Keys, RouteFacts, route_facts};
use satback_regtest::Api;
use serde_json::{Value, json};

use super::cli::{operator, text};
use super::samples::{World, id};

/// Every route that is a command.
fn routes() -> Vec<RouteFacts> {
    let mut routes = route_facts();
    routes.retain(|route| command_of(&route.method, route.path).is_some());
    assert!(routes.len() > 40);
    routes
}

/// The operator, acting for the shop.
fn caller(world: &World) -> Api {
    world.town.operator.clone().with("speed-account", &world.town.shop.account)
}

/// The command line of a request: its noun and verb, and what its path names.
fn words(route: &RouteFacts, path: &str) -> Vec<String> {
    let [noun, verb] = command_of(&route.method, route.path).unwrap();
    let ids =
        route.path.split('/').zip(path.split('/')).filter(|(known, _)| known.starts_with('{'));
    let ids = ids.map(|(_, id)| id.to_owned());
    [noun, verb].map(str::to_owned).into_iter().chain(ids).collect()
}

/// Whose objects it is about: what merchants may do, the operator does for one of them.
fn account(world: &World, route: &RouteFacts) -> Vec<String> {
    match route.keys {
        Keys::None | Keys::Operator => vec![],
        Keys::Writers | Keys::Sessions | Keys::Readers | Keys::All => {
            vec!["--account".to_owned(), world.town.shop.account.clone()]
        }
    }
}

/// A body as flags.
fn flags(above: &str, body: &Value) -> Vec<String> {
    let mut flags = vec![];
    for (name, value) in body.as_object().unwrap() {
        let flag = format!("{above}{}", name.replace('_', "-"));
        let plain = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
        match value {
            Value::Object(pairs) if name == "metadata" => {
                flags.extend(
                    pairs.iter().map(|(name, text)| format!("--metadata={name}={}", plain(text))),
                );
            }
            Value::Object(_) => flags.extend(flags_of(&flag, value)),
            Value::Array(values) => {
                let texts: Vec<_> = values.iter().map(plain).collect();
                flags.push(format!("--{flag}={}", texts.join(",")));
            }
            value => flags.push(format!("--{flag}={}", plain(value))),
        }
    }
    flags
}

fn flags_of(above: &str, body: &Value) -> Vec<String> {
    flags(&format!("{above}-"), body)
}

#[test]
fn every_command_that_reads_prints_the_apis_answer_unchanged_or_as_a_table_that_fits() {
    let world = World::start_with(&["rates.fixed=[\"EUR=1100\"]"]);
    let name = "日本の\u{202e}とても長い名前".repeat(5);
    world.town.operator.post("/accounts", json!({ "name": name })).granted();
    let (mut seen, mut tables) = (0, 0);
    for route in routes().into_iter().filter(|route| route.method == "GET") {
        let path = world.path(&route);
        let mut words = words(&route, &path);
        words.extend(account(&world, &route));
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let plain = operator(&world.town, &words).output().unwrap();
        let about = format!("{words:?}: {}{}", text(&plain.stdout), text(&plain.stderr));
        assert!(plain.status.success(), "{about}");
        let answer = match words.contains(&"--account") {
            true => caller(&world).get(&path),
            false => world.town.operator.get(&path),
        };
        if answer.json["data"].is_array() {
            let shown = text(&plain.stdout);
            assert!(shown.lines().all(|line| line.chars().count() <= 80), "{about}");
            assert!(!shown.contains('\u{202e}'), "{about}");
            assert!(shown.lines().count() > 1, "{about}");
            tables += 1;
        }
        let with_json = [words.as_slice(), &["--json"]].concat();
        let exact = operator(&world.town, &with_json).output().unwrap();
        assert_eq!(text(&exact.stdout), format!("{}\n", answer.text), "{about}");
        seen += 1;
    }
    assert!(seen > 25 && tables > 15, "{seen} {tables}");
}

#[test]
fn every_command_that_acts_does_what_the_api_does() {
    let (mut world, mut changed) = (World::start(), false);
    for route in routes().into_iter().filter(|route| route.method != "GET") {
        let samples = world.bodies(&route).len().min(2);
        for sample in 0..samples {
            // What changes an object has a world of its own: others are about that object too.
            if std::mem::replace(&mut changed, route.path.contains('{')) || changed {
                world = World::start();
            }
            let mut path = world.path(&route);
            let mut body = world.bodies(&route)[sample].clone();
            match route.path {
                "/claims/{id}/cancel" => {
                    let (_, claim) = world.town.claim(2_000);
                    path = path.replace(&world.ids["clm_"], &id(&claim));
                }
                "/checkout-sessions/{id}/deactivate" => {
                    let open = world.town.shop.session(900, &world.town.shop.cashback());
                    path = path.replace(&world.ids["cs_"], &id(&open));
                }
                "/send" => {
                    world = World::start();
                    world.free_account();
                    body = world.bodies(&route)[sample].clone();
                }
                // Only what is left of an earlier node can be written off.
                "/payouts/{id}/resolve" if sample > 0 => continue,
                _ => {}
            }
            if route.fields.contains(&"metadata") {
                body["metadata"] = json!({ "order": "7" });
            }
            let mut words = words(&route, &path);
            words.extend(flags("", &body));
            words.push("--json".to_owned());
            words.extend(account(&world, &route));
            let words: Vec<_> = words.iter().map(String::as_str).collect();
            let done = operator(&world.town, &words).output().unwrap();
            let about = format!("{words:?}: {}{}", text(&done.stdout), text(&done.stderr));
            assert!(done.status.success(), "{about}");
            let object: Value = serde_json::from_slice(&done.stdout).unwrap();
            assert!(object["object"].is_string() || object["exists"].is_boolean(), "{about}");
            for (name, said) in body.as_object().unwrap() {
                let is = object.get(name).is_none_or(|shown| shown == said || shown.is_array());
                assert!(is || name == "force", "{name}: {about}");
            }
        }
    }
}

#[test]
fn a_page_that_is_not_the_last_says_how_to_see_the_next() {
    let world = World::start();
    let list = ["events", "list", "--limit", "2"];
    let first = operator(&world.town, &list).output().unwrap();
    let told = text(&first.stderr);
    let (_, command) = told.trim().split_once("there are more: satback ").unwrap();
    let next = operator(&world.town, &command.split(' ').collect::<Vec<_>>()).output().unwrap();
    let all = operator(&world.town, &["events", "list", "--limit", "4"]).output().unwrap();
    let rows = |output: &[u8]| text(output).lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!([rows(&first.stdout), rows(&next.stdout)].concat(), rows(&all.stdout));
}

#[test]
fn a_key_makes_a_repetition_do_nothing_again() {
    let world = World::start();
    let create = ["accounts", "create", "--name", "once", "--idempotency-key", "k", "--json"];
    let [first, second] = [0, 1].map(|_| operator(&world.town, &create).output().unwrap());
    assert!(first.status.success());
    assert_eq!(first.stdout, second.stdout);
}

#[test]
fn completions_and_the_manual_name_every_noun() {
    let world = World::start();
    let nouns: Vec<_> =
        routes().iter().map(|r| command_of(&r.method, r.path).unwrap()[0]).collect();
    let print = |args: &[&str]| {
        let done = operator(&world.town, args).output().unwrap();
        assert!(done.status.success(), "{}", text(&done.stderr));
        text(&done.stdout).replace('\\', "")
    };
    for args in
        [&["completions", "bash"][..], &["completions", "zsh"], &["completions", "fish"], &["man"]]
    {
        let printed = print(args);
        for noun in nouns.iter().chain(&["serve", "backup", "ledger"]) {
            assert!(printed.contains(noun), "{args:?} {noun}");
        }
    }
    let dir = tempfile::tempdir().unwrap();
    print(&["man", "--dir", dir.path().to_str().unwrap()]);
    let page = std::fs::read_to_string(dir.path().join("satback-cashbacks-create.1")).unwrap();
    assert!(page.replace('\\', "").contains("--claim-ttl"), "{page}");
}
