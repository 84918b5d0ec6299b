//! The bytes of the journal: segments of records, each record one batch, chained by SHA-256.
//!
//! ```text
//! segment  "SATBACKJ" · format u32 · schema u32 · first sequence u64 · hash before u8×32 · crc32 u32 · 0 u32
//! record   "SBJ1" · length u32 · sequence u64 · hash before u8×32 · crc32 u32 · 0 u32 · payload, padded to 8
//! payload  count u32 · (key length u16 · key · 0 | 1 · [length u32 · row])…
//! ```
//! All numbers are big-endian. Space that was never written is zero, and so ends the journal.

use bitcoin::hashes::{Hash, sha256};

/// A SHA-256 of the chain; zero before the first record.
pub type Link = [u8; 32];

/// One change of one row: `None` removes it.
pub type Op = (Vec<u8>, Option<Vec<u8>>);

/// The version of this format.
const FORMAT: u32 = 1;
/// The version of keys and records in it. A newer one means that a newer satback wrote it.
pub const SCHEMA: u32 = 1;

const SEGMENT_MAGIC: &[u8; 8] = b"SATBACKJ";
const RECORD_MAGIC: &[u8; 4] = b"SBJ1";
/// Bytes of a segment's header.
pub const SEGMENT_HEADER: usize = 64;
/// Bytes of a record's header.
pub const RECORD_HEADER: usize = 56;
/// Records begin at multiples of this.
pub const ALIGN: usize = 8;

/// What a segment's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentHead {
    /// The schema it was written under.
    pub schema: u32,
    /// The sequence of its first record.
    pub first: u64,
    /// The hash of the record before that.
    pub before: Link,
}

/// A record as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its sequence: one more than the record before.
    pub seq: u64,
    /// The hash of the record before.
    pub before: Link,
    /// Its own hash.
    pub hash: Link,
    /// What it changes.
    pub ops: Vec<Op>,
    /// Bytes it takes in the segment, padding included.
    pub len: usize,
}

/// A position in bytes that were read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        <[u8; N]>::try_from(self.take(N)?).ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    fn len(&mut self) -> Option<usize> {
        usize::try_from(self.u32()?).ok()
    }
}

/// A segment's header.
pub fn segment_head(head: &SegmentHead) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(SEGMENT_HEADER);
    bytes.extend_from_slice(SEGMENT_MAGIC);
    bytes.extend_from_slice(&FORMAT.to_be_bytes());
    bytes.extend_from_slice(&head.schema.to_be_bytes());
    bytes.extend_from_slice(&head.first.to_be_bytes());
    bytes.extend_from_slice(&head.before);
    let crc = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&crc.to_be_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes
}

/// Reads a segment's header; `None` if it is none.
pub fn read_segment_head(bytes: &[u8]) -> Option<SegmentHead> {
    let covered = bytes.get(..SEGMENT_HEADER - 8)?;
    let mut reader = Reader(bytes);
    if reader.take(SEGMENT_MAGIC.len())? != SEGMENT_MAGIC || reader.u32()? != FORMAT {
        return None;
    }
    let schema = reader.u32()?;
    let first = u64::from_be_bytes(reader.array()?);
    let before = reader.array()?;
    let intact = reader.u32()? == crc32fast::hash(covered);
    intact.then_some(SegmentHead { schema, first, before })
}

fn payload(ops: &[Op]) -> Option<Vec<u8>> {
    let mut bytes = u32::try_from(ops.len()).ok()?.to_be_bytes().to_vec();
    for (key, row) in ops {
        bytes.extend_from_slice(&u16::try_from(key.len()).ok()?.to_be_bytes());
        bytes.extend_from_slice(key);
        match row {
            None => bytes.push(0),
            Some(row) => {
                bytes.push(1);
                bytes.extend_from_slice(&u32::try_from(row.len()).ok()?.to_be_bytes());
                bytes.extend_from_slice(row);
            }
        }
    }
    Some(bytes)
}

/// A record's bytes and its hash; `None` if it is too large for the format.
pub fn record(seq: u64, before: &Link, ops: &[Op]) -> Option<(Vec<u8>, Link)> {
    let payload = payload(ops)?;
    let mut bytes = Vec::with_capacity(RECORD_HEADER + payload.len() + ALIGN);
    bytes.extend_from_slice(RECORD_MAGIC);
    bytes.extend_from_slice(&u32::try_from(payload.len()).ok()?.to_be_bytes());
    bytes.extend_from_slice(&seq.to_be_bytes());
    bytes.extend_from_slice(before);
    let crc = checksum(&bytes, &payload);
    bytes.extend_from_slice(&crc.to_be_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&payload);
    let hash = sha256::Hash::hash(&bytes).to_byte_array();
    bytes.resize(bytes.len().next_multiple_of(ALIGN), 0);
    Some((bytes, hash))
}

fn checksum(head: &[u8], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(head);
    hasher.update(payload);
    hasher.finalize()
}

/// Reads the record that `bytes` begin with; `None` if they begin with none, or with a damaged one.
pub fn read_record(bytes: &[u8]) -> Option<Record> {
    let mut reader = Reader(bytes);
    if reader.take(RECORD_MAGIC.len())? != RECORD_MAGIC {
        return None;
    }
    let payload_len = reader.len()?;
    let seq = u64::from_be_bytes(reader.array()?);
    let before: Link = reader.array()?;
    let crc = reader.u32()?;
    reader.take(4)?;
    let payload = reader.take(payload_len)?;
    let head = bytes.get(..RECORD_HEADER - 8)?;
    if checksum(head, payload) != crc {
        return None;
    }
    let whole = RECORD_HEADER.checked_add(payload_len)?;
    let hash = sha256::Hash::hash(bytes.get(..whole)?).to_byte_array();
    let ops = read_ops(payload)?;
    Some(Record { seq, before, hash, ops, len: whole.next_multiple_of(ALIGN) })
}

fn read_ops(payload: &[u8]) -> Option<Vec<Op>> {
    let mut reader = Reader(payload);
    let count = reader.len()?;
    let mut ops = Vec::new();
    for _ in 0..count {
        let key_len = usize::from(u16::from_be_bytes(reader.array()?));
        let key = reader.take(key_len)?.to_vec();
        let row = match reader.array()? {
            [0] => None,
            [1] => {
                let len = reader.len()?;
                Some(reader.take(len)?.to_vec())
            }
            _ => return None,
        };
        ops.push((key, row));
    }
    reader.0.is_empty().then_some(ops)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ops() -> Vec<Op> {
        vec![(b"key".to_vec(), Some(b"row".to_vec())), (b"gone".to_vec(), None), (vec![], None)]
    }

    #[test]
    fn a_record_is_read_back_as_it_was_written() {
        let (bytes, hash) = record(7, &[1; 32], &ops()).unwrap();
        let read = read_record(&bytes).unwrap();
        assert_eq!(read, Record { seq: 7, before: [1; 32], hash, ops: ops(), len: bytes.len() });
        assert_eq!(bytes.len() % ALIGN, 0);
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let (bytes, _) = record(7, &[1; 32], &ops()).unwrap();
        let padding = read_record(&bytes).map(|record| record.len).unwrap();
        let meaningful = RECORD_HEADER - 4..RECORD_HEADER;
        for at in (0..padding - 1).filter(|at| !meaningful.contains(at)) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            let read = read_record(&damaged);
            let unchanged = read.as_ref() == read_record(&bytes).as_ref();
            let is_padding = at >= RECORD_HEADER + payload(&ops()).unwrap().len();
            assert!(read.is_none() || (is_padding && unchanged), "byte {at}");
        }
    }

    #[test]
    fn a_record_that_was_cut_short_is_none() {
        let (bytes, _) = record(7, &[1; 32], &ops()).unwrap();
        let whole = RECORD_HEADER + payload(&ops()).unwrap().len();
        for len in 0..whole {
            assert_eq!(read_record(&bytes[..len]), None, "{len} bytes");
        }
        assert_eq!(read_record(&[0; 128]), None);
    }

    #[test]
    fn a_segments_header_is_read_back_or_refused() {
        let head = SegmentHead { schema: 3, first: 9, before: [2; 32] };
        let bytes = segment_head(&head);
        assert_eq!(bytes.len(), SEGMENT_HEADER);
        assert_eq!(read_segment_head(&bytes), Some(head));
        let mut damaged = bytes;
        damaged[20] ^= 1;
        assert_eq!(read_segment_head(&damaged), None);
        assert_eq!(read_segment_head(&[0; SEGMENT_HEADER]), None);
    }
}
