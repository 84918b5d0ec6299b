//! A folder in memory that forgets, at a power cut, what was not synced.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::disk::{Disk, DiskFile, DurableWrite};

#[derive(Clone, Debug, Default)]
struct FileImage {
    written: Vec<u8>,
    durable: Vec<u8>,
}

/// A folder in memory. Clones are the same folder.
#[derive(Clone, Debug, Default)]
pub struct MemoryDisk {
    files: Arc<Mutex<BTreeMap<String, FileImage>>>,
    syncs: Arc<Mutex<u64>>,
}

impl MemoryDisk {
    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<String, FileImage>) -> T) -> T {
        act(&mut self.files.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn file<T>(&self, name: &str, act: impl FnOnce(&mut FileImage) -> T) -> io::Result<T> {
        self.with(|files| files.get_mut(name).map(act))
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    /// The power goes: every file is as it was last synced.
    pub fn cut_power(&self) {
        self.with(|files| {
            for file in files.values_mut() {
                file.written.clone_from(&file.durable);
            }
        });
    }

    /// How often a file was synced.
    pub fn syncs(&self) -> u64 {
        *self.syncs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count_sync(&self) {
        *self.syncs.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    }
}

impl Disk for MemoryDisk {
    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.with(|files| files.keys().cloned().collect()))
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.file(name, |file| file.written.clone())
    }

    fn reader(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.read(name)?)))
    }

    fn writer(&self, name: &str) -> io::Result<Box<dyn DurableWrite>> {
        self.create(name, 0)?;
        Ok(Box::new(MemoryFile { disk: self.clone(), name: name.to_owned() }))
    }

    fn create(&self, name: &str, len: u64) -> io::Result<Box<dyn DiskFile>> {
        let zeros = vec![0; usize::try_from(len).map_err(io::Error::other)?];
        let image = FileImage { written: zeros.clone(), durable: zeros };
        self.with(|files| files.insert(name.to_owned(), image));
        Ok(Box::new(MemoryFile { disk: self.clone(), name: name.to_owned() }))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        self.file(name, |_| ())?;
        Ok(Box::new(MemoryFile { disk: self.clone(), name: name.to_owned() }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let image = self.file(from, |file| file.clone())?;
        self.with(|files| {
            files.remove(from);
            files.insert(to.to_owned(), image);
        });
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let gone = self.with(|files| files.remove(name));
        gone.map(|_| ()).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn age_secs(&self, name: &str) -> io::Result<u64> {
        self.file(name, |_| 0)
    }
}

/// An open file of the folder.
struct MemoryFile {
    disk: MemoryDisk,
    name: String,
}

impl DiskFile for MemoryFile {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let from = usize::try_from(offset).map_err(io::Error::other)?;
        self.disk.file(&self.name, |file| {
            let to = from + bytes.len();
            if file.written.len() < to {
                file.written.resize(to, 0);
            }
            file.written[from..to].copy_from_slice(bytes);
        })
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.count_sync();
        self.disk.file(&self.name, |file| file.durable.clone_from(&file.written))
    }
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.file(&self.name, |file| file.written.extend_from_slice(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl DurableWrite for MemoryFile {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.sync()
    }
}
