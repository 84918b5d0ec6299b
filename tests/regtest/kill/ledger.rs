//! What `satback ledger export` says, read without anything of satback.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use satback_regtest::{Daemon, eventually};
use serde_json::Value;

/// The books are large in the end, and commits come all the time.
const EXPORT_DEADLINE: Duration = Duration::from_secs(300);

/// The books at one moment.
pub(crate) struct Ledger {
    pub(crate) text: String,
    lines: Vec<Value>,
}

impl Ledger {
    /// The running daemon's books.
    pub(crate) fn of(daemon: &Daemon) -> Self {
        let exported = eventually("an export between two commits;", EXPORT_DEADLINE, || {
            let answer = daemon.operator().try_get("/ledger/export")?;
            if answer.status == 200 { Ok(answer.text) } else { Err(answer.text) }
        });
        Self::read(exported)
    }

    /// The books as a dead daemon left them: of a copy, so that the next start finds what the kill left.
    pub(crate) fn of_the_dead(daemon: &Daemon) -> Self {
        let copy = daemon.dir.with_extension("copy");
        let _ = std::fs::remove_dir_all(&copy);
        std::fs::create_dir(&copy).unwrap();
        let copied =
            Command::new("cp").arg("-a").arg(daemon.dir.join("books")).arg(&copy).status().unwrap();
        assert!(copied.success());
        let data_dir = format!("data_dir={}", copy.display());
        let said = daemon.run(&["ledger", "export", "--set", &data_dir]);
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        Self::read(String::from_utf8(said.stdout).unwrap())
    }

    fn read(text: String) -> Self {
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        Self { text, lines }
    }

    pub(crate) fn each(&self, object: &'static str) -> impl Iterator<Item = &Value> {
        self.lines.iter().filter(move |line| line["object"] == object)
    }

    /// States of the payouts that are between their first and their last commit, in the order of their life.
    pub(crate) fn between_commits(&self) -> Vec<&'static str> {
        let states = ["reserved", "dispatching", "in_flight"];
        let of = |state| self.each("payout").filter(move |payout| payout["state"] == state);
        states.into_iter().flat_map(|state| of(state).map(move |_| state)).collect()
    }

    /// Payouts whose end is not known.
    pub(crate) fn unresolved(&self) -> usize {
        self.open_payouts().count()
    }

    fn open_payouts(&self) -> impl Iterator<Item = &Value> {
        let ended = |payout: &Value| payout["state"] == "paid" || payout["state"] == "failed";
        self.each("payout").filter(move |payout| !ended(payout))
    }

    /// Who waits for what, for whoever wonders why nothing moves.
    pub(crate) fn unended(&self) -> String {
        let payout = |payout: &Value| {
            let (account, state) = (&payout["account"], &payout["state"]);
            format!("{account} {state}, parked: {}", payout["parked"])
        };
        let (payouts, locks) = (self.open_payouts().map(payout), self.each("lock").count());
        format!("{locks} locks; {}", payouts.collect::<Vec<_>>().join("; "))
    }

    /// The parked payouts of the account that has most of them.
    pub(crate) fn most_parked(&self) -> usize {
        let mut accounts = BTreeMap::new();
        for payout in self.each("payout").filter(|payout| payout["parked"] == true) {
            *accounts.entry(payout["account"].to_string()).or_insert(0) += 1;
        }
        accounts.into_values().max().unwrap_or(0)
    }

    /// The sum of the transfers of these types, in msat.
    pub(crate) fn sum(&self, types: &[&str]) -> u64 {
        let ours = |transfer: &&Value| types.iter().any(|kind| transfer["type"] == *kind);
        self.each("transfer").filter(ours).map(msat).sum()
    }
}

pub(crate) fn msat(line: &Value) -> u64 {
    line["amount_msat"].as_u64().unwrap()
}
