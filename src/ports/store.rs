//! The books' store: typed rows under typed keys, committed in batches.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::domain::account::{Account, ApiKey};
use crate::domain::act::Act;
use crate::domain::bytes::{Digest, PaymentHash};
use crate::domain::cashback::Cashback;
use crate::domain::checkout::{Payment, Session};
use crate::domain::claim::Claim;
use crate::domain::customer::Details;
use crate::domain::event::Event;
use crate::domain::id::{
    AccountId, ActId, CashbackId, ClaimId, DeliveryId, EndpointId, EventId, KeyId, PaymentId,
    PayoutId, SendId, SessionId, SuspenseId, TransferId,
};
use crate::domain::ledger::{BalanceMsat, LedgerAccount, Transfer};
use crate::domain::link::{Link, LinkId};
use crate::domain::payout::Payout;
use crate::domain::send::InstantSend;
use crate::domain::suspense::SuspenseReceipt;
use crate::domain::webhook::{Delivery, Endpoint};

mod rows;

pub use rows::{
    AccountLock, AnswerKey, Books, HashOwner, List, ListKey, Outcome, Scope, StoredAnswer,
    TokenOwner,
};

macro_rules! tables {
    ($($(#[$doc:meta])* $table:ident($key:ty) => $row:ty,)+) => {
        /// Where a row stands.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Key {
            $($(#[$doc])* $table($key),)+
        }

        /// What stands there.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Row {
            $($(#[$doc])* $table(Box<$row>),)+
        }

        /// The tables, each as a type of its own.
        pub mod table {
            $(
                $(#[$doc])*
                #[derive(Clone, Copy, Debug)]
                pub struct $table;
            )+
        }

        $(
            impl Table for table::$table {
                type Key = $key;
                type Row = $row;
                fn key(key: Self::Key) -> Key {
                    Key::$table(key)
                }
                fn row(row: Self::Row) -> Row {
                    Row::$table(Box::new(row))
                }
                fn open(row: Row) -> Option<Self::Row> {
                    match row {
                        Row::$table(row) => Some(*row),
                        _ => None,
                    }
                }
            }
        )+
    };
}

/// One table: which rows stand under which keys.
pub trait Table {
    /// Its keys.
    type Key: Clone + fmt::Debug;
    /// Its rows.
    type Row;
    /// A key of it among all keys.
    fn key(key: Self::Key) -> Key;
    /// A row of it among all rows.
    fn row(row: Self::Row) -> Row;
    /// The row, if it is of this table.
    fn open(row: Row) -> Option<Self::Row>;
}

tables! {
    /// What these books are, and their counters.
    Books(()) => Books,
    /// Accounts.
    Account(AccountId) => Account,
    /// API keys.
    ApiKey(KeyId) => ApiKey,
    /// Whose token has this digest.
    Token(Digest) => TokenOwner,
    /// Cashbacks.
    Cashback(CashbackId) => Cashback,
    /// Sessions.
    Session(SessionId) => Session,
    /// Payments.
    Payment(PaymentId) => Payment,
    /// Checkout links and payment links.
    Link(LinkId) => Link,
    /// Claims.
    Claim(ClaimId) => Claim,
    /// Payouts.
    Payout(PayoutId) => Payout,
    /// Merchants' own payments.
    Send(SendId) => InstantSend,
    /// Whose a payment hash is, for ever (DESIGN D7).
    Hash(PaymentHash) => HashOwner,
    /// Account locks (DESIGN D4).
    Lock(AccountId) => AccountLock,
    /// Transfers.
    Transfer(TransferId) => Transfer,
    /// Running balances.
    Balance(LedgerAccount) => BalanceMsat,
    /// Receipts in suspense.
    Suspense(SuspenseId) => SuspenseReceipt,
    /// Events.
    Event(EventId) => Event,
    /// Answers under idempotency keys.
    Answer(AnswerKey) => StoredAnswer,
    /// Acts outside the books.
    Act(ActId) => Act,
    /// What customers said about themselves, by session: apart, so that it can be deleted and no event tells it.
    Details(SessionId) => Details,
    /// Webhook endpoints.
    Endpoint(EndpointId) => Endpoint,
    /// Messages to webhook endpoints: the outbox, and the log of what became of them.
    Delivery(DeliveryId) => Delivery,
    /// Lists in commit order.
    List(ListKey) => String,
}

/// Everything that one commit changes. `None` removes a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The rows, by key.
    pub rows: BTreeMap<Key, Option<Row>>,
}

/// The store is out of order. After a failed write nobody knows what is on disk: the process must end (DESIGN D2).
#[derive(Debug)]
pub struct StoreFault(pub String);

impl fmt::Display for StoreFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "store: {}", self.0)
    }
}

impl std::error::Error for StoreFault {}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// Which list.
    pub list: List,
    /// Of whom.
    pub scope: Scope,
    /// Only entries after this place in commit order.
    pub after: Option<u64>,
    /// Only entries before this place.
    pub before: Option<u64>,
    /// Oldest first (otherwise newest first).
    pub ascending: bool,
    /// Most entries.
    pub limit: usize,
}

/// The reading side. Whatever it returns is durable.
pub trait Rows: Send + Sync {
    /// The row under a key.
    fn get(&self, key: &Key) -> Result<Option<Row>, StoreFault>;

    /// Entries of a list: place in commit order, and the id that stands there.
    fn page(&self, page: &Page) -> Result<Vec<(u64, String)>, StoreFault>;

    /// A number that each commit changes.
    fn version(&self) -> Result<u64, StoreFault>;

    /// Visits every row. Commits may come in between; see [`at_one_moment`].
    fn each(
        &self,
        visit: &mut dyn FnMut(Key, Row) -> Result<(), StoreFault>,
    ) -> Result<(), StoreFault>;
}

/// The writing side. There is one in a process, and only the engine has it.
pub trait Store: Send {
    /// Makes a batch durable, then visible to readers, all of it or nothing. After an error the process must end.
    fn commit(&mut self, batch: Batch) -> Result<(), StoreFault>;

    /// A reader of the same books.
    fn rows(&self) -> Arc<dyn Rows>;
}

/// How often reading at one moment is tried again.
const TRIES: usize = 5;

/// What `read` reads of the rows while no commit comes in between; `None` if one always does.
///
/// # Errors
/// `read` fails.
pub fn at_one_moment<T>(
    rows: &dyn Rows,
    mut read: impl FnMut(&dyn Rows) -> Result<T, StoreFault>,
) -> Result<Option<T>, StoreFault> {
    for _ in 0..TRIES {
        let before = rows.version()?;
        let value = read(rows)?;
        if rows.version()? == before {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// The row of one table under a key.
pub fn fetch<T: Table>(rows: &dyn Rows, key: T::Key) -> Result<Option<T::Row>, StoreFault> {
    let key = T::key(key);
    match rows.get(&key)? {
        None => Ok(None),
        Some(row) => match T::open(row) {
            Some(row) => Ok(Some(row)),
            None => Err(StoreFault(format!("a row of another table stands under {key:?}"))),
        },
    }
}
