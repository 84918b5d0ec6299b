//! What the files of the books add up to: the newest snapshot and the segments after it, read beside the process that
//! writes them. Upkeep makes its snapshots of it, a backup its copy, and a restore begins new books with such a copy.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use super::disk::Disk;
use super::journal::{Journal, JournalError, Position, read_segment, segments};
use super::snapshot;

/// How often books that are being written to are read again.
const TRIES: usize = 5;

/// A snapshot, and what changed since, in the order of keys.
pub(super) struct Story {
    base: Option<String>,
    changes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    position: Position,
}

impl Story {
    /// Reads the newest snapshot's position and what `segments` say after it.
    pub(super) fn read(disk: &dyn Disk, segments: Vec<String>) -> Result<Self, JournalError> {
        let base = snapshot::newest(disk)?;
        let position = base.as_ref().map_or(Position::START, |(_, position)| *position);
        let base = base.map(|(name, _)| name);
        let mut story = Self { base, changes: BTreeMap::new(), position };
        for name in segments {
            let Some(segment) = read_segment(disk, &name)? else { continue };
            for record in segment.records {
                if record.seq <= story.position.seq {
                    continue;
                }
                if record.before != story.position.hash {
                    let what = format!("{name} does not follow the snapshot");
                    return Err(JournalError::Damaged(what));
                }
                story.position = Position { seq: record.seq, hash: record.hash };
                story.changes.extend(record.ops);
            }
        }
        Ok(story)
    }

    /// True if nothing changed since the snapshot.
    pub(super) fn is_quiet(&self) -> bool {
        self.changes.is_empty()
    }

    /// Writes it as one snapshot into the folder `to`; its own snapshot is read from `from`.
    pub(super) fn write(self, from: &dyn Disk, to: &dyn Disk) -> io::Result<Position> {
        let mut writer = snapshot::Writer::begin(to, self.position)?;
        let mut changes = self.changes.into_iter().peekable();
        if let Some(name) = self.base {
            let mut reader = snapshot::Reader::open(from, &name)?;
            while let Some((key, row)) = reader.row()? {
                while let Some((changed, new)) = changes.next_if(|(changed, _)| *changed < key) {
                    write(&mut writer, &changed, new)?;
                }
                match changes.next_if(|(changed, _)| *changed == key) {
                    Some((changed, new)) => write(&mut writer, &changed, new)?,
                    None => writer.row(&key, &row)?,
                }
            }
        }
        for (changed, new) in changes {
            write(&mut writer, &changed, new)?;
        }
        writer.finish(to)?;
        Ok(self.position)
    }
}

fn write(writer: &mut snapshot::Writer, key: &[u8], row: Option<Vec<u8>>) -> io::Result<()> {
    row.map_or(Ok(()), |row| writer.row(key, &row))
}

/// Copies the books in the folder `from` into the folder `to`, as a snapshot at one position of the journal; `None` if
/// there are no books. A daemon may be writing to them meanwhile: a record is in the copy wholly or not at all.
///
/// # Errors
/// The books are damaged, or one of the disks fails.
pub fn copy_books(from: &dyn Disk, to: &dyn Disk) -> Result<Option<Position>, JournalError> {
    let mut tried = 1;
    loop {
        let copied = Story::read(from, segments(from)?).and_then(|story| {
            let empty = story.position == Position::START;
            if empty { Ok(None) } else { Ok(Some(story.write(from, to)?)) }
        });
        match copied {
            // A record that was half written when its first half was read looks damaged, and upkeep may have removed a
            // file that was listed: neither is so the next time.
            Err(JournalError::Damaged(_) | JournalError::Io(_)) if tried < TRIES => tried += 1,
            copied => return copied,
        }
    }
}

/// Begins books in the empty folder `to` with the snapshot `name` of the folder `from`: afterwards they can be opened
/// like any others, and their journal goes on where the snapshot was made.
///
/// # Errors
/// The snapshot is damaged, or one of the disks fails.
pub fn plant_books(
    from: &dyn Disk,
    name: &str,
    to: &Arc<dyn Disk>,
    segment_bytes: u64,
) -> io::Result<Position> {
    let mut reader = snapshot::Reader::open(from, name)?;
    let position = reader.position();
    let mut writer = snapshot::Writer::begin(&**to, position)?;
    while let Some((key, row)) = reader.row()? {
        writer.row(&key, &row)?;
    }
    writer.finish(&**to)?;
    Journal::begin(Arc::clone(to), position, segment_bytes, |_| {})?;
    Ok(position)
}

#[cfg(test)]
mod tests {
    use super::super::disk::Folder;
    use super::super::journal::format::Op;
    use super::*;

    fn folder() -> (tempfile::TempDir, Arc<dyn Disk>) {
        let dir = tempfile::tempdir().unwrap();
        let disk = Arc::new(Folder::open(dir.path()).unwrap());
        (dir, disk)
    }

    fn op(key: u8, row: Option<u8>) -> Op {
        (vec![key], row.map(|byte| vec![byte; 100]))
    }

    fn rows(disk: &dyn Disk, position: Position) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut reader = snapshot::Reader::open(disk, &snapshot::name_of(position)).unwrap();
        std::iter::from_fn(|| reader.row().unwrap()).collect()
    }

    #[test]
    fn a_copy_holds_what_the_snapshot_and_the_journal_add_up_to_and_can_be_gone_on_with() {
        let (_from_dir, from) = folder();
        let mut journal =
            Journal::begin(Arc::clone(&from), Position::START, 4_096, |_| {}).unwrap();
        journal.append(&[op(1, Some(1)), op(2, Some(2)), op(3, Some(3))]).unwrap();
        Story::read(&*from, segments(&*from).unwrap()).unwrap().write(&*from, &*from).unwrap();
        let last = journal.append(&[op(2, None), op(3, Some(9)), op(4, Some(4))]).unwrap();

        let (_to_dir, to) = folder();
        assert_eq!(copy_books(&*from, &*to).unwrap(), Some(last));
        let expect: Vec<_> = [(1, 1), (3, 9), (4, 4)].map(|(k, r)| (vec![k], vec![r; 100])).into();
        assert_eq!(rows(&*to, last), expect);

        let (_planted_dir, planted) = folder();
        let name = snapshot::name_of(last);
        assert_eq!(plant_books(&*to, &name, &planted, 4_096).unwrap(), last);
        assert_eq!(rows(&*planted, last), expect);
        let again = segments(&*planted).unwrap();
        let segment = read_segment(&*planted, &again[0]).unwrap().unwrap();
        assert_eq!((segment.first, segment.last), (last, last));
    }

    #[test]
    fn a_folder_without_books_has_no_copy() {
        let ((_from_dir, from), (_to_dir, to)) = (folder(), folder());
        assert_eq!(copy_books(&*from, &*to).unwrap(), None);
        Journal::begin(Arc::clone(&from), Position::START, 4_096, |_| {}).unwrap();
        assert_eq!(copy_books(&*from, &*to).unwrap(), None);
        assert_eq!(to.list().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn books_that_are_written_to_meanwhile_are_copied_at_one_record() {
        let (_from_dir, from) = folder();
        let mut journal =
            Journal::begin(Arc::clone(&from), Position::START, 16_384, |_| {}).unwrap();
        journal.append(&[op(1, Some(0)), op(2, Some(0))]).unwrap();
        let writer = std::thread::spawn(move || {
            for round in 1..=250 {
                journal.append(&[op(1, Some(round)), op(2, Some(round))]).unwrap();
            }
        });
        while !writer.is_finished() {
            let (_to_dir, to) = folder();
            let position = copy_books(&*from, &*to).unwrap().unwrap();
            let rows = rows(&*to, position);
            assert_eq!(rows[0].1, rows[1].1, "one batch, or none of it");
            assert_eq!(u64::from(rows[0].1[0]), position.seq - 1);
        }
        writer.join().unwrap();
    }
}
