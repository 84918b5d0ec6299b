//! `satback ledger verify` and `ledger export`: of the running daemon if there is one, else of the folder itself.

use std::path::PathBuf;

use clap::Subcommand;

use crate::app::Fault;
use crate::app::offline::{self, Verified};
use crate::books_export;
use crate::config::Config;

use super::client::{Ask, ask};
use super::{Settings, print, progress};

/// What can be done with the books.
#[derive(Debug, Subcommand)]
pub(super) enum Ledger {
    /// Check every rule that must hold in the books
    Verify(Settings),
    /// Write every transfer, claim, payout and lock as JSON lines
    Export(Export),
}

/// Arguments of `satback ledger export`.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    #[command(flatten)]
    settings: Settings,
    /// Transfers only, as CSV
    #[arg(long)]
    csv: bool,
    /// A file to write to, instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(ledger: &Ledger) -> Result<(), Fault> {
    match ledger {
        Ledger::Verify(settings) => verify(&settings.config()?),
        Ledger::Export(arguments) => export(arguments),
    }
}

fn of_daemon(config: &Config, path: &str) -> Result<String, Fault> {
    let request = Ask { method: "GET", path, body: None, headers: vec![] };
    ask(config, &request)?.granted()
}

fn verify(config: &Config) -> Result<(), Fault> {
    let audit = || offline::verify(config);
    let found = progress::during("Checking every file and every rule of the books", audit)?;
    let Some(Verified { records, report }) = found else {
        return verify_daemon(config);
    };
    for problem in &report.problems {
        print(&format!("problem: {problem}\n"));
    }
    print(&format!(
        "{records} journal records, {} rows, {} transfers, {} problems\n",
        report.rows,
        report.transfers,
        report.problems.len()
    ));
    for (account, balance) in &report.balances {
        print(&format!("{account}: {balance} msat\n"));
    }
    if report.problems.is_empty() {
        Ok(())
    } else {
        Err(Fault::Internal("the books are wrong".to_owned()))
    }
}

fn verify_daemon(config: &Config) -> Result<(), Fault> {
    let audit = || of_daemon(config, "/ledger/audit");
    let body = progress::during("The daemon checks the books", audit)?;
    print(&format!("{body}\n"));
    let report: serde_json::Value = serde_json::from_str(&body)
        .map_err(|error| Fault::Internal(format!("the audit's answer: {error}")))?;
    if report["internal"]["ok"] == true {
        Ok(())
    } else {
        Err(Fault::Internal("the books are wrong".to_owned()))
    }
}

fn export(arguments: &Export) -> Result<(), Fault> {
    let config = arguments.settings.config()?;
    let lines = match offline::export(&config)? {
        None => of_daemon(&config, "/ledger/export")?,
        Some(lines) => lines,
    };
    let text = if arguments.csv { books_export::transfers_as_csv(&lines) } else { lines };
    match &arguments.output {
        None => print(&text),
        Some(file) => std::fs::write(file, text)
            .map_err(|error| Fault::Internal(format!("{}: {error}", file.display())))?,
    }
    Ok(())
}
