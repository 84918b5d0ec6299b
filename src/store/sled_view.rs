//! The view on sled 0.34.7: one tree, `apply_batch` only, one writer (facts, section 9). sled's own durability does not
//! matter here: what it lost, the journal has.

use std::fs;
use std::io;
use std::ops::Bound;
use std::path::Path;

use crate::ports::store::StoreFault;

use super::journal::format::Op;
use super::keys::{APPLIED, FIRST_ROW};
use super::view::{Applied, Entry, Stretch, View, Visit};

/// sled's cache; it uses several times as much at its worst.
const CACHE_BYTES: u64 = 64 << 20;

/// A view on sled.
#[derive(Clone, Debug)]
pub struct SledView(sled::Db);

fn fault(error: sled::Error) -> StoreFault {
    StoreFault(format!("sled: {error}"))
}

impl SledView {
    /// Opens the view in a folder, making it if it is not there.
    ///
    /// # Errors
    /// sled cannot open it; the caller sets the folder aside.
    pub fn open(path: &Path) -> Result<Self, StoreFault> {
        let cleaned = remove_half_made_snapshots(path);
        cleaned.map_err(|error| StoreFault(format!("{}: {error}", path.display())))?;
        let config = sled::Config::new().path(path).cache_capacity(CACHE_BYTES);
        config.open().map(Self).map_err(fault)
    }
}

/// A kill while sled starts leaves `snap.*.generating`, which every later start would take for damage (sled#1527).
fn remove_half_made_snapshots(path: &Path) -> io::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().ends_with(".generating") {
            tracing::warn!(file = %entry.path().display(), "removing a snapshot that sled never finished");
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

impl View for SledView {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreFault> {
        Ok(self.0.get(key).map_err(fault)?.map(|row| row.to_vec()))
    }

    fn apply(&self, ops: &[Op], applied: Option<&Applied>) -> Result<(), StoreFault> {
        let mut batch = sled::Batch::default();
        for (key, row) in ops {
            match row {
                Some(row) => batch.insert(key.as_slice(), row.as_slice()),
                None => batch.remove(key.as_slice()),
            }
        }
        if let Some(applied) = applied {
            batch.insert(APPLIED, applied.encode());
        }
        self.0.apply_batch(batch).map_err(fault)
    }

    fn scan(&self, stretch: &Stretch) -> Result<Vec<Entry>, StoreFault> {
        let range = self.0.range::<Vec<u8>, (Bound<Vec<u8>>, Bound<Vec<u8>>)>((
            stretch.from.clone(),
            stretch.to.clone(),
        ));
        let own = |(key, row): (sled::IVec, sled::IVec)| (key.to_vec(), row.to_vec());
        let rows: sled::Result<Vec<_>> = if stretch.ascending {
            range.take(stretch.limit).map(|entry| entry.map(own)).collect()
        } else {
            range.rev().take(stretch.limit).map(|entry| entry.map(own)).collect()
        };
        rows.map_err(fault)
    }

    fn each(&self, visit: &mut Visit<'_>) -> Result<(), StoreFault> {
        for entry in self.0.range(FIRST_ROW..) {
            let (key, row) = entry.map_err(fault)?;
            visit(&key, &row)?;
        }
        Ok(())
    }

    fn applied(&self) -> Result<Option<Applied>, StoreFault> {
        Ok(self.get(APPLIED)?.as_deref().and_then(Applied::decode))
    }
}
