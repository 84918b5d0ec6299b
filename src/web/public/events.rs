//! The state of a hosted page as server-sent events: once at the beginning, and whenever it changes.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, unfold};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::domain::id::SessionId;
use crate::web::named::Named;

use super::Public;
use super::session::read;
use super::status::Status;

/// A sign of life between events, for proxies that close what is silent.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Longest life of a stream; browsers open a new one by themselves.
const MAX_LIFE: Duration = Duration::from_secs(3_600);

/// How soon after any change a page looks whether its own claim can be paid now: others of the shop free its account or
/// take it.
const NEIGHBOURS: Duration = Duration::from_millis(400);

/// One page that is being kept up to date.
struct Follower {
    public: Public,
    token: String,
    session: SessionId,
    changes: Receiver<SessionId>,
    told: Option<Status>,
    ends: tokio::time::Instant,
    _permit: OwnedSemaphorePermit,
}

/// `GET /s/{token}/events`.
pub(super) async fn events(State(public): State<Public>, Named(token): Named) -> Response {
    let Ok(permit) = Arc::clone(&public.streams).try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "too many pages at once").into_response();
    };
    // Subscribed before the first look: no change can fall between the two.
    let changes = public.shared.changes.subscribe();
    let session = match read(&public.shared, &token) {
        Ok(view) => view.session.id,
        Err(none) => return none.into_response(),
    };
    let ends = tokio::time::Instant::now() + MAX_LIFE;
    let follower = Follower { public, token, session, changes, told: None, ends, _permit: permit };
    Sse::new(stream(follower)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

fn stream(follower: Follower) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(follower, |mut follower| async move {
        let status = follower.next().await?;
        let event = Event::default().event("status").json_data(&status).ok()?;
        Some((Ok(event), follower))
    })
}

impl Follower {
    /// The next state that differs from the one told last; `None` when the stream is over.
    async fn next(&mut self) -> Option<Status> {
        loop {
            let view = read(&self.public.shared, &self.token).ok()?;
            let status = Status::of(&view, self.public.shared.clock.now().wall);
            if self.told.as_ref() != Some(&status) {
                self.told = Some(status.clone());
                return Some(status);
            }
            self.changed().await?;
        }
    }

    async fn changed(&mut self) -> Option<()> {
        let stop = &mut self.public.stop;
        let is_open = self.told.as_ref().is_some_and(Status::can_be_claimed);
        let mut look_at = self.ends;
        loop {
            let change = tokio::select! {
                change = self.changes.recv() => change,
                () = tokio::time::sleep_until(self.ends) => return None,
                () = tokio::time::sleep_until(look_at), if look_at < self.ends => return Some(()),
                _ = stop.wait_for(|stop| *stop) => return None,
            };
            match change {
                Ok(session) if session == self.session => return Some(()),
                // Too slow to have seen all changes: one of them may have been ours.
                Err(RecvError::Lagged(_)) => return Some(()),
                // However many others change, one look is enough for all of them.
                Ok(_) if is_open => {
                    look_at = look_at.min(tokio::time::Instant::now() + NEIGHBOURS);
                }
                Ok(_) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
