//! Merchants and customers: cashbacks, checkouts, and money that comes in – in time, late, unasked.

use crate::domain::account::Metadata;
use crate::domain::bytes::PaymentHash;
use crate::domain::cashback::{CashbackTerms, Rule};
use crate::domain::checkout::LATE_GRACE;
use crate::domain::currency::Currency;
use crate::domain::id::{AccountId, CashbackId};
use crate::domain::money::{BasisPoints, Msat, Sat};
use crate::domain::rate::Price;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Span;
use crate::engine::command::{AccountTerms, Command, Issued, NewSession, Order, Origin};
use crate::engine::reply::Reply;
use crate::ports::clock::Clock;
use crate::ports::lightning::Lightning;
use crate::ports::store::{fetch, table};

use super::super::terms;
use super::log::{Checkout, Held, Paid, Shop};
use super::{World, marks};

impl World {
    pub(super) fn order(&mut self, order: Order) -> Option<Snapshot> {
        let command = Command::Order(Box::new(order), Origin::default());
        match self.ask(command)? {
            Ok(Reply::Object { snapshot, .. }) => Some(snapshot),
            _ => None,
        }
    }

    pub(super) fn open_shop(&mut self, name: &str) {
        let terms = AccountTerms {
            name: name.to_owned(),
            fees: crate::domain::fees::FeeOverrides::default(),
            low_balance: None,
            metadata: Metadata::new(),
        };
        if let Some(Snapshot::Account(account)) = self.order(Order::CreateAccount(terms)) {
            self.log.shops.push(Shop { account: account.id.clone(), cashbacks: vec![] });
            self.make_cashback();
        }
    }

    /// Some merchant makes a cashback, with or without dates and caps.
    pub(super) fn make_cashback(&mut self) {
        let now = self.outside.clock.now().wall;
        let without = self.log.shops.iter().find(|shop| shop.cashbacks.is_empty());
        let shop = without.or_else(|| self.chance.pick(&self.log.shops));
        let Some(account) = shop.map(|shop| shop.account.clone()) else { return };
        let rule = if self.chance.one_in(2) {
            Rule::Fixed(Sat::new(self.chance.between(1, 2_000)))
        } else {
            let share = u16::try_from(self.chance.between(1, 10_000)).ok();
            share.and_then(BasisPoints::new).map_or(Rule::Fixed(Sat::new(1)), Rule::Percentage)
        };
        let ends =
            self.chance.one_in(4).then(|| now + Span::from_secs(self.chance.between(60, 7_200)));
        let budget = self.chance.one_in(4).then(|| Sat::new(self.chance.between(1, 5_000)));
        let terms = CashbackTerms {
            name: "back".to_owned(),
            description: "back".to_owned(),
            rule,
            currency: Currency::Sats,
            stated: None,
            start: now,
            end: ends,
            max_amount: None,
            min_spend: None,
            budget,
            max_claims: self.chance.one_in(4).then(|| self.chance.between(1, 5)),
            claim_ttl: Span::from_secs(self.chance.between(600, 86_400)),
            metadata: Metadata::new(),
        };
        let made = self.order(Order::CreateCashback(account.clone(), Box::new(terms)));
        if let Some(Snapshot::Cashback(cashback)) = made {
            let shop = self.log.shops.iter_mut().find(|shop| shop.account == account);
            shop.into_iter().for_each(|shop| shop.cashbacks.push(cashback.id.clone()));
        }
    }

    /// Some merchant makes a checkout.
    pub(super) fn make_checkout(&mut self) {
        let Some(shop) = self.chance.pick(&self.log.shops).cloned() else { return };
        let cashback = self.chance.pick(&shop.cashbacks).cloned();
        let due = Sat::new(self.chance.between(1, 50_000));
        let new =
            NewSession { account: shop.account.clone(), terms: terms::session(due, cashback) };
        if !matches!(self.ask(Command::CheckSession(Box::new(new.clone()))), Some(Ok(_))) {
            return;
        }
        self.node().set_time(self.outside.clock.now().wall);
        let Ok(invoice) = self.node().create_invoice(due.msat(), "", new.terms.ttl) else { return };
        let (hash, expires_at) = (invoice.hash, invoice.expires_at);
        let issued = Issued { price: Price::in_sats(due), cashback_rate: None, invoice };
        let made = self.order(Order::CreateSession(Box::new(new), Some(Box::new(issued))));
        if let Some(Snapshot::Session(session, _)) = made {
            self.say(format!("checkout {} over {}", session.id, due.get()));
            self.log.checkouts.push(Checkout {
                account: shop.account,
                session: session.id.clone(),
                hash,
                due: due.msat(),
                expires_at,
                paid: None,
            });
        }
    }

    /// Some customer pays: what is due, or more, or less; at once or much later.
    pub(super) fn pay_checkout(&mut self) {
        let unpaid: Vec<usize> = (0..self.log.checkouts.len())
            .filter(|at| self.log.checkouts[*at].paid.is_none())
            .collect();
        let Some(at) = self.chance.pick(&unpaid).copied() else { return };
        let (hash, due) = (self.log.checkouts[at].hash, self.log.checkouts[at].due);
        let amount = match self.chance.below(8) {
            0 => due + Msat::new(self.chance.between(1, 10_000)),
            1 => Msat::new(self.chance.between(1, due.get())),
            _ => due,
        };
        marks::hit(if amount < due { "customer pays too little" } else { "customer pays" });
        // It may be heard of much later, but never earlier: who pays too late earns nothing for certain.
        let now = self.outside.clock.now().wall;
        let in_time = now <= self.log.checkouts[at].expires_at + LATE_GRACE;
        self.log.checkouts[at].paid = Some(Paid { amount, in_full: amount >= due, in_time });
        let account = self.log.checkouts[at].account.clone();
        self.log.entry(&account, i64::try_from(amount.get()).unwrap_or(0));
        self.say(format!("customer pays {amount} on {hash}"));
        self.node().receive(hash, amount);
    }

    /// Somebody sends money unasked: on a hash of nobody's, or on one that a wallet has made.
    pub(super) fn send_unasked(&mut self) {
        let wallets = self.chance.one_in(2).then(|| self.chance.pick(&self.log.invoices)).flatten();
        let hash = match wallets {
            Some((_, invoice)) => invoice.hash,
            None => PaymentHash([u8::try_from(self.chance.below(200)).unwrap_or(0); 32]),
        };
        // The node refuses what it knows already (facts, section 3).
        if matches!(self.node().record(&hash), Ok(None)) {
            marks::hit("somebody sends money unasked");
            self.say(format!("money comes unasked on {hash}"));
            self.log.operator(1_000);
            self.node().receive(hash, Msat::new(1_000));
        }
    }

    /// Customers look at their checkouts' pages, and find cashbacks.
    pub(super) fn look_for_claims(&mut self) {
        let Some(rows) = self.rows() else { return };
        for at in 0..self.log.checkouts.len() {
            let session = self.log.checkouts[at].session.clone();
            let Ok(Some(session)) = fetch::<table::Session>(&*rows, session) else { continue };
            let Some(id) = session.claim else { continue };
            if self.log.claims.iter().all(|held| held.id != id)
                && let Ok(Some(claim)) = fetch::<table::Claim>(&*rows, id.clone())
            {
                self.say(format!("claim {id} over {}", claim.amount));
                let made = &self.log.checkouts[at];
                // A clock that has jumped may take a late payment for one in time.
                let jumped = self.log.clock_jumped;
                let earned = made.paid.filter(|paid| paid.in_full && (paid.in_time || jumped));
                if earned.is_none_or(|paid| claim.amount > paid.amount) {
                    self.wrong.push(format!("{id} is more than its customer earned"));
                }
                let (account, amount) = (made.account.clone(), claim.amount);
                self.log.claims.push(Held { id, account, amount, last: None, accepted: false });
            }
        }
    }

    /// Some merchant ends a cashback or a checkout, or withdraws a claim.
    pub(super) fn end_something(&mut self) {
        let order = match self.chance.below(3) {
            0 => {
                let cashbacks: Vec<CashbackId> =
                    self.log.shops.iter().flat_map(|shop| shop.cashbacks.clone()).collect();
                self.chance.pick(&cashbacks).cloned().map(Order::DeactivateCashback)
            }
            1 => {
                let sessions = &self.log.checkouts;
                self.chance
                    .pick(sessions)
                    .map(|made| Order::DeactivateSession(made.session.clone()))
            }
            _ => self.chance.pick(&self.log.claims).map(|held| Order::CancelClaim(held.id.clone())),
        };
        if let Some(order) = order
            && self.order(order).is_some()
        {
            marks::hit("merchant ends something");
        }
    }

    pub(super) fn some_account(&self) -> Option<AccountId> {
        self.chance.pick(&self.log.shops).map(|shop| shop.account.clone())
    }
}
