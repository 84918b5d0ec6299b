//! Commands that go on: `--watch`, and `--wait` for a channel.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use satback_regtest::until;
use serde_json::json;

use super::cli::operator;
use super::kit::Town;

/// How long something may take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// A command that runs, and the lines that it has printed.
struct Running {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Running {
    fn start(town: &Town, args: &[&str], wants_errors: bool) -> Self {
        let mut command = operator(town, args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stream: Box<dyn Read + Send> = match wants_errors {
            true => Box::new(child.stderr.take().unwrap()),
            false => Box::new(child.stdout.take().unwrap()),
        };
        let lines = Arc::new(Mutex::new(vec![]));
        let own = Arc::clone(&lines);
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                own.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        Self { child, lines }
    }

    fn seen(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a line with this in it.
    #[track_caller]
    fn await_line(&self, part: &str) {
        until(part, DEADLINE, || self.seen().iter().any(|line| line.contains(part)).then_some(()));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_watched_list_is_printed_again_when_it_changes_and_only_then() {
    let town = Town::start();
    let running = Running::start(&town, &["accounts", "list", "--watch", "1"], false);
    running.await_line(&town.shop.account);
    town.operator.post("/accounts", json!({ "name": "newcomer" })).granted();
    running.await_line("newcomer");
    let tables = running.seen().iter().filter(|line| line.starts_with("ID ")).count();
    assert_eq!(tables, 2, "{:?}", running.seen());
    assert!(!running.seen().iter().any(|line| line.contains('\u{1b}')), "no terminal is cleared");
}

#[test]
fn a_channel_is_waited_for_until_it_is_gone() {
    let town = Town::start();
    town.daemon.process.outside.node.deposit(satback::domain::money::Sat::new(500_000));
    let node = format!("02{}", "11".repeat(32));
    let open = [
        "node",
        "open-channel",
        "--node-id",
        &node,
        "--address",
        "a.example:9735",
        "--capacity-sat",
        "100000",
        "--wait",
    ];
    let mut running = Running::start(&town, &open, true);
    running.await_line("not ready yet, its funding has 0 confirmations");
    let channels = town.operator.get("/node/channels").granted();
    let id = channels["data"][0]["id"].as_str().unwrap();
    let once = town.operator.clone().with("Idempotency-Key", "close");
    once.post(&format!("/node/channels/{id}/close"), json!({})).granted();
    running.await_line("the channel is gone before it was usable");
    assert_eq!(running.child.wait().unwrap().code(), Some(69));
}
