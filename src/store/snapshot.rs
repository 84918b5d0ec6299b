//! Snapshots: the books at one position of the journal, in one file that is read back whole before anything depends on
//! it. They are made from the last snapshot and whole segments – never from the view, but for one repair – so they share
//! none of its weaknesses. They are written and read as streams: books may be larger than memory.
//!
//! ```text
//! "SATBACKS" · schema u32 · sequence u64 · hash u8×32 · (1 · key length u32 · key · row length u32 · row)… · 0
//! · number of rows u64 · SHA-256 of all before u8×32
//! ```

use std::io::{self, BufReader, BufWriter, Read, Write};

use bitcoin::hashes::{Hash, HashEngine, sha256};

use super::disk::{Disk, DurableWrite};
use super::journal::Position;
use super::journal::format::SCHEMA;

const MAGIC: &[u8; 8] = b"SATBACKS";
const PREFIX: &str = "snapshot-";
const SUFFIX: &str = ".books";
/// A file that is still being written.
pub(super) const UNFINISHED: &str = "snapshot.unfinished";
/// Longest key or row that is believed when it is read.
const MAX_PART: u32 = 1 << 20;

/// What a snapshot of this position is called.
pub fn name_of(position: Position) -> String {
    format!("{PREFIX}{:020}{SUFFIX}", position.seq)
}

/// The position of a snapshot, from its file's name.
pub fn seq_of(name: &str) -> Option<u64> {
    name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.parse().ok()
}

/// The names of all snapshots, oldest first.
///
/// # Errors
/// The folder cannot be listed.
pub fn names(disk: &dyn Disk) -> io::Result<Vec<String>> {
    let mut names: Vec<_> =
        disk.list()?.into_iter().filter(|name| seq_of(name).is_some()).collect();
    names.sort();
    Ok(names)
}

/// Writes a snapshot, row by row in the order of keys.
#[allow(missing_debug_implementations, reason = "files have none")]
pub struct Writer {
    out: BufWriter<Box<dyn DurableWrite>>,
    hash: sha256::HashEngine,
    rows: u64,
    position: Position,
}

impl Writer {
    /// Begins a snapshot of the books at `position`.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn begin(disk: &dyn Disk, position: Position) -> io::Result<Self> {
        let out = BufWriter::new(disk.writer(UNFINISHED)?);
        let mut writer = Self { out, hash: sha256::Hash::engine(), rows: 0, position };
        writer.put(MAGIC)?;
        writer.put(&SCHEMA.to_be_bytes())?;
        writer.put(&position.seq.to_be_bytes())?;
        writer.put(&position.hash)?;
        Ok(writer)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.input(bytes);
        self.out.write_all(bytes)
    }

    fn put_part(&mut self, bytes: &[u8]) -> io::Result<()> {
        let len = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        self.put(&len.to_be_bytes())?;
        self.put(bytes)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn row(&mut self, key: &[u8], row: &[u8]) -> io::Result<()> {
        self.rows += 1;
        self.put(&[1])?;
        self.put_part(key)?;
        self.put_part(row)
    }

    /// Ends the file, makes it durable, reads it back, and gives it its name.
    ///
    /// # Errors
    /// The disk does not take it, or does not give it back.
    pub fn finish(mut self, disk: &dyn Disk) -> io::Result<()> {
        self.put(&[0])?;
        let rows = self.rows;
        self.put(&rows.to_be_bytes())?;
        let digest = sha256::Hash::from_engine(self.hash.clone()).to_byte_array();
        self.out.write_all(&digest)?;
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.finish()?;
        match verify(disk, UNFINISHED)? {
            Some(position) if position == self.position => {
                disk.rename(UNFINISHED, &name_of(position))
            }
            _ => Err(io::Error::other("a snapshot does not read as it was written")),
        }
    }
}

/// Reads a snapshot, row by row in the order of keys.
#[allow(missing_debug_implementations, reason = "files have none")]
pub struct Reader {
    input: BufReader<Box<dyn Read + Send>>,
    hash: sha256::HashEngine,
    rows: u64,
    position: Position,
}

impl Reader {
    /// Opens a snapshot.
    ///
    /// # Errors
    /// The disk does not answer, or the file is no snapshot of ours.
    pub fn open(disk: &dyn Disk, name: &str) -> io::Result<Self> {
        let input = BufReader::new(disk.reader(name)?);
        let hash = sha256::Hash::engine();
        let mut reader = Self { input, hash, rows: 0, position: Position::START };
        let magic: [u8; 8] = reader.array()?;
        let schema = u32::from_be_bytes(reader.array()?);
        reader.position.seq = u64::from_be_bytes(reader.array()?);
        reader.position.hash = reader.array()?;
        if magic != *MAGIC || schema > SCHEMA {
            return Err(damaged());
        }
        Ok(reader)
    }

    /// Where in the journal it is.
    pub const fn position(&self) -> Position {
        self.position
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes)?;
        self.hash.input(&bytes);
        Ok(bytes)
    }

    fn part(&mut self) -> io::Result<Vec<u8>> {
        let len = u32::from_be_bytes(self.array()?);
        if len > MAX_PART {
            return Err(damaged());
        }
        let mut bytes = vec![0; usize::try_from(len).map_err(io::Error::other)?];
        self.input.read_exact(&mut bytes)?;
        self.hash.input(&bytes);
        Ok(bytes)
    }

    /// The next row; `None` after the last, when the whole file has proved to be as it was written.
    ///
    /// # Errors
    /// The disk does not answer, or the file is damaged.
    pub fn row(&mut self) -> io::Result<Option<(Vec<u8>, Vec<u8>)>> {
        let [more] = self.array()?;
        if more == 1 {
            self.rows += 1;
            return Ok(Some((self.part()?, self.part()?)));
        }
        let rows = u64::from_be_bytes(self.array()?);
        let expect = sha256::Hash::from_engine(self.hash.clone()).to_byte_array();
        let digest: [u8; 32] = self.array()?;
        if more != 0 || rows != self.rows || digest != expect {
            return Err(damaged());
        }
        Ok(None)
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "damaged snapshot")
}

/// Reads a snapshot to its end; `None` if it is damaged.
fn verify(disk: &dyn Disk, name: &str) -> io::Result<Option<Position>> {
    let read = || -> io::Result<Position> {
        let mut reader = Reader::open(disk, name)?;
        while reader.row()?.is_some() {}
        Ok(reader.position())
    };
    match read() {
        Ok(position) => Ok(Some(position)),
        Err(error) if is_damage(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_damage(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

/// The newest snapshot that is whole.
///
/// # Errors
/// The disk does not answer.
pub fn newest(disk: &dyn Disk) -> io::Result<Option<(String, Position)>> {
    for name in names(disk)?.into_iter().rev() {
        match verify(disk, &name)? {
            Some(position) => return Ok(Some((name, position))),
            None => tracing::error!(name, "a snapshot of the books is damaged"),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::super::disk::Folder;
    use super::*;

    fn at(seq: u64) -> Position {
        Position { seq, hash: [7; 32] }
    }

    fn write(disk: &dyn Disk, seq: u64) {
        let mut writer = Writer::begin(disk, at(seq)).unwrap();
        writer.row(b"a", &[1; 300]).unwrap();
        writer.row(b"b", &[]).unwrap();
        writer.finish(disk).unwrap();
    }

    fn newest_seq(disk: &dyn Disk) -> Option<u64> {
        newest(disk).unwrap().map(|(_, position)| position.seq)
    }

    #[test]
    fn a_snapshot_is_read_back_as_it_was_written() {
        let dir = tempfile::tempdir().unwrap();
        let disk = Folder::open(dir.path()).unwrap();
        write(&disk, 5);
        let mut reader = Reader::open(&disk, &name_of(at(5))).unwrap();
        assert_eq!(reader.position(), at(5));
        assert_eq!(reader.row().unwrap(), Some((b"a".to_vec(), vec![1; 300])));
        assert_eq!(reader.row().unwrap(), Some((b"b".to_vec(), vec![])));
        assert_eq!(reader.row().unwrap(), None);
    }

    #[test]
    fn the_newest_whole_snapshot_is_found_whatever_byte_of_a_newer_one_is_wrong() {
        let dir = tempfile::tempdir().unwrap();
        let disk = Folder::open(dir.path()).unwrap();
        assert_eq!(newest_seq(&disk), None);
        write(&disk, 5);
        write(&disk, 9);
        assert_eq!(newest_seq(&disk), Some(9));
        let path = dir.path().join(name_of(at(9)));
        let whole = std::fs::read(&path).unwrap();
        for byte in (0..whole.len()).step_by(7) {
            let mut bytes = whole.clone();
            bytes[byte] ^= 1;
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(newest_seq(&disk), Some(5), "byte {byte}");
        }
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert_eq!(newest_seq(&disk), Some(5));
    }
}
