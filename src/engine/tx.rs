//! One command's view of the books while it is decided: it reads what the commands before it in the batch left, writes
//! into an overlay of its own, and leaves nothing behind if it is refused.

use crate::domain::bytes::Digest;
use crate::domain::event::{Event, EventKind};
use crate::domain::id::{AccountId, EndpointId, EventId, SessionId, TransferId};
use crate::domain::ledger::{LedgerAccount, Posting, Transfer, balances_after};
use crate::domain::money::Msat;
use crate::domain::payout::Context;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Timestamp;
use crate::domain::token::TokenKind;
use crate::domain::webhook::Endpoint;
use crate::ports::entropy::Entropy;
use crate::ports::secrets::Secrets;
use crate::ports::store::{
    Batch, Books, Key, List, ListKey, Row, Rows, Scope, StoreFault, Table, TokenOwner, table,
};

use super::chain::chain_after;
use super::effect::{Effect, Happening};
use super::policy::Policy;
use super::reply::{Object, Refusal};
use super::state::State;
use super::webhooks;

/// Why a command came to nothing.
#[derive(Debug)]
pub(super) enum Fail {
    /// It broke a rule.
    Refused(Refusal),
    /// The store is out of order; the process must end.
    Fault(StoreFault),
}

impl From<Refusal> for Fail {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreFault> for Fail {
    fn from(fault: StoreFault) -> Self {
        Self::Fault(fault)
    }
}

/// What outlives all commands of a batch.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) policy: &'a Policy,
    pub(super) rows: &'a dyn Rows,
    pub(super) secrets: &'a dyn Secrets,
    pub(super) entropy: &'a dyn Entropy,
    /// What time it is (DESIGN D23).
    pub(super) now: Timestamp,
    /// What the wall clock shows: the node judges invoices by it, right or wrong.
    pub(super) wall: Timestamp,
}

/// One command's transaction.
pub(super) struct Tx<'a> {
    pub(super) around: Surroundings<'a>,
    pub(super) state: &'a State,
    batch: &'a Batch,
    own: Batch,
    books: Books,
    effects: Vec<Effect>,
    request: Option<String>,
}

/// What an accepted command leaves.
#[derive(Default)]
pub(super) struct Accepted {
    pub(super) rows: Batch,
    pub(super) effects: Vec<Effect>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(around: Surroundings<'a>, state: &'a State, batch: &'a Batch) -> Self {
        let books = state.books.clone();
        Self { around, state, batch, own: Batch::default(), books, effects: vec![], request: None }
    }

    /// What is told from here on was caused by this request.
    pub(super) fn caused_by(&mut self, request: Option<String>) {
        self.request = request;
    }

    /// Ends the transaction with all that it wrote.
    pub(super) fn accept(mut self) -> Accepted {
        if self.books != self.state.books {
            let books = self.books.clone();
            self.put::<table::Books>((), books);
        }
        Accepted { rows: self.own, effects: self.effects }
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.around.now
    }

    /// What a payout's transition has to know, with the chain at `height`.
    pub(super) fn context(&self, height: u32) -> Context {
        Context {
            now: self.now(),
            process: self.books.process,
            epoch: self.books.epoch,
            height,
            cltv_limit: self.around.policy.route_cltv_limit,
        }
    }

    pub(super) fn get<T: Table>(&self, key: T::Key) -> Result<Option<T::Row>, Fail> {
        let key = T::key(key);
        let overlay = self.own.rows.get(&key).or_else(|| self.batch.rows.get(&key));
        let row = match overlay {
            Some(row) => row.clone(),
            None => match self.state.hot(&key) {
                Some(row) => Some(row.clone()),
                None => self.around.rows.get(&key)?,
            },
        };
        match row.map(T::open) {
            None => Ok(None),
            Some(Some(row)) => Ok(Some(row)),
            Some(None) => Err(Fail::Fault(StoreFault(format!("another table's row at {key:?}")))),
        }
    }

    /// The row that must be there because another row of the books names it.
    pub(super) fn named<T: Table>(&self, key: T::Key) -> Result<T::Row, Fail> {
        let name = format!("{key:?}");
        self.get::<T>(key)?
            .ok_or_else(|| Fail::Fault(StoreFault(format!("{name} is named but not there"))))
    }

    /// The row of an object that a request names.
    pub(super) fn asked<T: Table>(&self, key: T::Key, object: Object) -> Result<T::Row, Fail> {
        self.get::<T>(key)?.ok_or(Fail::Refused(Refusal::NoSuch(object)))
    }

    pub(super) fn put<T: Table>(&mut self, key: T::Key, row: T::Row) {
        self.own.rows.insert(T::key(key), Some(T::row(row)));
    }

    pub(super) fn remove<T: Table>(&mut self, key: T::Key) {
        self.own.rows.insert(T::key(key), None);
    }

    pub(super) const fn books(&self) -> &Books {
        &self.books
    }

    pub(super) const fn books_mut(&mut self) -> &mut Books {
        &mut self.books
    }

    /// The next place in commit order.
    pub(super) const fn next_seq(&mut self) -> u64 {
        let seq = self.books.next_seq;
        self.books.next_seq += 1;
        seq
    }

    pub(super) fn random(&self) -> u64 {
        self.around.entropy.number()
    }

    /// Enters an object into the operator's list and into those of `scopes`.
    pub(super) fn list(&mut self, list: List, scopes: &[Scope], seq: u64, id: &str) {
        for scope in std::iter::once(&Scope::All).chain(scopes) {
            let key = ListKey { list, scope: scope.clone(), seq };
            self.put::<table::List>(key, id.to_owned());
        }
    }

    /// Books postings, which `source` caused, and returns the rows.
    pub(super) fn post(
        &mut self,
        postings: Vec<Posting>,
        source: &str,
    ) -> Result<Vec<Transfer>, Fail> {
        postings.into_iter().map(|posting| self.post_one(posting, source)).collect()
    }

    fn post_one(&mut self, posting: Posting, source: &str) -> Result<Transfer, Fail> {
        let (debit, credit) =
            balances_after(&posting, self.balance(&posting.debit)?, self.balance(&posting.credit)?);
        self.put::<table::Balance>(posting.debit.clone(), debit);
        self.put::<table::Balance>(posting.credit.clone(), credit);
        let mut transfer = Transfer {
            id: TransferId::new(self.now(), self.random()),
            seq: self.next_seq(),
            created: self.now(),
            posting,
            source: source.to_owned(),
            chain: Digest([0; 32]),
        };
        self.happened(Happening::Transfer(transfer.posting.kind, transfer.posting.amount));
        transfer.chain = chain_after(self.around.secrets, &self.books.chain, &transfer);
        self.books.chain = transfer.chain;
        let scopes: Vec<_> = transfer
            .statement()
            .map(|(owner, _)| Scope::Account(owner.clone()))
            .into_iter()
            .collect();
        self.list(List::Transfers, &scopes, transfer.seq, transfer.id.as_str());
        self.put::<table::Transfer>(transfer.id.clone(), transfer.clone());
        Ok(transfer)
    }

    pub(super) fn balance(&self, account: &LedgerAccount) -> Result<i64, Fail> {
        Ok(self.get::<table::Balance>(account.clone())?.unwrap_or(0))
    }

    /// The accounts whose available balance this command changed.
    pub(super) fn touched_accounts(&self) -> Vec<AccountId> {
        let balances = self.own.rows.keys().filter_map(|key| match key {
            Key::Balance(LedgerAccount::Available(id)) => Some(id.clone()),
            _ => None,
        });
        balances.collect()
    }

    /// What a merchant may spend.
    pub(super) fn available(&self, account: &AccountId) -> Result<Msat, Fail> {
        let balance = self.balance(&LedgerAccount::Available(account.clone()))?;
        Ok(Msat::new(u64::try_from(balance).unwrap_or(0)))
    }

    /// An active webhook endpoint as it is now; all of them are in memory.
    pub(super) fn active_endpoint(&self, id: &EndpointId) -> Option<Endpoint> {
        let key = Key::Endpoint(id.clone());
        let own = self.own.rows.get(&key).or_else(|| self.batch.rows.get(&key));
        let row = match own {
            Some(row) => row.as_ref(),
            None => self.state.hot(&key),
        };
        match row {
            Some(Row::Endpoint(endpoint)) if endpoint.is_active() => Some((**endpoint).clone()),
            _ => None,
        }
    }

    /// Tells what happened: writes the event, and a message for each webhook endpoint that wants to know of it.
    pub(super) fn tell(&mut self, kind: EventKind, account: Option<&AccountId>, subject: Snapshot) {
        let event = Event {
            id: EventId::new(self.now(), self.random()),
            seq: self.next_seq(),
            account: account.cloned(),
            kind,
            subject,
            request: self.request.clone(),
            created: self.now(),
        };
        self.happened(Happening::Event(kind));
        let scopes: Vec<_> = account.map(|a| Scope::Account(a.clone())).into_iter().collect();
        self.list(List::Events, &scopes, event.seq, event.id.as_str());
        self.put::<table::Event>(event.id.clone(), event.clone());
        if let Some(account) = account {
            webhooks::address(self, account, &event);
        }
    }

    /// Enters the token of (kind, id, generation) into the index.
    pub(super) fn index_token(
        &mut self,
        kind: TokenKind,
        id: &str,
        generation: u32,
        owner: TokenOwner,
    ) {
        let token = self.around.secrets.token(kind, id, generation);
        let digest = self.around.secrets.token_digest(&token);
        self.put::<table::Token>(digest, owner);
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        if !self.effects.contains(&effect) {
            self.effects.push(effect);
        }
    }

    pub(super) fn happened(&mut self, what: Happening) {
        self.effects.push(Effect::Happened(what));
    }

    pub(super) fn session_changed(&mut self, session: &SessionId) {
        self.effect(Effect::SessionChanged(session.clone()));
    }
}

/// Rows that a batch holds, as the state takes note of them.
pub(super) fn note(state: &mut State, rows: &Batch) {
    for (key, row) in &rows.rows {
        state.apply(key, row.as_ref());
    }
}
