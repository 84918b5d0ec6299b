//! Opens an image as `satback ledger verify` does, and looks for everything that was acknowledged.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use satback::config::{Config, Sources};
use satback::domain::checkout::SessionStatus;
use satback::domain::claim::ClaimStatus;
use satback::domain::id::{AccountId, CashbackId, ClaimId, SessionId};
use satback::engine::audit::audit;
use satback::ports::store::{Key, Row, Rows, Store};
use satback::secrets::TokenKey;
use satback::store::disk::Folder;
use satback::store::{BookStore, OpenBooks, SledView, VIEW_THREAD, verify_files};

use super::super::kit::program;
use super::recording::{Fact, Told};
use super::sqlite;

/// What is known of the moment of a cut.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// Facts count that were told while the trace was no longer than this.
    pub(crate) until: u64,
    /// The journal's last record whose sync had returned.
    pub(crate) synced: u64,
    /// Its last record that had been written.
    pub(crate) written: u64,
    /// Whether the program itself is to open the image first.
    pub(crate) by_command: bool,
}

/// Checks images.
pub(crate) struct Checker {
    facts: Vec<Told>,
    /// The daemon's folder, by its name in an image.
    name: PathBuf,
    seed: Vec<u8>,
}

/// Panics that would end the daemon.
static PANICS: AtomicUsize = AtomicUsize::new(0);

impl Checker {
    pub(crate) fn new(facts: Vec<Told>, dir: &Path) -> Self {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            // The daemon survives a view that panics while it is opened (`app/signals.rs`).
            if std::thread::current().name() != Some(VIEW_THREAD) {
                PANICS.fetch_add(1, Ordering::SeqCst);
            }
            before(panic);
        }));
        let seed = std::fs::read(dir.join("seed")).unwrap();
        Self { facts, name: dir.file_name().unwrap().into(), seed }
    }

    /// Opens the books in an image.
    pub(crate) fn check(&self, image: &Path, known: &Known) -> Result<(), String> {
        let dir = image.join(&self.name);
        let facts: Vec<_> = self
            .facts
            .iter()
            .filter(|told| told.offset <= known.until)
            .map(|told| &told.fact)
            .collect();
        if !facts.contains(&&Fact::FolderMade) {
            return Ok(());
        }
        let seed = std::fs::read(dir.join("seed")).map_err(|error| format!("the seed: {error}"))?;
        if seed != self.seed {
            return Err("the seed is another one".to_owned());
        }
        let sources = Sources { file: Some(dir.join("satback.toml")), ..Sources::default() };
        let config = sources.load().map_err(|problems| problems.to_string())?.config;
        if known.by_command {
            verify_by_command(&dir)?;
        }
        look_for(&*open(&config, known)?.rows(), &facts)?;
        sqlite::check(&dir.join("ldk/ldk_node_data.sqlite"), &facts)
    }

    /// Panics of threads that may have none.
    pub(crate) fn panics(&self) -> usize {
        PANICS.load(Ordering::SeqCst)
    }
}

fn verify_by_command(dir: &Path) -> Result<(), String> {
    let mut command = std::process::Command::new(program());
    command.args(["ledger", "verify", "--config"]).arg(dir.join("satback.toml"));
    let verified = command.output().unwrap();
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    match verified.status.success() && said.contains(" 0 problems") {
        true => Ok(()),
        false => Err(format!("{said}{}", String::from_utf8_lossy(&verified.stderr))),
    }
}

/// Opens and audits books as `satback ledger verify` does.
fn open(config: &Config, known: &Known) -> Result<BookStore, String> {
    let books = config.data_dir.join("books");
    let disk = Folder::open(&books).map_err(|error| error.to_string())?;
    verify_files(&disk).map_err(|error| error.to_string())?;
    let (view, aside) = (books.join("view"), books.join("view-set-aside"));
    let opened = OpenBooks {
        disk: Arc::new(disk),
        open_view: &|| Ok(Arc::new(SledView::open(&view)?)),
        set_view_aside: &|| if view.exists() { std::fs::rename(&view, &aside) } else { Ok(()) },
        segment_bytes: 1 << 20,
        probe: |_| {},
    };
    let opened = opened.open().map_err(|error| error.to_string())?;
    let secrets = TokenKey::from_seed(&std::fs::read(&config.node.seed_file).unwrap());
    let rows = opened.store.rows();
    let problems = audit(&*rows, &secrets).map_err(|fault| fault.to_string())?.problems;
    if !problems.is_empty() {
        return Err(format!("{problems:?}"));
    }
    let version = rows.version().map_err(|fault| fault.to_string())?;
    if version < known.synced || version > known.written {
        return Err(format!("record {version} is the last one"));
    }
    Ok(opened.store)
}

fn look_for(rows: &dyn Rows, facts: &[&Fact]) -> Result<(), String> {
    facts.iter().try_for_each(|fact| match holds(rows, fact) {
        true => Ok(()),
        false => Err(format!("{fact:?} is lost")),
    })
}

/// True if the books say so.
fn holds(rows: &dyn Rows, fact: &Fact) -> bool {
    let row = |key: Key| rows.get(&key).unwrap();
    match fact {
        // Not the books' to say.
        Fact::FolderMade | Fact::ChannelUsable => true,
        Fact::Account(id) => row(Key::Account(AccountId::parse(id).unwrap())).is_some(),
        Fact::Cashback(id) => row(Key::Cashback(CashbackId::parse(id).unwrap())).is_some(),
        Fact::Session(id) => row(Key::Session(SessionId::parse(id).unwrap())).is_some(),
        Fact::SessionPaid(id) => {
            let row = row(Key::Session(SessionId::parse(id).unwrap()));
            matches!(row, Some(Row::Session(session)) if session.status == SessionStatus::Paid)
        }
        Fact::ClaimPaid(id) => {
            let row = row(Key::Claim(ClaimId::parse(id).unwrap()));
            matches!(row, Some(Row::Claim(claim)) if claim.status == ClaimStatus::Paid)
        }
    }
}
