//! The internal audit (DESIGN D12): everything that must hold in the books, computed again from the rows alone. It
//! shares no state with the engine, only the rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::account::ApiKey;
use crate::domain::bytes::{Digest, PaymentHash};
use crate::domain::cashback::Cashback;
use crate::domain::checkout::{Payment, Session};
use crate::domain::claim::Claim;
use crate::domain::id::{
    AccountId, CashbackId, ClaimId, DeliveryId, EndpointId, KeyId, PaymentId, PayoutId, SendId,
    SessionId, SuspenseId,
};
use crate::domain::ledger::{BalanceMsat, LedgerAccount, Transfer};
use crate::domain::link::{Link, LinkId};
use crate::domain::payout::Payout;
use crate::domain::send::InstantSend;
use crate::domain::suspense::SuspenseReceipt;
use crate::domain::webhook::{Delivery, Endpoint};
use crate::ports::secrets::Secrets;
use crate::ports::store::{
    AccountLock, Books, HashOwner, Key, List, ListKey, Row, Rows, Scope, StoreFault, TokenOwner,
};

mod causes;
mod indexes;
mod links;
mod money;
mod states;

/// Most problems that a report names.
const MAX_PROBLEMS: usize = 100;

/// What the audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// Rules that do not hold, in words; empty if the books are right.
    pub problems: Vec<String>,
    /// Rows read.
    pub rows: u64,
    /// Ledger rows among them.
    pub transfers: u64,
    /// Balances, computed from the ledger rows.
    pub balances: BTreeMap<LedgerAccount, BalanceMsat>,
}

/// All rows of the books that rules are about.
#[derive(Debug, Default)]
struct Everything {
    books: Option<Books>,
    accounts: BTreeSet<AccountId>,
    keys: BTreeMap<KeyId, ApiKey>,
    tokens: BTreeMap<Digest, TokenOwner>,
    cashbacks: BTreeMap<CashbackId, Cashback>,
    sessions: BTreeMap<SessionId, Session>,
    payments: BTreeMap<PaymentId, Payment>,
    links: BTreeMap<LinkId, Link>,
    claims: BTreeMap<ClaimId, Claim>,
    payouts: BTreeMap<PayoutId, Payout>,
    sends: BTreeMap<SendId, InstantSend>,
    hashes: BTreeMap<PaymentHash, HashOwner>,
    locks: BTreeMap<AccountId, AccountLock>,
    transfers: Vec<Transfer>,
    balances: BTreeMap<LedgerAccount, BalanceMsat>,
    suspense: BTreeMap<SuspenseId, SuspenseReceipt>,
    details: BTreeSet<SessionId>,
    endpoints: BTreeMap<EndpointId, Endpoint>,
    deliveries: BTreeMap<DeliveryId, Delivery>,
    /// What each object's place in the operator's list must be.
    places: BTreeMap<String, (List, u64)>,
    /// The operator's lists as they are.
    listed: BTreeMap<String, (List, u64)>,
    /// Places that appear in a merchant's or a claim's list.
    scoped: BTreeSet<(Scope, List, u64)>,
    rows: u64,
}

/// Collects what is wrong.
struct Problems(Vec<String>);

impl Problems {
    /// Notes `text` unless `holds`.
    fn check(&mut self, holds: bool, text: impl FnOnce() -> String) {
        if !holds && self.0.len() < MAX_PROBLEMS {
            self.0.push(text());
        }
    }
}

/// Reads every row and checks every rule.
///
/// # Errors
/// A row that cannot be read.
pub fn audit(rows: &dyn Rows, secrets: &dyn Secrets) -> Result<AuditReport, StoreFault> {
    let mut all = Everything::default();
    rows.each(&mut |key, row| {
        all.take(key, row);
        Ok(())
    })?;
    all.transfers.sort_by_key(|transfer| transfer.seq);
    let mut problems = Problems(vec![]);
    let balances = money::check(&all, secrets, &mut problems);
    causes::check(&all, &mut problems);
    states::check(&all, secrets, &mut problems);
    links::check(&all, &mut problems);
    indexes::check(&all, secrets, &mut problems);
    Ok(AuditReport {
        problems: problems.0,
        rows: all.rows,
        transfers: u64::try_from(all.transfers.len()).unwrap_or(u64::MAX),
        balances: balances.iter().map(|(account, balance)| (account.clone(), balance)).collect(),
    })
}

impl Everything {
    fn take(&mut self, key: Key, row: Row) {
        self.rows += 1;
        match (key, row) {
            (_, Row::Books(row)) => self.books = Some(*row),
            (_, Row::Account(row)) => {
                self.place(List::Accounts, row.seq, row.id.as_str());
                self.accounts.insert(row.id);
            }
            (_, Row::ApiKey(row)) => {
                self.place(List::ApiKeys, row.seq, row.id.as_str());
                self.keys.insert(row.id.clone(), *row);
            }
            (Key::Token(digest), Row::Token(row)) => {
                self.tokens.insert(digest, *row);
            }
            (_, Row::Cashback(row)) => {
                self.place(List::Cashbacks, row.seq, row.id.as_str());
                self.cashbacks.insert(row.id.clone(), *row);
            }
            (_, Row::Session(row)) => {
                self.place(List::Sessions, row.seq, row.id.as_str());
                self.sessions.insert(row.id.clone(), *row);
            }
            (_, Row::Payment(row)) => {
                self.place(List::Payments, row.seq, row.id.as_str());
                self.payments.insert(row.id.clone(), *row);
            }
            (_, Row::Claim(row)) => {
                self.place(List::Claims, row.seq, row.id.as_str());
                self.claims.insert(row.id.clone(), *row);
            }
            (_, Row::Payout(row)) => {
                self.place(List::Payouts, row.seq, row.id.as_str());
                self.payouts.insert(row.id.clone(), *row);
            }
            (_, Row::Transfer(row)) => {
                self.place(List::Transfers, row.seq, row.id.as_str());
                self.transfers.push(*row);
            }
            (_, Row::Suspense(row)) => {
                self.place(List::Suspense, row.seq, row.id.as_str());
                self.suspense.insert(row.id.clone(), *row);
            }
            (_, Row::Event(row)) => self.place(List::Events, row.seq, row.id.as_str()),
            (_, Row::Act(row)) => self.place(List::Acts, row.seq, row.id.as_str()),
            (Key::Details(session), Row::Details(_)) => {
                self.details.insert(session);
            }
            (Key::Hash(hash), Row::Hash(row)) => {
                self.hashes.insert(hash, *row);
            }
            (Key::Lock(account), Row::Lock(row)) => {
                self.locks.insert(account, *row);
            }
            (Key::Balance(account), Row::Balance(row)) => {
                self.balances.insert(account, *row);
            }
            (Key::List(key), Row::List(id)) => self.take_place(key, *id),
            (_, row) => self.take_of_merchants(row),
        }
    }

    /// What merchants make beside cashbacks and sessions.
    fn take_of_merchants(&mut self, row: Row) {
        match row {
            Row::Link(row) => {
                let list = match row.id {
                    LinkId::Checkout(_) => List::CheckoutLinks,
                    LinkId::Payment(_) => List::PaymentLinks,
                };
                self.place(list, row.seq, row.id.as_str());
                self.links.insert(row.id.clone(), *row);
            }
            Row::Send(row) => {
                self.place(List::Sends, row.seq, row.id.as_str());
                self.sends.insert(row.id.clone(), *row);
            }
            Row::Endpoint(row) => {
                self.place(List::Endpoints, row.seq, row.id.as_str());
                self.endpoints.insert(row.id.clone(), *row);
            }
            Row::Delivery(row) => {
                self.place(List::Deliveries, row.seq, row.id.as_str());
                self.deliveries.insert(row.id.clone(), *row);
            }
            _ => {}
        }
    }

    fn place(&mut self, list: List, seq: u64, id: &str) {
        self.places.insert(id.to_owned(), (list, seq));
    }

    fn take_place(&mut self, key: ListKey, id: String) {
        if key.scope == Scope::All {
            self.listed.insert(id, (key.list, key.seq));
        } else {
            self.scoped.insert((key.scope, key.list, key.seq));
        }
    }
}
