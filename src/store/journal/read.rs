//! Reading the journal: what is whole, what a crash tore, and what is damage.

use std::fmt;
use std::io;

use super::super::disk::Disk;
use super::format::{
    ALIGN, Record, SCHEMA, SEGMENT_HEADER, SegmentHead, read_record, read_segment_head,
};
use super::{Position, first_of};

/// A segment that was read.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its file.
    pub name: String,
    /// Its size.
    pub len: u64,
    /// Where its last whole record ends.
    pub end: u64,
    /// Bytes after that which are not zero: what a crash left of a batch that nobody was told of.
    pub torn: u64,
    /// Before its first record.
    pub first: Position,
    /// After its last record.
    pub last: Position,
    /// Its records.
    pub records: Vec<Record>,
}

/// Why the journal cannot be read.
#[derive(Debug)]
pub enum JournalError {
    /// The disk does not answer.
    Io(io::Error),
    /// A newer satback wrote it.
    NewerSchema(u32),
    /// Records are missing or changed in the middle: what was acknowledged is gone.
    Damaged(String),
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the journal cannot be read: {error}"),
            Self::NewerSchema(schema) => write!(
                f,
                "the books were written by a newer satback (schema {schema}, this one knows {SCHEMA})"
            ),
            Self::Damaged(what) => write!(f, "the journal is damaged: {what}"),
        }
    }
}

impl std::error::Error for JournalError {}

impl From<io::Error> for JournalError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The names of all segments, oldest first.
///
/// # Errors
/// The folder cannot be listed.
pub fn segments(disk: &dyn Disk) -> io::Result<Vec<String>> {
    let mut names: Vec<_> =
        disk.list()?.into_iter().filter(|name| first_of(name).is_some()).collect();
    names.sort();
    Ok(names)
}

/// Reads a segment. Only the last one may end in a torn record, and only what no whole record follows is torn.
/// `Ok(None)` is a segment that a crash left without a header: nothing was ever written to it.
///
/// # Errors
/// [`JournalError`].
pub fn read_segment(disk: &dyn Disk, name: &str) -> Result<Option<Segment>, JournalError> {
    let bytes = disk.read(name)?;
    let Some(head) = read_segment_head(&bytes) else {
        return no_head(name, &bytes);
    };
    if head.schema > SCHEMA {
        return Err(JournalError::NewerSchema(head.schema));
    }
    if first_of(name) != Some(head.first) {
        return Err(JournalError::Damaged(format!("{name} holds another segment's records")));
    }
    let Some(seq) = head.first.checked_sub(1) else {
        return Err(JournalError::Damaged(format!("{name} begins before the first record")));
    };
    let first = Position { seq, hash: head.before };
    let (records, end) = read_records(&bytes, &head, name)?;
    let torn = torn_bytes(&bytes[end..]);
    check_tail(&bytes[end..], name)?;
    let last =
        records.last().map_or(first, |record| Position { seq: record.seq, hash: record.hash });
    let count = |len: usize| u64::try_from(len).map_err(io::Error::other);
    Ok(Some(Segment {
        name: name.to_owned(),
        len: count(bytes.len())?,
        end: count(end)?,
        torn: count(torn)?,
        first,
        last,
        records,
    }))
}

fn no_head(name: &str, bytes: &[u8]) -> Result<Option<Segment>, JournalError> {
    let body = bytes.get(SEGMENT_HEADER..).unwrap_or_default();
    if torn_bytes(body) == 0 {
        return Ok(None);
    }
    Err(JournalError::Damaged(format!("the header of {name}")))
}

fn read_records(
    bytes: &[u8],
    head: &SegmentHead,
    name: &str,
) -> Result<(Vec<Record>, usize), JournalError> {
    let mut records: Vec<Record> = vec![];
    let mut end = SEGMENT_HEADER;
    let (mut seq, mut before) = (head.first, head.before);
    while let Some(record) = bytes.get(end..).and_then(read_record) {
        if record.seq != seq || record.before != before {
            return Err(JournalError::Damaged(format!("{name} breaks the chain at record {seq}")));
        }
        let Some(next) = seq.checked_add(1) else {
            return Err(JournalError::Damaged(format!("{name} goes on after the last sequence")));
        };
        (seq, before) = (next, record.hash);
        end += record.len;
        records.push(record);
    }
    Ok((records, end.min(bytes.len())))
}

/// How far the bytes that are not zero reach.
fn torn_bytes(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)
}

/// A whole record after a broken one proves that the broken one was durable once.
fn check_tail(tail: &[u8], name: &str) -> Result<(), JournalError> {
    let reach = torn_bytes(tail);
    let mut at = ALIGN;
    while at < reach {
        if read_record(&tail[at..]).is_some() {
            return Err(JournalError::Damaged(format!(
                "{name} has a broken record before whole ones"
            )));
        }
        at += ALIGN;
    }
    Ok(())
}
