use std::collections::BTreeSet;

use super::kit::{Shop, new_account, object};
use crate::domain::event::{Event, EventKind};
use crate::domain::id::{AccountId, DeliveryId, EndpointId};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Span;
use crate::domain::webhook::{
    Delivery, DeliveryStatus, DisabledReason, Endpoint, EndpointTerms, MAX_ATTEMPTS, Outcome,
    SendError,
};
use crate::engine::command::{Attempted, Command, Order, Origin, OutboxRequest};
use crate::engine::reply::{Letter, Object, Refusal, Reply};
use crate::ports::store::{Row, fetch, table};
use crate::sim::harness::Outside;

pub(super) const OK: Outcome = Outcome::Answered(204);
const BROKEN: Outcome = Outcome::Answered(500);

fn terms(events: &[&str]) -> EndpointTerms {
    let events = events.iter().map(|filter| (*filter).to_owned()).collect();
    EndpointTerms { url: "https://shop.example/hook".to_owned(), events, description: None }
}

impl Shop {
    pub(super) fn endpoint(&self, events: &[&str]) -> EndpointId {
        self.try_endpoint(events).unwrap()
    }

    pub(super) fn try_endpoint(&self, events: &[&str]) -> Result<EndpointId, Refusal> {
        let order = Order::CreateEndpoint(self.account.clone(), terms(events));
        let reply = self.process.order(order)?;
        let Snapshot::Endpoint(endpoint) = object(Ok(reply)) else { panic!("no endpoint") };
        Ok(endpoint.id)
    }

    pub(super) fn endpoint_row(&self, id: &EndpointId) -> Endpoint {
        fetch::<table::Endpoint>(&*self.process.rows(), id.clone()).unwrap().unwrap()
    }

    pub(super) fn deliveries(&self, id: &EndpointId) -> Vec<Delivery> {
        let mut found = vec![];
        let mut look = |_, row| {
            if let Row::Delivery(row) = row {
                found.push(*row);
            }
            Ok(())
        };
        self.process.rows().each(&mut look).unwrap();
        found.retain(|row| row.endpoint == *id);
        found.sort_by_key(|row| row.seq);
        found
    }

    pub(super) fn told(&self) -> Vec<Event> {
        let mut found = vec![];
        let mut look = |_, row| {
            if let Row::Event(row) = row {
                found.push(*row);
            }
            Ok(())
        };
        self.process.rows().each(&mut look).unwrap();
        found.sort_by_key(|row| row.seq);
        found
    }

    pub(super) fn due(&self, room: usize) -> Vec<Letter> {
        let request = OutboxRequest { busy: [].into(), room };
        match self.process.ask(Command::Outbox(request)) {
            Ok(Reply::Outbox(letters)) => letters,
            other => panic!("no letters: {other:?}"),
        }
    }

    /// Sends until nothing is due.
    pub(super) fn deliver_all(&self) -> usize {
        std::iter::from_fn(|| Some(self.process.deliver()).filter(|sent| *sent > 0)).sum()
    }

    pub(super) fn attempted(&self, delivery: &Delivery, outcome: Outcome) {
        let (delivery, before) = (delivery.id.clone(), delivery.attempts);
        let tried = Attempted { delivery, before, outcome };
        self.process.ask(Command::Attempted(tried)).unwrap();
    }
}

#[test]
fn every_event_that_an_endpoint_wants_reaches_it_once_and_in_order() {
    let shop = Shop::open();
    let (all, claims) = (shop.endpoint(&["*"]), shop.endpoint(&["claim.*", "payment.paid"]));
    shop.claim(10_000);
    let other = new_account(&shop.process, "other");
    let theirs = Order::CreateEndpoint(other, terms(&["*"]));
    shop.process.order(theirs).unwrap();
    shop.claim(20_000);
    let told = shop.told();
    let sent = shop.deliver_all();
    let tries = shop.process.outside.receiver.tries();
    assert_eq!(tries.len(), sent);
    let reached = |id: &EndpointId| -> Vec<u64> {
        tries.iter().filter(|at| at.endpoint == id.as_str()).map(|at| at.seq).collect()
    };
    let wanted = |wants: &dyn Fn(EventKind) -> bool| -> Vec<u64> {
        told.iter()
            .filter(|event| event.seq > shop.endpoint_row(&all).seq && wants(event.kind))
            .map(|event| event.seq)
            .collect()
    };
    assert_eq!(reached(&all), wanted(&|_| true));
    let some = wanted(&|kind| kind.name().starts_with("claim.") || kind == EventKind::PaymentPaid);
    assert_eq!(reached(&claims), some);
    assert!(some.len() >= 4);
    assert_eq!(tries.len(), reached(&all).len() + some.len(), "nobody else is told");
    shop.assert_sound();
}

#[test]
fn a_message_that_fails_is_sent_again_and_does_not_hold_up_the_next() {
    let mut shop = Shop::open();
    let id = shop.endpoint(&["checkout_session.created"]);
    shop.session(1_000);
    shop.session(2_000);
    shop.process.outside.receiver.answer(BROKEN);
    assert_eq!(shop.deliver_all(), 2, "each is tried once");
    shop.process.outside.receiver.answer(OK);
    assert_eq!(shop.deliver_all(), 0, "and not again at once");
    shop.process.pass(Span::from_secs(6));
    shop.session(3_000);
    assert_eq!(shop.deliver_all(), 3);
    let rows = shop.deliveries(&id);
    let seen: Vec<_> = rows.iter().map(|row| (row.status, row.attempts)).collect();
    let done = DeliveryStatus::Delivered;
    assert_eq!(seen, [(done, 2), (done, 2), (done, 1)]);
    let tries = shop.process.outside.receiver.tries();
    let first = BTreeSet::from_iter(tries[..2].iter().map(|at| &at.message));
    let again = tries[2..].iter().filter(|at| first.contains(&at.message));
    assert_eq!(again.count(), 2, "a message keeps its id");
    shop.assert_sound();
}

#[test]
fn an_endpoint_that_takes_nothing_for_five_days_is_disabled_and_the_others_are_told() {
    let mut shop = Shop::open();
    let id = shop.endpoint(&["checkout_session.created"]);
    shop.session(1_000);
    shop.process.outside.receiver.answer(Outcome::Failed(SendError::TimedOut));
    let began = shop.endpoint_row(&id).created;
    for attempt in 1..=MAX_ATTEMPTS {
        assert_eq!(shop.deliver_all(), 1, "try {attempt}");
        if let Some(next) = shop.deliveries(&id)[0].next_attempt {
            let now = shop.deliveries(&id)[0].modified;
            shop.process.pass(next.since(now));
        }
    }
    let rows = shop.deliveries(&id);
    assert_eq!((rows[0].status, rows[0].attempts), (DeliveryStatus::Failed, MAX_ATTEMPTS));
    let endpoint = shop.endpoint_row(&id);
    assert_eq!(endpoint.disabled, Some(DisabledReason::Failing));
    let hours = endpoint.modified.since(began).secs() / 3_600;
    assert!((105..145).contains(&hours), "{hours}");
    assert_eq!(shop.events("webhook.disabled"), 1);
    shop.session(2_000);
    shop.process.pass(Span::from_secs(86_400));
    assert_eq!(shop.deliver_all(), 0);
    shop.assert_sound();
}

#[test]
fn an_endpoint_that_says_gone_is_disabled_and_what_waits_is_cancelled() {
    let shop = Shop::open();
    let (id, watcher) =
        (shop.endpoint(&["checkout_session.created"]), shop.endpoint(&["webhook.*"]));
    for sat in 1..=3 {
        shop.session(sat * 1_000);
    }
    shop.attempted(&shop.due(9)[0].delivery, Outcome::Answered(410));
    assert_eq!(shop.endpoint_row(&id).disabled, Some(DisabledReason::Gone));
    let letters = shop.due(9);
    assert_eq!(letters.len(), 1, "only the news of it");
    assert_eq!(letters[0].endpoint.id, watcher);
    let shop = shop.crash();
    let enabled = shop.process.order(Order::EnableEndpoint(id.clone()));
    let Snapshot::Endpoint(enabled) = object(enabled) else { panic!() };
    assert!(enabled.is_active());
    shop.deliver_all();
    let sent = shop.process.outside.receiver.tries();
    assert!(sent.iter().all(|at| at.endpoint == watcher.as_str()), "what was is not sent");
    let mut shop = shop;
    shop.process.pass(Span::from_secs(1));
    let statuses: Vec<_> = shop.deliveries(&id).iter().map(|row| row.status).collect();
    let (over, rest) = (DeliveryStatus::Cancelled, shop.deliveries(&id)[0].attempts);
    assert_eq!((statuses, rest), (vec![over; 3], 1));
    shop.session(9_000);
    assert_eq!(shop.deliver_all(), 1, "what happens now is");
    shop.assert_sound();
}

#[test]
fn a_merchant_disables_and_enables_its_own_endpoints_and_nobody_elses() {
    let shop = Shop::open();
    let id = shop.endpoint(&["*"]);
    let other = new_account(&shop.process, "other");
    let as_other = |order| {
        let origin = Origin { account: Some(other.clone()), ..Origin::default() };
        shop.process.ask(Command::Order(Box::new(order), origin)).unwrap_err()
    };
    let none = Refusal::NoSuch(Object::Endpoint);
    assert_eq!(as_other(Order::DisableEndpoint(id.clone())), none);
    assert_eq!(as_other(Order::EnableEndpoint(id.clone())), none);
    shop.session(1_000);
    let delivery = shop.deliveries(&id)[0].id.clone();
    assert_eq!(as_other(Order::Resend(id.clone(), delivery.clone())), none);
    shop.process.order(Order::DisableEndpoint(id.clone())).unwrap();
    shop.process.order(Order::DisableEndpoint(id.clone())).unwrap();
    assert_eq!(shop.events("webhook.disabled"), 1, "once is enough");
    let resend = |delivery| shop.process.order(Order::Resend(id.clone(), delivery)).unwrap_err();
    assert_eq!(resend(delivery), Refusal::EndpointDisabled);
    shop.assert_sound();
}

#[test]
fn a_message_is_sent_again_by_hand_as_a_new_message_about_the_same_event() {
    let shop = Shop::open();
    let id = shop.endpoint(&["checkout_session.created"]);
    shop.session(1_000);
    shop.deliver_all();
    let old = shop.deliveries(&id).remove(0);
    let again = shop.process.order(Order::Resend(id.clone(), old.id.clone()));
    let Snapshot::Delivery(new) = object(again) else { panic!() };
    assert_ne!(new.id, old.id);
    assert_eq!((&new.event, new.attempts), (&old.event, 0));
    assert_eq!(shop.deliver_all(), 1);
    let other = shop.endpoint(&["claim.paid"]);
    let wrong = shop.process.order(Order::Resend(other, old.id)).unwrap_err();
    assert_eq!(wrong, Refusal::NoSuch(Object::Delivery));
    let nothing = DeliveryId::new(old.created, 7);
    let wrong = shop.process.order(Order::Resend(id, nothing)).unwrap_err();
    assert_eq!(wrong, Refusal::NoSuch(Object::Delivery));
    shop.assert_sound();
}

#[test]
fn an_account_has_a_bounded_number_of_active_endpoints() {
    let outside = Outside::default();
    let shop = Shop::open_in(&outside);
    let max = outside.policy.max_endpoints;
    let made: Vec<_> = (0..max).map(|_| shop.endpoint(&["*"])).collect();
    assert_eq!(shop.try_endpoint(&["*"]), Err(Refusal::TooManyEndpoints));
    shop.process.order(Order::DisableEndpoint(made[0].clone())).unwrap();
    shop.endpoint(&["claim.paid"]);
    let enabled = shop.process.order(Order::EnableEndpoint(made[0].clone()));
    assert_eq!(enabled.unwrap_err(), Refusal::TooManyEndpoints);
    let nobody = AccountId::new(shop.endpoint_row(&made[0]).created, 9);
    let none = shop.process.order(Order::CreateEndpoint(nobody, terms(&["*"])));
    assert_eq!(none.unwrap_err(), Refusal::NoSuch(Object::Account));
    shop.assert_sound();
}

#[test]
fn an_endpoint_for_which_too_much_waits_is_disabled() {
    let mut outside = Outside::default();
    outside.policy.max_waiting = 3;
    let shop = Shop::open_in(&outside);
    let id = shop.endpoint(&["checkout_session.created"]);
    (0..3).for_each(|_| drop(shop.session(1_000)));
    assert!(shop.endpoint_row(&id).is_active());
    let waiting = shop.deliveries(&id).remove(0);
    let full = shop.process.order(Order::Resend(id.clone(), waiting.id)).unwrap_err();
    assert_eq!(full, Refusal::TooManyWaiting);
    shop.session(1_000);
    assert_eq!(shop.endpoint_row(&id).disabled, Some(DisabledReason::Backlog));
    assert_eq!((shop.deliveries(&id).len(), shop.events("webhook.disabled")), (3, 1));
    shop.assert_sound();
}

#[test]
fn what_happened_is_told_before_that_another_endpoint_was_given_up_for_it() {
    let mut outside = Outside::default();
    outside.policy.max_waiting = 2;
    let shop = Shop::open_in(&outside);
    let wanted = &["checkout_session.created", "webhook.disabled"];
    let mut ids = [shop.endpoint(wanted), shop.endpoint(wanted)];
    // Endpoints are told in the order of their ids: the first one is full.
    ids.sort();
    let [full, other] = ids;
    for _ in 0..3 {
        shop.session(1_000);
        let letters = shop.due(9).into_iter().filter(|letter| letter.endpoint.id == other);
        letters.for_each(|letter| shop.attempted(&letter.delivery, OK));
    }
    shop.deliver_all();
    assert_eq!(shop.endpoint_row(&full).disabled, Some(DisabledReason::Backlog));
    let told: Vec<_> = shop.deliveries(&other).iter().map(|row| row.kind.name()).collect();
    let created = "checkout_session.created";
    assert_eq!(told, [created, created, created, "webhook.disabled"]);
    shop.assert_sound();
}

#[test]
fn a_report_that_comes_twice_or_too_late_changes_nothing() {
    let shop = Shop::open();
    let id = shop.endpoint(&["checkout_session.created"]);
    shop.session(1_000);
    let letter = shop.due(1).remove(0);
    shop.attempted(&letter.delivery, BROKEN);
    shop.attempted(&letter.delivery, OK);
    let row = shop.deliveries(&id).remove(0);
    assert_eq!((row.attempts, row.status), (1, DeliveryStatus::Pending));
    let busy = OutboxRequest { busy: [id].into(), room: 9 };
    shop.session(2_000);
    let Ok(Reply::Outbox(letters)) = shop.process.ask(Command::Outbox(busy)) else { panic!() };
    assert!(letters.is_empty(), "one message at a time");
    assert_eq!(shop.due(0).len(), 0);
    assert_eq!(shop.due(1).len(), 1);
}
