//! The durable truth (DESIGN D2): an append-only journal in preallocated segments. One record is one batch; one
//! `fdatasync` makes it durable.

use std::io;
use std::sync::Arc;

use super::disk::{Disk, DiskFile};

pub mod format;
mod read;

use format::{Link, Op, SCHEMA, SEGMENT_HEADER, SegmentHead};
pub use read::{JournalError, Segment, read_segment, segments};

/// What the journal's segments are called: this, twenty digits, and `.log`.
const PREFIX: &str = "journal-";
const SUFFIX: &str = ".log";

/// The journal, open for appending.
#[allow(missing_debug_implementations, reason = "files have none")]
pub struct Journal {
    disk: Arc<dyn Disk>,
    file: Box<dyn DiskFile>,
    name: String,
    len: u64,
    end: u64,
    segment_bytes: u64,
    position: Position,
    probe: fn(&str),
}

/// A place in the journal: after the record of this sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The last record's sequence; zero before the first.
    pub seq: u64,
    /// Its hash; zeros before the first.
    pub hash: Link,
}

impl Position {
    /// Before the first record.
    pub const START: Self = Self { seq: 0, hash: [0; 32] };
}

/// The name of the segment whose first record has this sequence.
pub fn segment_name(first: u64) -> String {
    format!("{PREFIX}{first:020}{SUFFIX}")
}

/// The sequence of a segment's first record, from its name.
pub fn first_of(name: &str) -> Option<u64> {
    name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.parse().ok()
}

impl Journal {
    /// Begins a new segment after `position`.
    ///
    /// # Errors
    /// The segment cannot be made.
    pub fn begin(
        disk: Arc<dyn Disk>,
        position: Position,
        segment_bytes: u64,
        probe: fn(&str),
    ) -> io::Result<Self> {
        let (file, name, len) = new_segment(&*disk, position, segment_bytes)?;
        let end = head_bytes();
        Ok(Self { disk, file, name, len, end, segment_bytes, position, probe })
    }

    /// Goes on in a segment that was read to its end. What a crash may have left behind that end is wiped first, so
    /// that it can never be taken for a record.
    ///
    /// # Errors
    /// The segment cannot be written.
    pub fn resume(
        disk: Arc<dyn Disk>,
        segment: &Segment,
        segment_bytes: u64,
        probe: fn(&str),
    ) -> io::Result<Self> {
        let mut file = disk.open(&segment.name)?;
        let torn = usize::try_from(segment.torn).map_err(io::Error::other)?;
        if torn > 0 {
            file.write_at(segment.end, &vec![0; torn])?;
        }
        // What was read may still be in the page cache only: from now on it counts, so it must be durable.
        file.sync()?;
        Ok(Self {
            disk,
            file,
            name: segment.name.clone(),
            len: segment.len,
            end: segment.end,
            segment_bytes,
            position: segment.last,
            probe,
        })
    }

    /// Appends one batch and makes it durable. After an error the process must end.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn append(&mut self, ops: &[Op]) -> io::Result<Position> {
        let seq = self.position.seq + 1;
        let (bytes, hash) = format::record(seq, &self.position.hash, ops)
            .ok_or_else(|| io::Error::other("a batch too large for the journal"))?;
        let size = u64::try_from(bytes.len()).map_err(io::Error::other)?;
        if self.end + size > self.len {
            let wanted = self.segment_bytes.max(size + head_bytes());
            (self.file, self.name, self.len) = new_segment(&*self.disk, self.position, wanted)?;
            self.end = head_bytes();
        }
        self.file.write_at(self.end, &bytes)?;
        (self.probe)("journal:written");
        // Fact 9: sled's own flush is no fsync, so durability is this line's and nobody else's.
        self.file.sync()?;
        (self.probe)("journal:synced");
        self.end += size;
        self.position = Position { seq, hash };
        Ok(self.position)
    }

    /// After the last record.
    pub const fn position(&self) -> Position {
        self.position
    }

    /// The name of the segment that is being written.
    pub fn current(&self) -> &str {
        &self.name
    }
}

fn head_bytes() -> u64 {
    u64::try_from(SEGMENT_HEADER).unwrap_or(u64::MAX)
}

fn new_segment(
    disk: &dyn Disk,
    position: Position,
    len: u64,
) -> io::Result<(Box<dyn DiskFile>, String, u64)> {
    let name = segment_name(position.seq + 1);
    let head = SegmentHead { schema: SCHEMA, first: position.seq + 1, before: position.hash };
    let mut file = disk.create(&name, len)?;
    file.write_at(0, &format::segment_head(&head))?;
    file.sync()?;
    Ok((file, name, len))
}

#[cfg(test)]
mod tests;
