//! A snapshot, asked like a view: for whoever wants to know what is in a copy of the books before it is needed. Every
//! question reads the file from its beginning.

use std::io;
use std::ops::RangeBounds;
use std::sync::Arc;

use crate::ports::store::{Rows, StoreFault};

use super::Reader;
use super::disk::Disk;
use super::journal::format::Op;
use super::snapshot;
use super::view::{Applied, Entry, Stretch, View, Visit};

/// The rows of the snapshot `name`.
pub fn snapshot_rows(disk: Arc<dyn Disk>, name: &str) -> Arc<dyn Rows> {
    Arc::new(Reader(Arc::new(SnapshotView { disk, name: name.to_owned() })))
}

struct SnapshotView {
    disk: Arc<dyn Disk>,
    name: String,
}

impl SnapshotView {
    fn fault(&self, error: &io::Error) -> StoreFault {
        StoreFault(format!("{}: {error}", self.name))
    }

    fn reader(&self) -> Result<snapshot::Reader, StoreFault> {
        snapshot::Reader::open(&*self.disk, &self.name).map_err(|error| self.fault(&error))
    }
}

impl View for SnapshotView {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreFault> {
        let mut found = None;
        self.each(&mut |at, row| {
            if at == key {
                found = Some(row.to_vec());
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn apply(&self, _: &[Op], _: Option<&Applied>) -> Result<(), StoreFault> {
        Err(StoreFault(format!("{}: a snapshot is never changed", self.name)))
    }

    fn scan(&self, stretch: &Stretch) -> Result<Vec<Entry>, StoreFault> {
        let range = (stretch.from.clone(), stretch.to.clone());
        let mut rows = vec![];
        self.each(&mut |key, row| {
            if range.contains(&key.to_vec()) {
                rows.push((key.to_vec(), row.to_vec()));
            }
            Ok(())
        })?;
        if !stretch.ascending {
            rows.reverse();
        }
        rows.truncate(stretch.limit);
        Ok(rows)
    }

    fn each(&self, visit: &mut Visit<'_>) -> Result<(), StoreFault> {
        let mut reader = self.reader()?;
        while let Some((key, row)) = reader.row().map_err(|error| self.fault(&error))? {
            visit(&key, &row)?;
        }
        Ok(())
    }

    fn applied(&self) -> Result<Option<Applied>, StoreFault> {
        let mut applied = Applied { position: self.reader()?.position(), ..Applied::EMPTY };
        self.each(&mut |key, row| {
            applied.note(key, None, Some(row));
            Ok(())
        })?;
        Ok(Some(applied))
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Bound::{Excluded, Included, Unbounded};

    use super::super::disk::Folder;
    use super::super::journal::Position;
    use super::*;

    #[test]
    fn a_snapshot_answers_what_a_view_of_its_rows_would() {
        let dir = tempfile::tempdir().unwrap();
        let disk: Arc<dyn Disk> = Arc::new(Folder::open(dir.path()).unwrap());
        let position = Position { seq: 7, hash: [7; 32] };
        let mut writer = snapshot::Writer::begin(&*disk, position).unwrap();
        let mut expect = Applied { position, ..Applied::EMPTY };
        for key in [b"a", b"b", b"c"] {
            writer.row(key, key).unwrap();
            expect.note(key, None, Some(key));
        }
        writer.finish(&*disk).unwrap();
        let view = SnapshotView { disk, name: snapshot::name_of(position) };
        assert_eq!(view.get(b"b").unwrap(), Some(b"b".to_vec()));
        assert_eq!(view.get(b"d").unwrap(), None);
        assert_eq!(view.applied().unwrap(), Some(expect));
        let scan = |from, to, ascending, limit| {
            let rows = view.scan(&Stretch { from, to, ascending, limit }).unwrap();
            rows.into_iter().flat_map(|(key, _)| key).map(char::from).collect::<String>()
        };
        let at = |key: &str| key.as_bytes().to_vec();
        assert_eq!(scan(Included(at("a")), Excluded(at("c")), true, 9), "ab");
        assert_eq!(scan(Excluded(at("a")), Unbounded, false, 9), "cb");
        assert_eq!(scan(Unbounded, Unbounded, false, 1), "c");
        assert!(view.apply(&[], None).is_err());
    }
}
