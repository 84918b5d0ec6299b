//! Sessions and their payments: priced by the rate of the moment, with an invoice of the node.

use std::sync::PoisonError;

use crate::domain::currency::Currency;
use crate::domain::decimal::Decimal;
use crate::domain::id::SessionId;
use crate::domain::rate::{Price, Rate};
use crate::engine::command::{Command, Issued, NewSession, NextPayment, Order, Origin};
use crate::engine::queue::NoAnswer;
use crate::engine::reply::{Reply, Wanted};

use super::super::Ask;
use super::{Desk, DeskFault, Done};

/// What an invoice says if the merchant gives no text for it.
const DEFAULT_INVOICE_TEXT: &str = "Checkout";

impl<A: Ask> Desk<A> {
    /// Makes a session with its first invoice, if its amount is known. The engine is asked before an invoice is made, and
    /// decides again with it.
    ///
    /// # Errors
    /// [`DeskFault`]. An invoice that was made is known to nobody then.
    pub fn create_session(&self, new: NewSession, origin: Origin) -> Result<Done, DeskFault> {
        if let Some(done) = self.recall(&origin)? {
            return Ok(done);
        }
        let check = Command::CheckSession(Box::new(new.clone()));
        let wanted = self.wanted(check)?.ok_or(NoAnswer::Ended)?;
        let issued = match wanted.amount {
            Some(amount) => Some(Box::new(self.issue(amount, &wanted)?)),
            None => None,
        };
        self.order(Order::CreateSession(Box::new(new), issued), origin)
    }

    /// Adds the payment that a session needs: over `chosen`, or in place of one that expired. Of many that come at once
    /// one makes it, and the others find it there.
    ///
    /// # Errors
    /// [`DeskFault`]; the session is as it was.
    pub fn add_payment(
        &self,
        session: &SessionId,
        chosen: Option<Decimal>,
    ) -> Result<(), DeskFault> {
        let _alone = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(wanted) = self.wanted(Command::CheckPayment(session.clone(), chosen))? else {
            return Ok(());
        };
        let amount = wanted.amount.ok_or(DeskFault::NoPrice)?;
        let issued = self.issue(amount, &wanted)?;
        let next = NextPayment { session: session.clone(), after: wanted.after, chosen, issued };
        self.order(Order::AddPayment(Box::new(next)), Origin::default()).map(drop)
    }

    pub(super) fn wanted(&self, check: Command) -> Result<Option<Wanted>, DeskFault> {
        match self.engine.ask_now(check)?? {
            Reply::Wanted(wanted) => Ok(Some(*wanted)),
            _ => Ok(None),
        }
    }

    fn rate(&self, currency: Currency) -> Result<Rate, DeskFault> {
        self.rates.rate(currency).map_err(|why| DeskFault::NoRate(currency, why))
    }

    /// Fixes the price, and has the node make an invoice over it.
    pub(super) fn issue(&self, amount: Decimal, wanted: &Wanted) -> Result<Issued, DeskFault> {
        let cashback_rate = wanted.cashback.map(|currency| self.rate(currency)).transpose()?;
        let price = Price::of(amount, self.rate(wanted.currency)?).ok_or(DeskFault::NoPrice)?;
        let due = price.due.msat();
        if self.node.liquidity()?.inbound < due {
            return Err(DeskFault::InboundCapacity);
        }
        let text = wanted.text.as_deref().unwrap_or(DEFAULT_INVOICE_TEXT);
        let invoice = self.node.create_invoice(due, text, wanted.ttl)?;
        Ok(Issued { price, cashback_rate, invoice })
    }
}
