//! `satback ledger verify` and `ledger export`: of the running daemon if there is one, else of the folder itself.

use std::path::PathBuf;

use clap::Subcommand;

use crate::app::{BooksFolder, Fault, FolderLock, open_store, read_seed};
use crate::books_export;
use crate::config::Config;
use crate::engine::audit;
use crate::ports::store::Store;
use crate::secrets::TokenKey;
use crate::store::disk::Folder;
use crate::store::verify_files;

use super::client::{Ask, ask};
use super::{Settings, print};

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

/// The folder's lock; `None` if a daemon is running on it.
fn lock(config: &Config) -> Result<Option<FolderLock>, Fault> {
    match FolderLock::take(&config.data_dir) {
        Ok(lock) => Ok(Some(lock)),
        Err(Fault::TryAgain(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn of_daemon(config: &Config, path: &str) -> Result<String, Fault> {
    let request = Ask { method: "GET", path, body: None, headers: vec![] };
    ask(config, &request)?.granted()
}

fn verify(config: &Config) -> Result<(), Fault> {
    let Some(_lock) = lock(config)? else { return verify_daemon(config) };
    let internal = |error: &dyn std::fmt::Display| Fault::Internal(error.to_string());
    let journal = BooksFolder::of(&config.data_dir).journal;
    let disk = Folder::open(&journal).map_err(|error| internal(&error))?;
    let records = verify_files(&disk).map_err(|error| internal(&error))?;
    let secrets = TokenKey::from_seed(read_seed(config)?.bytes());
    let rows = open_store(config)?.rows();
    let report = audit::audit(&*rows, &secrets).map_err(|fault| internal(&fault))?;
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
    let body = of_daemon(config, "/ledger/audit")?;
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
    let internal = |error: &dyn std::fmt::Display| Fault::Internal(error.to_string());
    let lines = match lock(&config)? {
        None => of_daemon(&config, "/ledger/export")?,
        Some(_lock) => {
            let rows = open_store(&config)?.rows();
            books_export::lines(&*rows).map_err(|fault| internal(&fault))?
        }
    };
    let text = if arguments.csv { books_export::transfers_as_csv(&lines) } else { lines };
    match &arguments.output {
        None => print(&text),
        Some(file) => std::fs::write(file, text).map_err(|error| internal(&error))?,
    }
    Ok(())
}
