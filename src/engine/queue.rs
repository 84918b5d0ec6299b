//! The engine's thread and the bounded queue before it. What waits in the queue is committed together (DESIGN D3).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use crate::domain::time::Span;
use crate::ports::store::StoreFault;

use super::command::Command;
use super::effect::Effect;
use super::reply::{Refusal, Reply};
use super::{Committed, Engine};

/// How an answer gets back to whoever asked.
pub type Deliver = Box<dyn FnOnce(Result<Reply, Refusal>) + Send>;

/// Why there will be no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The queue is full; nothing was asked.
    Full,
    /// The engine has ended.
    Ended,
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "the engine's queue is full",
            Self::Ended => "the engine has ended",
        })
    }
}

impl std::error::Error for NoAnswer {}

/// What the engine's thread calls beside its work.
#[allow(missing_debug_implementations, reason = "closures have none")]
pub struct Hooks {
    /// Takes the effects of each commit, before the answers are given. It must not block.
    pub effects: Box<dyn FnMut(Vec<Effect>) + Send>,
    /// Called when the store fails; it must end the process.
    pub fatal: Box<dyn FnOnce(StoreFault) + Send>,
    /// Called after each commit with how many commands it decided and how long that took.
    pub committed: Box<dyn FnMut(usize, Span) + Send>,
    /// Called with the name of each step that a test may want to die at.
    pub probe: fn(&str),
}

struct Asked {
    command: Command,
    deliver: Deliver,
}

/// The way to the engine. Dropping all of them ends its thread.
#[derive(Clone)]
pub struct Handle {
    sender: SyncSender<Asked>,
    waiting: Arc<AtomicUsize>,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}

impl Handle {
    /// Puts a command into the queue, or says at once that there is no room. The answer is delivered on the engine's
    /// thread.
    ///
    /// # Errors
    /// [`NoAnswer`]; nothing was asked then.
    pub fn submit(&self, command: Command, deliver: Deliver) -> Result<(), NoAnswer> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.sender.try_send(Asked { command, deliver }).map_err(|error| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => NoAnswer::Full,
                TrySendError::Disconnected(_) => NoAnswer::Ended,
            }
        })
    }

    /// How many commands wait in the queue, or for room in it.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Asks and waits for the answer, if there is room in the queue now.
    ///
    /// # Errors
    /// [`NoAnswer`].
    pub fn ask_now(&self, command: Command) -> Result<Result<Reply, Refusal>, NoAnswer> {
        let (deliver, answer) = reply_to();
        self.submit(command, deliver)?;
        answer.recv().map_err(|_| NoAnswer::Ended)
    }

    /// Asks and waits for the answer, also for room in the queue. For the shell's own threads: what they bring may not
    /// be dropped, and never for an async worker.
    ///
    /// # Errors
    /// [`NoAnswer::Ended`].
    pub fn ask(&self, command: Command) -> Result<Result<Reply, Refusal>, NoAnswer> {
        let (deliver, answer) = reply_to();
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.sender.send(Asked { command, deliver }).map_err(|_| NoAnswer::Ended)?;
        answer.recv().map_err(|_| NoAnswer::Ended)
    }
}

fn reply_to() -> (Deliver, Receiver<Result<Reply, Refusal>>) {
    let (sender, answer) = sync_channel(1);
    let deliver: Deliver = Box::new(move |reply| {
        // Nobody waits any more only when the asking thread is gone.
        let _ = sender.send(reply);
    });
    (deliver, answer)
}

/// Starts the engine's thread, which takes up to `batch` commands at once from a queue of `room`.
///
/// # Errors
/// The thread cannot be started.
pub fn start(
    engine: Engine,
    hooks: Hooks,
    room: usize,
    batch: usize,
) -> std::io::Result<(Handle, JoinHandle<()>)> {
    let (sender, queue) = sync_channel(room);
    let waiting = Arc::new(AtomicUsize::new(0));
    let (handle, left) = (Handle { sender, waiting: Arc::clone(&waiting) }, waiting);
    let thread = std::thread::Builder::new()
        .name("engine".to_owned())
        .spawn(move || run(engine, hooks, &queue, &left, batch))?;
    Ok((handle, thread))
}

fn run(
    mut engine: Engine,
    mut hooks: Hooks,
    queue: &Receiver<Asked>,
    waiting: &AtomicUsize,
    batch: usize,
) {
    let clock = engine.clock();
    while let Ok(first) = queue.recv() {
        let mut commands = vec![first.command];
        let mut deliveries = vec![first.deliver];
        while commands.len() < batch {
            let Ok(next) = queue.try_recv() else { break };
            commands.push(next.command);
            deliveries.push(next.deliver);
        }
        waiting.fetch_sub(commands.len(), Ordering::Relaxed);
        let names: Vec<_> = commands.iter().map(Command::name).collect();
        announce(hooks.probe, "before-commit", &names);
        let begun = clock.now().monotonic;
        let Committed { answers, effects } = match engine.step(commands) {
            Ok(committed) => committed,
            Err(fault) => return (hooks.fatal)(fault),
        };
        let took = clock.now().monotonic.millis().saturating_sub(begun.millis());
        (hooks.committed)(names.len(), Span::from_millis(took));
        announce(hooks.probe, "after-commit", &names);
        if !effects.is_empty() {
            (hooks.effects)(effects);
        }
        for (deliver, answer) in deliveries.into_iter().zip(answers) {
            deliver(answer);
        }
    }
}

fn announce(probe: fn(&str), moment: &str, names: &[&'static str]) {
    for name in names {
        probe(&format!("{moment}:{name}"));
    }
}
