//! Links, as far as they need the node: every session begins with a price and an invoice.

use crate::domain::checkout::Session;
use crate::domain::decimal::Decimal;
use crate::domain::snapshot::Snapshot;
use crate::engine::command::{Command, LinkOrder, NewLink, OpenLink, Order, Origin};
use crate::engine::links::first_session;
use crate::engine::queue::NoAnswer;
use crate::engine::reply::Reply;

use super::super::Ask;
use super::{Desk, DeskFault, Done, done};

impl<A: Ask> Desk<A> {
    /// Makes a checkout link with its one session, over an amount of the link's currency.
    ///
    /// # Errors
    /// [`DeskFault`]. An invoice that was made is known to nobody then.
    pub fn create_checkout_link(
        &self,
        new: NewLink,
        amount: Decimal,
        origin: Origin,
    ) -> Result<Done, DeskFault> {
        if let Some(done) = self.recall(&origin)? {
            return Ok(done);
        }
        let check = Command::CheckSession(Box::new(first_session(&new, amount)));
        let wanted = self.wanted(check)?.ok_or(NoAnswer::Ended)?;
        let issued = self.issue(amount, &wanted)?;
        let order = LinkOrder::CreateCheckout(new, issued);
        self.order(Order::Link(Box::new(order)), origin)
    }

    /// The unpaid session that a browser has of a payment link, or a new one.
    ///
    /// # Errors
    /// [`DeskFault`]. An invoice that was made is known to nobody then.
    pub fn open_link(&self, request: OpenLink) -> Result<Session, DeskFault> {
        let wanted = match self.engine.ask_now(Command::FindVisit(Box::new(request.clone())))?? {
            Reply::Wanted(wanted) => wanted,
            found => return session_of(done(found)?.snapshot),
        };
        let issued = self.issue(request.amount, &wanted)?;
        let order = Order::Link(Box::new(LinkOrder::Open(request, issued)));
        session_of(self.order(order, Origin::default())?.snapshot)
    }
}

fn session_of(snapshot: Snapshot) -> Result<Session, DeskFault> {
    match snapshot {
        Snapshot::Session(session, _) => Ok(*session),
        // The engine answers these questions with a session and nothing else.
        _ => Err(NoAnswer::Ended.into()),
    }
}
