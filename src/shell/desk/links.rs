//! Links, as far as they need the node: every session begins with an invoice.

use crate::domain::checkout::Session;
use crate::domain::link::LinkTerms;
use crate::domain::snapshot::Snapshot;
use crate::engine::command::{Command, LinkOrder, NewLink, OpenLink, Order, Origin, Owed};
use crate::engine::links::first_session;
use crate::engine::queue::NoAnswer;
use crate::engine::reply::Reply;

use super::super::Ask;
use super::{Desk, DeskFault, Done, done};

impl<A: Ask> Desk<A> {
    /// Makes a checkout link with its one session, over what is owed.
    ///
    /// # Errors
    /// [`DeskFault`]. An invoice that was made is known to nobody then.
    pub fn create_checkout_link(
        &self,
        new: NewLink,
        owed: Owed,
        origin: Origin,
    ) -> Result<Done, DeskFault> {
        if let Some(done) = self.recall(&origin)? {
            return Ok(done);
        }
        let session = first_session(&new, owed);
        let invoice = self.invoice_for(&session)?;
        let order = LinkOrder::CreateCheckout(new, owed, invoice);
        self.order(Order::Link(Box::new(order)), origin)
    }

    /// The unpaid session that a browser has of a payment link, or a new one. `terms` are the link's.
    ///
    /// # Errors
    /// [`DeskFault`]. An invoice that was made is known to nobody then.
    pub fn open_link(&self, request: OpenLink, terms: &LinkTerms) -> Result<Session, DeskFault> {
        let found = self.engine.ask_now(Command::FindVisit(Box::new(request.clone())))??;
        if let Reply::Object { .. } = found {
            return session_of(done(found)?.snapshot);
        }
        let terms = terms.session(request.owed.amount, request.owed.due);
        let invoice = self.issue(&terms)?;
        let order = Order::Link(Box::new(LinkOrder::Open(request, invoice)));
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
