//! `satback completions` and `satback man`: both are written from the commands that there are.

use std::path::PathBuf;

use clap_complete::Shell;
use clap_mangen::Man;

use crate::app::Fault;

use super::print;

/// Arguments of `satback completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// For which shell
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(["bash", "zsh", "fish"]))]
    shell: String,
}

/// Arguments of `satback man`.
#[derive(Debug, clap::Args)]
pub(super) struct Manual {
    /// Write a page for every command into this folder instead
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints what the shell reads to complete commands.
pub(super) fn completions(
    arguments: &Completions,
    mut command: clap::Command,
) -> Result<(), Fault> {
    let shell = arguments.shell.parse::<Shell>().map_err(Fault::Configuration)?;
    let mut text = vec![];
    clap_complete::generate(shell, &mut command, "satback", &mut text);
    print(&String::from_utf8_lossy(&text));
    Ok(())
}

/// Prints the manual page, or writes those of all commands.
pub(super) fn manual(arguments: &Manual, command: clap::Command) -> Result<(), Fault> {
    if let Some(dir) = &arguments.dir {
        let written = clap_mangen::generate_to(command, dir);
        return written.map_err(|error| Fault::Internal(format!("{}: {error}", dir.display())));
    }
    let mut text = vec![];
    let written = Man::new(command).render(&mut text);
    written.map_err(|error| Fault::Internal(format!("the manual page: {error}")))?;
    print(&String::from_utf8_lossy(&text));
    Ok(())
}
