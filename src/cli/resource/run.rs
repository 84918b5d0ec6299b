//! Makes the request of a command and shows what is answered.

use std::io::IsTerminal;
use std::time::Duration;

use clap::{ArgMatches, FromArgMatches};

use super::next_page::remark;
use super::operation::Operation;
use super::request::Request;
use super::wait::{wait, waits};
use crate::app::Fault;
use crate::cli::client::ask;
use crate::cli::output::render;
use crate::cli::watch::{Look, follow};
use crate::cli::{Settings, has_reader, print, progress};

/// Clears a terminal and begins at its top.
const CLEAR: &str = "\u{1b}[2J\u{1b}[H";

/// Runs a command.
pub(super) fn run(operation: &'static Operation, matches: &ArgMatches) -> Result<(), Fault> {
    let settings = Settings::from_arg_matches(matches)
        .map_err(|error| Fault::Configuration(error.to_string()))?;
    let config = settings.config()?;
    let request = Request::of(operation, matches);
    let answer = || ask(&config, &request.ask())?.granted();
    let json = matches.get_flag("json");
    let shown = |body: &str| match json {
        true => format!("{}\n", body.trim_end()),
        false => render(&operation.kind, operation.lists, body),
    };
    let watch = matches.try_get_one::<u64>("watch").ok().flatten();
    if let Some(secs) = watch {
        let clear = std::io::stdout().is_terminal();
        let look = || answer().map(|body| Look::Seen(shown(&body)));
        return follow(Duration::from_secs(*secs), look, |seen| {
            has_reader(&format!("{}{seen}", if clear { CLEAR } else { "" }))
        });
    }
    let body = progress::during(operation.summary(), answer)?;
    print(&shown(&body));
    if operation.lists && !json {
        remark(operation, &body);
    }
    if waits(operation) && matches.get_flag("wait") {
        return wait(&config, &body);
    }
    Ok(())
}
