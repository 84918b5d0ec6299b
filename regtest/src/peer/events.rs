//! What a node has told: one thread takes its events in order, keeps each, acknowledges it and wakes whoever waits.
//!
//! ldk-node delivers at least once and has room for one consumer, so this is it. Waits look at everything that was
//! told since a mark taken before the act, never only at what comes next.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use ldk_node::{Event, Node};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::Peer;

/// All events of a node, in order, over all its starts.
#[derive(Debug, Default)]
pub(super) struct Events {
    told: Mutex<Vec<Event>>,
    more: Condvar,
}

impl Events {
    /// The place where the next event will be.
    pub(super) fn mark(&self) -> usize {
        self.told.lock().expect("no holder panics").len()
    }

    fn record(&self, event: Event) {
        self.told.lock().expect("no holder panics").push(event);
    }

    /// Waits for the first event since `mark` that `pick` wants; panics with the others when none comes in time.
    pub(super) fn wait<T>(
        &self,
        what: &str,
        mark: usize,
        deadline: Duration,
        mut pick: impl FnMut(&Event) -> Option<T>,
    ) -> T {
        let begin = Instant::now();
        let mut next = mark;
        let mut told = self.told.lock().expect("no holder panics");
        loop {
            if let Some(found) = told[next..].iter().find_map(&mut pick) {
                return found;
            }
            next = told.len();
            let Some(left) = deadline.checked_sub(begin.elapsed()) else {
                let others = told[mark..].to_vec();
                drop(told); // the node's thread must not find a poisoned lock
                panic!("waited {deadline:?} for {what}; told meanwhile: {others:?}");
            };
            told = self.more.wait_timeout(told, left).expect("no holder panics").0;
        }
    }
}

/// The one consumer of a node's events.
pub(super) struct Pump {
    pub(super) node: Arc<Node>,
    pub(super) runtime: Handle,
    pub(super) events: Arc<Events>,
}

impl Pump {
    /// Takes events until the other end of `stopped` is dropped.
    pub(super) fn run(self, mut stopped: oneshot::Receiver<()>) {
        loop {
            let event = self.runtime.block_on(async {
                tokio::select! {
                    biased;
                    _ = &mut stopped => None,
                    event = self.node.next_event_async() => Some(event),
                }
            });
            let Some(event) = event else { return };
            self.events.record(event);
            // Not to be repeated when it fails: the event is gone from memory all the same, and a second call would
            // throw away the next one unseen. At worst it comes again after a restart.
            if let Err(error) = self.node.event_handled() {
                eprintln!("an event could not be acknowledged: {error}");
            }
            self.events.more.notify_all();
        }
    }
}

impl Peer {
    /// Everything the node has told so far, in order. After [`Peer::start_again`] the last ones may be repeated.
    pub fn events(&self) -> Vec<Event> {
        self.events.told.lock().expect("no holder panics").clone()
    }
}
