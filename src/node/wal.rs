//! LDK's SQLite file in write-ahead mode (DESIGN D17, fact 10): commits are 10 to 50 times cheaper, and the moments
//! shorter in which a kill costs a channel (fact 7). ldk-node keeps the mode because it never sets one.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// The file that ldk-node keeps its state in.
const FILE: &str = "ldk_node_data.sqlite";
/// SQLite's name for "synced at every commit".
const SYNCHRONOUS_FULL: i64 = 2;

/// Switches the file to write-ahead mode. Only while no node uses it.
///
/// # Errors
/// SQLite refuses, or its connections would not sync every commit.
pub(super) fn switch_on(storage: &Path) -> Result<(), String> {
    let connection = Connection::open(storage.join(FILE)).map_err(text)?;
    let mode: String =
        connection.query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0)).map_err(text)?;
    check(&connection, &mode)
}

/// Checks that the file still is in that mode, beside a running node.
///
/// # Errors
/// It is not.
pub(super) fn assert_on(storage: &Path) -> Result<(), String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(storage.join(FILE), flags).map_err(text)?;
    let mode: String =
        connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(text)?;
    check(&connection, &mode)
}

fn check(connection: &Connection, mode: &str) -> Result<(), String> {
    let synchronous: i64 =
        connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).map_err(text)?;
    if mode != "wal" || synchronous != SYNCHRONOUS_FULL {
        return Err(format!("journal_mode is {mode}, synchronous is {synchronous}"));
    }
    Ok(())
}

fn text(error: rusqlite::Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mode_stays_in_the_file() {
        let dir = tempfile::tempdir().unwrap();
        switch_on(dir.path()).unwrap();
        let connection = Connection::open(dir.path().join(FILE)).unwrap();
        connection.execute("CREATE TABLE t (x)", []).unwrap();
        assert_on(dir.path()).unwrap();
    }

    #[test]
    fn a_file_in_another_mode_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let connection = Connection::open(dir.path().join(FILE)).unwrap();
        connection.execute("CREATE TABLE t (x)", []).unwrap();
        assert!(assert_on(dir.path()).is_err());
    }
}
