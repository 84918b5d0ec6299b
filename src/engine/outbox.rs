//! What waits to be sent to webhook endpoints, as the engine remembers it: derived from the rows of endpoints and pending
//! deliveries, and computed again at start-up. Each endpoint has a lane of its own, in which one message at a time is
//! under way; so first tries leave in the order in which things happened.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::id::{AccountId, DeliveryId, EndpointId, EventId};
use crate::domain::time::Timestamp;
use crate::domain::webhook::{Delivery, Endpoint};

/// What waits for one endpoint.
#[derive(Debug, Default)]
struct Lane {
    /// All that waits, by its place in commit order.
    all: BTreeMap<u64, DeliveryId>,
    /// What was never tried, with when it was made.
    first: BTreeMap<u64, Timestamp>,
    /// What is to be tried again, by when.
    again: BTreeSet<(Timestamp, u64)>,
}

/// Where a message waits.
#[derive(Debug)]
struct Place {
    endpoint: EndpointId,
    event: EventId,
    seq: u64,
    again: Option<Timestamp>,
}

/// The outbox.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// Active endpoints of each account.
    of: BTreeMap<AccountId, BTreeSet<EndpointId>>,
    /// Since which place in commit order an endpoint is active.
    since: BTreeMap<EndpointId, u64>,
    lanes: BTreeMap<EndpointId, Lane>,
    places: BTreeMap<DeliveryId, Place>,
    /// How many messages still need an event.
    needed: BTreeMap<EventId, usize>,
}

impl Outbox {
    /// Takes note of an endpoint's row.
    pub(super) fn apply_endpoint(&mut self, endpoint: &Endpoint) {
        let of = self.of.entry(endpoint.account.clone()).or_default();
        if endpoint.is_active() {
            of.insert(endpoint.id.clone());
            self.since.insert(endpoint.id.clone(), endpoint.active_since);
        } else {
            of.remove(&endpoint.id);
            self.since.remove(&endpoint.id);
        }
    }

    /// Takes note of a delivery's row; `None` if it is gone.
    pub(super) fn apply_delivery(&mut self, id: &DeliveryId, row: Option<&Delivery>) {
        self.take_out(id);
        let Some(row) = row.filter(|row| !row.is_over()) else { return };
        let lane = self.lanes.entry(row.endpoint.clone()).or_default();
        lane.all.insert(row.seq, row.id.clone());
        match row.next_attempt {
            None => drop(lane.first.insert(row.seq, row.created)),
            Some(due) => drop(lane.again.insert((due, row.seq))),
        }
        *self.needed.entry(row.event.clone()).or_insert(0) += 1;
        let place = Place {
            endpoint: row.endpoint.clone(),
            event: row.event.clone(),
            seq: row.seq,
            again: row.next_attempt,
        };
        self.places.insert(row.id.clone(), place);
    }

    fn take_out(&mut self, id: &DeliveryId) {
        let Some(place) = self.places.remove(id) else { return };
        if let Some(lane) = self.lanes.get_mut(&place.endpoint) {
            lane.all.remove(&place.seq);
            lane.first.remove(&place.seq);
            if let Some(due) = place.again {
                lane.again.remove(&(due, place.seq));
            }
            if lane.all.is_empty() {
                self.lanes.remove(&place.endpoint);
            }
        }
        if let Some(count) = self.needed.get_mut(&place.event) {
            *count -= 1;
            if *count == 0 {
                self.needed.remove(&place.event);
            }
        }
    }

    /// Active endpoints of an account.
    pub(super) fn endpoints_of(&self, account: &AccountId) -> Vec<EndpointId> {
        self.of.get(account).into_iter().flatten().cloned().collect()
    }

    /// How many messages wait for an endpoint.
    pub(super) fn waiting_for(&self, endpoint: &EndpointId) -> usize {
        self.lanes.get(endpoint).map_or(0, |lane| lane.all.len())
    }

    /// How many messages wait.
    pub(super) fn waiting(&self) -> u64 {
        u64::try_from(self.places.len()).unwrap_or(u64::MAX)
    }

    /// Since when something has been due that was not tried since.
    pub(super) fn most_overdue(&self, now: Timestamp) -> Option<Timestamp> {
        self.lanes.values().filter_map(|lane| lane.due(now)).map(|(since, _)| since).min()
    }

    /// True while a message that waits tells of this event.
    pub(super) fn needs(&self, event: &EventId) -> bool {
        self.needed.contains_key(event)
    }

    /// The message that is due in each lane that is not busy, the longest overdue first; at most `room` of them.
    pub(super) fn due(
        &self,
        now: Timestamp,
        busy: &BTreeSet<EndpointId>,
        room: usize,
    ) -> Vec<DeliveryId> {
        let idle = self.lanes.iter().filter(|(endpoint, lane)| {
            let since = self.since.get(*endpoint);
            // What waits for an endpoint that is not (or was not always) active is cancelled, not sent.
            !busy.contains(*endpoint) && since.is_some_and(|since| lane.oldest() >= Some(*since))
        });
        let mut due: Vec<_> = idle.filter_map(|(_, lane)| lane.due(now)).collect();
        due.sort_unstable();
        due.truncate(room);
        due.into_iter().map(|(_, id)| id).collect()
    }

    /// Messages that are not to be sent any more, because their endpoint was disabled since.
    pub(super) fn stale(&self, limit: usize) -> Vec<DeliveryId> {
        let of_lane = |(endpoint, lane): (&EndpointId, &Lane)| {
            let since = self.since.get(endpoint).copied().unwrap_or(u64::MAX);
            lane.all.range(..since).map(|(_, id)| id.clone()).take(limit).collect::<Vec<_>>()
        };
        self.lanes.iter().flat_map(of_lane).take(limit).collect()
    }
}

impl Lane {
    fn oldest(&self) -> Option<u64> {
        self.all.first_key_value().map(|(seq, _)| *seq)
    }

    /// What to try next, and since when it has been due. A first try does not wait for the clock.
    fn due(&self, now: Timestamp) -> Option<(Timestamp, DeliveryId)> {
        let first = self.first.first_key_value().map(|(seq, made)| (*made, *seq));
        let again = self.again.first().filter(|(due, _)| *due <= now).copied();
        let (due, seq) = match (first, again) {
            (Some(first), Some(again)) => first.min(again),
            (first, again) => first.or(again)?,
        };
        Some((due, self.all.get(&seq)?.clone()))
    }
}
