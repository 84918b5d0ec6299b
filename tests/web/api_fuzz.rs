//! `make api-fuzz`: schemathesis, which is not ours, asks every operation of the API what the OpenAPI document promises,
//! and a little otherwise, against the real HTTP server over the simulated node.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use satback::domain::money::Msat;
use satback::domain::time::Span;
use satback::sim::Behaviour;
use satback::sim::daemon::OPERATOR_KEY;
use satback_regtest::{perhaps, python};
use serde_json::json;

use super::samples::World;

/// How long it goes on unless `SATBACK_API_FUZZ_SECS` says otherwise.
const SECS: u64 = 60;
/// The fuzzer's own start, and the shrinking of what it found.
const MORE: Duration = Duration::from_secs(120);

/// A process that ends with the test.
struct Fuzzer(Child);

impl Drop for Fuzzer {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn asked() -> Option<u64> {
    let secs = std::env::var("SATBACK_API_FUZZ_SECS").ok()?;
    Some(secs.parse().unwrap())
}

/// What goes on in the world meanwhile: what waits for money gets some, payouts end, time passes.
fn live(world: &mut World) {
    let operator = world.town.operator.clone();
    let unpaid = operator.get("/checkout-sessions?status=active&limit=3").json;
    for session in unpaid["data"].as_array().into_iter().flatten() {
        if session["payments"][0]["status"] == "unpaid" {
            world.town.pay(session);
        }
    }
    world.town.daemon.process.settle_down();
    world.town.daemon.process.pass(Span::from_secs(1));
    world.town.daemon.process.reconcile();
}

/// The parts of a run: which operations, in which phases, and the share of the time. Drained by one of them, the others
/// would be told nothing else, so the two that drain are asked by themselves.
const PARTS: [(&[&str], u64); 3] = [
    (&["--phases", "examples,coverage,fuzzing", "--exclude-path", "/drain"], 55),
    (&["--phases", "stateful", "--exclude-path", "/drain"], 40),
    (&["--phases", "examples,coverage,fuzzing", "--include-path-regex", "^/(un)?drain$"], 5),
];

/// Puts what the fuzzer reads into a folder: how to run, and ids of what is there.
fn prepare(world: &World, folder: &Path) {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("regtest/python-schemathesis");
    for name in ["schemathesis.toml", "checks.py"] {
        std::fs::copy(own.join(name), folder.join(name)).unwrap();
    }
    for (prefix, id) in &world.ids {
        std::fs::write(folder.join(prefix.trim_end_matches('_')), format!("\"{id}\"\n")).unwrap();
    }
}

fn start(world: &World, folder: &Path, part: &[&str], secs: u64) -> Fuzzer {
    let at = world.town.daemon.admin_at;
    let mut command = Command::new(python("python-schemathesis"));
    command
        .args(["-m", "schemathesis.cli", "--no-color", "--config-file", "schemathesis.toml"])
        .args(["run", &format!("http://{at}/openapi.json"), "--max-time", &secs.to_string()])
        .args(part)
        // The minute of `make test` asks the same each time; the long run asks something new.
        .args(if asked().is_none() { &["--seed", "1"][..] } else { &[] })
        .env("SCHEMATHESIS_HOOKS", "checks")
        .env("PYTHONPATH", folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SATBACK_OPERATOR_KEY", OPERATOR_KEY)
        .current_dir(folder)
        .stdout(File::create(folder.join("said")).unwrap());
    Fuzzer(command.spawn().unwrap())
}

#[test]
fn the_api_keeps_what_its_document_promises() {
    let mut world = World::start();
    world.town.daemon.process.outside.node.behave(Behaviour::Arrive(Msat::ZERO));
    let folder = tempfile::tempdir().unwrap();
    prepare(&world, folder.path());
    let mut failed = vec![];
    for (part, share) in PARTS {
        let secs = (asked().unwrap_or(SECS) * share / 100).max(5);
        let mut fuzzer = start(&world, folder.path(), part, secs);
        let ended = perhaps(Duration::from_secs(secs) + MORE, || {
            live(&mut world);
            fuzzer.0.try_wait().unwrap()
        });
        println!("{}", std::fs::read_to_string(folder.path().join("said")).unwrap());
        if !ended.is_some_and(|status| status.success()) {
            failed.push((part, ended));
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
    let audit = world.town.operator.get("/ledger/audit").granted();
    assert_eq!(audit["internal"]["problems"], json!([]));
}
