//! A small shop: one account with a cashback, and what merchants, customers and wallets do to it.

use std::sync::Arc;

use crate::domain::account::Metadata;
use crate::domain::bytes::Preimage;
use crate::domain::cashback::{CashbackTerms, Rule};
use crate::domain::checkout::{Payment, Session, SessionTerms};
use crate::domain::claim::Claim;
use crate::domain::currency::Currency;
use crate::domain::decimal::Decimal;
use crate::domain::fees::FeeOverrides;
use crate::domain::id::{AccountId, CashbackId};
use crate::domain::invoice::Invoice;
use crate::domain::ledger::LedgerAccount;
use crate::domain::money::{BasisPoints, Msat, Sat};
use crate::domain::payout::Payout;
use crate::domain::rate::{Price, Rate};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Span;
use crate::domain::token::TokenKind;
use crate::engine::command::{AccountTerms, Command, Issued, NewSession, Order, SubmitInvoice};
use crate::engine::reply::{Refusal, Reply, Restored, Wanted};
use crate::ports::clock::Clock;
use crate::ports::lightning::Lightning;
use crate::ports::secrets::Secrets;
use crate::ports::store::{Row, fetch, table};
use crate::sim::harness::{Outside, Process};
use crate::sim::invoice::wallet_invoice;
use crate::sim::{MemoryDisk, SimNode, terms};
use crate::store::disk::Disk;
use crate::store::{copy_books, plant_books, snapshot};

/// A running shop.
pub(super) struct Shop {
    pub(super) process: Process,
    pub(super) account: AccountId,
    pub(super) cashback: CashbackId,
    wallets: u8,
    /// Satoshis in a dollar.
    pub(super) rate: Rate,
}

/// Satoshis in a dollar.
pub(super) fn dollar(sats: &str) -> Rate {
    Rate::new(Decimal::parse(sats).unwrap()).unwrap()
}

pub(super) fn account_terms(name: &str) -> AccountTerms {
    let metadata = Metadata::new();
    let (name, fees) = (name.to_owned(), FeeOverrides::default());
    AccountTerms { name, fees, low_balance: None, metadata }
}

/// The object of an order that was carried out.
pub(super) fn object(reply: Result<Reply, Refusal>) -> Snapshot {
    match reply {
        Ok(Reply::Object { snapshot, .. }) => snapshot,
        other => panic!("no object: {other:?}"),
    }
}

pub(super) fn new_account(process: &Process, name: &str) -> AccountId {
    match object(process.order(Order::CreateAccount(account_terms(name)))) {
        Snapshot::Account(account) => account.id,
        other => panic!("no account: {other:?}"),
    }
}

pub(super) fn cashback_terms(process: &Process, rule: Rule) -> CashbackTerms {
    CashbackTerms {
        name: "spring".to_owned(),
        description: "5 % back".to_owned(),
        rule,
        currency: Currency::Sats,
        stated: None,
        start: process.outside.clock.now().wall,
        end: None,
        max_amount: None,
        min_spend: None,
        budget: None,
        max_claims: None,
        claim_ttl: Span::from_secs(86_400),
        metadata: Metadata::new(),
    }
}

pub(super) fn five_percent() -> Rule {
    Rule::Percentage(BasisPoints::new(500).unwrap())
}

pub(super) fn new_cashback(
    process: &Process,
    account: &AccountId,
    terms: CashbackTerms,
) -> CashbackId {
    match object(process.order(Order::CreateCashback(account.clone(), Box::new(terms)))) {
        Snapshot::Cashback(cashback) => cashback.id,
        other => panic!("no cashback: {other:?}"),
    }
}

pub(super) fn session_terms(sat: u64, cashback: Option<CashbackId>) -> SessionTerms {
    terms::session(Sat::new(sat), cashback)
}

impl Shop {
    /// A shop with a 5 % cashback on new books.
    pub(super) fn open() -> Self {
        Self::open_in(&Outside::default())
    }

    pub(super) fn open_in(outside: &Outside) -> Self {
        let process = outside.boot(1);
        let account = new_account(&process, "shop");
        let terms = cashback_terms(&process, five_percent());
        let cashback = new_cashback(&process, &account, terms);
        Self { process, account, cashback, wallets: 100, rate: dollar("1000") }
    }

    /// The process dies, and another one comes up.
    pub(super) fn crash(self) -> Self {
        let Self { process, account, cashback, wallets, rate } = self;
        let outside = process.outside.clone();
        drop(process);
        let process = outside.boot(u64::from(wallets) + 1_000);
        Self { process, account, cashback, wallets, rate }
    }

    /// The books as a backup holds them.
    pub(super) fn back_up(&self) -> MemoryDisk {
        let copy = MemoryDisk::default();
        copy_books(&self.process.outside.disk, &copy).unwrap().unwrap();
        copy
    }

    /// Disk and node are lost; the books of `backup` are restored at this height beside a new node, and a process comes
    /// up on them.
    pub(super) fn restore(self, backup: &MemoryDisk, height: u32) -> (Self, Restored) {
        let Self { process, account, cashback, wallets, rate } = self;
        let clock = process.outside.clock.clone();
        let node = Arc::new(SimNode::new(clock.now().wall));
        node.skip_invoices(1_000);
        drop(process);
        let outside = Outside { clock, node, ..Outside::default() };
        let disk: Arc<dyn Disk> = Arc::new(outside.disk.clone());
        let name = snapshot::names(backup).unwrap().remove(0);
        plant_books(backup, &name, &disk, 1 << 16).unwrap();
        let (mut engine, _) = outside.open(u64::from(wallets) + 2_000);
        let answers = engine.step(vec![Command::Restore(height)]).unwrap().answers;
        let Ok(Reply::Restored(restored)) = answers[0] else { panic!("{answers:?}") };
        drop(engine);
        outside.node.set_chain(|chain| chain.height = height);
        let process = outside.boot(u64::from(wallets) + 1_000);
        process.recover();
        (Self { process, account, cashback, wallets, rate }, restored)
    }

    pub(super) fn try_session(&self, account: &AccountId, sat: u64) -> Result<Session, Refusal> {
        let terms = session_terms(sat, Some(self.cashback.clone()));
        self.try_session_with(account, terms)
    }

    pub(super) fn try_session_with(
        &self,
        account: &AccountId,
        terms: SessionTerms,
    ) -> Result<Session, Refusal> {
        let new = NewSession { account: account.clone(), terms };
        let wanted = self.wanted(Command::CheckSession(Box::new(new.clone())))?;
        let issued = wanted.and_then(|wanted| self.issue(&wanted)).map(Box::new);
        match self.process.order(Order::CreateSession(Box::new(new), issued))? {
            Reply::Object { snapshot: Snapshot::Session(session, _), .. } => Ok(*session),
            other => panic!("no session: {other:?}"),
        }
    }

    /// What a payment is to be made of, if one is wanted.
    pub(super) fn wanted(&self, command: Command) -> Result<Option<Wanted>, Refusal> {
        match self.process.ask(command)? {
            Reply::Wanted(wanted) => Ok(Some(*wanted)),
            _ => Ok(None),
        }
    }

    /// An invoice as the desk makes it, with a dollar at [`Shop::rate`].
    pub(super) fn issue(&self, wanted: &Wanted) -> Option<Issued> {
        let rate = |currency: Currency| currency.own_rate().unwrap_or(self.rate);
        let price = Price::of(wanted.amount?, rate(wanted.currency)).unwrap();
        let node = &self.process.outside.node;
        let invoice = node.create_invoice(price.due.msat(), "", wanted.ttl).unwrap();
        Some(Issued { price, cashback_rate: wanted.cashback.map(rate), invoice })
    }

    pub(super) fn session(&self, sat: u64) -> Session {
        self.try_session(&self.account, sat).unwrap()
    }

    pub(super) fn reload(&self, session: &Session) -> Session {
        fetch::<table::Session>(&*self.process.rows(), session.id.clone()).unwrap().unwrap()
    }

    /// The customer pays what the session's invoice asks for, and a little more.
    pub(super) fn pay(&self, session: &Session, extra_msat: u64) -> Session {
        let payment = self.payment(session, 0);
        let amount = Msat::new(payment.due.msat().get() + extra_msat);
        self.process.outside.node.receive(payment.hash, amount);
        self.process.pump();
        self.reload(session)
    }

    /// A payment of a session.
    pub(super) fn payment(&self, session: &Session, at: usize) -> Payment {
        let id = session.payments[at].clone();
        fetch::<table::Payment>(&*self.process.rows(), id).unwrap().unwrap()
    }

    /// A paid checkout of `sat`, and the claim that came of it.
    pub(super) fn claim(&self, sat: u64) -> Claim {
        let session = self.pay(&self.session(sat), 0);
        self.claim_row(session.claim.as_ref().unwrap())
    }

    pub(super) fn claim_row(&self, id: &crate::domain::id::ClaimId) -> Claim {
        fetch::<table::Claim>(&*self.process.rows(), id.clone()).unwrap().unwrap()
    }

    pub(super) fn again(&self, claim: &Claim) -> Claim {
        self.claim_row(&claim.id)
    }

    pub(super) fn payout(&self, claim: &Claim) -> Payout {
        let id = self.again(claim).payout.unwrap();
        fetch::<table::Payout>(&*self.process.rows(), id).unwrap().unwrap()
    }

    /// An invoice of a new wallet for a claim's amount, good for a minute.
    pub(super) fn invoice(&mut self, claim: &Claim) -> (Preimage, Invoice) {
        self.wallets += 1;
        let preimage = Preimage([self.wallets; 32]);
        self.process.outside.node.know(&preimage);
        let expires_at = self.process.outside.clock.now().wall + Span::from_secs(60);
        (preimage, wallet_invoice(&preimage, claim.amount, expires_at))
    }

    /// The callback with the claim's current k1.
    pub(super) fn submit(&self, claim: &Claim, invoice: &Invoice) -> Result<(), Refusal> {
        let k1_generation = self.again(claim).k1_generation;
        self.submit_with(claim, k1_generation, invoice)
    }

    pub(super) fn submit_with(
        &self,
        claim: &Claim,
        k1_generation: u32,
        invoice: &Invoice,
    ) -> Result<(), Refusal> {
        let command = self.callback(claim, k1_generation, invoice);
        match self.process.ask(command)? {
            Reply::Accepted => Ok(()),
            other => panic!("neither accepted nor refused: {other:?}"),
        }
    }

    pub(super) fn callback(&self, claim: &Claim, k1_generation: u32, invoice: &Invoice) -> Command {
        let secrets = &self.process.outside.secrets;
        let digest = |kind, generation| {
            secrets.token_digest(&secrets.token(kind, claim.id.as_str(), generation))
        };
        Command::SubmitInvoice(Box::new(SubmitInvoice {
            link: digest(TokenKind::ClaimLink, claim.link_generation),
            k1: Some(digest(TokenKind::K1, k1_generation)),
            invoice: invoice.clone(),
        }))
    }

    pub(super) fn available(&self) -> i64 {
        self.balance(LedgerAccount::Available(self.account.clone()))
    }

    pub(super) fn balance(&self, account: LedgerAccount) -> i64 {
        fetch::<table::Balance>(&*self.process.rows(), account).unwrap().unwrap_or(0)
    }

    pub(super) fn is_locked(&self) -> bool {
        fetch::<table::Lock>(&*self.process.rows(), self.account.clone()).unwrap().is_some()
    }

    /// How many events of this name were told.
    pub(super) fn events(&self, name: &str) -> usize {
        let mut count = 0;
        let mut look = |_, row| {
            count += usize::from(matches!(row, Row::Event(event) if event.kind.name() == name));
            Ok(())
        };
        self.process.rows().each(&mut look).unwrap();
        count
    }

    /// The books are right.
    pub(super) fn assert_sound(&self) {
        assert_eq!(self.process.audit(), Vec::<String>::new());
    }
}
