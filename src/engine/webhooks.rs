//! Webhook endpoints, and the messages to them. A message is written in the commit of the event that it tells, and stays
//! in the outbox until the endpoint took it or it is given up; so it is sent at least once, whenever the process dies.

use crate::domain::event::{Event, EventKind};
use crate::domain::id::{AccountId, DeliveryId, EndpointId, EventId};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Timestamp;
use crate::domain::webhook::{Delivery, DeliveryStatus, DisabledReason, Endpoint, EndpointTerms};
use crate::ports::store::{List, ListKey, Page, Scope, Table, table};

use super::command::{Attempted, Origin, OutboxRequest};
use super::effect::Happening;
use super::ownership::owned;
use super::reply::{Letter, Object, Refusal, Reply};
use super::tx::{Fail, Tx};

/// Most rows that one tick removes, and most messages that it cancels.
const MAX_PER_TICK: usize = 200;

pub(super) fn create(
    tx: &mut Tx<'_>,
    account: AccountId,
    terms: EndpointTerms,
) -> Result<Snapshot, Fail> {
    tx.asked::<table::Account>(account.clone(), Object::Account)?;
    room_for_one_more(tx, &account)?;
    let seq = tx.next_seq();
    let endpoint = Endpoint {
        id: EndpointId::new(tx.now(), tx.random()),
        seq,
        account,
        terms,
        disabled: None,
        secret_generation: 0,
        active_since: seq,
        failing_since: None,
        created: tx.now(),
        modified: tx.now(),
    };
    let scope = Scope::Account(endpoint.account.clone());
    tx.list(List::Endpoints, &[scope], seq, endpoint.id.as_str());
    tx.put::<table::Endpoint>(endpoint.id.clone(), endpoint.clone());
    Ok(Snapshot::Endpoint(Box::new(endpoint)))
}

fn room_for_one_more(tx: &Tx<'_>, account: &AccountId) -> Result<(), Refusal> {
    let active = tx.state.outbox.endpoints_of(account).len();
    if active < tx.around.policy.max_endpoints { Ok(()) } else { Err(Refusal::TooManyEndpoints) }
}

/// What still waits for it is not sent any more. Disabling what is disabled changes nothing.
pub(super) fn disable(tx: &mut Tx<'_>, id: EndpointId, origin: &Origin) -> Result<Snapshot, Fail> {
    let endpoint = tx.asked::<table::Endpoint>(id.clone(), Object::Endpoint)?;
    owned(&endpoint.account, origin, Object::Endpoint)?;
    if endpoint.is_active() {
        switch_off(tx, endpoint, DisabledReason::Manual);
    }
    Ok(Snapshot::Endpoint(Box::new(tx.named::<table::Endpoint>(id)?)))
}

/// What happened while it was disabled is not sent.
pub(super) fn enable(tx: &mut Tx<'_>, id: EndpointId, origin: &Origin) -> Result<Snapshot, Fail> {
    let mut endpoint = tx.asked::<table::Endpoint>(id, Object::Endpoint)?;
    owned(&endpoint.account, origin, Object::Endpoint)?;
    if !endpoint.is_active() {
        room_for_one_more(tx, &endpoint.account)?;
        endpoint.disabled = None;
        endpoint.failing_since = None;
        endpoint.active_since = tx.books().next_seq;
        endpoint.modified = tx.now();
        tx.put::<table::Endpoint>(endpoint.id.clone(), endpoint.clone());
    }
    Ok(Snapshot::Endpoint(Box::new(endpoint)))
}

fn switch_off(tx: &mut Tx<'_>, mut endpoint: Endpoint, reason: DisabledReason) {
    endpoint.disabled = Some(reason);
    endpoint.modified = tx.now();
    // Before the event: the endpoint itself is not told.
    tx.put::<table::Endpoint>(endpoint.id.clone(), endpoint.clone());
    let account = endpoint.account.clone();
    tx.tell(EventKind::WebhookDisabled, Some(&account), Snapshot::Endpoint(Box::new(endpoint)));
}

/// Writes the messages of an event: one for each endpoint that wants to be told.
pub(super) fn address(tx: &mut Tx<'_>, account: &AccountId, event: &Event) {
    let endpoints = tx.state.outbox.endpoints_of(account);
    let mut full = vec![];
    for id in endpoints {
        let Some(endpoint) = tx.active_endpoint(&id) else { continue };
        if !endpoint.wants(event.kind) {
            continue;
        }
        if tx.state.outbox.waiting_for(&endpoint.id) >= tx.around.policy.max_waiting {
            full.push(id);
        } else {
            post(tx, &endpoint, event);
        }
    }
    // Once all are told of this, as that is told, too; which may have switched off another of them.
    for id in full {
        if let Some(endpoint) = tx.active_endpoint(&id) {
            switch_off(tx, endpoint, DisabledReason::Backlog);
        }
    }
}

fn post(tx: &mut Tx<'_>, endpoint: &Endpoint, event: &Event) -> Delivery {
    let delivery = Delivery {
        id: DeliveryId::new(tx.now(), tx.random()),
        seq: tx.next_seq(),
        account: endpoint.account.clone(),
        endpoint: endpoint.id.clone(),
        event: event.id.clone(),
        kind: event.kind,
        status: DeliveryStatus::Pending,
        attempts: 0,
        first_attempt: None,
        last_attempt: None,
        last_status: None,
        last_error: None,
        next_attempt: None,
        created: tx.now(),
        modified: tx.now(),
    };
    let scope = Scope::Endpoint(endpoint.id.clone());
    tx.list(List::Deliveries, &[scope], delivery.seq, delivery.id.as_str());
    tx.put::<table::Delivery>(delivery.id.clone(), delivery.clone());
    delivery
}

/// Sends the event of a message once more, as a new message, whatever became of the old one.
pub(super) fn resend(
    tx: &mut Tx<'_>,
    id: EndpointId,
    delivery: DeliveryId,
    origin: &Origin,
) -> Result<Snapshot, Fail> {
    let endpoint = tx.asked::<table::Endpoint>(id, Object::Endpoint)?;
    owned(&endpoint.account, origin, Object::Endpoint)?;
    let old = tx.asked::<table::Delivery>(delivery, Object::Delivery)?;
    if old.endpoint != endpoint.id {
        return Err(Refusal::NoSuch(Object::Delivery).into());
    }
    if !endpoint.is_active() {
        return Err(Refusal::EndpointDisabled.into());
    }
    if tx.state.outbox.waiting_for(&endpoint.id) >= tx.around.policy.max_waiting {
        return Err(Refusal::TooManyWaiting.into());
    }
    let event = tx.asked::<table::Event>(old.event, Object::Event)?;
    Ok(Snapshot::Delivery(Box::new(post(tx, &endpoint, &event))))
}

/// What is to be sent now.
pub(super) fn due(tx: &Tx<'_>, request: &OutboxRequest) -> Result<Reply, Fail> {
    if tx.state.frozen.is_some() || tx.state.stopping {
        return Ok(Reply::Outbox(vec![]));
    }
    let due = tx.state.outbox.due(tx.now(), &request.busy, request.room);
    let letter = |id| {
        let delivery = tx.named::<table::Delivery>(id)?;
        let endpoint = tx.named::<table::Endpoint>(delivery.endpoint.clone())?;
        let event = tx.named::<table::Event>(delivery.event.clone())?;
        Ok(Letter { delivery, endpoint, event })
    };
    due.into_iter().map(letter).collect::<Result<_, Fail>>().map(Reply::Outbox)
}

/// A message was tried.
pub(super) fn attempted(tx: &mut Tx<'_>, tried: &Attempted) -> Result<Reply, Fail> {
    let Some(mut delivery) = tx.get::<table::Delivery>(tried.delivery.clone())? else {
        return Ok(Reply::Noted);
    };
    // Cancelled while it was under way, or told twice.
    if delivery.is_over() || delivery.attempts != tried.before {
        return Ok(Reply::Noted);
    }
    delivery.tried(tried.outcome, tx.now(), tx.random());
    tx.happened(Happening::Tried(tried.outcome.is_success()));
    let mut endpoint = tx.named::<table::Endpoint>(delivery.endpoint.clone())?;
    let before = endpoint.clone();
    let ends = endpoint.tried(&delivery, tried.outcome, tx.now());
    tx.put::<table::Delivery>(delivery.id.clone(), delivery);
    match ends {
        Some(reason) if endpoint.is_active() => switch_off(tx, endpoint, reason),
        _ if endpoint != before => tx.put::<table::Endpoint>(endpoint.id.clone(), endpoint),
        _ => {}
    }
    Ok(Reply::Noted)
}

/// What a tick does here: cancels what waits for disabled endpoints, and removes what was kept long enough. A little at
/// a time, so that a tick stays short.
pub(super) fn tidy(tx: &mut Tx<'_>) -> Result<(), Fail> {
    for id in tx.state.outbox.stale(MAX_PER_TICK) {
        let mut delivery = tx.named::<table::Delivery>(id)?;
        delivery.status = DeliveryStatus::Cancelled;
        delivery.next_attempt = None;
        delivery.modified = tx.now();
        tx.put::<table::Delivery>(delivery.id.clone(), delivery);
    }
    forget_events(tx)?;
    forget_deliveries(tx)
}

/// The first places of a list, oldest first: one while that is young enough, a page of them once it is not. It is the
/// only stretch of keys that the engine reads, and what it finds is removed.
fn oldest(tx: &Tx<'_>, list: List, limit: usize) -> Result<Vec<(u64, String)>, Fail> {
    let (after, before) = (None, None);
    let page = Page { list, scope: Scope::All, after, before, ascending: true, limit };
    Ok(tx.around.rows.page(&page)?)
}

/// Rows of a list that were made too long ago to be kept.
fn outdated<T: Table>(
    tx: &Tx<'_>,
    list: List,
    key: fn(&str) -> Option<T::Key>,
    created: fn(&T::Row) -> Timestamp,
) -> Result<Vec<T::Row>, Fail> {
    let keep = tx.around.policy.events_kept;
    let mut found = vec![];
    for limit in [1, MAX_PER_TICK] {
        found.clear();
        for (_, id) in oldest(tx, list, limit)? {
            // A tick before this one in the same batch may have removed it.
            let row = match key(&id) {
                Some(key) => tx.get::<T>(key)?,
                None => None,
            };
            let Some(row) = row else { continue };
            if created(&row) + keep > tx.now() {
                return Ok(found);
            }
            found.push(row);
        }
        if found.is_empty() {
            break;
        }
    }
    Ok(found)
}

/// Removes events, but none that a message still has to tell.
fn forget_events(tx: &mut Tx<'_>) -> Result<(), Fail> {
    let parse = |id: &str| EventId::parse(id).ok();
    for event in outdated::<table::Event>(tx, List::Events, parse, |event| event.created)? {
        if tx.state.outbox.needs(&event.id) {
            continue;
        }
        unlist(tx, List::Events, event.account.map(Scope::Account), event.seq);
        tx.remove::<table::Event>(event.id);
    }
    Ok(())
}

/// Removes messages that are over.
fn forget_deliveries(tx: &mut Tx<'_>) -> Result<(), Fail> {
    let parse = |id: &str| DeliveryId::parse(id).ok();
    for row in outdated::<table::Delivery>(tx, List::Deliveries, parse, |row| row.created)? {
        if row.is_over() {
            unlist(tx, List::Deliveries, Some(Scope::Endpoint(row.endpoint)), row.seq);
            tx.remove::<table::Delivery>(row.id);
        }
    }
    Ok(())
}

fn unlist(tx: &mut Tx<'_>, list: List, scope: Option<Scope>, seq: u64) {
    for scope in std::iter::once(Scope::All).chain(scope) {
        tx.remove::<table::List>(ListKey { list, scope, seq });
    }
}
