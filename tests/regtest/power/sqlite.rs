//! What the trace and the file say of LDK's database (DESIGN D17): write-ahead mode, and every commit synced.

use std::path::Path;

use rusqlite::Connection;

use super::disk::Disk;
use super::recording::Fact;
use super::trace::{Act, Event};

/// Bytes before each page in a write-ahead log; bytes 4 to 8 are not zero in a commit's last one.
const FRAME_HEADER: usize = 24;
/// The bytes of SQLite's header that say who may read and write: 2 is write-ahead mode.
const VERSIONS: std::ops::Range<usize> = 18..20;
/// A recording has at least so many commits.
const LEAST: usize = 50;

/// No commit is written before the one before it is synced, which `synchronous=FULL` does and `NORMAL` does not.
pub(crate) fn assert_every_commit_is_synced(events: &[Event]) {
    let is_log = |path: &Path| path.to_string_lossy().ends_with("ldk_node_data.sqlite-wal");
    let is_commit = |bytes: &[u8]| bytes.len() == FRAME_HEADER && bytes[4..8] != [0; 4];
    let (mut commits, mut unsynced, mut syncing) = (0, 0, None);
    for event in events {
        match &event.act {
            Act::Write { path, bytes, .. } if is_log(path) && is_commit(bytes) => {
                assert_eq!(unsynced, 0, "a commit was not synced; {event:?}");
                commits += 1;
                unsynced += 1;
            }
            Act::SyncBegins { path, thread } if is_log(path) => syncing = Some(*thread),
            Act::SyncEnds { thread } if syncing == Some(*thread) => unsynced = 0,
            _ => {}
        }
    }
    assert!(commits >= LEAST, "{commits} commits of LDK's database");
}

/// The database's own header says that it is in write-ahead mode, durably.
pub(crate) fn assert_write_ahead(disk: &Disk, path: &Path) {
    let content = disk.find(path).and_then(|id| disk.content(id)).unwrap();
    assert_eq!(content.durable[VERSIONS], [2, 2]);
}

/// What an image has of LDK's database is whole, and holds the channel and every payment that somebody was told of.
pub(crate) fn check(path: &Path, facts: &[&Fact]) -> Result<(), String> {
    if !facts.contains(&&Fact::ChannelUsable) {
        return Ok(());
    }
    if !path.exists() {
        return Err("LDK's database is gone".to_owned());
    }
    let database = Connection::open(path).map_err(|error| error.to_string())?;
    let one = |question: &str| -> Result<String, String> {
        let answer =
            database.query_row(question, [], |row| row.get::<_, rusqlite::types::Value>(0));
        answer.map(|value| format!("{value:?}")).map_err(|error| format!("{question}: {error}"))
    };
    let whole = one("PRAGMA integrity_check")?;
    if whole != r#"Text("ok")"# {
        return Err(format!("LDK's database: {whole}"));
    }
    let count = |what: &str| -> Result<usize, String> {
        let question =
            format!("SELECT COUNT(*) FROM ldk_node_data WHERE primary_namespace = '{what}'");
        let count = database.query_row(&question, [], |row| row.get::<_, i64>(0));
        Ok(usize::try_from(count.map_err(|error| error.to_string())?).unwrap_or(0))
    };
    let is_payment = |fact: &&&Fact| matches!(fact, Fact::SessionPaid(_) | Fact::ClaimPaid(_));
    let told = facts.iter().filter(is_payment).count();
    match (count("monitors")?, count("payments")?) {
        (0, _) => Err("LDK's database has lost the channel".to_owned()),
        (_, payments) if payments < told => {
            Err(format!("{payments} payments of {told} in LDK's database"))
        }
        _ => Ok(()),
    }
}
