//! Faults of the machine: one test for each row of `docs/faults.md`. Nothing that was acknowledged is lost, and either the
//! daemon goes on or it ends with its reason and can be started again.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use satback_regtest::{Child, Daemon, DaemonSpec, PATIENCE, Shop, World, WorldSpec, eventually};
use serde_json::{Value, json};

use super::kit::{CHANNEL_SATS, EXPIRY_SECS, Town, program};

mod chain;
mod clock;
mod disk;

/// The rules that `/readyz` names.
fn rules(daemon: &Daemon) -> Vec<String> {
    let answer = daemon.operator().get("/readyz");
    let rules = answer.json["not_ready"].as_array().cloned().unwrap_or_default();
    rules.iter().map(|rule| rule["rule"].as_str().unwrap().to_owned()).collect()
}

/// Waits until `/readyz` names this rule.
fn wait_rule(daemon: &Daemon, rule: &str) {
    eventually(&format!("/readyz to say {rule};"), PATIENCE, || {
        let rules = rules(daemon);
        if rules.iter().any(|found| found == rule) { Ok(()) } else { Err(format!("{rules:?}")) }
    });
}

#[track_caller]
fn assert_rule(daemon: &Daemon, rule: &str) {
    assert_eq!(rules(daemon), [rule]);
}

/// Waits until `/readyz` names nothing.
fn assert_ready(daemon: &Daemon) {
    eventually("/readyz to say nothing;", PATIENCE, || match rules(daemon) {
        rules if rules.is_empty() => Ok(()),
        rules => Err(format!("{rules:?}")),
    });
}

fn names(operator: &satback_regtest::Api) -> Vec<String> {
    let accounts = operator.get("/accounts?limit=100").granted();
    let accounts = accounts["data"].as_array().unwrap().iter();
    accounts.map(|account| account["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_daemon_that_stands_still_for_five_seconds_goes_on_where_it_was() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    let hold = town.customer().hold_invoice(1_000_000, EXPIRY_SECS);
    shop.submit(&claim, &hold.invoice).unwrap();
    town.customer().wait_held(&hold.hash, PATIENCE);
    shop.wait_payout(&claim, "in_flight", PATIENCE);

    town.daemon.child().sigstop();
    town.customer().settle(&hold);
    let mut timer = Child::start(
        "sleep",
        Command::new("sleep").arg("5"),
        &town.world.folder().join("sleep.log"),
    );
    timer.wait(PATIENCE);
    town.daemon.child().sigcont();

    shop.wait_claim(&claim, "paid", PATIENCE);
    assert_ready(&town.daemon);
    let other = shop.claim(town.customer(), 20_000);
    shop.redeem(town.customer(), &other);
    shop.wait_claim(&other, "paid", PATIENCE);
    assert_eq!(town.customer().received_msat(&hold.hash), Some(1_000_000));
    town.assert_sound();
}

/// File descriptors that the daemon may have: enough to run, fewer than its connections may be.
const DESCRIPTORS: usize = 160;

#[test]
fn a_daemon_without_file_descriptors_loses_nothing_and_serves_again_when_there_are_some() {
    let limit = format!("--nofile={DESCRIPTORS}");
    let spec = DaemonSpec::default().under(&["prlimit", &limit]);
    let town = Town::start_with(1, &spec.set("public.header_timeout_secs=120"));
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    let connect = || TcpStream::connect(town.daemon.public()).unwrap();
    // Fewer than the daemon's part and the system's queue of connections take together.
    let mut idle: Vec<TcpStream> = (0..DESCRIPTORS).map(|_| connect()).collect();
    eventually("the daemon to have no descriptor left;", PATIENCE, || {
        let log = town.daemon.log();
        if log.contains("a connection was not accepted") { Ok(()) } else { Err(String::new()) }
    });
    // It waits for descriptors, and does not spin: a warning each time it tries.
    let warnings = || town.daemon.log().matches("a connection was not accepted").count();
    // A request on a connection that was accepted is answered, and its commit is kept.
    let _ =
        idle[0].write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let mut said = String::new();
    idle[0].read_to_string(&mut said).unwrap();
    assert!(said.contains("200 OK"), "{said}");
    idle.clear();
    shop.redeem(town.customer(), &claim);
    shop.wait_claim(&claim, "paid", PATIENCE);
    assert!(warnings() < 10_000);
    assert_ready(&town.daemon);
    town.assert_sound();
}

/// A world with a daemon on a folder of its own.
fn town_in(spec: &DaemonSpec) -> Town {
    let world = World::start(WorldSpec { customers: 1, ..WorldSpec::default() });
    let daemon = Daemon::start(&world, program(), spec);
    daemon.connect(&world, CHANNEL_SATS, CHANNEL_SATS / 2 * 1_000);
    Town { daemon, world }
}

/// Makes a call of the daemon fail from now on, on one file.
fn fail(town: &Town, call: &str, error: &str, file: &PathBuf) -> Child {
    let log = town.world.folder().join(format!("fail-{call}.log"));
    let mut strace = Command::new("strace");
    strace
        .args(["--follow-forks", "--output", "/dev/null"])
        .arg(format!("--trace={call}"))
        .arg(format!("--inject={call}:error={error}"))
        .arg("--trace-path")
        .arg(file)
        .args(["--attach", &town.daemon.child().pid().to_string()]);
    let child = Child::start("strace", &strace, &log);
    eventually("strace to be attached;", PATIENCE, || {
        let said = fs::read_to_string(&log).unwrap_or_default();
        if said.contains("attached") { Ok(()) } else { Err(said) }
    });
    child
}

/// The segment of the journal that is being written.
fn journal(daemon: &Daemon) -> PathBuf {
    let entries = fs::read_dir(daemon.dir.join("books")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_segment = |path: &PathBuf| path.to_string_lossy().contains("/journal-");
    paths.filter(is_segment).max().unwrap()
}

/// The journal fails in this way: the process ends with its reason, whoever asked has no answer, and the next start is
/// sound.
fn check_failing_journal(call: &str) {
    let mut town = town_in(&DaemonSpec::default());
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    let operator = town.daemon.operator();
    let strace = fail(&town, call, "EIO", &journal(&town.daemon));
    let unanswered = operator.try_ask("POST", "/accounts", Some(&json!({"name": "lost"})));
    assert!(unanswered.is_err(), "{unanswered:?}");
    assert_eq!(town.daemon.wait_end(PATIENCE).code(), Some(70));
    assert!(town.daemon.log().contains("a commit failed: nobody knows what is on disk"));
    drop(strace);
    town.daemon.restart();
    town.daemon.wait_usable_or_closed(&town.world);
    town.assert_books_sound();
    assert!(names(&operator).contains(&"shop".to_owned()));
    town.ensure_channel();
    shop.redeem(town.customer(), &claim);
    shop.wait_claim(&claim, "paid", PATIENCE);
}

#[test]
fn a_write_that_fails_ends_the_process_and_the_next_one_goes_on() {
    check_failing_journal("pwrite64");
}

#[test]
fn a_sync_that_fails_ends_the_process_and_the_next_one_goes_on() {
    check_failing_journal("fdatasync");
}

/// How long the payout of a claim may take to come to an end that is known.
const OUTCOME: Duration = Duration::from_secs(60);

#[test]
fn a_write_of_the_nodes_that_fails_ends_the_process_and_the_payout_comes_to_its_end_once() {
    let spec = DaemonSpec::default().set("payouts.stuck_after_secs=3").set("payouts.sweep_secs=1");
    let mut town = Town::start_funded(1, &spec);
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    let invoice = town.customer().invoice(1_000_000, "cashback", EXPIRY_SECS);
    let log = town.daemon.dir.join("ldk/ldk_node_data.sqlite-wal");
    let strace = fail(&town, "fsync,fdatasync", "EIO", &log);
    let _ = shop.submit(&claim, &invoice);
    let ended = town.daemon.wait_end(OUTCOME);
    assert!(!ended.success(), "{ended}");
    drop(strace);
    town.daemon.restart();
    town.daemon.wait_usable_or_closed(&town.world);
    let now: Value = eventually("an end or a doubt;", OUTCOME, || {
        let now = shop.claim_now(&claim);
        let in_doubt = now["payouts"][0]["parked"] == true;
        if in_doubt || now["status"] != "processing" { Ok(now) } else { Err(now.to_string()) }
    });
    if now["status"] == "processing" {
        town.mine_and_sync(600);
    }
    let now = eventually("an end;", OUTCOME, || {
        let now = shop.claim_now(&claim);
        if now["status"] == "processing" { Err(now.to_string()) } else { Ok(now) }
    });
    let hash = satback_regtest::peer::hash_of(&invoice).unwrap();
    let received = town.customer().received_msat(&hash).is_some();
    assert_eq!(received, now["status"] == "paid", "{now}");
    town.assert_books_sound();
}
