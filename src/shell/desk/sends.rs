//! Merchants' own payments. Nothing is asked of a stranger's host twice under one idempotency key.

use crate::domain::id::AccountId;
use crate::domain::invoice::Invoice;
use crate::domain::money::Msat;
use crate::engine::command::{NewSend, Order, Origin};
use crate::ports::payees::NoInvoice;

use super::super::Ask;
use super::{Desk, DeskFault, Done};

/// Whom a merchant wants to be paid.
#[derive(Clone, Debug)]
pub enum Payable {
    /// Whoever made this invoice.
    Invoice(Box<Invoice>),
    /// The owner of a Lightning address.
    Address(String),
}

/// A merchant's own payment.
#[derive(Clone, Debug)]
pub struct SendOrder {
    /// Whose money it is.
    pub account: AccountId,
    /// To whom.
    pub payable: Payable,
    /// How much.
    pub amount: Msat,
    /// The merchant's own words.
    pub note: Option<String>,
}

impl<A: Ask> Desk<A> {
    /// Orders a payment; it is under way when this returns.
    ///
    /// # Errors
    /// The engine refuses, or there is no invoice.
    pub fn send(&self, order: SendOrder, origin: Origin) -> Result<Done, DeskFault> {
        if let Some(done) = self.recall(&origin)? {
            return Ok(done);
        }
        let SendOrder { account, payable, amount, note } = order;
        let (invoice, address) = match payable {
            Payable::Invoice(invoice) => (*invoice, None),
            Payable::Address(address) => (self.invoice_of(&address, amount)?, Some(address)),
        };
        let new = NewSend { account, invoice, amount, address, note };
        self.order(Order::Send(Box::new(new)), origin)
    }

    fn invoice_of(&self, address: &str, amount: Msat) -> Result<Invoice, DeskFault> {
        let text = self.payees.invoice(address, amount).map_err(DeskFault::NoInvoice)?;
        self.parse_invoice(&text).map_err(|_| {
            DeskFault::NoInvoice(NoInvoice::Unreachable("its invoice cannot be read".to_owned()))
        })
    }
}
