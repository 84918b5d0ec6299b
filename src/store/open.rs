//! Opening the books: the journal's end is found, and the view is made to say what the journal says.

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::ports::store::StoreFault;

use super::disk::Disk;
use super::journal::{Journal, JournalError, Position, Segment, first_of, read_segment, segments};
use super::view::{Applied, View};
use super::{BookStore, apply, record, snapshot};

/// The thread on which a view is opened that may turn out to be damaged. A panic there ends nothing.
pub const VIEW_THREAD: &str = "view-trial";

/// What the books are opened with.
#[allow(missing_debug_implementations, reason = "closures have none")]
pub struct OpenBooks<'a> {
    /// The folder of the journal and its snapshots.
    pub disk: Arc<dyn Disk>,
    /// Opens the view.
    pub open_view: &'a (dyn Fn() -> Result<Arc<dyn View>, StoreFault> + Sync),
    /// Puts a view that is not to be believed out of the way, so that the next one opened is new.
    pub set_view_aside: &'a dyn Fn() -> io::Result<()>,
    /// The size of new segments.
    pub segment_bytes: u64,
    /// Called with the name of each step that a test may want to die at.
    pub probe: fn(&str),
}

/// Books that were opened.
#[allow(missing_debug_implementations, reason = "files have none")]
pub struct Opened {
    /// The store.
    pub store: BookStore,
    /// Why the view was made again, if it was.
    pub rebuilt: Option<String>,
}

/// Why the books cannot be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The journal cannot be read.
    Journal(JournalError),
    /// The view cannot be made.
    Store(StoreFault),
    /// What is left of the journal does not reach back to a snapshot.
    Gap(String),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Journal(error) => error.fmt(f),
            Self::Store(fault) => fault.fmt(f),
            Self::Gap(what) => write!(f, "the books cannot be made whole: {what}"),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<JournalError> for OpenError {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Journal(JournalError::Io(error))
    }
}

impl From<StoreFault> for OpenError {
    fn from(fault: StoreFault) -> Self {
        Self::Store(fault)
    }
}

impl OpenBooks<'_> {
    /// Opens the books.
    ///
    /// # Errors
    /// [`OpenError`]. Nothing was changed then, but for a damaged view that was set aside.
    pub fn open(&self) -> Result<Opened, OpenError> {
        self.remove_unfinished()?;
        let tail = self.tail()?;
        let end = tail.as_ref().map_or(Position::START, |segment| segment.last);
        let (view, seen) = self.open_view()?;
        let (view, applied, rebuilt) = match seen {
            Seen::Whole(applied) if applied.position.seq > end.seq => {
                return self.recover_from_view(view, applied);
            }
            Seen::Whole(applied) => match self.catch_up(&*view, applied)? {
                Some(applied) => (view, applied, None),
                None => {
                    drop(view);
                    let (view, why) =
                        self.new_view("the view is not of this journal".to_owned())?;
                    let applied = self.rebuild(&*view)?;
                    (view, applied, Some(why))
                }
            },
            Seen::New(why) => {
                let applied = self.rebuild(&*view)?;
                (view, applied, why)
            }
        };
        let journal = match &tail {
            Some(segment) => {
                Journal::resume(Arc::clone(&self.disk), segment, self.segment_bytes, self.probe)?
            }
            None => Journal::begin(Arc::clone(&self.disk), end, self.segment_bytes, self.probe)?,
        };
        Ok(self.opened(journal, view, applied, rebuilt))
    }

    fn opened(
        &self,
        journal: Journal,
        view: Arc<dyn View>,
        applied: Applied,
        rebuilt: Option<String>,
    ) -> Opened {
        let (probe, upkeep) = (self.probe, None);
        Opened { store: BookStore { journal, view, applied, upkeep, probe }, rebuilt }
    }

    fn remove_unfinished(&self) -> io::Result<()> {
        if self.disk.list()?.iter().any(|name| name == snapshot::UNFINISHED) {
            self.disk.remove(snapshot::UNFINISHED)?;
        }
        Ok(())
    }

    /// The last segment that was written to. One that a crash left without a header is removed.
    fn tail(&self) -> Result<Option<Segment>, OpenError> {
        let mut names = segments(&*self.disk)?;
        while let Some(name) = names.pop() {
            match read_segment(&*self.disk, &name)? {
                Some(segment) => return Ok(Some(segment)),
                None => self.disk.remove(&name)?,
            }
        }
        Ok(None)
    }

    /// Opens the view and reads every row of it. One that cannot be opened or believed is set aside for a new one.
    fn open_view(&self) -> Result<(Arc<dyn View>, Seen), OpenError> {
        let why = match self.try_view()? {
            Ok((view, Some(applied))) => return Ok((view, Seen::Whole(applied))),
            Ok((view, None)) => return Ok((view, Seen::New(None))),
            Err(why) => why,
        };
        let (view, why) = self.new_view(why)?;
        Ok((view, Seen::New(Some(why))))
    }

    /// Opens the view and reads every row of it, on a thread that may panic: sled answers some of what a power cut leaves
    /// of its files with a panic where an error would do.
    fn try_view(&self) -> io::Result<Result<Tried, String>> {
        let open = self.open_view;
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name(VIEW_THREAD.to_owned());
            let tried = thread.spawn_scoped(scope, || {
                let view = open().map_err(|fault| fault.0)?;
                let applied = whole(&*view)?;
                Ok((view, applied))
            })?;
            Ok(tried.join().unwrap_or_else(|_| Err("opening the view panicked".to_owned())))
        })
    }

    fn new_view(&self, why: String) -> Result<(Arc<dyn View>, String), OpenError> {
        tracing::error!(why, "the view of the books is set aside and made again");
        (self.set_view_aside)()?;
        Ok(((self.open_view)()?, why))
    }

    /// Applies what the view lacks; `None` if the view is not of this journal.
    fn catch_up(&self, view: &dyn View, applied: Applied) -> Result<Option<Applied>, OpenError> {
        let Some(segments) = self.segments_after(applied.position)? else { return Ok(None) };
        self.replay(view, applied, &segments).map(Some)
    }

    /// The segments that hold what comes after `position`; `None` if the journal does not reach back to it, or tells
    /// another story there.
    fn segments_after(&self, position: Position) -> Result<Option<Vec<String>>, OpenError> {
        let names = segments(&*self.disk)?;
        let starts = |name: &String| first_of(name).is_some_and(|first| first <= position.seq + 1);
        let Some(start) = names.iter().rposition(starts) else {
            return Ok((names.is_empty() && position == Position::START).then(Vec::new));
        };
        let Some(segment) = read_segment(&*self.disk, &names[start])? else { return Ok(None) };
        let joined = segment.first == position
            || segment.records.iter().any(|r| (r.seq, r.hash) == (position.seq, position.hash));
        Ok(joined.then(|| names[start..].to_vec()))
    }

    /// Applies all records of `segments` that come after what was applied.
    fn replay(
        &self,
        view: &dyn View,
        mut applied: Applied,
        segments: &[String],
    ) -> Result<Applied, OpenError> {
        for name in segments {
            let Some(segment) = read_segment(&*self.disk, name)? else { continue };
            let from = applied.position.seq;
            for record in segment.records.iter().filter(|record| record.seq > from) {
                if record.before != applied.position.hash {
                    return Err(OpenError::Gap(format!("{name} does not follow what is before")));
                }
                let position = Position { seq: record.seq, hash: record.hash };
                apply(view, &mut applied, &record.ops, position)?;
            }
        }
        Ok(applied)
    }

    /// Fills a new view from the newest snapshot and the journal.
    fn rebuild(&self, view: &dyn View) -> Result<Applied, OpenError> {
        let base = snapshot::newest(&*self.disk)?;
        let mut applied = Applied::EMPTY;
        if let Some((name, position)) = &base {
            applied = load(&*self.disk, name, view)?;
            applied.position = *position;
        }
        let segments = self.segments_after(applied.position)?.ok_or_else(|| {
            let from = base.map_or_else(|| "the beginning".to_owned(), |(name, _)| name);
            OpenError::Gap(format!("the journal does not reach back to {from}"))
        })?;
        view.apply(&[], Some(&applied))?;
        self.replay(view, applied, &segments)
    }

    /// The view holds commits that the end of the journal lacks. Only durable commits reach a view, and every row of it
    /// proved whole: so the journal lost them, and the view is what is left. It becomes a snapshot, and the journal goes
    /// on from there.
    fn recover_from_view(
        &self,
        view: Arc<dyn View>,
        applied: Applied,
    ) -> Result<Opened, OpenError> {
        tracing::error!(
            seq = applied.position.seq,
            "the journal has lost commits that the view still holds; they are kept as a snapshot"
        );
        let mut writer = snapshot::Writer::begin(&*self.disk, applied.position)?;
        view.each(&mut |key, row| {
            writer.row(key, row).map_err(|error| StoreFault(format!("snapshot: {error}")))
        })?;
        writer.finish(&*self.disk)?;
        let disk = Arc::clone(&self.disk);
        let journal = Journal::begin(disk, applied.position, self.segment_bytes, self.probe)?;
        let why = "the journal has lost commits that the view still held".to_owned();
        Ok(self.opened(journal, view, applied, Some(why)))
    }
}

/// A view that could be read to its end, and what it says that it has applied.
type Tried = (Arc<dyn View>, Option<Applied>);

/// What was found when the view was opened.
enum Seen {
    /// A whole view, with what it has applied.
    Whole(Applied),
    /// An empty one, and why it had to be made if there was one before.
    New(Option<String>),
}

/// Reads every row of a view: what it has applied, or why it is not to be believed.
fn whole(view: &dyn View) -> Result<Option<Applied>, String> {
    let stored = view.applied().map_err(|fault| fault.0)?;
    let mut found = Applied { position: Position::START, ..Applied::EMPTY };
    let checked = view.each(&mut |key, row| {
        if !record::is_intact(key, row) {
            return Err(StoreFault(format!("a row is damaged: {key:02x?}")));
        }
        found.note(key, None, Some(row));
        Ok(())
    });
    checked.map_err(|fault| fault.0)?;
    match stored {
        Some(stored) if (stored.rows, stored.digest) == (found.rows, found.digest) => {
            Ok(Some(stored))
        }
        Some(_) => Err("rows of the view are missing or not what they were".to_owned()),
        None if found.rows == 0 => Ok(None),
        None => Err("the view was never completed".to_owned()),
    }
}

/// Rows that are put into a new view at once.
const LOAD_ROWS: usize = 1_000;

/// Puts the rows of a snapshot into a new view.
fn load(disk: &dyn Disk, name: &str, view: &dyn View) -> Result<Applied, OpenError> {
    let mut reader = snapshot::Reader::open(disk, name)?;
    let mut applied = Applied::EMPTY;
    let mut ops = vec![];
    while let Some((key, row)) = reader.row()? {
        applied.note(&key, None, Some(&row));
        ops.push((key, Some(row)));
        if ops.len() == LOAD_ROWS {
            view.apply(&ops, None)?;
            ops.clear();
        }
    }
    view.apply(&ops, None)?;
    Ok(applied)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::sim::{MapView, MemoryDisk};

    #[test]
    fn a_view_that_panics_when_it_is_opened_is_set_aside_and_made_again() {
        let (opened, set_aside) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let books = OpenBooks {
            disk: Arc::new(MemoryDisk::default()),
            open_view: &|| {
                let first = opened.fetch_add(1, Ordering::SeqCst) == 0;
                assert!(!first, "tried to serialize Uninitialized");
                Ok(Arc::new(MapView::default()))
            },
            set_view_aside: &|| {
                set_aside.fetch_add(1, Ordering::SeqCst);
                Ok(())
            },
            segment_bytes: 1 << 16,
            probe: |_| {},
        };
        let why = books.open().unwrap().rebuilt;
        assert_eq!(why.as_deref(), Some("opening the view panicked"));
        assert_eq!(set_aside.load(Ordering::SeqCst), 1);
    }
}
