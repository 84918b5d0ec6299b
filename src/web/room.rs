//! Room for connections. When there is none left, a newcomer does not wait for others' time-outs: of those whose client
//! keeps us waiting – with a head, a body, the next request, or for taking an answer – one gives way. It is one of the
//! address that has most of them, and of those the one that has waited longest. Whoever sends its request at once and
//! takes its answer is never the one, unless thousands came after it in that moment. What is being answered is left
//! alone (DESIGN D9).

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use http_body::{Body, Frame, SizeHint};
use hyper::body::{Bytes, Incoming};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use super::peer_addr::network;

/// The connections of one listener.
#[derive(Debug)]
pub(super) struct Room {
    seats: Arc<Semaphore>,
    waiting: Mutex<Waiting>,
    /// Told when a connection begins to wait for its client.
    began: Notify,
}

/// Connections that wait for their clients, by address and in the order in which they began to.
#[derive(Debug, Default)]
struct Waiting {
    next: u64,
    addresses: BTreeMap<IpAddr, BTreeMap<u64, Arc<Notify>>>,
}

impl Waiting {
    /// Takes out the one that gives way.
    fn pop(&mut self) -> Option<Arc<Notify>> {
        let oldest = |seats: &BTreeMap<u64, Arc<Notify>>| seats.keys().next().copied();
        let (address, seats) = self
            .addresses
            .iter_mut()
            .max_by_key(|(_, seats)| (seats.len(), std::cmp::Reverse(oldest(seats))))?;
        let (_, leave) = seats.pop_first()?;
        if seats.is_empty() {
            let address = *address;
            self.addresses.remove(&address);
        }
        Some(leave)
    }

    fn remove(&mut self, address: IpAddr, number: u64) -> bool {
        let Some(seats) = self.addresses.get_mut(&address) else { return false };
        let was_there = seats.remove(&number).is_some();
        if seats.is_empty() {
            self.addresses.remove(&address);
        }
        was_there
    }
}

impl Room {
    pub(super) fn new(max_connections: usize) -> Arc<Self> {
        Arc::new(Self {
            seats: Arc::new(Semaphore::new(max_connections)),
            waiting: Mutex::default(),
            began: Notify::new(),
        })
    }

    fn waiting<T>(&self, act: impl FnOnce(&mut Waiting) -> T) -> T {
        act(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sends one away that waits for its client; false if none does.
    pub(super) fn make_room(&self) -> bool {
        let leave = self.waiting(Waiting::pop);
        // A permit is kept for one who does not listen yet.
        leave.map(|leave| leave.notify_one()).is_some()
    }

    /// A seat for a connection from this address; it waits for its client from now on.
    pub(super) async fn enter(self: &Arc<Self>, address: IpAddr) -> std::io::Result<Arc<Seat>> {
        let permit = self.permit().await.map_err(std::io::Error::other)?;
        let (address, number, leave) = (network(address), Mutex::new(None), Arc::default());
        let seat = Seat { room: Arc::clone(self), address, number, leave, _permit: permit };
        seat.wait_for_client();
        Ok(Arc::new(seat))
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, tokio::sync::AcquireError> {
        loop {
            // Listens before it looks: none that begins to wait in between is missed.
            let began = self.began.notified();
            if let Ok(permit) = Arc::clone(&self.seats).try_acquire_owned() {
                return Ok(permit);
            }
            let freed = Arc::clone(&self.seats).acquire_owned();
            if self.make_room() {
                return freed.await;
            }
            tokio::select! {
                permit = freed => return permit,
                () = began => {}
            }
        }
    }
}

/// One connection's place.
#[derive(Debug)]
pub(super) struct Seat {
    room: Arc<Room>,
    address: IpAddr,
    /// Its place among those that wait for their clients.
    number: Mutex<Option<u64>>,
    leave: Arc<Notify>,
    _permit: OwnedSemaphorePermit,
}

impl Seat {
    /// From now on it is up to the client.
    pub(super) fn wait_for_client(&self) {
        let mut number = self.number.lock().unwrap_or_else(PoisonError::into_inner);
        if number.is_some() {
            return;
        }
        *number = Some(self.room.waiting(|waiting| {
            waiting.next += 1;
            let seats = waiting.addresses.entry(self.address).or_default();
            seats.insert(waiting.next, Arc::clone(&self.leave));
            waiting.next
        }));
        self.room.began.notify_one();
    }

    /// From now on it is up to us; false if the connection was sent away before.
    pub(super) fn begin_answer(&self) -> bool {
        let number = self.number.lock().unwrap_or_else(PoisonError::into_inner).take();
        number
            .is_none_or(|number| self.room.waiting(|waiting| waiting.remove(self.address, number)))
    }

    /// Resolves when it has to leave.
    pub(super) async fn sent_away(&self) {
        self.leave.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.begin_answer();
    }
}

/// A request's body, which says when it has arrived in full.
#[derive(Debug)]
pub(super) struct Arriving {
    body: Incoming,
    seat: Option<Arc<Seat>>,
}

impl Arriving {
    /// The body of a request on this connection; `None` if the connection was sent away before it was there.
    pub(super) fn new(body: Incoming, seat: &Arc<Seat>) -> Option<Self> {
        if !body.is_end_stream() {
            return Some(Self { body, seat: Some(Arc::clone(seat)) });
        }
        seat.begin_answer().then_some(Self { body, seat: None })
    }
}

impl Body for Arriving {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(context));
        let has_ended = frame.is_none() || self.body.is_end_stream();
        if let Some(seat) = self.seat.take_if(|_| has_ended)
            && !seat.begin_answer()
        {
            // The connection goes, and this with it.
            return Poll::Pending;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests;
