//! The model of the disk by hand-written traces: what is durable when, and what a cut may leave.

use std::fs;
use std::path::Path;

use satback::sim::chance::Chance;

use super::disk::Disk;
use super::image::{Fate, Losses, build};
use super::trace::Act;

fn open(path: &str, truncate: bool) -> Act {
    Act::Open { path: path.into(), fd: 3, create: true, truncate, append: false }
}

fn write(path: &str, at: u64, bytes: &[u8]) -> Act {
    Act::Write { path: path.into(), fd: 3, at: Some(at), bytes: bytes.into() }
}

fn next(path: &str, bytes: &[u8]) -> Act {
    Act::Write { path: path.into(), fd: 3, at: None, bytes: bytes.into() }
}

fn begins(path: &str) -> Act {
    Act::SyncBegins { path: path.into(), thread: 1 }
}

const ENDS: Act = Act::SyncEnds { thread: 1 };

fn sync(path: &str) -> Vec<Act> {
    vec![begins(path), ENDS]
}

fn disk(acts: impl IntoIterator<Item = Vec<Act>>) -> Disk {
    let mut disk = Disk::new(Path::new("/d"));
    acts.into_iter().flatten().for_each(|act| disk.apply(&act));
    disk
}

/// What the cut leaves of the file `name`.
fn left(disk: &Disk, fate: Fate, seed: u64, name: &str) -> (Option<Vec<u8>>, Losses) {
    let folder = tempfile::tempdir().unwrap();
    let losses = build(disk, &Chance::seeded(seed), Some(fate), folder.path());
    (fs::read(folder.path().join(name)).ok(), losses)
}

fn text(disk: &Disk, fate: Fate, name: &str) -> Option<String> {
    left(disk, fate, 1, name).0.map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn bytes_are_durable_after_a_sync_of_the_file_and_the_name_after_one_of_the_folder() {
    let written = vec![open("/d/x", false), next("/d/x", b"one"), next("/d/x", b"two")];
    let nothing_synced = disk([written.clone()]);
    assert_eq!(text(&nothing_synced, Fate::Kept, "x").as_deref(), Some("onetwo"));
    assert_eq!(text(&nothing_synced, Fate::Lost, "x"), None);
    let name_synced = disk([written.clone(), sync("/d")]);
    assert_eq!(text(&name_synced, Fate::Lost, "x").as_deref(), Some(""));
    let bytes_synced = disk([written.clone(), sync("/d/x")]);
    assert_eq!(text(&bytes_synced, Fate::Lost, "x"), None);
    let both = disk([written, sync("/d/x"), sync("/d"), vec![write("/d/x", 0, b"O")]]);
    assert_eq!(text(&both, Fate::Lost, "x").as_deref(), Some("onetwo"));
    assert_eq!(text(&both, Fate::Kept, "x").as_deref(), Some("Onetwo"));
}

#[test]
fn what_comes_while_a_sync_runs_is_not_covered_by_it() {
    let begun = vec![open("/d/x", false), next("/d/x", b"one"), begins("/d/x")];
    let late = vec![next("/d/x", b"two"), ENDS];
    let disk = disk([begun, late, sync("/d")]);
    assert_eq!(text(&disk, Fate::Lost, "x").as_deref(), Some("one"));
}

#[test]
fn of_two_syncs_the_earlier_one_that_ends_last_covers_no_more_than_it_began_with() {
    let two = |thread| Act::SyncBegins { path: "/d/x".into(), thread };
    let acts = vec![
        open("/d/x", false),
        next("/d/x", b"a"),
        two(1),
        next("/d/x", b"b"),
        two(2),
        Act::SyncEnds { thread: 2 },
        next("/d/x", b"c"),
        ENDS,
    ];
    let disk = disk([acts, sync("/d")]);
    assert_eq!(text(&disk, Fate::Lost, "x").as_deref(), Some("ab"));
}

#[test]
fn a_name_that_was_moved_is_one_of_both_and_never_neither() {
    let made = vec![open("/d/x", false), next("/d/x", b"x")];
    let moved = vec![Act::Rename { from: "/d/x".into(), to: "/d/y".into() }];
    let disk = disk([made, sync("/d/x"), sync("/d"), moved]);
    for seed in 0..20 {
        let (x, losses) = left(&disk, Fate::Scattered, seed, "x");
        let (y, _) = left(&disk, Fate::Scattered, seed, "y");
        assert_eq!(x.is_some(), y.is_none());
        assert_eq!(losses.names_undone, usize::from(x.is_some()));
    }
}

#[test]
fn a_folder_whose_own_name_was_never_synced_is_gone_with_all_that_is_in_it() {
    let made = vec![Act::MakeFolder { path: "/d/a".into() }, open("/d/a/x", false)];
    let disk = disk([made, sync("/d/a/x"), sync("/d/a")]);
    assert_eq!(text(&disk, Fate::Lost, "a/x"), None);
    assert_eq!(text(&disk, Fate::Kept, "a/x").as_deref(), Some(""));
}

#[test]
fn pages_are_lost_for_themselves_and_torn_at_sectors_and_lengths_follow_no_page() {
    let made = vec![open("/d/x", false), write("/d/x", 0, &[1; 8192])];
    let over = vec![write("/d/x", 0, &[2; 12_288])];
    let disk = disk([made, sync("/d/x"), sync("/d"), over]);
    let (mut short, mut mixed, mut torn) = (false, false, false);
    for seed in 0..200 {
        let (bytes, losses) = left(&disk, Fate::Torn, seed, "x");
        let bytes = bytes.unwrap();
        assert!(bytes.len() == 8192 || bytes.len() == 12_288);
        for sector in bytes.chunks(512) {
            assert!(sector.iter().all(|byte| *byte == sector[0]), "torn within a sector");
        }
        short |= bytes.len() == 8192;
        mixed |= bytes[0] != bytes[4096];
        torn |= losses.pages_torn > 0 && bytes[..4096].iter().any(|byte| *byte != bytes[0]);
        let (scattered, _) = left(&disk, Fate::Scattered, seed, "x");
        let scattered = scattered.unwrap();
        assert!(scattered.chunks(4096).all(|page| page.iter().all(|byte| *byte == page[0])));
    }
    assert!(short && mixed && torn);
}

#[test]
fn a_file_that_was_emptied_and_written_again_may_be_any_of_its_versions() {
    let made = vec![open("/d/x", false), next("/d/x", b"old")];
    let again = vec![open("/d/x", true), next("/d/x", b"n"), next("/d/x", b"ew")];
    let disk = disk([made, sync("/d/x"), sync("/d"), again]);
    let versions: std::collections::BTreeSet<_> = (0..50)
        .map(|seed| String::from_utf8(left(&disk, Fate::InOrder, seed, "x").0.unwrap()).unwrap())
        .collect();
    assert_eq!(versions.into_iter().collect::<Vec<_>>(), ["", "n", "new", "old"]);
}
