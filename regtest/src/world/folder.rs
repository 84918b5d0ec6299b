//! The folder of a world, and when it stays.

use std::path::Path;
use std::thread;

use tempfile::TempDir;

/// `always` keeps the folders of worlds, `failed` those of worlds whose test failed.
const KEEP: &str = "SATBACK_KEEP_WORLD";

/// A temporary folder that goes with the world, unless somebody wants to see it.
#[derive(Debug)]
pub(super) struct Folder(TempDir);

impl Folder {
    pub(super) fn new() -> Folder {
        Folder(TempDir::with_prefix("satback-world-").expect("a folder can be made"))
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let stays = std::env::var(KEEP)
            .is_ok_and(|when| when == "always" || (when == "failed" && thread::panicking()));
        if stays {
            self.0.disable_cleanup(true);
            eprintln!("the world's folder stays: {}", self.path().display());
        }
    }
}
