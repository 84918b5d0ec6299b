//! Journal and snapshots: no stranger writes them, but a disk may, and a backup that somebody was given. Checksums would
//! keep chance out, so each input is tried as it is and with its checksums mended.

use std::io::Write;

use crate::sim::MemoryDisk;
use crate::store::disk::Disk;
use crate::store::journal::format::{self, RECORD_HEADER, SegmentHead};
use crate::store::journal::{read_segment, segment_name};
use crate::store::snapshot;

/// First byte: segment or snapshot; second: how it is mended; the rest: the file.
pub fn journal(data: &[u8]) {
    let Some(([kind, mend], rest)) = data.split_first_chunk::<2>() else { return };
    match (kind % 2, mend % 2) {
        (0, 0) => segment(rest),
        (0, _) => segment(&mended(rest)),
        (_, 0) => rows(rest),
        (_, _) => rows(&signed(rest)),
    }
}

/// Puts a file into a folder in memory; `false` if there is no such file, which cannot be.
fn write(disk: &MemoryDisk, name: &str, bytes: &[u8]) -> bool {
    let Ok(mut file) = disk.writer(name) else { return false };
    file.write_all(bytes).is_ok() && file.finish().is_ok()
}

fn segment(bytes: &[u8]) {
    let first = format::read_segment_head(bytes).map_or(1, |head| head.first);
    let (disk, name) = (MemoryDisk::default(), segment_name(first));
    assert!(write(&disk, &name, bytes));
    let Ok(Some(read)) = read_segment(&disk, &name) else { return };
    assert_eq!(read.len, u64::try_from(bytes.len()).unwrap_or(0));
    assert!(read.end <= read.len && read.end + read.torn <= read.len);
    let (mut seq, mut before) = (read.first.seq, read.first.hash);
    for record in &read.records {
        seq += 1;
        assert_eq!((record.seq, record.before), (seq, before));
        let Some((written, hash)) = format::record(seq, &before, &record.ops) else {
            panic!("a record that was read cannot be written");
        };
        assert_eq!((hash, written.len()), (record.hash, record.len));
        before = record.hash;
    }
    assert_eq!((read.last.seq, read.last.hash), (seq, before));
}

/// The same file with a header and a chain of records that check: the input is the header's numbers and then payloads,
/// each after a byte that says how long it is.
fn mended(data: &[u8]) -> Vec<u8> {
    let number = |at: usize| data.get(at).copied().unwrap_or(0);
    let edge = [1, 0, u64::MAX, u64::MAX - 1, 2, 1 << 40];
    let first = edge[usize::from(number(0)) % edge.len()];
    let schema = u32::from(number(1) % 4);
    let mut before = [number(2); 32];
    let mut bytes = format::segment_head(&SegmentHead { schema, first, before });
    let (mut seq, mut rest) = (first, data.get(3..).unwrap_or_default());
    while let Some((len, after)) = rest.split_first() {
        let (payload, after) = after.split_at(usize::from(*len).min(after.len()));
        rest = after;
        let record = sealed(seq, &before, payload);
        if let Some(read) = format::read_record(&record) {
            before = read.hash;
        }
        bytes.extend(record);
        seq = seq.wrapping_add(1);
    }
    bytes
}

/// A record whose payload may be anything, with the checksum that it should have.
fn sealed(seq: u64, before: &[u8; 32], payload: &[u8]) -> Vec<u8> {
    let Some((mut bytes, _)) = format::record(seq, before, &[]) else { return vec![] };
    bytes.truncate(RECORD_HEADER);
    bytes[4..8].copy_from_slice(&u32::try_from(payload.len()).unwrap_or(0).to_be_bytes());
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&bytes[..RECORD_HEADER - 8]);
    hasher.update(payload);
    bytes[RECORD_HEADER - 8..RECORD_HEADER - 4].copy_from_slice(&hasher.finalize().to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes.resize(bytes.len().next_multiple_of(format::ALIGN), 0);
    bytes
}

fn rows(bytes: &[u8]) {
    let (disk, name) = (MemoryDisk::default(), "snapshot");
    assert!(write(&disk, name, bytes));
    let Ok(mut reader) = snapshot::Reader::open(&disk, name) else { return };
    let position = reader.position();
    let mut read = vec![];
    while let Ok(row) = reader.row() {
        let Some(row) = row else { return same(&read, position, bytes) };
        read.push(row);
    }
}

/// A snapshot that was read to its end is, byte for byte, what is written of its rows.
fn same(rows: &[(Vec<u8>, Vec<u8>)], position: crate::store::journal::Position, bytes: &[u8]) {
    let disk = MemoryDisk::default();
    let Ok(mut writer) = snapshot::Writer::begin(&disk, position) else { return };
    assert!(rows.iter().all(|(key, row)| writer.row(key, row).is_ok()));
    assert!(writer.finish(&disk).is_ok());
    let written = disk.read(&snapshot::name_of(position)).unwrap_or_default();
    // An older schema's is written anew under ours.
    assert_eq!(bytes.get(12..written.len() - 32), written.get(12..written.len() - 32));
}

/// The same file with the digest at its end that it should have.
fn signed(data: &[u8]) -> Vec<u8> {
    let digest = crate::secrets::sha256(data);
    [data, &digest.0].concat()
}
