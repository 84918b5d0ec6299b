//! Every list of the API: how its objects are read, filtered and shown.

use crate::domain::account::{Account, ApiKey, KeyKind};
use crate::domain::cashback::Cashback;
use crate::domain::checkout::{Payment, PaymentStatus, Session, SessionStatus};
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::event::{Event, EventKind};
use crate::domain::id::{
    AccountId, CashbackId, ClaimId, DeliveryId, EndpointId, EventId, KeyId, PaymentId, PayoutId,
    SendId, SessionId, SuspenseId, TransferId,
};
use crate::domain::ledger::{Transfer, TransferKind};
use crate::domain::payout::Payout;
use crate::domain::send::InstantSend;
use crate::domain::suspense::SuspenseReceipt;
use crate::domain::time::Timestamp;
use crate::domain::webhook::{Delivery, DeliveryStatus, Endpoint};
use crate::ports::store::{List, Rows, fetch, table};

use super::error::ApiError;
use super::list::Listed;
use super::objects;
use super::render::{self, named};
use super::request::Look;
use super::told;

/// A ledger row as the operator sees it, of the whole books.
pub(super) struct BookRow(Transfer);

/// A row of a statement.
pub(super) struct StatementRow(Transfer);

macro_rules! listed {
    ($row:ty, $list:ident, $table:ident, $id:ident, $shape:ty, words: $words:expr,
     account: $account:expr, created: $created:expr, seq: $seq:expr,
     word: $word:expr, shape: $show:expr
     $(, values: $values:expr)? $(, belongs: $belongs:expr)? $(, visible: $visible:expr)?) => {
        impl Listed for $row {
            type Shape = $shape;
            const LIST: List = List::$list;
            const WORDS: &'static [&'static str] = &$words;
            const PREFIX: &'static str = $id::PREFIX;

            fn read(rows: &dyn Rows, id: &str) -> Result<Option<Self>, ApiError> {
                match $id::parse(id) {
                    Ok(id) => Ok(fetch::<table::$table>(rows, id)?.map(Into::into)),
                    Err(_) => Ok(None),
                }
            }
            fn seq(&self) -> u64 {
                let seq: fn(&$row) -> u64 = $seq;
                seq(self)
            }
            fn account(&self) -> Option<&AccountId> {
                let account: for<'a> fn(&'a $row) -> Option<&'a AccountId> = $account;
                account(self)
            }
            fn created(&self) -> Timestamp {
                let created: fn(&$row) -> Timestamp = $created;
                created(self)
            }
            $(fn values(name: &str) -> Vec<&'static str> {
                let values: fn(&str) -> Vec<&'static str> = $values;
                values(name)
            })?
            $(fn belongs(&self) -> bool {
                let belongs: fn(&$row) -> bool = $belongs;
                belongs(self)
            })?
            $(fn is_visible(&self, look: &Look) -> bool {
                let visible: fn(&$row, &Look) -> bool = $visible;
                visible(self, look)
            })?
            fn word(&self, name: &str) -> Option<String> {
                let word: fn(&$row, &str) -> Option<String> = $word;
                word(self, name)
            }
            fn shape(&self, look: &Look) -> Result<Self::Shape, ApiError> {
                let show: fn(&$row, &Look) -> Result<$shape, ApiError> = $show;
                show(self, look)
            }
        }
    };
}

impl From<Transfer> for BookRow {
    fn from(row: Transfer) -> Self {
        Self(row)
    }
}

impl From<Transfer> for StatementRow {
    fn from(row: Transfer) -> Self {
        Self(row)
    }
}

/// The words of a filter by status; other filters are for texts.
fn status(name: &str, words: &[&'static str]) -> Vec<&'static str> {
    if name == "status" { words.to_vec() } else { vec![] }
}

fn event_kinds() -> Vec<&'static str> {
    EventKind::ALL.iter().map(|kind| kind.name()).collect()
}

fn transfer_kinds(name: &str) -> Vec<&'static str> {
    if name == "type" { TransferKind::ALL.map(TransferKind::name).to_vec() } else { vec![] }
}

fn livemode(look: &Look) -> bool {
    look.admin.shared.network.livemode()
}

listed!(Account, Accounts, Account, AccountId, objects::Account, words: [],
    account: |_| None, created: |row| row.created, seq: |row| row.seq,
    word: |_, _| None, shape: |row, look| Ok(objects::Account::of(row, livemode(look))));

listed!(ApiKey, ApiKeys, ApiKey, KeyId, objects::Key, words: ["type"],
    account: |row| Some(&row.account), created: |row| row.created, seq: |row| row.seq,
    word: |row, _| Some(row.kind.name().to_owned()),
    shape: |row, look| Ok(objects::Key::of(row, livemode(look))),
    values: |_| KeyKind::ALL.map(KeyKind::name).to_vec());

listed!(Cashback, Cashbacks, Cashback, CashbackId, objects::Cashback, words: ["status"],
    account: |row| Some(&row.account), created: |row| row.created, seq: |row| row.seq,
    word: |row, _| Some(objects::cashback_status(row.status).0.to_owned()),
    shape: |row, look| Ok(objects::Cashback::of(row, livemode(look))),
    values: |_| objects::CASHBACK_STATUSES.to_vec());

listed!(Session, Sessions, Session, SessionId, objects::Session, words: ["status", "source_id"],
account: |row| Some(&row.account), created: |row| row.created, seq: |row| row.seq,
word: |row, name| match name {
    "status" => Some(row.status.name().to_owned()),
    _ => row.terms.source_id.clone(),
},
shape: |row, look| {
    let shared = &look.admin.shared;
    let payments = render::payments_of(&*shared.rows, row)?;
    let details = fetch::<table::Details>(&*shared.rows, row.id.clone())?;
    Ok(render::session(shared, &look.caller, row, &payments).with(details))
},
values: |name| status(name, &SessionStatus::ALL.map(SessionStatus::name)));

listed!(Payment, Payments, Payment, PaymentId, objects::Payment,
words: ["status", "checkout_session"],
account: |row| Some(&row.account), created: |row| row.created, seq: |row| row.seq,
word: |row, name| match name {
    "status" => Some(row.status.name().to_owned()),
    _ => Some(row.session.to_string()),
},
shape: |row, look| {
    let rows = &*look.admin.shared.rows;
    let session = named(fetch::<table::Session>(rows, row.session.clone())?)?;
    Ok(objects::Payment::of(row, &session, livemode(look)))
},
values: |name| status(name, &PaymentStatus::ALL.map(PaymentStatus::name)));

listed!(Claim, Claims, Claim, ClaimId, objects::Claim, words: ["status", "cashback", "session"],
    account: |row| Some(&row.account), created: |row| row.created, seq: |row| row.seq,
    word: |row, name| match name {
        "status" => Some(row.status.name().to_owned()),
        "cashback" => Some(row.cashback.to_string()),
        _ => Some(row.session.to_string()),
    },
    shape: |row, look| render::claim(&look.admin.shared, &look.caller, row),
    values: |name| status(name, &ClaimStatus::ALL.map(ClaimStatus::name)));

listed!(Payout, Payouts, Payout, PayoutId, objects::Payout, words: ["status", "claim", "send", "parked"],
account: |row| Some(&row.account), created: |row| row.created, seq: |row| row.seq,
word: |row, name| match name {
    "status" => Some(objects::payout_status(row.state).to_owned()),
    "parked" => Some(row.parked.to_string()),
    "send" => row.send().map(ToString::to_string),
    _ => row.claim().map(ToString::to_string),
},
shape: |row, look| Ok(objects::Payout::of(row, livemode(look))),
values: |name| match name {
    "parked" => vec!["true", "false"],
    _ => status(name, &objects::PAYOUT_STATUSES),
});

listed!(InstantSend, Sends, Send, SendId, objects::Send, words: [],
    account: |row| Some(&row.account), created: |row| row.created, seq: |row| row.seq,
    word: |_, _| None,
    shape: |row, look| render::send(&*look.admin.shared.rows, row, livemode(look)));

listed!(StatementRow, Transfers, Transfer, TransferId, objects::BalanceTransaction,
    words: ["type", "source"],
    account: |row| row.0.statement().map(|(account, _)| account),
    created: |row| row.0.created, seq: |row| row.0.seq,
    word: |row, name| match name {
        "type" => Some(row.0.posting.kind.name().to_owned()),
        _ => Some(row.0.source.clone()),
    },
    shape: |row, look| Ok(objects::BalanceTransaction::of(&row.0, livemode(look))),
    values: transfer_kinds,
    belongs: |row| row.0.statement().is_some());

listed!(BookRow, Transfers, Transfer, TransferId, objects::Transfer, words: ["type", "source"],
    account: |_| None, created: |row| row.0.created, seq: |row| row.0.seq,
    word: |row, name| match name {
        "type" => Some(row.0.posting.kind.name().to_owned()),
        _ => Some(row.0.source.clone()),
    },
    shape: |row, look| Ok(objects::Transfer::of(&row.0, livemode(look))),
    values: transfer_kinds);

listed!(SuspenseReceipt, Suspense, Suspense, SuspenseId, objects::Suspense, words: [],
    account: |_| None, created: |row| row.created, seq: |row| row.seq,
    word: |_, _| None, shape: |row, look| Ok(objects::Suspense::of(row, livemode(look))));

listed!(Event, Events, Event, EventId, objects::Event, words: ["event_type"],
    account: |row| row.account.as_ref(), created: |row| row.created, seq: |row| row.seq,
    word: |row, _| Some(row.kind.name().to_owned()),
    shape: |row, look| told::event(&*look.admin.shared.rows, row, livemode(look)),
    values: |_| event_kinds(),
    // What concerns the operator alone is not there for merchants.
    visible: |row, look| look.account().is_none() || row.account.as_ref() == look.account());

listed!(Endpoint, Endpoints, Endpoint, EndpointId, objects::Endpoint, words: ["status"],
    account: |row| Some(&row.account), created: |row| row.created, seq: |row| row.seq,
    word: |row, _| Some(objects::endpoint_status(row).to_owned()),
    shape: |row, look| Ok(render::endpoint(&look.admin.shared, &look.caller, row)),
    values: |_| objects::ENDPOINT_STATUSES.to_vec());

listed!(Delivery, Deliveries, Delivery, DeliveryId, objects::Delivery,
words: ["status", "event", "event_type"],
account: |row| Some(&row.account), created: |row| row.created, seq: |row| row.seq,
word: |row, name| match name {
    "status" => Some(row.status.name().to_owned()),
    "event" => Some(row.event.to_string()),
    _ => Some(row.kind.name().to_owned()),
},
shape: |row, look| Ok(objects::Delivery::of(row, livemode(look))),
values: |name| match name {
    "event_type" => event_kinds(),
    _ => status(name, &DeliveryStatus::ALL.map(DeliveryStatus::name)),
});
