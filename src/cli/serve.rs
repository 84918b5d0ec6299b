//! `satback serve`.

use tracing_subscriber::EnvFilter;

use crate::app::{self, Fault};
use crate::config::Log;

use super::Settings;

pub(super) fn run(settings: &Settings) -> Result<(), Fault> {
    let config = settings.config()?;
    start_log(&config.log)?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), network = %config.network, "satback");
    app::run(&config)
}

fn start_log(log: &Log) -> Result<(), Fault> {
    let filter = EnvFilter::try_new(&log.filter)
        .map_err(|error| Fault::Configuration(format!("log.filter: {error}")))?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if log.json {
        subscriber.json().try_init()
    } else {
        subscriber.with_ansi(false).try_init()
    };
    started.map_err(|error| Fault::Internal(format!("no log: {error}")))
}
