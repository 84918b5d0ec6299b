//! The operator: gives and takes, parks and resolves, drains – at good moments and at bad ones.

use std::collections::BTreeMap;

use crate::domain::bytes::Preimage;
use crate::domain::id::{AccountId, PayoutId, SuspenseId};
use crate::domain::money::Msat;
use crate::domain::payout::PayoutState;
use crate::engine::command::{AccountChange, Command, Idempotency, Order, Origin, Resolution};
use crate::ports::lightning::Lightning;
use crate::ports::store::{HashOwner, List, Page, Scope, fetch, table};

use super::log::Unanswered;
use super::{World, marks};

/// Payouts that the operator looks at.
const RECENT: usize = 20;
/// More payouts than a world makes.
const ALL: usize = 1_000;

impl World {
    /// The operator credits or debits an account, under a key that it repeats until it has an answer.
    pub(super) fn move_money(&mut self) {
        let Some(account) = self.some_account() else { return };
        let most = if self.chance.one_in(4) { 60_000_000 } else { 5_000_000 };
        let amount = Msat::new(self.chance.between(1, most));
        let msat = i64::try_from(amount.get()).unwrap_or(0);
        let (order, msat) = match (self.chance.below(5), self.some_suspense()) {
            (0, Some((id, msat))) => (Order::AssignSuspense(id, account.clone()), msat),
            (0..=2, _) => (Order::Credit(account.clone(), amount), msat),
            _ => (Order::Debit(account.clone(), amount), -msat),
        };
        let (key, request) = self.log.key();
        let idempotency = Some(Idempotency { key, request });
        let origin = Origin { idempotency, ..Origin::default() };
        self.log.unanswered.push(Unanswered { order, origin, account, msat });
        self.answer_operator();
    }

    /// Some receipt that nobody was credited for.
    fn some_suspense(&mut self) -> Option<(SuspenseId, i64)> {
        let rows = self.rows()?;
        let (list, scope, limit) = (List::Suspense, Scope::All, 20);
        let page = Page { list, scope, after: None, before: None, ascending: true, limit };
        let (_, id) = self.chance.pick(&rows.page(&page).ok()?).cloned()?;
        let receipt = fetch::<table::Suspense>(&*rows, SuspenseId::parse(&id).ok()?).ok()??;
        Some((receipt.id, i64::try_from(receipt.amount.get()).ok()?))
    }

    /// The operator asks again for what it has no answer to.
    pub(super) fn answer_operator(&mut self) {
        for unanswered in std::mem::take(&mut self.log.unanswered) {
            let order = Box::new(unanswered.order.clone());
            match self.ask(Command::Order(order, unanswered.origin.clone())) {
                None => self.log.unanswered.push(unanswered),
                Some(Err(_)) => {}
                Some(Ok(_)) => {
                    let Unanswered { account, msat, .. } = unanswered;
                    self.say(format!("operator moves {msat} msat to {account}"));
                    self.log.entry(&account, msat);
                    self.log.operator(-msat);
                    if self.chance.one_in(3) {
                        self.repeat_order(&unanswered.order, &unanswered.origin);
                    }
                }
            }
        }
    }

    /// A careful operator's script repeats a request that was answered: nothing may happen again.
    fn repeat_order(&mut self, order: &Order, origin: &Origin) {
        marks::hit("operator repeats under a key");
        self.ask(Command::Order(Box::new(order.clone()), origin.clone()));
    }

    /// The newest payouts.
    fn payouts(&mut self, limit: usize) -> Vec<PayoutId> {
        let Some(rows) = self.rows() else { return vec![] };
        let (list, scope) = (List::Payouts, Scope::All);
        let page = Page { list, scope, after: None, before: None, ascending: false, limit };
        let found = rows.page(&page).unwrap_or_default();
        found.iter().filter_map(|(_, id)| PayoutId::parse(id).ok()).collect()
    }

    /// The operator parks some payout: one that holds a lock, or one in whatever state.
    pub(super) fn park(&mut self) {
        let mut payouts = self.payouts(RECENT);
        if self.chance.one_in(2)
            && let Some(rows) = self.rows()
        {
            payouts.retain(|id| {
                let payout = fetch::<table::Payout>(&*rows, id.clone());
                matches!(payout, Ok(Some(payout)) if payout.holds_lock())
            });
        }
        if let Some(id) = self.chance.pick(&payouts).cloned() {
            self.log.parked.insert(id.to_string());
            self.ask(Command::Order(Box::new(Order::ParkPayout(id)), Origin::default()));
        }
    }

    /// The operator resolves some payout: with the preimage if its wallet has the money, else in ways that must be refused.
    pub(super) fn resolve(&mut self) {
        let payouts = self.payouts(RECENT);
        let Some(id) = self.chance.pick(&payouts).cloned() else { return };
        let Some(rows) = self.rows() else { return };
        let Ok(Some(payout)) = fetch::<table::Payout>(&*rows, id.clone()) else { return };
        let arrived = self.node().arrived().iter().any(|arrival| arrival.hash == payout.hash);
        let resolution = match (self.chance.below(3), self.preimage_of(&payout.hash)) {
            (0, Some(preimage)) if arrived => Resolution::Paid(preimage),
            (1, _) => Resolution::Paid(Preimage([0; 32])),
            _ => Resolution::Failed("tired of waiting".to_owned()),
        };
        let is_true = matches!(resolution, Resolution::Paid(preimage) if preimage.0 != [0; 32]);
        if payout.is_disputed() && !is_true {
            // What it writes off past the deadline, it answers for: it asks the wallet first.
            return;
        }
        let order = Order::ResolvePayout(id, resolution);
        let done = self.ask(Command::Order(Box::new(order), Origin::default()));
        match done {
            Some(Ok(_)) if is_true => marks::hit("operator resolves with a preimage"),
            Some(Ok(_)) if payout.state != PayoutState::Paid => {
                self.wrong.push("the operator could resolve without proof".to_owned());
            }
            _ => {}
        }
    }

    /// The operator asks the wallets about what the node is not believed, and resolves it.
    pub(super) fn settle_disputes(&mut self) {
        let Some(rows) = self.rows() else { return };
        for id in self.payouts(ALL) {
            let Ok(Some(payout)) = fetch::<table::Payout>(&*rows, id.clone()) else { continue };
            let open = self.node().in_flight().contains(&payout.hash);
            let height = self.node().chain().map_or(0, |chain| chain.height);
            let past = payout.dispatch.is_some_and(|sent| sent.deadline_height() <= height);
            if !payout.is_disputed() || open || !past {
                continue;
            }
            let arrived = self.node().arrived().iter().any(|arrival| arrival.hash == payout.hash);
            let resolution = match self.preimage_of(&payout.hash).filter(|_| arrived) {
                Some(preimage) => Resolution::Paid(preimage),
                None => Resolution::Failed("no wallet has it".to_owned()),
            };
            let is_paid = matches!(resolution, Resolution::Paid(_));
            let order = Order::ResolvePayout(id, resolution);
            if let Some(Ok(_)) = self.ask(Command::Order(Box::new(order), Origin::default())) {
                marks::hit(if is_paid {
                    "a dispute ends paid"
                } else {
                    "a dispute ends written off"
                });
            }
        }
    }

    /// The operator drains or pauses, and forgets about it for a while.
    pub(super) fn close_or_open(&mut self) {
        match (self.chance.below(8), self.some_account()) {
            (0, _) => self.drain(true),
            (1, Some(account)) => self.pause(account, true),
            (2, Some(account)) => self.pause(account, false),
            _ => self.drain(false),
        }
    }

    fn drain(&mut self, drained: bool) {
        let order = Box::new(Order::Drain(drained));
        let done = self.ask(Command::Order(order, Origin::default()));
        self.log.drained = drained && matches!(done, Some(Ok(_)));
    }

    fn pause(&mut self, account: AccountId, is_paused: bool) {
        let order = Box::new(Order::UpdateAccount(account.clone(), paused(is_paused)));
        self.log.paused.remove(&account);
        let done = self.ask(Command::Order(order, Origin::default()));
        if is_paused && matches!(done, Some(Ok(_))) {
            self.log.paused.insert(account);
        }
    }

    /// The operator opens everything that it has closed.
    pub(super) fn open_all(&mut self) {
        self.drain(false);
        for shop in self.log.shops.clone() {
            self.pause(shop.account, false);
        }
    }

    /// Every hash that a payout was bound to is still bound to it (DESIGN D7), no timer doubts what this process has
    /// handed to the node, and no account has more parked than it may (D5).
    pub(super) fn check_payouts(&mut self) {
        let Some(rows) = self.rows() else { return };
        let process = fetch::<table::Books>(&*rows, ()).ok().flatten().map(|books| books.process);
        let mut parked = BTreeMap::new();
        for id in self.payouts(ALL) {
            let Ok(Some(payout)) = fetch::<table::Payout>(&*rows, id.clone()) else { continue };
            *parked.entry(payout.account).or_insert(0) += usize::from(payout.parked);
            let owner = fetch::<table::Hash>(&*rows, payout.hash);
            if !matches!(owner, Ok(Some(HashOwner::Payout(owner))) if owner == id) {
                self.wrong.push(format!("the hash of {id} is no longer bound to it"));
            }
            let is_doubted = payout.state == PayoutState::InDoubt && payout.node_knows;
            if is_doubted && payout.dispatch.map(|dispatch| dispatch.process) == process {
                self.wrong.push(format!("{id} is with the node, and somebody doubts it"));
            }
        }
        for (account, count) in parked {
            if count > self.outside.policy.max_parked {
                self.wrong.push(format!("{account} has {count} payouts parked"));
            }
        }
    }
}

fn paused(paused: bool) -> AccountChange {
    AccountChange { claims_paused: Some(paused), ..AccountChange::default() }
}
