//! A node that runs: its runtime, and the two threads that serve it.

use std::sync::Arc;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ldk_node::Node;
use tokio::runtime::{self, Runtime};
use tokio::sync::oneshot;

use super::build::Setup;
use super::events::{self, Events};
use super::reconnect::{self, Partners};

/// How long tasks that a stopped node left behind may take to notice.
const LEFTOVERS: Duration = Duration::from_secs(5);

pub(super) struct Running {
    pub(super) node: Arc<Node>,
    runtime: Runtime,
    /// Dropping these is how the threads are told to end.
    stop_events: oneshot::Sender<()>,
    stop_reconnect: mpsc::Sender<()>,
    events: JoinHandle<()>,
    reconnect: JoinHandle<()>,
}

impl Running {
    pub(super) fn start(
        setup: &Setup<'_>,
        events: &Arc<Events>,
        partners: &Arc<Partners>,
    ) -> Running {
        let name = setup.name;
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name(format!("{name}-ldk"))
            .enable_all()
            .build()
            .expect("a runtime can be started");
        let node = Arc::new(setup.build(runtime.handle().clone()));
        node.start().unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));

        let (stop_events, stopped) = oneshot::channel();
        let pump = events::Pump {
            node: Arc::clone(&node),
            runtime: runtime.handle().clone(),
            events: Arc::clone(events),
        };
        let events = spawn(format!("{name}-events"), move || pump.run(stopped));

        let (stop_reconnect, stopped) = mpsc::channel();
        let (ours, partners) = (Arc::clone(&node), Arc::clone(partners));
        let reconnect = spawn(format!("{name}-reconnect"), move || {
            reconnect::run(&ours, &partners, &stopped);
        });
        Running { node, runtime, stop_events, stop_reconnect, events, reconnect }
    }

    /// Stops in an order in which nothing waits for what has stopped before it: nobody takes events any more, the
    /// node ends (and with it any attempt to connect), then the rest.
    pub(super) fn stop(self) {
        drop(self.stop_events);
        drop(self.stop_reconnect);
        self.events.join().expect("the event thread does not panic");
        self.node.stop().expect("a running node can be stopped");
        self.reconnect.join().expect("the reconnect thread does not panic");
        drop(self.node);
        self.runtime.shutdown_timeout(LEFTOVERS);
    }
}

fn spawn(name: String, work: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    thread::Builder::new().name(name).spawn(work).expect("a thread can be started")
}
