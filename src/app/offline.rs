//! The books without the daemon: what `satback ledger` does when nothing runs on the folder.

use crate::books_export;
use crate::config::Config;
use crate::engine::audit::{AuditReport, audit};
use crate::ports::store::Store;
use crate::secrets::TokenKey;
use crate::store::disk::Folder;
use crate::store::verify_files;

use super::books::{BooksFolder, open_store, read_seed};
use super::{Fault, FolderLock, restore};

fn internal(error: &dyn std::fmt::Display) -> Fault {
    Fault::Internal(error.to_string())
}

/// The folder's lock; `None` if a daemon is running on it.
pub(super) fn lock(config: &Config) -> Result<Option<FolderLock>, Fault> {
    match FolderLock::take(&config.data_dir) {
        Ok(lock) => Ok(Some(lock)),
        Err(Fault::TryAgain(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// What an audit of a folder found.
#[derive(Debug)]
pub struct Verified {
    /// Records of the journal that were read and whose chain holds.
    pub records: u64,
    /// The internal audit.
    pub report: AuditReport,
}

/// Checks the files and the books in a folder; `None` if a daemon is running on it.
///
/// # Errors
/// [`Fault`].
pub fn verify(config: &Config) -> Result<Option<Verified>, Fault> {
    let Some(_lock) = lock(config)? else { return Ok(None) };
    restore::refuse_unfinished(&config.data_dir)?;
    let journal = BooksFolder::of(&config.data_dir).journal;
    let disk = Folder::open(&journal).map_err(|error| internal(&error))?;
    let records = verify_files(&disk).map_err(|error| internal(&error))?;
    let secrets = TokenKey::from_seed(read_seed(config)?.bytes());
    let rows = open_store(config)?.rows();
    let report = audit(&*rows, &secrets).map_err(|fault| internal(&fault))?;
    Ok(Some(Verified { records, report }))
}

/// The whole books of a folder as JSON lines; `None` if a daemon is running on it.
///
/// # Errors
/// [`Fault`].
pub fn export(config: &Config) -> Result<Option<String>, Fault> {
    let Some(_lock) = lock(config)? else { return Ok(None) };
    let rows = open_store(config)?.rows();
    books_export::lines(&*rows).map(Some).map_err(|fault| internal(&fault))
}
