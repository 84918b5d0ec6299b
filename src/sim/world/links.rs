//! Links: merchants hand them out, browsers open them – several at once, again and again – and merchants close them.

use crate::domain::bytes::Digest;
use crate::domain::checkout::{Choice, Session};
use crate::domain::decimal::Decimal;
use crate::domain::id::AccountId;
use crate::domain::link::{LinkId, LinkTerms, Price};
use crate::domain::money::Sat;
use crate::domain::rate;
use crate::domain::snapshot::Snapshot;
use crate::engine::command::{Command, Issued, LinkOrder, NewLink, OpenLink, Order, Origin};
use crate::engine::links::first_session;
use crate::engine::reply::Reply;
use crate::ports::clock::Clock;
use crate::ports::lightning::Lightning;
use crate::ports::store::{fetch, table};

use super::super::terms;
use super::log::{Checkout, Handed};
use super::{World, marks};

/// Browsers that come by.
const BROWSERS: u64 = 6;
/// Amounts among which they choose.
const AMOUNTS: u64 = 3;

fn amount(sat: u64) -> Decimal {
    Decimal::whole(sat)
}

impl World {
    fn link_order(&mut self, order: LinkOrder) -> Option<Snapshot> {
        let order = Order::Link(Box::new(order));
        match self.ask(Command::Order(Box::new(order), Origin::default()))? {
            Ok(Reply::Object { snapshot, .. }) => Some(snapshot),
            _ => None,
        }
    }

    fn invoice_over(&self, due: Sat, terms: &LinkTerms) -> Option<Issued> {
        self.node().set_time(self.outside.clock.now().wall);
        let invoice = self.node().create_invoice(due.msat(), "", terms.ttl).ok()?;
        Some(Issued { price: rate::Price::in_sats(due), cashback_rate: None, invoice })
    }

    /// Some merchant makes a link of either kind.
    pub(super) fn make_link(&mut self) {
        let Some(shop) = self.chance.pick(&self.log.shops).cloned() else { return };
        let cashback = self.chance.pick(&shop.cashbacks).cloned();
        let sat = self.chance.between(1, 50_000);
        let account = shop.account;
        let made = if self.chance.one_in(2) {
            let terms = terms::link(Price::Chosen(Choice::Any), cashback);
            self.link_order(LinkOrder::CreatePayment(NewLink { account: account.clone(), terms }))
        } else {
            let terms = terms::link(Price::Fixed(amount(sat)), cashback);
            let new = NewLink { account: account.clone(), terms };
            let session = Box::new(first_session(&new, amount(sat)));
            if !matches!(self.ask(Command::CheckSession(session)), Some(Ok(_))) {
                return;
            }
            let Some(issued) = self.invoice_over(Sat::new(sat), &new.terms) else { return };
            self.link_order(LinkOrder::CreateCheckout(new, issued))
        };
        let Some(Snapshot::Link(link, _)) = made else { return };
        marks::hit(format!("merchant makes a {}", link.id.source()));
        self.say(format!("link {}", link.id));
        self.log.links.push(Handed { account: account.clone(), link: link.id.clone() });
        let session = self
            .rows()
            .zip(link.session)
            .and_then(|(rows, id)| fetch::<table::Session>(&*rows, id).ok().flatten());
        if let Some(session) = session {
            self.note_session(&account, &session);
        }
    }

    /// Some browser opens a payment link, and perhaps looks at what it got.
    pub(super) fn open_link(&mut self) {
        let Some(handed) = self.chance.pick(&self.log.links).cloned() else { return };
        let LinkId::Payment(_) = &handed.link else { return };
        let number = u8::try_from(self.chance.below(BROWSERS)).unwrap_or(0);
        let sat = 1_000 * self.chance.between(1, AMOUNTS);
        let request =
            OpenLink { link: handed.link, browser: Digest([number; 32]), amount: amount(sat) };
        let found = self.ask(Command::FindVisit(Box::new(request.clone())));
        let opened = match found {
            Some(Ok(Reply::Object { snapshot, .. })) => Some(snapshot),
            Some(Ok(_)) => {
                let terms = terms::link(Price::Chosen(Choice::Any), None);
                let Some(issued) = self.invoice_over(Sat::new(sat), &terms) else { return };
                marks::hit("buyer opens a link");
                self.link_order(LinkOrder::Open(request, issued))
            }
            _ => None,
        };
        if let Some(Snapshot::Session(session, _)) = opened {
            self.note_session(&handed.account, &session);
            if self.chance.one_in(3) {
                self.ask(Command::Viewed(session.id));
            }
        }
    }

    /// Some merchant closes a link, or opens it again.
    pub(super) fn switch_link(&mut self) {
        let Some(handed) = self.chance.pick(&self.log.links).cloned() else { return };
        let order = if self.chance.one_in(2) {
            LinkOrder::Deactivate(handed.link)
        } else {
            LinkOrder::Activate(handed.link)
        };
        if self.link_order(order).is_some() {
            marks::hit("merchant switches a link");
        }
    }

    /// A customer has a session's invoice now, if it was not known before.
    fn note_session(&mut self, account: &AccountId, session: &Session) {
        let is_known = self.log.checkouts.iter().any(|known| known.session == session.id);
        let payment = self.rows().zip(session.payments.first().cloned());
        let payment =
            payment.and_then(|(rows, id)| fetch::<table::Payment>(&*rows, id).ok().flatten());
        if let (Some(payment), false) = (payment, is_known) {
            self.log.checkouts.push(Checkout {
                account: account.clone(),
                session: session.id.clone(),
                hash: payment.hash,
                due: payment.due.msat(),
                expires_at: payment.expires_at,
                paid: None,
            });
        }
    }
}
