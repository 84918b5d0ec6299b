//! `satback NOUN VERB`: every operation of the API as a command.

mod body;
mod command;
mod field;
mod flag;
mod naming;
mod next_page;
mod operation;
mod request;
mod run;
mod says;
mod wait;

use clap::ArgMatches;

use crate::app::Fault;

pub(super) use command::add_to;

/// Runs the operation that was called, if one was.
pub(super) fn run(matches: &ArgMatches) -> Option<Result<(), Fault>> {
    let (operation, matches) = command::called(matches)?;
    Some(run::run(operation, matches))
}

/// The noun and the verb of an operation, if it is a command.
pub fn command_of(method: &str, path: &str) -> Option<[&'static str; 2]> {
    let all = operation::operations().iter();
    let mut found = all.filter(|own| own.method == method && own.path == path);
    found.next().map(|own| [own.noun.as_str(), own.verb.as_str()])
}
