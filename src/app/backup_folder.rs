//! The folder of a backup: a snapshot of the books, the list of channels and peers, the seed if it was asked for, and a
//! manifest, written last, that has the checksum of each. The folder gets its name when all of it is durable.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use bitcoin::hashes::{Hash, HashEngine, sha256};
use serde::{Deserialize, Serialize};

use crate::domain::bytes::Digest;
use crate::node::seed::Seed;
use crate::store::disk::Folder;

use super::Fault;

/// The version of this layout.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
/// The list of channels and peers.
pub(super) const NODE_LIST: &str = "node.json";
/// The seed, if it was asked for.
pub(super) const SEED: &str = "seed";
/// What a folder is called until it is a backup.
const UNFINISHED: &str = "unfinished";

/// What a backup is of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the layout.
    pub format: u32,
    /// The satback that wrote it.
    pub satback: String,
    /// When it was made (Unix milliseconds).
    pub created: u64,
    /// The network.
    pub network: String,
    /// The node whose money the books count: what the right seed makes.
    pub node_id: String,
    /// The node epoch of the books (DESIGN D22).
    pub epoch: u64,
    /// The chain's height, as far as the backup knows: no payout in it was dispatched later.
    pub height: u32,
    /// The journal's record that the books were at.
    pub journal_seq: u64,
    /// The hash of that record.
    pub journal_hash: String,
    /// Rows of the books.
    pub rows: u64,
    /// Ledger rows among them.
    pub transfers: u64,
    /// The snapshot of the books.
    pub books: String,
    /// Every file but the manifest and the seed.
    pub files: BTreeMap<String, Checksum>,
}

/// What a file must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checksum {
    bytes: u64,
    sha256: String,
}

impl Checksum {
    fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let (mut hash, mut bytes, mut buffer) = (sha256::Hash::engine(), 0, vec![0; 1 << 16]);
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                let sha256 = Digest(sha256::Hash::from_engine(hash).to_byte_array()).to_hex();
                return Ok(Self { bytes, sha256 });
            }
            hash.input(&buffer[..read]);
            bytes += u64::try_from(read).map_err(io::Error::other)?;
        }
    }
}

fn wrong(path: &Path, rule: impl std::fmt::Display) -> Fault {
    Fault::Configuration(format!("{}: {rule}", path.display()))
}

fn broken(path: &Path, error: &io::Error) -> Fault {
    Fault::Internal(format!("{}: {error}", path.display()))
}

/// A backup that is being made.
#[derive(Debug)]
pub(super) struct Draft {
    target: PathBuf,
    path: PathBuf,
}

impl Draft {
    /// Begins a backup that is to be called `target`: no folder, or an empty one.
    ///
    /// # Errors
    /// There is something already.
    pub(super) fn begin(target: &Path) -> Result<Self, Fault> {
        match fs::read_dir(target).map(|mut entries| entries.next().is_none()) {
            Ok(true) => {}
            Ok(false) => {
                return Err(wrong(target, "is not empty; a backup needs a folder of its own"));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(wrong(target, error)),
        }
        let Some(name) = target.file_name() else {
            return Err(wrong(target, "is no name for a new folder"));
        };
        let mut name = name.to_owned();
        name.push(format!(".{UNFINISHED}"));
        let path = target.with_file_name(name);
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => Ok(Self { target: target.to_owned(), path }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(wrong(
                &path,
                "is left of a backup that was not finished, or is being made; remove it",
            )),
            Err(error) => Err(wrong(&path, error)),
        }
    }

    /// Where its files are until it is finished.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The folder as a disk.
    pub(super) fn disk(&self) -> Result<Folder, Fault> {
        Folder::open(&self.path).map_err(|error| broken(&self.path, &error))
    }

    /// Writes a file.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let path = self.path.join(name);
        let write = || {
            let mut options = OpenOptions::new();
            let mut file = options.write(true).create_new(true).mode(0o600).open(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write().map_err(|error| broken(&path, &error))
    }

    /// Writes the manifest, makes everything durable and gives the folder its name.
    pub(super) fn finish(self, mut manifest: Manifest) -> Result<Manifest, Fault> {
        manifest.format = FORMAT;
        for name in [manifest.books.as_str(), NODE_LIST] {
            let path = self.path.join(name);
            let checksum = Checksum::of(&path).map_err(|error| broken(&path, &error))?;
            manifest.files.insert(name.to_owned(), checksum);
        }
        let text = serde_json::to_string_pretty(&manifest)
            .map_err(|error| Fault::Internal(format!("{MANIFEST}: {error}")))?;
        self.write(MANIFEST, text.as_bytes())?;
        let parent = match self.target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let name = || {
            File::open(&self.path)?.sync_all()?;
            fs::rename(&self.path, &self.target)?;
            File::open(parent)?.sync_all()
        };
        name().map_err(|error| broken(&self.target, &error))?;
        Ok(manifest)
    }

    /// Removes what was begun.
    pub(super) fn give_up(self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!(%error, path = %self.path.display(), "left behind");
        }
    }
}

/// A backup whose files are all what they were.
#[derive(Debug)]
pub(super) struct Backup {
    path: PathBuf,
    pub(super) manifest: Manifest,
}

impl Backup {
    /// Opens a backup and checks every file of it.
    ///
    /// # Errors
    /// It is none, was never finished, is of a newer satback, or a file is missing or changed.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        if path.extension().is_some_and(|extension| extension == UNFINISHED) {
            return Err(wrong(path, "was never finished, and is no backup"));
        }
        let file = path.join(MANIFEST);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(wrong(
                    &file,
                    "is missing: this is no backup, or one that was never finished",
                ));
            }
            Err(error) => return Err(wrong(&file, error)),
        };
        let damaged = |error: serde_json::Error| wrong(&file, format!("is damaged ({error})"));
        let value: serde_json::Value = serde_json::from_str(&text).map_err(damaged)?;
        if value["format"].as_u64().is_some_and(|format| format > u64::from(FORMAT)) {
            return Err(wrong(&file, "was written by a newer satback"));
        }
        let manifest: Manifest = serde_json::from_value(value).map_err(damaged)?;
        if !manifest.files.contains_key(&manifest.books) {
            return Err(wrong(&file, "is damaged (it has no checksum of the books)"));
        }
        for (name, expect) in &manifest.files {
            let file = path.join(name);
            let found = Checksum::of(&file).map_err(|error| wrong(&file, error))?;
            if found != *expect {
                return Err(wrong(&file, "is damaged: its checksum is not the manifest's"));
            }
        }
        Ok(Self { path: path.to_owned(), manifest })
    }

    /// The folder as a disk.
    pub(super) fn disk(&self) -> Result<Folder, Fault> {
        Folder::open(&self.path).map_err(|error| broken(&self.path, &error))
    }

    /// The seed in it, if it has one.
    pub(super) fn seed(&self) -> Result<Option<Seed>, Fault> {
        let path = self.path.join(SEED);
        if !path.exists() {
            return Ok(None);
        }
        Seed::read(&path).map(Some).map_err(|error| wrong(&path, error))
    }
}
