//! The command line (`API.md` section 1).

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::app::Fault;
use crate::config::{Config, Sources};

mod api;
mod backup;
mod check_config;
mod client;
mod generate;
mod init;
mod ledger;
mod output;
mod progress;
mod resource;
mod serve;
mod trouble;
mod watch;

pub use resource::command_of;

/// Where the configuration is looked for, unless told otherwise.
const DEFAULT_FILES: [&str; 2] = ["satback-data/satback.toml", "satback.toml"];

/// A self-hosted Lightning cashback daemon.
#[derive(Debug, Parser)]
#[command(name = "satback", version, max_term_width = 100)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

/// Which configuration counts.
#[derive(Clone, Debug, clap::Args)]
struct Settings {
    /// The configuration file [default: ./satback-data/satback.toml, else ./satback.toml]
    #[arg(long, value_name = "FILE", global = true, env = "SATBACK_CONFIG")]
    config: Option<PathBuf>,
    /// A setting that goes before file and environment, as section.key=value
    #[arg(long = "set", value_name = "KEY=VALUE", global = true)]
    set: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the daemon
    Serve(Settings),
    /// Write a commented configuration, the seed and the operator's key into a new folder
    Init(init::Init),
    /// Print the configuration that counts, or everything that is wrong with it
    CheckConfig(check_config::CheckConfig),
    /// Check and export the books
    #[command(subcommand)]
    Ledger(ledger::Ledger),
    /// Copy the books into a new folder, with the list of channels and peers
    Backup(backup::Backup),
    /// Begin again with the books of a backup
    Restore(backup::Restore),
    /// Make any request of the admin API with the operator's key
    Api(api::Api),
    /// Print what a shell reads to complete these commands
    Completions(generate::Completions),
    /// Print the manual page
    Man(generate::Manual),
}

impl Settings {
    fn sources(&self) -> Sources {
        let found = || DEFAULT_FILES.map(PathBuf::from).into_iter().find(|file| file.exists());
        let file = self.config.clone().or_else(found);
        Sources::of_process(file, self.set.clone())
    }

    fn config(&self) -> Result<Config, Fault> {
        let loaded = self.sources().load();
        let loaded = loaded.map_err(|problems| Fault::Configuration(problems.to_string()))?;
        Ok(loaded.config)
    }
}

/// All commands: those that are written down above, and one for each operation of the API.
fn command() -> clap::Command {
    resource::add_to(Args::command())
}

/// Runs the program, and says how it ended.
pub fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 64 } else { 0 });
        }
    };
    match run(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("satback: {fault}");
            ExitCode::from(fault.exit_code())
        }
    }
}

fn run(matches: &ArgMatches) -> Result<(), Fault> {
    if let Some(done) = resource::run(matches) {
        return done;
    }
    let args =
        Args::from_arg_matches(matches).map_err(|error| Fault::Configuration(error.to_string()))?;
    match args.command {
        Command::Serve(settings) => serve::run(&settings),
        Command::Init(init) => init::run(&init),
        Command::CheckConfig(arguments) => check_config::run(&arguments),
        Command::Ledger(ledger) => ledger::run(&ledger),
        Command::Backup(arguments) => backup::backup(&arguments),
        Command::Restore(arguments) => backup::restore(&arguments),
        Command::Api(api) => api::run(&api),
        Command::Completions(arguments) => generate::completions(&arguments, command()),
        Command::Man(arguments) => generate::manual(&arguments, command()),
    }
}

/// Prints to standard output; a reader that has gone is no fault of ours.
fn print(text: &str) {
    let _ = has_reader(text);
}

/// Prints to standard output; true if somebody reads there.
fn has_reader(text: &str) -> bool {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_ok()
}

/// Remarks go where they do not get into what is printed.
fn tell(text: &str) {
    eprintln!("satback: {text}");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// A line of a shell, as far as the manuals use it: words, and single quotes around some.
    fn words(line: &str) -> Vec<String> {
        let parts = line.split('\'').enumerate();
        let words = parts.flat_map(|(number, part)| match number % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        words.collect()
    }

    /// Every line of a manual that is a command, by its words.
    fn commands(manual: &str) -> impl Iterator<Item = Vec<String>> {
        let lines = manual.lines().map(str::trim).filter(|line| line.starts_with("satback "));
        lines.filter_map(|line| line.split(" > ").next()).map(words)
    }

    #[test]
    fn every_command_of_the_manual_is_one() {
        let manuals = [
            include_str!("../../docs/backup.md"),
            include_str!("../../docs/cli.md"),
            include_str!("../../docs/manual.md"),
        ];
        let mut seen = BTreeSet::new();
        for words in manuals.into_iter().flat_map(commands) {
            let read = command().try_get_matches_from(&words);
            assert!(read.is_ok(), "{words:?}: {}", read.unwrap_err());
            seen.insert(words[1].clone());
            if let [_, api, _, path, rest @ ..] = words.as_slice()
                && api == "api"
            {
                assert!(path.starts_with('/'), "{words:?}");
                for json in rest.iter().filter(|word| word.starts_with('{')) {
                    assert!(serde_json::from_str::<serde_json::Value>(json).is_ok(), "{words:?}");
                }
            }
        }
        let expect = ["accounts", "api", "backup", "check-config", "completions", "init", "ledger"];
        let expect = expect.into_iter().chain(["man", "node", "restore", "serve"]);
        let missing: Vec<_> = expect.filter(|noun| !seen.contains(*noun)).collect();
        assert_eq!(missing, Vec::<&str>::new());
        assert!(command().try_get_matches_from(words("satback backup")).is_err());
    }
}
