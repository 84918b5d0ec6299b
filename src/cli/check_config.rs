//! `satback check-config`.

use crate::app::{self, Fault};
use crate::config::render_example;

use super::{Settings, print};

/// Arguments of `satback check-config`.
#[derive(Debug, clap::Args)]
pub(super) struct CheckConfig {
    #[command(flatten)]
    settings: Settings,
    /// Print an example with every key at its default instead
    #[arg(long)]
    example: bool,
}

pub(super) fn run(arguments: &CheckConfig) -> Result<(), Fault> {
    if arguments.example {
        print(&render_example(&[]));
        return Ok(());
    }
    let (loaded, mut problems) = arguments.settings.sources().read();
    print(&loaded.effective());
    problems.extend(app::missing(&loaded.config));
    if problems.is_empty() { Ok(()) } else { Err(Fault::Configuration(problems.join("\n"))) }
}
