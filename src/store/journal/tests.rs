use std::io::Write;

use super::super::disk::Folder;
use super::*;

fn quiet(_: &str) {}

fn folder() -> (tempfile::TempDir, Arc<dyn Disk>) {
    let dir = tempfile::tempdir().unwrap();
    let disk = Folder::open(dir.path()).unwrap();
    (dir, Arc::new(disk))
}

fn op(number: u64) -> Vec<Op> {
    vec![(number.to_be_bytes().to_vec(), Some(vec![7; 100]))]
}

/// A journal with `count` records in segments of 1,024 bytes.
fn written(disk: &Arc<dyn Disk>, count: u64) -> Position {
    let mut journal = Journal::begin(Arc::clone(disk), Position::START, 1_024, quiet).unwrap();
    (1..=count).map(|number| journal.append(&op(number)).unwrap()).last().unwrap()
}

fn read_all(disk: &dyn Disk) -> Vec<Segment> {
    let names = segments(disk).unwrap();
    names.iter().map(|name| read_segment(disk, name).unwrap().unwrap()).collect()
}

/// Changes the bytes of the newest segment.
fn tamper(dir: &tempfile::TempDir, disk: &dyn Disk, change: impl FnOnce(&mut Vec<u8>)) {
    let name = segments(disk).unwrap().pop().unwrap();
    let mut bytes = disk.read(&name).unwrap();
    change(&mut bytes);
    std::fs::write(dir.path().join(name), bytes).unwrap();
}

#[test]
fn segments_follow_one_another_without_a_gap() {
    let (_dir, disk) = folder();
    let last = written(&disk, 20);
    let segments = read_all(&*disk);
    assert!(segments.len() > 2);
    for pair in segments.windows(2) {
        assert_eq!(pair[0].last, pair[1].first);
    }
    assert_eq!(segments.last().unwrap().last, last);
    assert_eq!(segments.iter().map(|segment| segment.records.len()).sum::<usize>(), 20);
}

#[test]
fn a_torn_tail_is_wiped_and_writing_goes_on() {
    let (dir, disk) = folder();
    let last = written(&disk, 2);
    let (torn, _) = format::record(3, &last.hash, &op(3)).unwrap();
    let end = usize::try_from(read_all(&*disk)[0].end).unwrap();
    tamper(&dir, &*disk, |bytes| bytes[end..end + 90].copy_from_slice(&torn[..90]));
    let segment = read_all(&*disk).pop().unwrap();
    assert!(segment.torn > 0);
    assert_eq!(segment.last, last);
    let mut journal = Journal::resume(Arc::clone(&disk), &segment, 1_024, quiet).unwrap();
    journal.append(&[]).unwrap();
    let segment = read_all(&*disk).pop().unwrap();
    assert_eq!((segment.torn, segment.last.seq), (0, 3));
}

#[test]
fn a_broken_record_before_whole_ones_is_damage() {
    let (dir, disk) = folder();
    written(&disk, 3);
    tamper(&dir, &*disk, |bytes| bytes[SEGMENT_HEADER + 60] ^= 1);
    let name = segments(&*disk).unwrap().pop().unwrap();
    let error = read_segment(&*disk, &name).unwrap_err();
    assert!(matches!(error, JournalError::Damaged(_)), "{error}");
}

#[test]
fn a_newer_schema_is_refused() {
    let (dir, disk) = folder();
    written(&disk, 1);
    let head = SegmentHead { schema: SCHEMA + 1, first: 1, before: [0; 32] };
    tamper(&dir, &*disk, |bytes| {
        bytes[..SEGMENT_HEADER].copy_from_slice(&format::segment_head(&head))
    });
    let error = read_segment(&*disk, &segment_name(1)).unwrap_err();
    assert!(matches!(error, JournalError::NewerSchema(_)), "{error}");
}

#[test]
fn a_segment_without_a_header_was_never_written_to() {
    let (_dir, disk) = folder();
    disk.create(&segment_name(1), 1_024).unwrap();
    assert!(read_segment(&*disk, &segment_name(1)).unwrap().is_none());
}

#[test]
fn a_journal_that_a_snapshot_bridges_stays_right_when_later_snapshots_take_its_place() {
    use super::super::{snapshot, upkeep::verify_files};
    let (_dir, disk) = folder();
    let before = written(&disk, 20);
    let snapshot_at = |position| {
        snapshot::Writer::begin(&*disk, position).unwrap().finish(&*disk).unwrap();
    };
    // Five commits were lost from the journal and kept as a snapshot; it goes on from there.
    let bridge = Position { seq: before.seq + 5, hash: [5; 32] };
    let mut journal = Journal::begin(Arc::clone(&disk), bridge, 1_024, quiet).unwrap();
    assert!(verify_files(&*disk).is_err(), "a gap that nothing bridges");
    snapshot_at(bridge);
    assert!(verify_files(&*disk).is_ok());
    for number in 1..=2 {
        snapshot_at(journal.append(&op(number)).unwrap());
    }
    disk.remove(&snapshot::name_of(bridge)).unwrap();
    assert!(verify_files(&*disk).is_ok(), "the books begin after the gap");
}

#[test]
fn a_segment_before_the_first_or_beyond_the_last_sequence_is_damage() {
    let damaged = |first: u64, records: u64| {
        let (_dir, disk) = folder();
        let mut bytes =
            format::segment_head(&SegmentHead { schema: SCHEMA, first, before: [0; 32] });
        let mut before = [0; 32];
        for number in 0..records {
            let (record, hash) = format::record(first.wrapping_add(number), &before, &[]).unwrap();
            bytes.extend(record);
            before = hash;
        }
        let mut file = disk.writer(&segment_name(first)).unwrap();
        file.write_all(&bytes).unwrap();
        file.finish().unwrap();
        matches!(read_segment(&*disk, &segment_name(first)), Err(JournalError::Damaged(_)))
    };
    assert!(damaged(0, 0) && damaged(0, 1));
    assert!(damaged(u64::MAX, 1) && !damaged(u64::MAX - 1, 1));
}
