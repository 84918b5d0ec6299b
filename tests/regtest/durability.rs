//! What a commit costs, in system calls (DESIGN D2, D3): one `fdatasync` of the journal's file per batch, none for reads,
//! and one for all commands that wait together.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

use satback_regtest::{Child, DaemonSpec, PATIENCE, Shop, eventually};
use serde_json::json;

use super::kit::Town;

/// A trace of the daemon's syncs, written while it lives.
struct Trace {
    strace: Child,
    file: PathBuf,
}

impl Trace {
    /// Attaches to the daemon; each sync takes `delay` longer.
    fn attach(town: &Town, name: &str, delay: Duration) -> Self {
        let file = town.world.folder().join(name);
        let log = town.world.folder().join(format!("{name}.log"));
        let mut command = Command::new("strace");
        command.args([
            "--follow-forks",
            "--decode-fds=path",
            "--trace=fsync,fdatasync,sync_file_range",
        ]);
        if !delay.is_zero() {
            command.arg(format!("--inject=fdatasync:delay_enter={}", delay.as_micros()));
        }
        command.args(["--attach", &town.daemon.child().pid().to_string(), "--output"]).arg(&file);
        let strace = Child::start("strace", &command, &log);
        eventually("strace to be attached;", PATIENCE, || {
            let said = fs::read_to_string(&log).unwrap_or_default();
            if said.contains("attached") { Ok(()) } else { Err(said) }
        });
        Self { strace, file }
    }

    /// How often a segment of the journal has been synced.
    fn journal_syncs(&self) -> usize {
        let trace = fs::read_to_string(&self.file).unwrap_or_default();
        let synced = |line: &&str| line.contains("fdatasync(") && line.contains("/books/journal-");
        trace.lines().filter(synced).count()
    }

    fn end(mut self) {
        self.strace.sigterm();
        self.strace.wait(PATIENCE);
    }
}

#[test]
fn a_commit_is_one_sync_reads_are_none_and_what_waits_together_shares_one() {
    let town = Town::start_alone(0, &DaemonSpec::default());
    let operator = town.daemon.operator();
    let shop = Shop::open(&town.daemon, "shop");

    let trace = Trace::attach(&town, "one-by-one.trace", Duration::ZERO);
    for number in 1..=5 {
        operator.post("/accounts", json!({"name": format!("account {number}")})).granted();
        assert_eq!(trace.journal_syncs(), number);
    }
    for path in
        ["/accounts", "/claims", "/balances", "/payouts", "/ledger/audit", "/ledger/transfers"]
    {
        let api = if path == "/balances" { &shop.api } else { &operator };
        api.get(path).granted();
        town.daemon.get_public("/w/00000000000000000000000000000000");
    }
    assert_eq!(trace.journal_syncs(), 5, "reads sync nothing");
    trace.end();

    // The first command's sync is held up; the 64 that come meanwhile wait in the queue, and share the next one.
    let trace = Trace::attach(&town, "together.trace", Duration::from_secs(4));
    thread::scope(|scope| {
        let create = |name: String| {
            let operator = &operator;
            move || operator.post("/accounts", json!({ "name": name })).granted()
        };
        scope.spawn(create("first".to_owned()));
        eventually("the first sync to begin;", PATIENCE, || match trace.journal_syncs() {
            1 => Ok(()),
            other => Err(format!("{other} syncs")),
        });
        for number in 0..64 {
            scope.spawn(create(format!("together {number}")));
        }
    });
    assert_eq!(trace.journal_syncs(), 2);
    trace.end();
    let names = operator.get("/accounts?limit=100").granted();
    assert_eq!(names["data"].as_array().unwrap().len(), 1 + 5 + 65);
    town.assert_books_sound();
}
