//! One daemon per data folder: the lock is held by the operating system and goes with the process.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::Fault;

/// Holds a data folder for as long as it lives.
#[derive(Debug)]
pub(super) struct FolderLock(#[expect(dead_code, reason = "held, not read")] File);

impl FolderLock {
    /// Takes the folder, or says who has it.
    ///
    /// # Errors
    /// Another process has it, or there is no such folder.
    pub(super) fn take(folder: &Path) -> Result<Self, Fault> {
        let path = folder.join("lock");
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|error| {
            let hint = "run `satback init` first";
            Fault::Configuration(format!("{}: {error} ({hint})", path.display()))
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => {
                let text = format!("another satback is using {}", folder.display());
                Err(Fault::TryAgain(text))
            }
            Err(TryLockError::Error(error)) => {
                Err(Fault::Internal(format!("{}: {error}", path.display())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_by_one_and_free_again_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let first = FolderLock::take(dir.path()).unwrap();
        assert!(matches!(FolderLock::take(dir.path()), Err(Fault::TryAgain(_))));
        drop(first);
        FolderLock::take(dir.path()).unwrap();
    }

    #[test]
    fn a_folder_that_is_not_there_is_the_operators_mistake() {
        let error = FolderLock::take(Path::new("/nonexistent/satback")).unwrap_err();
        assert_eq!(error.exit_code(), 64);
    }
}
