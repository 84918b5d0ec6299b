//! A view in memory. At a crash it may fall back to what it was some commits ago, as sled may.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, PoisonError};

use crate::ports::store::StoreFault;
use crate::store::journal::format::Op;
use crate::store::view::{Applied, Entry, Stretch, View, Visit};

#[derive(Debug, Default)]
struct Image {
    rows: BTreeMap<Vec<u8>, Vec<u8>>,
    applied: Option<Applied>,
    watcher: Option<Watcher>,
}

/// Sees each row that is written: its key, what it was and what it is.
pub type Watcher = fn(&[u8], Option<&[u8]>, &[u8]);

/// A sorted map in memory.
#[derive(Debug, Default)]
pub struct MapView(Mutex<Image>);

impl MapView {
    fn with<T>(&self, act: impl FnOnce(&mut Image) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A copy as it is now, to fall back to.
    pub fn copy(&self) -> Self {
        self.with(|image| {
            let (rows, applied, watcher) = (image.rows.clone(), image.applied, image.watcher);
            Self(Mutex::new(Image { rows, applied, watcher }))
        })
    }

    /// From now on `watcher` sees what is written.
    pub fn watch(&self, watcher: Watcher) {
        self.with(|image| image.watcher = Some(watcher));
    }
}

impl View for MapView {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreFault> {
        Ok(self.with(|image| image.rows.get(key).cloned()))
    }

    fn apply(&self, ops: &[Op], applied: Option<&Applied>) -> Result<(), StoreFault> {
        self.with(|image| {
            for (key, row) in ops {
                if let (Some(watch), Some(row)) = (image.watcher, row) {
                    watch(key, image.rows.get(key).map(Vec::as_slice), row);
                }
                match row {
                    Some(row) => image.rows.insert(key.clone(), row.clone()),
                    None => image.rows.remove(key),
                };
            }
            image.applied = applied.copied().or(image.applied);
        });
        Ok(())
    }

    fn scan(&self, stretch: &Stretch) -> Result<Vec<Entry>, StoreFault> {
        self.with(|image| {
            let bounds: (Bound<Vec<u8>>, Bound<Vec<u8>>) =
                (stretch.from.clone(), stretch.to.clone());
            let range = image.rows.range(bounds).map(|(key, row)| (key.clone(), row.clone()));
            Ok(if stretch.ascending {
                range.take(stretch.limit).collect()
            } else {
                range.rev().take(stretch.limit).collect()
            })
        })
    }

    fn each(&self, visit: &mut Visit<'_>) -> Result<(), StoreFault> {
        let rows = self.with(|image| image.rows.clone());
        rows.iter().try_for_each(|(key, row)| visit(key, row))
    }

    fn applied(&self) -> Result<Option<Applied>, StoreFault> {
        Ok(self.with(|image| image.applied))
    }
}
