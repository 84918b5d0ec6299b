//! The courier's threads: one that asks what is due, and one for each message under way.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::config::Config;
use crate::domain::id::EndpointId;
use crate::engine::queue::Handle;
use crate::guarded::Limits;
use crate::ports::clock::Clock;
use crate::ports::secrets::Secrets;
use crate::ports::store::Rows;
use crate::shell::courier::Courier;
use crate::tripwire;
use crate::web::admin::event_body;
use crate::webhook::Carrier;

/// How often the engine is asked what is due.
const POLL: Duration = Duration::from_millis(250);

/// The carrier of a configuration.
pub(super) fn carrier(
    config: &Config,
    rows: Arc<dyn Rows>,
    secrets: Arc<dyn Secrets>,
    clock: Arc<dyn Clock>,
) -> Carrier {
    let livemode = config.network.livemode();
    let limits = Limits {
        allow_private: config.webhooks.allow_private,
        timeout: Duration::from_secs(config.webhooks.timeout_secs),
    };
    let write = move |event: &crate::domain::event::Event| {
        let body = event_body(&*rows, event, livemode);
        body.inspect_err(|fault| tracing::error!(%fault, "a message cannot be written")).ok()
    };
    Carrier::new(limits, secrets, clock, Box::new(write))
}

/// Brings messages to endpoints until `stop`, at most `workers` at once.
pub(super) fn run(engine: Handle, carrier: Carrier, workers: usize, stop: &AtomicBool) {
    let courier = Courier::new(engine, Arc::new(carrier), tripwire::pass);
    let busy = Mutex::new(BTreeSet::new());
    let here = std::thread::current();
    std::thread::scope(|scope| {
        while !stop.load(Ordering::SeqCst) {
            let under_way = lock(&busy).clone();
            let room = workers.saturating_sub(under_way.len());
            let letters = if room == 0 { Ok(vec![]) } else { courier.due(under_way, room) };
            let Ok(letters) = letters else { return };
            for letter in letters {
                let endpoint = letter.endpoint.id.clone();
                lock(&busy).insert(endpoint.clone());
                let (courier, busy, here) = (&courier, &busy, &here);
                let carry = move || {
                    // The engine has ended: whoever asks it next will notice.
                    let _ = courier.deliver(&letter);
                    lock(busy).remove(&letter.endpoint.id);
                    here.unpark();
                };
                let thread = std::thread::Builder::new().name("webhook".to_owned());
                if let Err(error) = thread.spawn_scoped(scope, carry) {
                    tracing::error!(%error, "no thread for a message");
                    lock(busy).remove(&endpoint);
                }
            }
            std::thread::park_timeout(POLL);
        }
    });
}

fn lock(busy: &Mutex<BTreeSet<EndpointId>>) -> MutexGuard<'_, BTreeSet<EndpointId>> {
    busy.lock().unwrap_or_else(PoisonError::into_inner)
}
