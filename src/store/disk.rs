//! The folder that holds the journal and its snapshots, as the few operations that durability depends on. The simulated
//! world has another one, which loses what was not synced.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A folder of files.
pub trait Disk: Send + Sync {
    /// Names of all files.
    fn list(&self) -> io::Result<Vec<String>>;
    /// All of a file.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
    /// Reads a file from its beginning.
    fn reader(&self, name: &str) -> io::Result<Box<dyn Read + Send>>;
    /// Writes a file from its beginning; a file of that name is emptied.
    fn writer(&self, name: &str) -> io::Result<Box<dyn DurableWrite>>;
    /// Makes a file of `len` zero bytes, durably: contents, size and name.
    fn create(&self, name: &str, len: u64) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file for writing.
    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;
    /// Gives a file another name, durably; a file of that name goes.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Seconds since a file was last written.
    fn age_secs(&self, name: &str) -> io::Result<u64>;
}

/// A file that is written in place.
pub trait DiskFile: Send {
    /// Writes at an offset within the file's size.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Makes what was written durable. After an error nobody knows what is on disk.
    fn sync(&mut self) -> io::Result<()>;
}

/// A file that is written from its beginning to its end.
pub trait DurableWrite: Write + Send {
    /// Makes contents, size and name durable.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// A folder of the operating system.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// Zeros are written in pieces of this size.
const CHUNK: usize = 1 << 20;

impl Folder {
    /// Opens a folder, making it if it is not there.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn open(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        if let Some(parent) = path.parent() {
            // A folder named without another lies in the current one.
            let here = parent.as_os_str().is_empty();
            File::open(if here { Path::new(".") } else { parent })?.sync_all()?;
        }
        Ok(Self(path.to_owned()))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn new_file(&self, name: &str) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600).open(self.at(name))
    }

    /// Names are durable only after this.
    fn sync_names(&self) -> io::Result<()> {
        File::open(&self.0)?.sync_all()
    }
}

impl Disk for Folder {
    fn list(&self) -> io::Result<Vec<String>> {
        let mut names = vec![];
        for entry in std::fs::read_dir(&self.0)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.extend(entry.file_name().into_string());
            }
        }
        names.sort();
        Ok(names)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        std::fs::read(self.at(name))
    }

    fn reader(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self.at(name))?))
    }

    fn writer(&self, name: &str) -> io::Result<Box<dyn DurableWrite>> {
        let file = self.new_file(name)?;
        Ok(Box::new(Stream { file, folder: self.clone() }))
    }

    fn create(&self, name: &str, len: u64) -> io::Result<Box<dyn DiskFile>> {
        let file = self.new_file(name)?;
        // Written, not merely allocated: a later `fdatasync` then finds no metadata to change.
        let zeros = vec![0; CHUNK];
        let mut offset = 0;
        while offset < len {
            let piece = usize::try_from(len - offset).unwrap_or(CHUNK).min(CHUNK);
            file.write_all_at(&zeros[..piece], offset)?;
            offset += u64::try_from(piece).unwrap_or(len);
        }
        file.sync_all()?;
        self.sync_names()?;
        Ok(Box::new(file))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(OpenOptions::new().write(true).open(self.at(name))?))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        std::fs::rename(self.at(from), self.at(to))?;
        self.sync_names()
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        std::fs::remove_file(self.at(name))?;
        self.sync_names()
    }

    fn age_secs(&self, name: &str) -> io::Result<u64> {
        let written = std::fs::metadata(self.at(name))?.modified()?;
        #[expect(clippy::disallowed_methods, reason = "compared with the file's own time")]
        let now = SystemTime::now();
        Ok(now.duration_since(written).map_or(0, |age| age.as_secs()))
    }
}

struct Stream {
    file: File,
    folder: Folder,
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl DurableWrite for Stream {
    fn finish(self: Box<Self>) -> io::Result<()> {
        self.file.sync_all()?;
        self.folder.sync_names()
    }
}

impl DiskFile for File {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}
