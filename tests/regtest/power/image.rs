//! What a power cut may leave of a folder: everything that was synced, and of the rest whatever a seed says – by pages and
//! sectors, lengths, and names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use satback::sim::chance::Chance;

use super::disk::{Change, Content, Disk, Id, Names, Node, ROOT, rename};

/// What the system writes at once, if at all.
const PAGE: usize = 4096;
/// What a disk writes at once, whatever happens.
const SECTOR: usize = 512;

/// How many of what was lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Losses {
    pub(crate) pages_kept: usize,
    pub(crate) pages_lost: usize,
    pub(crate) pages_torn: usize,
    pub(crate) lengths_lost: usize,
    pub(crate) names_undone: usize,
}

impl Losses {
    pub(crate) fn add(&mut self, more: &Self) {
        self.pages_kept += more.pages_kept;
        self.pages_lost += more.pages_lost;
        self.pages_torn += more.pages_torn;
        self.lengths_lost += more.lengths_lost;
        self.names_undone += more.names_undone;
    }
}

/// What becomes of what was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Everything is kept.
    Kept,
    /// Nothing is.
    Lost,
    /// What was done first is kept.
    InOrder,
    /// Each page, length and name for itself.
    Scattered,
    /// As [`Fate::Scattered`], and some pages are a mixture of sectors.
    Torn,
}

const FATES: [Fate; 5] = [Fate::Kept, Fate::Lost, Fate::InOrder, Fate::Scattered, Fate::Torn];

fn below(chance: &Chance, bound: usize) -> usize {
    usize::try_from(chance.below(u64::try_from(bound).unwrap())).unwrap()
}

fn any_fate(chance: &Chance) -> Fate {
    FATES[below(chance, FATES.len())]
}

/// Writes to `target` what the cut leaves. With a fate everything has it; without, each file has one of its own.
pub(crate) fn build(disk: &Disk, chance: &Chance, fate: Option<Fate>, target: &Path) -> Losses {
    let mut losses = Losses::default();
    let names = names(disk, chance, fate.unwrap_or_else(|| any_fate(chance)), &mut losses);
    fs::create_dir_all(target).unwrap();
    let mut folders = vec![(ROOT, target.to_owned())];
    while let Some((folder, path)) = folders.pop() {
        for (name, id) in &names[&folder] {
            let path = path.join(name);
            match &disk.nodes[*id] {
                Node::Folder { .. } => {
                    fs::create_dir_all(&path).unwrap();
                    folders.push((*id, path));
                }
                Node::File(content) => {
                    let fate = fate.unwrap_or_else(|| any_fate(chance));
                    fs::write(&path, bytes(content, chance, fate, &mut losses)).unwrap();
                    // As satback makes them; it refuses a seed that others may read.
                    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
                }
            }
        }
    }
    losses
}

/// The names in every folder.
fn names(disk: &Disk, chance: &Chance, fate: Fate, losses: &mut Losses) -> BTreeMap<Id, Names> {
    let mut names: BTreeMap<Id, Names> = BTreeMap::new();
    for (id, node) in disk.nodes.iter().enumerate() {
        if let Node::Folder { durable, .. } = node {
            names.insert(id, durable.clone());
        }
    }
    let first = below(chance, disk.renamings.len() + 1);
    for (number, renaming) in disk.renamings.values().enumerate() {
        let kept = match fate {
            Fate::Kept => true,
            Fate::Lost => false,
            Fate::InOrder => number < first,
            Fate::Scattered | Fate::Torn => chance.one_in(2),
        };
        if !kept {
            losses.names_undone += 1;
            continue;
        }
        for (folder, table) in &mut names {
            rename(table, renaming, *folder);
        }
    }
    names
}

/// The bytes of a file.
fn bytes(content: &Content, chance: &Chance, fate: Fate, losses: &mut Losses) -> Vec<u8> {
    let count = content.pending.len();
    let pages = Pages::of(&content.pending);
    let versions = match fate {
        Fate::Kept => (count, count),
        Fate::Lost => (0, 0),
        Fate::InOrder => {
            let first = below(chance, count + 1);
            (first, first)
        }
        Fate::Scattered | Fate::Torn => (0, count),
    };
    let any = || versions.0 + below(chance, versions.1 - versions.0 + 1);
    let len = content.len_at(any());
    losses.lengths_lost += usize::from(len != content.now.len());
    let mut bytes = content.durable.clone();
    bytes.resize(len, 0);
    for page in pages.dirty() {
        let begin = page * PAGE;
        if begin >= len {
            losses.pages_lost += 1;
            continue;
        }
        let mut kept = pages.at(content, page, any());
        let torn = fate == Fate::Torn && chance.one_in(4);
        if torn {
            let other = pages.at(content, page, any());
            for sector in (0..PAGE).step_by(SECTOR).filter(|_| chance.one_in(2)) {
                kept[sector..sector + SECTOR].copy_from_slice(&other[sector..sector + SECTOR]);
            }
        }
        let end = len.min(begin + PAGE);
        bytes[begin..end].copy_from_slice(&kept[..end - begin]);
        let now = &content.now[begin.min(content.now.len())..end.min(content.now.len())];
        match bytes[begin..end] == *now {
            true => losses.pages_kept += 1,
            false if torn => losses.pages_torn += 1,
            false => losses.pages_lost += 1,
        }
    }
    bytes
}

impl Content {
    /// Its length after the first `count` of the changes that no sync has covered.
    fn len_at(&self, count: usize) -> usize {
        self.pending[..count].iter().fold(self.durable.len(), |len, change| match change {
            Change::Write { at, bytes } => len.max(at + bytes.len()),
            Change::Resize(len) => *len,
        })
    }
}

/// Which changes touch which page.
struct Pages(BTreeMap<usize, Vec<usize>>, Vec<usize>);

impl Pages {
    fn of(changes: &[Change]) -> Self {
        let mut pages: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut resizes = vec![];
        for (number, change) in changes.iter().enumerate() {
            match change {
                Change::Write { at, bytes } if !bytes.is_empty() => {
                    for page in at / PAGE..=(at + bytes.len() - 1) / PAGE {
                        pages.entry(page).or_default().push(number);
                    }
                }
                Change::Write { .. } => {}
                Change::Resize(_) => resizes.push(number),
            }
        }
        Self(pages, resizes)
    }

    fn dirty(&self) -> impl Iterator<Item = usize> {
        self.0.keys().copied()
    }

    /// A page after the first `count` changes, filled up with zeros.
    fn at(&self, content: &Content, page: usize, count: usize) -> Vec<u8> {
        let begin = page * PAGE;
        let durable = content.durable.get(begin..).unwrap_or_default();
        let mut bytes = durable[..durable.len().min(PAGE)].to_vec();
        bytes.resize(PAGE, 0);
        let touching: BTreeSet<usize> =
            self.0[&page].iter().chain(&self.1).copied().filter(|number| *number < count).collect();
        for number in touching {
            match &content.pending[number] {
                Change::Write { at, bytes: new } => {
                    let from = begin.max(*at);
                    let to = (begin + PAGE).min(at + new.len());
                    bytes[from - begin..to - begin].copy_from_slice(&new[from - at..to - at]);
                }
                Change::Resize(len) => {
                    let from = len.saturating_sub(begin).min(PAGE);
                    bytes[from..].fill(0);
                }
            }
        }
        bytes
    }
}
