//! Child processes that never outlive us: killed when their handle is dropped, and by the kernel when this process
//! dies without dropping anything (`setpriv --pdeathsig`, where util-linux is there).
//!
//! The kernel's "parent" is the *thread* that started the child, and a test's thread ends before its process does.
//! So one long-lived thread starts all children.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use crate::until::until;

/// A running (or ended) child process. Dropping it kills it.
#[derive(Debug)]
pub struct Child {
    name: String,
    process: process::Child,
    ended: Option<ExitStatus>,
    log: PathBuf,
}

impl Child {
    /// Starts `command`, with everything that it prints appended to the file `log`.
    ///
    /// Of `command` the program, arguments, variables and folder are used; what it says about standard streams is
    /// replaced, and `env_clear` is not seen.
    pub fn start(name: &str, command: &Command, log: &Path) -> Child {
        let mut command = dying_with_us(command);
        let out = OpenOptions::new().create(true).append(true).open(log);
        let out = out.unwrap_or_else(|error| panic!("cannot open {}: {error}", log.display()));
        let err = out.try_clone().expect("a file handle can be cloned");
        command.stdin(Stdio::null()).stdout(out).stderr(err);
        let process = on_spawner(move || command.spawn());
        let process = process.unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        Child { name: name.into(), process, ended: None, log: log.into() }
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Where its output goes.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// The last lines of its output, for messages.
    pub fn log_tail(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// Asks it to end.
    pub fn sigterm(&self) {
        self.signal("TERM");
    }

    /// Ends it at once, wherever it is.
    pub fn sigkill(&self) {
        self.signal("KILL");
    }

    /// Makes it stand still.
    pub fn sigstop(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn sigcont(&self) {
        self.signal("CONT");
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            self.ended = self.process.try_wait().expect("a child can be asked whether it ended");
        }
        self.ended
    }

    /// Waits for its end; panics with its last words when that does not come within `deadline`.
    pub fn wait(&mut self, deadline: Duration) -> ExitStatus {
        let what = format!("the end of {} (see {})", self.name, self.log.display());
        until(&what, deadline, || self.ended())
    }

    /// A child whose end was seen has no process id any more: the number may be somebody else's by now.
    fn signal(&self, signal: &str) {
        if self.ended.is_some() {
            return;
        }
        let script = format!("kill -s {signal} {}", self.pid());
        let status = Command::new("sh").args(["-c", &script]).stderr(Stdio::null()).status();
        status.expect("sh can be run");
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if self.ended.is_none() {
            let _ = self.process.kill();
            let _ = self.process.wait();
        }
    }
}

/// The same command, started through `setpriv` so that the kernel kills it when its parent is gone.
fn dying_with_us(command: &Command) -> Command {
    let mut new = match on_path("setpriv") {
        Some(setpriv) => {
            let mut new = Command::new(setpriv);
            new.args(["--pdeathsig", "KILL", "--"]).arg(command.get_program());
            new
        }
        None => Command::new(command.get_program()),
    };
    new.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => new.env(name, value),
            None => new.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        new.current_dir(folder);
    }
    new
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

type Job = Box<dyn FnOnce() + Send>;

/// Runs `start` on the thread that lives as long as the process.
fn on_spawner(
    start: impl FnOnce() -> io::Result<process::Child> + Send + 'static,
) -> io::Result<process::Child> {
    static SPAWNER: OnceLock<Sender<Job>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (jobs, queue) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name("children".into())
            .spawn(move || queue.into_iter().for_each(|job| job()))
            .expect("a thread can be started");
        jobs
    });
    let (done, result) = mpsc::channel();
    let job: Job = Box::new(move || done.send(start()).expect("the caller waits"));
    spawner.send(job).expect("the spawner lives as long as the process");
    result.recv().expect("the spawner answers")
}
