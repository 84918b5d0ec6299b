//! What happens beside the commits: full segments become a new snapshot, and what two snapshots and the configured time
//! have made superfluous goes.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::copy::Story;
use super::disk::Disk;
use super::journal::{JournalError, Position, first_of, read_segment, segments};
use super::snapshot;

/// Snapshots that are kept.
const SNAPSHOTS_KEPT: usize = 2;

/// The thread that keeps the folder small.
#[derive(Clone, Debug)]
pub struct Upkeep(SyncSender<()>);

impl Upkeep {
    /// Starts the thread. It ends with the last of these handles.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn start(disk: Arc<dyn Disk>, keep_secs: u64) -> io::Result<Self> {
        let (sender, wanted) = sync_channel(1);
        std::thread::Builder::new()
            .name("books-upkeep".to_owned())
            .spawn(move || run(&*disk, keep_secs, &wanted))?;
        Ok(Self(sender))
    }

    /// A segment is full. If the thread is still busy with the one before, it will see both.
    pub(super) fn segment_ended(&self) {
        let _ = self.0.try_send(());
    }
}

fn run(disk: &dyn Disk, keep_secs: u64, wanted: &Receiver<()>) {
    while wanted.recv().is_ok() {
        // Nothing depends on this but disk space: what fails now is done the next time.
        if let Err(error) = keep_small(disk, keep_secs) {
            tracing::error!(%error, "the journal could not be compacted");
        }
    }
}

/// What the thread does each time.
///
/// # Errors
/// The disk fails, or the journal is damaged. What was there before is still there.
pub fn keep_small(disk: &dyn Disk, keep_secs: u64) -> Result<(), JournalError> {
    compact(disk)?;
    remove_old(disk, keep_secs)
}

/// Makes a snapshot of the last one and all full segments since.
fn compact(disk: &dyn Disk) -> Result<(), JournalError> {
    let mut full = segments(disk)?;
    // The last one is being written.
    full.pop();
    let story = Story::read(disk, full)?;
    if story.is_quiet() {
        return Ok(());
    }
    let position = story.write(disk, disk)?;
    tracing::info!(seq = position.seq, "snapshot of the books made");
    Ok(())
}

/// Removes snapshots beyond the newest two, and segments that the older of these covers and that are old enough.
fn remove_old(disk: &dyn Disk, keep_secs: u64) -> Result<(), JournalError> {
    let mut names = snapshot::names(disk)?;
    while names.len() > SNAPSHOTS_KEPT {
        disk.remove(&names.remove(0))?;
    }
    let covered = match names.as_slice() {
        [older, _] => snapshot::seq_of(older).unwrap_or(0),
        _ => return Ok(()),
    };
    let all = segments(disk)?;
    for pair in all.windows(2) {
        // A segment ends where the next begins.
        let last = first_of(&pair[1]).unwrap_or(0).saturating_sub(1);
        if last <= covered && disk.age_secs(&pair[0])? >= keep_secs {
            disk.remove(&pair[0])?;
        }
    }
    Ok(())
}

/// Reads every segment and every snapshot, and checks that they are one story. Returns how many records there are.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify_files(disk: &dyn Disk) -> Result<u64, JournalError> {
    let mut at: Option<Position> = None;
    let mut records = 0;
    for name in segments(disk)? {
        let Some(segment) = read_segment(disk, &name)? else { continue };
        if let Some(at) = at.filter(|at| *at != segment.first) {
            // A snapshot has what the journal lacks there, or the books begin after the gap.
            let snapshots = snapshot::names(disk)?;
            let mut seqs = snapshots.iter().filter_map(|name| snapshot::seq_of(name));
            let begins_later = seqs.clone().next().is_some_and(|oldest| oldest > segment.first.seq);
            if !begins_later && !seqs.any(|seq| seq == segment.first.seq) {
                let text = format!("{name} does not follow record {}", at.seq);
                return Err(JournalError::Damaged(text));
            }
        }
        at = Some(segment.last);
        records += u64::try_from(segment.records.len()).unwrap_or(0);
    }
    let names = snapshot::names(disk)?;
    if !names.is_empty() && snapshot::newest(disk)?.map(|(name, _)| name) != names.last().cloned() {
        return Err(JournalError::Damaged("the newest snapshot cannot be read".to_owned()));
    }
    Ok(records)
}
