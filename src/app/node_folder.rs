//! The node's folder belongs to one node epoch (DESIGN D22): channel state from before a restore is never started, however
//! it got there.

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::Fault;

/// The file in the node's folder that says whose it is.
const STAMP: &str = "epoch";
/// The epoch of books that were never restored; their node's folder may be from before there were stamps.
const FIRST: u64 = 1;

/// Makes the node's folder for the epoch of the books, with what `prepare` puts into it, or refuses one that is of another
/// epoch.
///
/// # Errors
/// [`Fault`].
pub(super) fn enter(
    folder: &Path,
    epoch: u64,
    prepare: impl FnOnce(&Path) -> Result<(), Fault>,
) -> Result<(), Fault> {
    match stamp(folder).map_err(|error| internal(folder, &error))? {
        None if !folder.exists() => make(folder, epoch, prepare),
        None if epoch == FIRST => Ok(()),
        Some(stamped) if stamped == epoch.to_string() => Ok(()),
        found => {
            let of =
                found.map_or_else(|| "before a restore".to_owned(), |of| format!("epoch {of}"));
            Err(Fault::Configuration(format!(
                "{} holds channel state of {of}, and the books are of epoch {epoch}: starting it could cost the \
                 channels; move it away",
                folder.display()
            )))
        }
    }
}

fn internal(folder: &Path, error: &dyn std::fmt::Display) -> Fault {
    Fault::Internal(format!("{}: {error}", folder.display()))
}

fn stamp(folder: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(folder.join(STAMP)) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The folder appears with its stamp in it, or not at all.
fn make(
    folder: &Path,
    epoch: u64,
    prepare: impl FnOnce(&Path) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let new = folder.with_extension("new");
    let made = || {
        if new.exists() {
            fs::remove_dir_all(&new)?;
        }
        DirBuilder::new().mode(0o700).create(&new)
    };
    made().map_err(|error| internal(folder, &error))?;
    prepare(&new)?;
    let named = || {
        let mut options = fs::OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(new.join(STAMP))?;
        writeln!(file, "{epoch}")?;
        file.sync_all()?;
        fs::File::open(&new)?.sync_all()?;
        fs::rename(&new, folder)?;
        folder.parent().map_or(Ok(()), |parent| fs::File::open(parent)?.sync_all())
    };
    named().map_err(|error| internal(folder, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(folder: &Path, epoch: u64) -> String {
        let fault = enter(folder, epoch, |_| Ok(())).unwrap_err();
        assert_eq!(fault.exit_code(), 64);
        fault.to_string()
    }

    #[test]
    fn a_node_folder_serves_its_own_epoch_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("ldk");
        for _ in 0..2 {
            enter(&folder, 1, |_| Ok(())).unwrap();
        }
        assert!(refused(&folder, 1_700).contains("channel state of epoch 1,"));
        fs::remove_dir_all(&folder).unwrap();
        // A process that died while it made the folder.
        fs::create_dir(dir.path().join("ldk.new")).unwrap();
        enter(&folder, 1_700, |_| Ok(())).unwrap();
        enter(&folder, 1_700, |_| Ok(())).unwrap();
        refused(&folder, 1_800);
        refused(&folder, 1);
    }

    #[test]
    fn a_folder_from_before_there_were_stamps_serves_books_that_were_never_restored() {
        let dir = tempfile::tempdir().unwrap();
        enter(dir.path(), 1, |_| Ok(())).unwrap();
        assert!(refused(dir.path(), 1_700).contains("channel state of before a restore"));
    }
}
