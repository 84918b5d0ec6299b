//! What is not ready, for `/readyz`.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::engine::command::Command;
use crate::engine::queue::Handle;
use crate::engine::reply::{Reply, Survey};
use crate::metrics::Disk;
use crate::ports::lightning::Lightning;
use crate::ports::rates::{RateInfo, Rates};
use crate::web::admin::{NotReady, Readiness};

use super::Standing;
use super::books::BooksFolder;

/// Asks everything that can be not ready.
pub(crate) struct AppReadiness {
    pub(crate) engine: Handle,
    pub(crate) node: Arc<dyn Lightning>,
    pub(crate) rates: Arc<dyn Rates>,
    pub(crate) standing: Standing,
    pub(crate) stopping: Arc<AtomicBool>,
    /// The data folder, where there is one.
    pub(crate) data_dir: Option<PathBuf>,
}

fn not_ready(rule: &'static str, message: impl Into<String>) -> NotReady {
    NotReady { rule, message: message.into() }
}

impl Readiness for AppReadiness {
    fn not_ready(&self) -> Vec<NotReady> {
        let mut found = vec![];
        match &self.standing {
            Standing::Normal => {}
            Standing::Frozen(rule) => found.push(not_ready("frozen", rule.clone())),
            Standing::Held(rule) => found.push(not_ready("node_held", rule.clone())),
        }
        if self.stopping.load(Ordering::SeqCst) {
            found.push(not_ready("stopping", "the daemon is ending"));
        }
        match self.engine.ask_now(Command::Survey) {
            Ok(Ok(Reply::Survey(survey))) => found.extend(of_engine(&survey)),
            _ => found.push(not_ready("engine", "the engine does not answer")),
        }
        found.extend(self.of_node());
        found
    }

    fn disk(&self) -> Option<Disk> {
        let folder = self.data_dir.as_ref()?;
        let space = rustix::fs::statvfs(folder).ok()?;
        let free = space.f_bavail.saturating_mul(space.f_frsize);
        Some(Disk { free, journal: size(&BooksFolder::of(folder).journal) })
    }

    /// Without a rate one currency waits, and everything else goes on.
    fn warnings(&self) -> Vec<NotReady> {
        let warning = |info: RateInfo| {
            let missing = info.missing?;
            Some(not_ready("rate", format!("{}: {missing}", info.currency.code())))
        };
        self.rates.known().into_iter().filter_map(warning).collect()
    }
}

/// The bytes of a folder's files.
fn size(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = files.filter_map(|file| file.metadata().ok()).filter(Metadata::is_file);
    files.map(|file| file.len()).sum()
}

fn of_engine(survey: &Survey) -> Vec<NotReady> {
    let rules = [
        (survey.drained, not_ready("drained", "no new claims and sessions are taken")),
        (survey.disk_low, not_ready("disk_low", "the disk has less room than store.low_water_mb")),
        (
            !survey.timers_run,
            not_ready("clock", "the wall clock is not to be trusted; nothing expires meanwhile"),
        ),
    ];
    rules.into_iter().filter(|(holds, _)| *holds).map(|(_, rule)| rule).collect()
}

impl AppReadiness {
    fn of_node(&self) -> Option<NotReady> {
        if let Standing::Held(_) = self.standing {
            return None;
        }
        match self.node.chain() {
            Err(down) => Some(not_ready("node", down.to_string())),
            Ok(chain) if chain.may_pay() => None,
            Ok(chain) => Some(match chain.behind {
                Some(blocks) => {
                    not_ready("chain", format!("the node is {blocks} blocks behind bitcoind"))
                }
                None => not_ready("chain", "the node has not synced, or bitcoind does not answer"),
            }),
        }
    }
}
