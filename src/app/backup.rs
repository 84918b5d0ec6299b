//! `satback backup`: a copy of the books that was tried out, beside a running daemon or without one.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::config::Config;
use crate::domain::bytes::Digest;
use crate::engine::audit::audit;
use crate::ports::clock::Clock;
use crate::ports::store::{Row, StoreFault, fetch, table};
use crate::secrets::TokenKey;
use crate::store::disk::Folder;
use crate::store::journal::Position;
use crate::store::{copy_books, snapshot, snapshot_rows};
use crate::system::SystemClock;
use crate::tripwire;

pub use super::backup_folder::Manifest;

use super::backup_folder::{Draft, NODE_LIST, SEED};
use super::books::{self, BooksFolder};
use super::{Fault, offline, restore};

/// What a running daemon says of its node.
#[derive(Clone, Debug)]
pub struct NodeList {
    /// The chain's height.
    pub height: u32,
    /// The channels, as the API has them.
    pub channels: Value,
    /// The peers, as the API has them.
    pub peers: Value,
}

/// True if a daemon runs on the folder of this configuration.
///
/// # Errors
/// The folder is not there.
pub fn daemon_runs(config: &Config) -> Result<bool, Fault> {
    Ok(offline::lock(config)?.is_none())
}

/// Makes a backup in the folder `target`. A daemon may be running on the books meanwhile.
///
/// # Errors
/// [`Fault`]. `target` is as it was then.
pub fn backup(
    config: &Config,
    target: &Path,
    node: Option<&NodeList>,
    with_seed: bool,
) -> Result<Manifest, Fault> {
    restore::refuse_unfinished(&config.data_dir)?;
    let draft = Draft::begin(target)?;
    match fill(config, &draft, node, with_seed) {
        Ok(manifest) => {
            tripwire::pass("backup:filled");
            draft.finish(manifest)
        }
        Err(fault) => {
            draft.give_up();
            Err(fault)
        }
    }
}

fn fill(
    config: &Config,
    draft: &Draft,
    node: Option<&NodeList>,
    with_seed: bool,
) -> Result<Manifest, Fault> {
    let journal = BooksFolder::of(&config.data_dir).journal;
    let none = || Fault::Configuration(format!("{}: there are no books", journal.display()));
    if !journal.exists() {
        return Err(none());
    }
    let from = Folder::open(&journal).map_err(books::internal)?;
    let copied = copy_books(&from, &draft.disk()?);
    let position = copied.map_err(|error| Fault::Internal(error.to_string()))?.ok_or_else(none)?;
    tripwire::pass("backup:copied");
    let mut manifest = rehearse(config, draft, position)?;
    let list = node.map_or_else(
        || json!({ "channels": null, "peers": null }),
        |node| json!({ "channels": node.channels, "peers": node.peers }),
    );
    manifest.height = manifest.height.max(node.map_or(0, |node| node.height));
    draft.write(NODE_LIST, format!("{list:#}\n").as_bytes())?;
    if with_seed {
        let path = draft.path().join(SEED);
        let written = books::read_seed(config)?.write_new(&path);
        written.map_err(|error| Fault::Internal(format!("{}: {error}", path.display())))?;
    }
    Ok(manifest)
}

/// Audits the copy as a restore would: a backup that cannot be restored is none.
fn rehearse(config: &Config, draft: &Draft, position: Position) -> Result<Manifest, Fault> {
    let seed = books::read_seed(config)?;
    let name = snapshot::name_of(position);
    let rows = snapshot_rows(Arc::new(draft.disk()?), &name);
    let internal = |fault: StoreFault| Fault::Internal(fault.to_string());
    let report = audit(&*rows, &TokenKey::from_seed(seed.bytes())).map_err(internal)?;
    if let Some(problem) = report.problems.first() {
        return Err(Fault::Internal(format!(
            "the books are wrong ({problem}): no backup of them could be restored; \
             `satback ledger verify` tells more"
        )));
    }
    let books = fetch::<table::Books>(&*rows, ()).map_err(internal)?;
    let books = books.ok_or_else(|| Fault::Internal("the books have no first page".to_owned()))?;
    let mut height = 0;
    let dispatched = rows.each(&mut |_, row| {
        if let Row::Payout(payout) = row {
            height = payout.dispatch.map_or(height, |dispatch| height.max(dispatch.height));
        }
        Ok(())
    });
    dispatched.map_err(internal)?;
    Ok(Manifest {
        format: 0,
        satback: env!("CARGO_PKG_VERSION").to_owned(),
        created: SystemClock::default().now().wall.millis(),
        network: books.network.to_string(),
        node_id: books.node_id.to_hex(),
        epoch: books.epoch,
        height,
        journal_seq: position.seq,
        journal_hash: Digest(position.hash).to_hex(),
        rows: report.rows,
        transfers: report.transfers,
        books: name,
        files: BTreeMap::new(),
    })
}
