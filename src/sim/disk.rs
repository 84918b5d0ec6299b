//! A folder in memory. At a power cut it forgets what was not synced, or keeps it, or keeps some of it; and a write may
//! fail.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::disk::{Disk, DiskFile, DurableWrite};

use super::chance::Chance;
use super::fuse;

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

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
    fails_in: Arc<Mutex<Option<u64>>>,
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

    /// The power goes, and what was not synced is kept, lost or torn: each sector is either as written or as synced.
    pub fn tear(&self, chance: &Chance) {
        self.with(|files| {
            for file in files.values_mut() {
                file.durable.resize(file.written.len(), 0);
                let sectors = file.written.chunks_mut(SECTOR).zip(file.durable.chunks(SECTOR));
                for (written, durable) in sectors.filter(|(written, durable)| written != durable) {
                    if chance.one_in(2) {
                        written.copy_from_slice(durable);
                    }
                }
                file.durable.clone_from(&file.written);
            }
        });
    }

    /// The write after `writes` more of them fails.
    pub fn fail_in(&self, writes: u64) {
        *self.fails_in.lock().unwrap_or_else(PoisonError::into_inner) = Some(writes);
    }

    /// Writes succeed again. True if one was still to fail.
    pub fn mend(&self) -> bool {
        self.fails_in.lock().unwrap_or_else(PoisonError::into_inner).take().is_some()
    }

    /// A point where the process may end, or the disk fail.
    fn writing(&self, what: &str) -> io::Result<()> {
        fuse::pass(what);
        let mut fails_in = self.fails_in.lock().unwrap_or_else(PoisonError::into_inner);
        match *fails_in {
            Some(0) => Err(io::Error::from(io::ErrorKind::StorageFull)),
            Some(left) => {
                *fails_in = Some(left - 1);
                Ok(())
            }
            None => Ok(()),
        }
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
        self.writing("disk:create")?;
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
        self.writing("disk:rename")?;
        let image = self.file(from, |file| file.clone())?;
        self.with(|files| {
            files.remove(from);
            files.insert(to.to_owned(), image);
        });
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.writing("disk:remove")?;
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
        self.disk.writing("disk:write")?;
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
        self.disk.writing("disk:sync")?;
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
