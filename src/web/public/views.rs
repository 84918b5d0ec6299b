//! Which pages were looked at: the engine is told, so that of too many unpaid sessions the right one gives way.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::checkout::SessionStatus;
use crate::domain::id::SessionId;
use crate::domain::time::{Span, Timestamp};
use crate::engine::command::Command;

use super::super::Shared;
use super::session::View;

/// How often the engine is told of one session: pages ask every few seconds, and its queue is for more than that.
const PAUSE: Span = Span::from_secs(10);
/// Most sessions that are remembered.
const MAX_SESSIONS: usize = 10_000;

/// When the engine was told of a session last.
#[derive(Debug, Default)]
pub(super) struct Views(Mutex<BTreeMap<SessionId, Timestamp>>);

impl Views {
    /// Somebody looks at a page.
    pub(super) fn note(&self, shared: &Shared, view: &View) {
        let now = shared.clock.now().wall;
        if view.session.status == SessionStatus::Active && self.is_news(&view.session.id, now) {
            // Nobody waits for the answer, and with a full queue a view more or less does not count.
            let told = Command::Viewed(view.session.id.clone());
            let _ = shared.engine.submit(told, Box::new(drop));
        }
    }

    fn is_news(&self, session: &SessionId, now: Timestamp) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.get(session).is_some_and(|at| now.since(*at) < PAUSE && *at <= now) {
            return false;
        }
        if told.len() >= MAX_SESSIONS {
            told.retain(|_, at| now.since(*at) < PAUSE && *at <= now);
        }
        if told.len() >= MAX_SESSIONS {
            return false;
        }
        told.insert(session.clone(), now);
        true
    }
}
