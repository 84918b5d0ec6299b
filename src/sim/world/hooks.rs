//! Webhooks: merchants have endpoints, which take messages or do not; and when all is over, every message has arrived or
//! was given up, first tries in the order in which things happened.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::event::{Event, EventKind};
use crate::domain::id::{ClaimId, DeliveryId, EndpointId};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Span;
use crate::domain::webhook::{
    Delivery, DeliveryStatus, DisabledReason, Endpoint, EndpointTerms, MAX_ATTEMPTS, Outcome,
    SendError,
};
use crate::engine::command::Order;
use crate::ports::store::Row;

use super::{World, marks};

/// Filters among which merchants choose.
const FILTERS: [&str; 4] = ["*", "claim.*", "claim.paid", "payment.*"];
/// Longer than the longest pause between two tries.
const LONGEST_PAUSE: Span = Span::from_secs(2 * 86_400);
/// Once receivers take everything, so many pauses may pass until nothing waits.
const ROUNDS_TO_DELIVER: u32 = 2;
/// And so many until they are given up, if they take nothing.
const ROUNDS_TO_GIVE_UP: u32 = MAX_ATTEMPTS;

/// What the books know of messages.
#[derive(Default)]
struct Post {
    endpoints: Vec<Endpoint>,
    deliveries: Vec<Delivery>,
    events: Vec<Event>,
    /// Claims, and whether they are paid.
    claims: Vec<(ClaimId, bool)>,
}

impl Post {
    fn deliveries_of(&self, endpoint: &EndpointId) -> impl Iterator<Item = &Delivery> {
        self.deliveries.iter().filter(move |delivery| delivery.endpoint == *endpoint)
    }
}

impl World {
    fn post(&mut self) -> Option<Post> {
        let rows = self.rows()?;
        let mut post = Post::default();
        let mut look = |_, row| {
            match row {
                Row::Endpoint(row) => post.endpoints.push(*row),
                Row::Delivery(row) => post.deliveries.push(*row),
                Row::Event(row) => post.events.push(*row),
                Row::Claim(row) => post.claims.push((row.id.clone(), row.status.name() == "paid")),
                _ => {}
            }
            Ok(())
        };
        rows.each(&mut look).ok()?;
        Some(post)
    }

    /// Some merchant wants to be told.
    pub(super) fn make_endpoint(&mut self) {
        let Some(shop) = self.chance.pick(&self.log.shops).cloned() else { return };
        let Some(filter) = self.chance.pick(&FILTERS).copied() else { return };
        let terms = EndpointTerms {
            url: "https://shop.example/hook".to_owned(),
            events: vec![filter.to_owned()],
            description: None,
        };
        if self.order(Order::CreateEndpoint(shop.account, terms)).is_some() {
            marks::hit("merchant makes an endpoint");
        }
    }

    /// The courier goes once.
    pub(super) fn deliver(&mut self) {
        self.live(|process| process.deliver());
    }

    /// From now on receivers take what they are sent, or do not.
    pub(super) fn receivers_change(&mut self) {
        let outcome = match self.chance.below(10) {
            0..=1 => Outcome::Answered(410),
            2 => Outcome::Answered(500),
            3 => Outcome::Answered(302),
            4..=5 => Outcome::Failed(SendError::TimedOut),
            _ => Outcome::Answered(204),
        };
        self.outside.receiver.answer(outcome);
        self.say(format!("receivers: {outcome:?}"));
    }

    /// A merchant disables an endpoint, enables one, or has something sent again.
    pub(super) fn switch_endpoint(&mut self) {
        let Some(post) = self.post() else { return };
        let Some(endpoint) = self.chance.pick(&post.endpoints).map(|row| row.id.clone()) else {
            return;
        };
        let order = match self.chance.below(5) {
            0 => Order::DisableEndpoint(endpoint),
            1..=2 => Order::EnableEndpoint(endpoint),
            _ => {
                let of: Vec<_> = post.deliveries_of(&endpoint).collect();
                let Some(delivery) = self.chance.pick(&of) else { return };
                self.log.resent.insert(delivery.event.to_string());
                Order::Resend(endpoint, delivery.id.clone())
            }
        };
        self.order(order);
    }

    /// In the end receivers take everything, in some worlds after they took nothing for so long that all was given up;
    /// within a bounded number of pauses nothing waits.
    pub(super) fn deliver_the_rest(&mut self) {
        if self.post().is_some_and(|post| !post.endpoints.is_empty()) {
            if self.chance.one_in(4) {
                self.deliver_for(ROUNDS_TO_GIVE_UP, Outcome::Answered(500));
            }
            // What was told last is that endpoints were given up.
            self.deliver_for(ROUNDS_TO_DELIVER, Outcome::Answered(200));
        }
        let Some(post) = self.post() else { return };
        self.check_messages(&post);
        self.check_first_tries(&post);
        self.check_what_was_told(&post);
    }

    fn deliver_for(&mut self, rounds: u32, answer: Outcome) {
        self.outside.receiver.answer(answer);
        for _ in 0..rounds {
            self.deliver_all();
            self.live(|process| process.pass(LONGEST_PAUSE));
        }
        // What happened in the last pause.
        self.deliver_all();
    }

    fn deliver_all(&mut self) {
        while self.live(|process| process.deliver()).is_some_and(|sent| sent > 0) {}
    }

    /// Every message has ended, as its receiver says; and everything that an endpoint wants is a message.
    fn check_messages(&mut self, post: &Post) {
        let tries = self.outside.receiver.tries();
        let took = tries.iter().filter(|at| matches!(at.outcome, Outcome::Answered(200..=299)));
        let took: BTreeSet<&str> = took.map(|at| at.message.as_str()).collect();
        for delivery in &post.deliveries {
            marks::hit(format!("message {}", delivery.status.name()));
            if delivery.attempts > 1 && delivery.status == DeliveryStatus::Delivered {
                marks::hit("message delivered after a failure");
            }
            let id: &DeliveryId = &delivery.id;
            if !delivery.is_over() {
                self.wrong.push(format!("{id} waits for ever"));
            }
            if delivery.status == DeliveryStatus::Delivered && !took.contains(id.as_str()) {
                self.wrong.push(format!("{id} is said to have arrived"));
            }
        }
        for endpoint in &post.endpoints {
            match endpoint.disabled {
                Some(reason) => marks::hit(format!("endpoint disabled: {}", reason.name())),
                None => self.check_nothing_is_left_out(post, endpoint),
            }
        }
    }

    fn check_nothing_is_left_out(&mut self, post: &Post, endpoint: &Endpoint) {
        let told: BTreeSet<_> =
            post.deliveries_of(&endpoint.id).map(|delivery| &delivery.event).collect();
        for event in &post.events {
            let concerns = event.account.as_ref() == Some(&endpoint.account);
            let since = event.seq > endpoint.active_since;
            if concerns && since && endpoint.wants(event.kind) && !told.contains(&event.id) {
                self.wrong.push(format!("{} is not told of {}", endpoint.id, event.id));
            }
        }
    }

    /// Every endpoint is told in order, but for what was sent again by hand.
    fn check_first_tries(&mut self, post: &Post) {
        let mut latest: BTreeMap<&str, u64> = BTreeMap::new();
        let tries = self.outside.receiver.tries();
        for first in
            tries.iter().filter(|at| at.before == 0 && !self.log.resent.contains(&at.event))
        {
            let latest = latest.entry(&first.endpoint).or_default();
            if first.seq < *latest {
                self.wrong.push(format!("{} is told out of order", first.event));
            }
            *latest = first.seq;
        }
        let gone = |row: &&Endpoint| row.disabled == Some(DisabledReason::Gone);
        for endpoint in post.endpoints.iter().filter(gone) {
            let said = |at: &super::super::receiver::Try| {
                at.endpoint == endpoint.id.as_str() && at.outcome == Outcome::Answered(410)
            };
            if !tries.iter().any(said) {
                self.wrong.push(format!("{} never said that it is gone", endpoint.id));
            }
        }
    }

    /// Each claim was announced once; that it was paid, once if it was, and else never.
    fn check_what_was_told(&mut self, post: &Post) {
        let mut told: BTreeMap<(&ClaimId, &str), u64> = BTreeMap::new();
        for event in &post.events {
            if let Snapshot::Claim(claim, _) = &event.subject {
                *told.entry((&claim.id, event.kind.name())).or_default() += 1;
            }
        }
        let times = |id, kind: EventKind| told.get(&(id, kind.name())).copied().unwrap_or(0);
        for (id, paid) in &post.claims {
            let (made, ended) =
                (times(id, EventKind::ClaimCreated), times(id, EventKind::ClaimPaid));
            if (made, ended) != (1, u64::from(*paid)) {
                self.wrong.push(format!("{id} was announced {made} times and paid {ended} times"));
            }
        }
    }
}
