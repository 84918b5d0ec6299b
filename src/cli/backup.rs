//! `satback backup` and `satback restore`.

use std::path::PathBuf;

use serde_json::Value;

use crate::app::Fault;
use crate::app::backup::{self, NodeList};
use crate::app::restore::{self, Outcome};
use crate::config::Config;

use super::client::{Ask, ask};
use super::{Settings, print, progress, tell};

/// Arguments of `satback backup`.
#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    #[command(flatten)]
    settings: Settings,
    /// The folder to be made
    dir: PathBuf,
    /// Put the seed in, too: whoever has it has the money
    #[arg(long)]
    with_seed: bool,
}

/// Arguments of `satback restore`.
#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    #[command(flatten)]
    settings: Settings,
    /// The folder of the backup
    dir: PathBuf,
    /// Look for the on-chain wallet's coins from the first block on (bitcoind must not be pruned; it takes hours)
    #[arg(long)]
    rescan: bool,
}

pub(super) fn backup(arguments: &Backup) -> Result<(), Fault> {
    let config = arguments.settings.config()?;
    let node = if backup::daemon_runs(&config)? {
        // The books are what counts. The list is for finding the channels again, and an older one may do for that.
        progress::during("Asking for the channels and peers", || node_list(&config))
            .map_err(|fault| tell(&format!("no list of channels and peers: {fault}")))
            .ok()
    } else {
        tell("the daemon is not running: the backup has no list of channels and peers");
        None
    };
    let made = progress::during("Copying the books and auditing the copy", || {
        backup::backup(&config, &arguments.dir, node.as_ref(), arguments.with_seed)
    })?;
    if arguments.with_seed {
        tell("the backup holds the seed: whoever reads it has the money");
    }
    print(&format!(
        "{}: {} rows, {} transfers, journal record {} ({})\n",
        arguments.dir.display(),
        made.rows,
        made.transfers,
        made.journal_seq,
        made.journal_hash,
    ));
    Ok(())
}

fn node_list(config: &Config) -> Result<NodeList, Fault> {
    let get = |path| {
        let body = ask(config, &Ask { method: "GET", path, body: None, headers: vec![] })?;
        serde_json::from_str::<Value>(&body.granted()?)
            .map_err(|error| Fault::Internal(format!("{path}: {error}")))
    };
    let height = get("/node")?["height"].as_u64().and_then(|height| u32::try_from(height).ok());
    Ok(NodeList {
        height: height.unwrap_or(0),
        channels: get("/node/channels")?["data"].take(),
        peers: get("/node/peers")?["data"].take(),
    })
}

pub(super) fn restore(arguments: &Restore) -> Result<(), Fault> {
    let config = arguments.settings.config()?;
    let Outcome { manifest, restored, height, seed_written } =
        progress::during("Checking the backup and making its books whole", || {
            restore::restore(&config, &arguments.dir, arguments.rescan)
        })?;
    print(&format!(
        "Restored {dir} into {data} at height {height}: {rows} rows, {transfers} transfers, as of journal record \
         {seq}.\n",
        dir = arguments.dir.display(),
        data = config.data_dir.display(),
        rows = manifest.rows,
        transfers = manifest.transfers,
        seq = manifest.journal_seq,
    ));
    if seed_written {
        print(&format!("The seed is in {}.\n", config.node.seed_file.display()));
    }
    print(&format!(
        "{in_doubt} payouts are in doubt: find out what became of each, and resolve it.\n\
         {open} open claims may have been paid since the backup; they have new links.\n\
         {accounts} accounts pay no claims until you set claims_paused to false.\n\
         The node starts without channels. Read docs/backup.md before you run `satback serve`.\n",
        in_doubt = restored.in_doubt,
        open = restored.open_claims,
        accounts = restored.accounts,
    ));
    Ok(())
}
