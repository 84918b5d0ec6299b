//! A daemon whose writes and syncs are recorded, and what it has acknowledged by when.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Mutex;

use satback_regtest::{Daemon, DaemonSpec, PATIENCE, World, eventually};

use super::super::kit::program;
use super::trace::CALLS;

/// Something that somebody was told, and that must be so ever after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    /// `satback init` has said that the folder is made.
    FolderMade,
    /// LDK has a channel.
    ChannelUsable,
    Account(String),
    Cashback(String),
    Session(String),
    SessionPaid(String),
    ClaimPaid(String),
}

/// How much of the trace is looked at for a process's end.
const TAIL: u64 = 1 << 16;

/// A fact, and how long the trace was when it was known.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) offset: u64,
    pub(crate) fact: Fact,
}

/// Records a daemon.
#[derive(Debug)]
pub(crate) struct Recorder {
    pub(crate) trace: PathBuf,
    told: Mutex<Vec<Told>>,
}

impl Recorder {
    /// Makes the daemon's folder under record.
    pub(crate) fn init(world: &World, spec: DaemonSpec) -> (Self, Daemon) {
        let trace = world.folder().join("trace");
        let recorder = Self { trace, told: Mutex::default() };
        let trace = recorder.trace.to_str().unwrap();
        // `--daemonize` makes the daemon, not strace, the process that is started and signalled.
        let strace = [
            "strace",
            "--daemonize",
            "--follow-forks",
            "--seccomp-bpf",
            "--decode-fds=path",
            "-xx",
            "--string-limit=4194304",
            "-A",
            "--output",
            trace,
            "--trace",
            CALLS,
        ];
        let daemon = Daemon::init(world, program(), &spec.under(&strace));
        // Its output ends with strace, and `init` waits for that: the trace is complete.
        recorder.told(Fact::FolderMade);
        (recorder, daemon)
    }

    /// Notes that something was said to be so.
    pub(crate) fn told(&self, fact: Fact) {
        // strace writes the line of a call before the call returns to its thread: whatever made this durable is in it.
        let offset = fs::metadata(&self.trace).unwrap().len();
        self.told.lock().unwrap().push(Told { offset, fact });
    }

    pub(crate) fn facts(&self) -> Vec<Told> {
        self.told.lock().unwrap().clone()
    }

    /// Waits until the trace of a process that has ended is complete.
    pub(crate) fn wait_end(&self, process: u32) {
        eventually("the trace's end;", PATIENCE, || {
            let mut trace = File::open(&self.trace).map_err(|error| error.to_string())?;
            let len = trace.metadata().map_err(|error| error.to_string())?.len();
            trace.seek(SeekFrom::Start(len.saturating_sub(TAIL))).map_err(|e| e.to_string())?;
            let mut tail = vec![];
            trace.read_to_end(&mut tail).map_err(|error| error.to_string())?;
            let ended = String::from_utf8_lossy(&tail)
                .lines()
                .any(|line| line.starts_with(&format!("{process} ")) && line.contains(" +++ "));
            if ended { Ok(()) } else { Err("it goes on".to_owned()) }
        });
    }
}
