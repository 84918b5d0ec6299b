//! The books on disk (DESIGN D2): a journal that is the truth, and a view of it on sled that can be asked.
//!
//! A commit appends the batch to the journal, syncs it once, applies it to the view, and only then returns: whatever a
//! reader finds in the view is durable. Neither sled's nor the file system's weaknesses can lose money, because the view
//! is made again from the journal whenever it is not what the journal says.

use std::ops::Bound;
use std::sync::Arc;

use crate::ports::store::{Batch, Key, Page, Row, Rows, Store, StoreFault};

mod copy;
pub mod disk;
pub mod journal;
mod keys;
mod open;
pub mod record;
mod sled_view;
pub mod snapshot;
mod snapshot_view;
mod upkeep;
pub mod view;

pub use copy::{copy_books, plant_books};
pub use journal::format::SCHEMA;
pub use open::{OpenBooks, OpenError, Opened, VIEW_THREAD};
pub use sled_view::SledView;
pub use snapshot_view::snapshot_rows;
pub use upkeep::{Upkeep, keep_small, verify_files};

use journal::Journal;
use journal::format::Op;
use view::{Applied, Stretch, View};

/// The store: the journal, and the view of it.
#[allow(missing_debug_implementations, reason = "files have none")]
pub struct BookStore {
    journal: Journal,
    view: Arc<dyn View>,
    applied: Applied,
    upkeep: Option<Upkeep>,
    probe: fn(&str),
}

impl BookStore {
    /// Removes what is no longer needed, beside the commits, whenever a segment of the journal is full.
    pub fn with_upkeep(mut self, upkeep: Upkeep) -> Self {
        upkeep.segment_ended();
        self.upkeep = Some(upkeep);
        self
    }

    fn encode(batch: &Batch) -> Result<Vec<Op>, StoreFault> {
        batch
            .rows
            .iter()
            .map(|(key, row)| {
                let key = keys::encode(key);
                let row = row.as_ref().map(|row| record::encode(&key, row)).transpose();
                row.map(|row| (key, row)).map_err(|corrupt| StoreFault(corrupt.0))
            })
            .collect()
    }
}

impl Store for BookStore {
    fn commit(&mut self, batch: Batch) -> Result<(), StoreFault> {
        let ops = Self::encode(&batch)?;
        let segment = self.journal.current().to_owned();
        let appended = self.journal.append(&ops);
        let position = appended.map_err(|error| StoreFault(format!("journal: {error}")))?;
        apply(&*self.view, &mut self.applied, &ops, position)?;
        (self.probe)("view:applied");
        if let Some(upkeep) = self.upkeep.as_ref().filter(|_| self.journal.current() != segment) {
            upkeep.segment_ended();
        }
        Ok(())
    }

    fn rows(&self) -> Arc<dyn Rows> {
        Arc::new(Reader(Arc::clone(&self.view)))
    }
}

/// Applies one record to the view, with the check over all of its rows brought up to date.
fn apply(
    view: &dyn View,
    applied: &mut Applied,
    ops: &[Op],
    position: journal::Position,
) -> Result<(), StoreFault> {
    for (key, row) in ops {
        applied.note(key, view.get(key)?.as_deref(), row.as_deref());
    }
    applied.position = position;
    view.apply(ops, Some(applied))
}

/// The reading side.
struct Reader(Arc<dyn View>);

fn decode(key_bytes: &[u8], bytes: &[u8]) -> Result<(Key, Row), StoreFault> {
    let key = keys::decode(key_bytes)
        .ok_or_else(|| StoreFault(format!("no key of ours: {key_bytes:02x?}")))?;
    let row = record::decode(&key, key_bytes, bytes).map_err(|corrupt| StoreFault(corrupt.0))?;
    Ok((key, row))
}

impl Rows for Reader {
    fn version(&self) -> Result<u64, StoreFault> {
        Ok(self.0.applied()?.map_or(0, |applied| applied.position.seq))
    }

    fn get(&self, key: &Key) -> Result<Option<Row>, StoreFault> {
        let key_bytes = keys::encode(key);
        match self.0.get(&key_bytes)? {
            None => Ok(None),
            Some(bytes) => decode(&key_bytes, &bytes).map(|(_, row)| Some(row)),
        }
    }

    fn page(&self, page: &Page) -> Result<Vec<(u64, String)>, StoreFault> {
        let prefix = keys::list_prefix(page.list, &page.scope);
        let at = |seq: u64| [prefix.as_slice(), &seq.to_be_bytes()].concat();
        let stretch = Stretch {
            from: page.after.map_or_else(|| Bound::Included(at(0)), |seq| Bound::Excluded(at(seq))),
            to: page
                .before
                .map_or_else(|| Bound::Included(at(u64::MAX)), |seq| Bound::Excluded(at(seq))),
            ascending: page.ascending,
            limit: page.limit,
        };
        // sled panics on a stretch that ends before it begins.
        if page.after.zip(page.before).is_some_and(|(after, before)| after >= before) {
            return Ok(vec![]);
        }
        let rows = self.0.scan(&stretch)?;
        rows.iter().map(|(key, row)| place(key, row)).collect()
    }

    fn each(
        &self,
        visit: &mut dyn FnMut(Key, Row) -> Result<(), StoreFault>,
    ) -> Result<(), StoreFault> {
        self.0.each(&mut |key, row| {
            let (key, row) = decode(key, row)?;
            visit(key, row)
        })
    }
}

fn place(key: &[u8], row: &[u8]) -> Result<(u64, String), StoreFault> {
    match decode(key, row)? {
        (Key::List(key), Row::List(id)) => Ok((key.seq, *id)),
        (key, _) => Err(StoreFault(format!("{key:?} stands in a list"))),
    }
}
