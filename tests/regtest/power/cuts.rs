//! Where the power is cut, and what comes of it.

use std::collections::HashMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;

use satback::sim::chance::Chance;

use super::check::{Checker, Known};
use super::disk::Disk;
use super::image::{Losses, build};
use super::trace::{Act, Event};

/// How close to a rare act a cut is set to find it half done.
const NEAR: u64 = 4;

/// One image of so many is opened by `satback ledger verify`.
const BY_COMMAND: u64 = 10;

/// Images that are opened at once.
const WORKERS: usize = 2;

/// A power cut.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    /// So many events were complete.
    pub(crate) after: usize,
    /// What decides what is left of the rest.
    pub(crate) seed: u64,
}

/// `count` cuts in order: every other one anywhere, the rest near something that happens seldom.
pub(crate) fn choose(events: &[Event], count: usize) -> Vec<Cut> {
    let chance = Chance::seeded(u64::try_from(count).unwrap());
    let rare: Vec<u64> =
        (0u64..).zip(events).filter(|(_, event)| is_rare(&event.act)).map(|(at, _)| at).collect();
    let end = u64::try_from(events.len()).unwrap();
    let mut cuts: Vec<_> = (0..u64::try_from(count).unwrap())
        .map(|seed| {
            let at = match chance.pick(&rare) {
                Some(at) if seed % 2 == 1 => {
                    (at + chance.below(2 * NEAR)).saturating_sub(NEAR).min(end)
                }
                _ => chance.below(end + 1),
            };
            Cut { after: usize::try_from(at).unwrap(), seed }
        })
        .collect();
    cuts.sort_by_key(|cut| cut.after);
    cuts
}

/// What changes names or lengths: segments that end, snapshots, folders.
fn is_rare(act: &Act) -> bool {
    match act {
        Act::Open { create, truncate, .. } => *create && *truncate,
        Act::Rename { .. } | Act::Remove { .. } | Act::MakeFolder { .. } | Act::Resize { .. } => {
            true
        }
        Act::Write { .. } | Act::Seek { .. } | Act::SyncBegins { .. } | Act::SyncEnds { .. } => {
            false
        }
    }
}

/// Goes through a recording from cut to cut.
pub(crate) struct Sweep<'a> {
    events: &'a [Event],
    disk: Disk,
    done: usize,
    journal: Journal,
    losses: Losses,
    images: usize,
    points: usize,
    pub(crate) failures: Vec<String>,
}

/// Checks an image, which goes if it is sound.
fn examine(checker: &Checker, image: &Path, known: &Known) -> Result<(), String> {
    let checked = catch_unwind(AssertUnwindSafe(|| checker.check(image, known)));
    checked.unwrap_or_else(|_| Err("a panic, see above".to_owned()))?;
    fs::remove_dir_all(image).map_err(|error| error.to_string())
}

/// Which of the journal's records were written, and which were synced.
#[derive(Debug, Default)]
struct Journal {
    written: u64,
    synced: u64,
    syncing: HashMap<u32, u64>,
}

impl Journal {
    fn follow(&mut self, act: &Act) {
        let is_journal = |path: &Path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("journal-"))
        };
        match act {
            Act::Write { path, bytes, .. } if is_journal(path) && bytes.starts_with(b"SBJ1") => {
                self.written = u64::from_be_bytes(bytes[8..16].try_into().unwrap());
            }
            Act::SyncBegins { path, thread } if is_journal(path) => {
                self.syncing.insert(*thread, self.written);
            }
            Act::SyncEnds { thread } => {
                self.synced = self.synced.max(self.syncing.remove(thread).unwrap_or(0));
            }
            _ => {}
        }
    }
}

impl<'a> Sweep<'a> {
    pub(crate) fn new(root: &Path, events: &'a [Event]) -> Self {
        Self {
            events,
            disk: Disk::new(root),
            done: 0,
            journal: Journal::default(),
            losses: Losses::default(),
            images: 0,
            points: 0,
            failures: vec![],
        }
    }

    /// Makes and checks an image for each cut; those stay with which something is wrong.
    pub(crate) fn run(&mut self, cuts: &[Cut], images: &Path, checker: &Checker) {
        let failures = Mutex::new(vec![]);
        let (sender, made) = sync_channel::<(Cut, Known)>(WORKERS);
        let made = Mutex::new(made);
        std::thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| {
                    loop {
                        let next = made.lock().unwrap().recv();
                        let Ok((cut, known)) = next else { return };
                        if let Err(why) =
                            examine(checker, &images.join(cut.seed.to_string()), &known)
                        {
                            failures.lock().unwrap().push(format!("{cut:?} {known:?}: {why}"));
                        }
                    }
                });
            }
            for cut in cuts {
                let known = self.image(cut, &images.join(cut.seed.to_string()));
                sender.send((cut.clone(), known)).unwrap();
            }
            drop(sender);
        });
        self.failures = failures.into_inner().unwrap();
    }

    /// Makes one image.
    fn image(&mut self, cut: &Cut, target: &Path) -> Known {
        self.points += usize::from(cut.after > self.done || self.images == 0);
        self.images += 1;
        for event in &self.events[self.done..cut.after] {
            self.disk.apply(&event.act);
            self.journal.follow(&event.act);
        }
        self.done = cut.after;
        self.losses.add(&build(&self.disk, &Chance::seeded(cut.seed), None, target));
        Known {
            until: self.events.get(cut.after).map_or(u64::MAX, |next| next.offset),
            synced: self.journal.synced,
            written: self.journal.written,
            by_command: cut.seed.is_multiple_of(BY_COMMAND),
        }
    }

    /// One line of figures.
    pub(crate) fn report(&self) -> String {
        let Losses { pages_kept, pages_lost, pages_torn, lengths_lost, names_undone } = self.losses;
        format!(
            "{} images at {} points of {} events, {} commits: {pages_kept} unsynced pages kept, {pages_lost} lost, \
             {pages_torn} torn, {lengths_lost} lengths and {names_undone} names undone; {} failures",
            self.images,
            self.points,
            self.events.len(),
            self.journal.written,
            self.failures.len(),
        )
    }
}
