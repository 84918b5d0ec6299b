//! `satback restore`: the books of a backup in a folder without books, as the beginning of a new node epoch (DESIGN D22).
//!
//! Everything is checked first. Then the books are made whole in a folder of another name, and appear under their own in
//! one step: a restore that was interrupted has left nothing that runs.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

use crate::config::Config;
use crate::domain::network::Network;
use crate::domain::time::Span;
use crate::engine::Engine;
use crate::engine::command::Command;
use crate::engine::reply::{Reply, Restored};
use crate::node::seed::Seed;
use crate::ports::clock::Clock;
use crate::store::disk::{Disk, Folder};
use crate::store::plant_books;
use crate::system::SystemClock;
use crate::tripwire;

use super::backup_folder::{Backup, Manifest};
use super::books::{self, BooksFolder, NODE_FOLDER, RESCAN};
use super::{Fault, FolderLock};

/// The books until they are whole.
const RESTORING: &str = "books.restoring";
/// A view for as long as the restore takes, in a folder of its own: sled lets go of its files a moment after it was
/// closed, and the books may get their name before. The daemon makes its own view of them.
const VIEW: &str = "books.restoring-view";
/// A chain whose best block is older has not caught up (DESIGN D23).
const TIP_AGE: Span = Span::from_secs(3 * 3_600);

/// What was restored.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The backup.
    pub manifest: Manifest,
    /// What the engine made of its books.
    pub restored: Restored,
    /// The chain's height.
    pub height: u32,
    /// True if the seed was taken from the backup.
    pub seed_written: bool,
}

/// Refuses a folder in which a restore was interrupted.
///
/// # Errors
/// One was.
pub(super) fn refuse_unfinished(data_dir: &Path) -> Result<(), Fault> {
    let left = data_dir.join(RESTORING);
    if left.exists() {
        let text = format!(
            "{} is left of a restore that did not finish: run `satback restore` again",
            left.display()
        );
        return Err(Fault::Configuration(text));
    }
    Ok(())
}

/// Restores the backup in the folder `from` into the data folder of a configuration. With `rescan`, the new node looks
/// for the coins of its on-chain wallet from the first block on.
///
/// # Errors
/// [`Fault`]. Nothing was changed then, or the same restore can be made again.
pub fn restore(config: &Config, from: &Path, rescan: bool) -> Result<Outcome, Fault> {
    let backup = Backup::open(from)?;
    let manifest = &backup.manifest;
    if manifest.network != config.network.to_string() {
        return Err(Fault::Configuration(format!(
            "{}: the backup is of the network {}, the configuration says {}",
            from.display(),
            manifest.network,
            config.network
        )));
    }
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&config.data_dir);
    made.map_err(books::internal)?;
    let _lock = FolderLock::take(&config.data_dir)?;
    for name in ["books", NODE_FOLDER] {
        let there = config.data_dir.join(name);
        if there.exists() {
            return Err(Fault::Configuration(format!(
                "{} is there: a backup is restored into a folder without books and channel state only",
                there.display()
            )));
        }
    }
    let (seed, is_new) = find_seed(config, &backup)?;
    let height = chain_height(config, manifest)?;
    let staging = config.data_dir.join(RESTORING);
    for left in [&staging, &config.data_dir.join(VIEW)] {
        if left.exists() {
            fs::remove_dir_all(left).map_err(books::internal)?;
        }
    }
    let begun = begin_epoch(config, &backup, &seed, &staging, height);
    let restored = begun.inspect_err(|_| {
        // Another backup may do; what a crash leaves is removed by the next restore.
        let _ = fs::remove_dir_all(&staging);
    })?;
    if rescan {
        let marked = File::create(staging.join(RESCAN)).and_then(|file| file.sync_all());
        let named = marked.and_then(|()| File::open(&staging)?.sync_all());
        named.map_err(books::internal)?;
    }
    tripwire::pass("restore:whole");
    if is_new {
        let path = &config.node.seed_file;
        seed.write_new(path)
            .map_err(|error| Fault::Internal(format!("{}: {error}", path.display())))?;
    }
    tripwire::pass("restore:seed");
    fs::rename(&staging, config.data_dir.join("books")).map_err(books::internal)?;
    File::open(&config.data_dir).and_then(|dir| dir.sync_all()).map_err(books::internal)?;
    // Whatever sled still holds of it, nobody reads it any more.
    let _ = fs::remove_dir_all(config.data_dir.join(VIEW));
    let manifest = backup.manifest;
    Ok(Outcome { manifest, restored, height, seed_written: is_new })
}

/// The seed in its place, else the one in the backup; it must be the one that the books belong to. True if it has yet to
/// be put into its place.
fn find_seed(config: &Config, backup: &Backup) -> Result<(Seed, bool), Fault> {
    let place = &config.node.seed_file;
    let (seed, is_new) = match (place.exists(), backup.seed()?) {
        (true, _) => (books::read_seed(config)?, false),
        (false, Some(seed)) => (seed, true),
        (false, None) => {
            return Err(Fault::Configuration(format!(
                "{} is missing, and the backup was made without the seed: put your copy of the seed there",
                place.display()
            )));
        }
    };
    let node_id = books::node_of(&seed, config)?.to_hex();
    if node_id != backup.manifest.node_id {
        let whose =
            if is_new { "the backup's seed".to_owned() } else { place.display().to_string() };
        return Err(Fault::Configuration(format!(
            "{whose} makes the node {node_id}, and the books of the backup belong to {}: put the right seed there \
             (a seed that `satback init` has just made can be moved away)",
            backup.manifest.node_id
        )));
    }
    Ok((seed, is_new))
}

/// The chain's height now, by which the deadlines of what is in doubt are counted: a chain that has not caught up would
/// let a payout be written off too early.
fn chain_height(config: &Config, manifest: &Manifest) -> Result<u32, Fault> {
    let tip = books::bitcoind(config)?.tip(config.network);
    let tip = tip.map_err(|fault| books::bitcoind_fault(&fault))?;
    if tip.height < manifest.height {
        return Err(Fault::TryAgain(format!(
            "bitcoind is at height {}, the backup was made at {}: wait until it has caught up",
            tip.height, manifest.height
        )));
    }
    let now = SystemClock::default().now().wall;
    if config.network != Network::Regtest && tip.time + TIP_AGE < now {
        let text =
            "bitcoind's best block is more than three hours old: wait until it has caught up";
        return Err(Fault::TryAgain(text.to_owned()));
    }
    Ok(tip.height)
}

/// Makes the books of the backup whole in `staging`, and begins their new epoch.
fn begin_epoch(
    config: &Config,
    backup: &Backup,
    seed: &Seed,
    staging: &Path,
    height: u32,
) -> Result<Restored, Fault> {
    let disk: Arc<dyn Disk> = Arc::new(Folder::open(staging).map_err(books::internal)?);
    let books = &backup.manifest.books;
    let segment_bytes = config.store.segment_mb * 1024 * 1024;
    plant_books(&backup.disk()?, books, &disk, segment_bytes).map_err(books::internal)?;
    tripwire::pass("restore:planted");
    let folder = BooksFolder { journal: staging.to_owned(), view: config.data_dir.join(VIEW) };
    let store = Box::new(books::open_store_at(&folder, config)?);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let node_id = books::node_of(seed, config)?;
    let (mut engine, _) = books::open_engine(store, config, seed, node_id, &clock)?;
    if let Some(rule) = engine.frozen() {
        return Err(Fault::Internal(format!("the books of the backup are wrong ({rule})")));
    }
    let answer = ask(&mut engine, Command::Restore(height))?;
    let Reply::Restored(restored) = answer else { return Err(unexpected(&answer)) };
    match ask(&mut engine, Command::Audit)? {
        Reply::Audit(report) if report.problems.is_empty() => Ok(restored),
        answer => Err(unexpected(&answer)),
    }
}

fn ask(engine: &mut Engine, command: Command) -> Result<Reply, Fault> {
    let committed = engine.step(vec![command]);
    let mut committed = committed.map_err(|fault| Fault::Internal(fault.to_string()))?;
    match committed.answers.pop() {
        Some(Ok(reply)) => Ok(reply),
        refused => Err(Fault::Internal(format!("the engine refuses to restore: {refused:?}"))),
    }
}

fn unexpected(reply: &Reply) -> Fault {
    Fault::Internal(format!("the restored books are wrong: {reply:?}"))
}
