//! Merchants pay out of their balances, and repeat themselves: with their idempotency key and without one.

use crate::domain::money::Msat;
use crate::domain::snapshot::Snapshot;
use crate::engine::command::{Command, Idempotency, NewSend, Order, Origin};
use crate::engine::reply::{Refusal, Reply};

use super::{World, marks};

/// What became of an order to pay, as its merchant sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    /// Nothing: the process died.
    Nothing,
    /// It is done, or was before: the send's id.
    Sent(String),
    Refused,
}

impl World {
    /// Some merchant pays somebody.
    pub(super) fn send(&mut self) {
        let Some(account) = self.chance.pick(&self.log.shops).map(|shop| shop.account.clone())
        else {
            return;
        };
        let amount = Msat::new(self.chance.between(1, 2_000_000));
        let invoice = self.make_invoice(amount);
        let new = NewSend { account: account.clone(), invoice, amount, address: None, note: None };
        let (key, request) = self.log.key();
        let idempotency = Some(Idempotency { key, request });
        let origin = Origin { account: Some(account.clone()), idempotency, ..Origin::default() };
        let (before, first) = (self.starts, self.order_send(&new, &origin));
        if matches!(first, Told::Sent(_)) {
            marks::hit("merchant sends");
            if self.log.drained || self.log.paused.contains(&account) {
                self.wrong.push(format!("{account} sent behind closed doors"));
            }
        }
        // Whoever got no answer asks again; the impatient do so anyhow.
        if first == Told::Nothing || self.chance.one_in(3) {
            marks::hit("merchant repeats a send under its key");
            let again = self.order_send(&new, &origin);
            let same = first == again || again == Told::Nothing;
            if matches!(first, Told::Sent(_)) && !same && self.starts == before {
                self.wrong.push(format!("{first:?} became {again:?} under the same key"));
            }
        }
        if self.chance.one_in(3) {
            let origin = Origin { idempotency: None, ..origin };
            let again = self.order_send(&new, &origin);
            if matches!((&first, &again), (Told::Sent(_), Told::Sent(_))) {
                self.wrong.push(format!("{first:?} and {again:?} pay one invoice"));
            }
        }
    }

    fn order_send(&mut self, new: &NewSend, origin: &Origin) -> Told {
        let order = Box::new(Order::Send(Box::new(new.clone())));
        let answer = self.ask(Command::Order(order, origin.clone()));
        self.say(format!("send {}: {answer:?}", new.invoice.hash));
        match answer {
            None => Told::Nothing,
            Some(Ok(Reply::Object { snapshot: Snapshot::Send(send, _), .. })) => {
                Told::Sent(send.id.to_string())
            }
            Some(Err(Refusal::Frozen(rule))) => {
                self.wrong.push(format!("the books are frozen: {rule}"));
                Told::Refused
            }
            Some(_) => Told::Refused,
        }
    }
}
