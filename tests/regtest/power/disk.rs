//! A model of a folder on a disk, as strict as what the system promises and no kinder: a file's bytes and length are
//! durable after a sync of the file, a name after a sync of the folder that it is in.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::trace::Act;

/// A file or folder, whatever it is called.
pub(crate) type Id = usize;

/// A change of a file that no sync has covered.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Resize(usize),
}

/// A file: what is surely on disk, and what was done since.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    pub(crate) durable: Vec<u8>,
    pub(crate) pending: Vec<Change>,
    pub(crate) now: Vec<u8>,
    /// How many changes there were before those that are pending.
    synced: usize,
}

/// Names in a folder: what a sync of it makes durable.
pub(crate) type Names = BTreeMap<String, Id>;

/// A change of names, all of it or nothing: in this folder, this name is this from now on.
pub(crate) type Renaming = Vec<(Id, String, Option<Id>)>;

#[derive(Clone, Debug)]
pub(crate) enum Node {
    File(Content),
    Folder { durable: Names, now: Names },
}

/// A sync that was asked for and has not returned.
#[derive(Debug)]
struct Sync {
    id: Id,
    /// How many changes there had been: those that come while it runs may miss it.
    covers: usize,
}

/// The folder.
#[derive(Debug)]
pub(crate) struct Disk {
    /// Where it is in the trace.
    root: PathBuf,
    pub(crate) nodes: Vec<Node>,
    /// Changes of names that no sync has covered, by number.
    pub(crate) renamings: BTreeMap<usize, Renaming>,
    /// How many changes of names there were.
    renamed: usize,
    syncs: HashMap<u32, Sync>,
    /// Where the next `write` on a file descriptor goes.
    cursors: HashMap<u32, usize>,
}

/// The folder itself.
pub(crate) const ROOT: Id = 0;

impl Change {
    /// Does it to `bytes`.
    pub(crate) fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes: new } => {
                let end = at + new.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*at..end].copy_from_slice(new);
            }
            Self::Resize(len) => bytes.resize(*len, 0),
        }
    }
}

impl Content {
    fn change(&mut self, change: Change) {
        change.apply(&mut self.now);
        self.pending.push(change);
    }
}

/// Does a change to a folder's names; `pick` says which of its two tables.
pub(crate) fn rename(names: &mut Names, renaming: &Renaming, folder: Id) {
    for (_, name, id) in renaming.iter().filter(|(within, _, _)| *within == folder) {
        match id {
            Some(id) => names.insert(name.clone(), *id),
            None => names.remove(name),
        };
    }
}

impl Disk {
    /// An empty folder that is called `root` in the trace.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            nodes: vec![Node::Folder { durable: Names::new(), now: Names::new() }],
            renamings: BTreeMap::new(),
            renamed: 0,
            syncs: HashMap::new(),
            cursors: HashMap::new(),
        }
    }

    /// What is called so now, by the program's own view.
    pub(crate) fn find(&self, path: &Path) -> Option<Id> {
        let mut id = ROOT;
        for name in path.strip_prefix(&self.root).ok()? {
            let Node::Folder { now, .. } = &self.nodes[id] else { return None };
            id = *now.get(name.to_str()?)?;
        }
        Some(id)
    }

    pub(crate) fn content(&self, id: Id) -> Option<&Content> {
        match &self.nodes[id] {
            Node::File(content) => Some(content),
            Node::Folder { .. } => None,
        }
    }

    fn file(&mut self, path: &Path) -> &mut Content {
        let id = self.find(path).unwrap_or_else(|| panic!("no file {}", path.display()));
        match &mut self.nodes[id] {
            Node::File(content) => content,
            Node::Folder { .. } => panic!("{} is a folder", path.display()),
        }
    }

    /// The folder that a path is in, and the path's last name.
    fn place(&self, path: &Path) -> (Id, String) {
        let folder = self.find(path.parent().unwrap());
        let folder = folder.unwrap_or_else(|| panic!("no folder of {}", path.display()));
        (folder, path.file_name().and_then(OsStr::to_str).unwrap().to_owned())
    }

    fn rename(&mut self, renaming: Renaming) {
        for folder in renaming.iter().map(|(folder, _, _)| *folder) {
            if let Node::Folder { now, .. } = &mut self.nodes[folder] {
                rename(now, &renaming, folder);
            }
        }
        self.renamings.insert(self.renamed, renaming);
        self.renamed += 1;
    }

    fn add(&mut self, path: &Path, node: Node) {
        let (folder, name) = self.place(path);
        self.nodes.push(node);
        let id = self.nodes.len() - 1;
        self.rename(vec![(folder, name, Some(id))]);
    }

    /// Does what the program did.
    pub(crate) fn apply(&mut self, act: &Act) {
        match act {
            Act::Open { path, fd, create, truncate, append } => {
                if self.find(path).is_none() && *create {
                    self.add(path, Node::File(Content::default()));
                }
                let Some(id) = self.find(path) else { return };
                let Node::File(content) = &mut self.nodes[id] else { return };
                if *truncate && !content.now.is_empty() {
                    content.change(Change::Resize(0));
                }
                self.cursors.insert(*fd, if *append { content.now.len() } else { 0 });
            }
            Act::Seek { fd, at } => {
                self.cursors.insert(*fd, usize::try_from(*at).unwrap());
            }
            Act::Write { path, fd, at, bytes } => {
                let cursor = self.cursors.get(fd).copied().unwrap_or(0);
                let at = match at {
                    Some(at) => usize::try_from(*at).unwrap(),
                    None => {
                        self.cursors.insert(*fd, cursor + bytes.len());
                        cursor
                    }
                };
                self.file(path).change(Change::Write { at, bytes: bytes.clone() });
            }
            Act::Resize { path, len } => {
                let len = usize::try_from(*len).unwrap();
                self.file(path).change(Change::Resize(len));
            }
            Act::Rename { from, to } => {
                let id = self.find(from).unwrap();
                let ((from, old), (to, new)) = (self.place(from), self.place(to));
                self.rename(vec![(from, old, None), (to, new, Some(id))]);
            }
            Act::Remove { path } => {
                let (folder, name) = self.place(path);
                self.rename(vec![(folder, name, None)]);
            }
            Act::MakeFolder { path } => {
                let folder = Node::Folder { durable: Names::new(), now: Names::new() };
                self.add(path, folder);
            }
            Act::SyncBegins { path, thread } => {
                let Some(id) = self.find(path) else { return };
                let covers =
                    self.content(id).map_or(self.renamed, |file| file.synced + file.pending.len());
                self.syncs.insert(*thread, Sync { id, covers });
            }
            Act::SyncEnds { thread } => {
                if let Some(sync) = self.syncs.remove(thread) {
                    self.sync(&sync);
                }
            }
        }
    }

    fn sync(&mut self, sync: &Sync) {
        match &mut self.nodes[sync.id] {
            Node::File(content) => {
                // Another sync may have covered them meanwhile.
                let covers = sync.covers.saturating_sub(content.synced);
                for change in content.pending.drain(..covers) {
                    change.apply(&mut content.durable);
                }
                content.synced += covers;
            }
            Node::Folder { .. } => self.sync_names(sync),
        }
    }

    /// A change of names in two folders is durable with either.
    fn sync_names(&mut self, sync: &Sync) {
        let covered = |number: usize, renaming: &Renaming| {
            number < sync.covers && renaming.iter().any(|(folder, _, _)| *folder == sync.id)
        };
        let all = std::mem::take(&mut self.renamings);
        for (number, renaming) in all {
            if !covered(number, &renaming) {
                self.renamings.insert(number, renaming);
                continue;
            }
            for folder in renaming.iter().map(|(folder, _, _)| *folder) {
                if let Node::Folder { durable, .. } = &mut self.nodes[folder] {
                    rename(durable, &renaming, folder);
                }
            }
        }
    }
}
