//! What objects look like in the API: Speed's fields where Speed has the object (`speed-api.md`), the same habits where
//! it has not. A field that exists is always there, `null` if empty.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde::Serializer;
use serde_json::value::RawValue;

use crate::domain::account::Metadata;
use crate::domain::currency::Currency;
use crate::domain::decimal::Decimal;
use crate::domain::id::AccountId;
use crate::domain::money::{Msat, Sat};
use crate::domain::rate::Rate;
use crate::domain::time::Timestamp;

mod accounts;
mod cashbacks;
mod choice;
mod claims;
mod customers;
mod ledger;
mod links;
mod node;
mod rates;
mod sends;
mod sessions;
mod singles;
mod subjects;
mod webhooks;

pub(super) use accounts::{Account, Key};
pub(super) use cashbacks::{CASHBACK_STATUSES, Cashback, status as cashback_status};
pub(super) use claims::{Claim, PAYOUT_STATUSES, Payout, status as payout_status};
pub(super) use ledger::{AuditReport, BalanceTransaction, Balances, Suspense, Transfer};
pub(super) use links::{CheckoutLink, PaymentLink};
pub(super) use node::{Act, Address, Channel, NodeObject, NodePayment, Peer};
pub(super) use rates::Rates;
pub(super) use sends::{SEND_STATUSES, Send};
pub(super) use sessions::{Payment, Session};
pub(super) use singles::{Drain, OperatorBalance};
pub(super) use webhooks::{
    Delivery, ENDPOINT_STATUSES, Endpoint, Event, Verified, endpoint_status,
};

/// A decimal number, written digit by digit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number(pub(super) Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.to_string()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0 })
    }
}

impl Number {
    /// Satoshis in the unit of a currency that has a rate of its own.
    fn of_sat(currency: Currency, sat: Sat) -> Self {
        let rate = currency.own_rate().unwrap_or(Rate::ONE);
        Self(rate.amount_of(currency, sat.msat()))
    }

    /// Millisatoshis as satoshis, which may have a fraction.
    fn sats(amount: Msat) -> Self {
        Self(Decimal::from_units(amount.get(), 3))
    }
}

/// What every object has.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Common {
    id: String,
    object: &'static str,
    livemode: bool,
    account: Option<String>,
    created: u64,
    modified: u64,
    metadata: Metadata,
}

/// What is common to an object; the other fields are its own.
struct Of<'a> {
    id: &'a str,
    object: &'static str,
    account: Option<&'a AccountId>,
    created: Timestamp,
    modified: Timestamp,
    metadata: Option<&'a Metadata>,
}

impl Of<'_> {
    fn common(&self, livemode: bool) -> Common {
        Common {
            id: self.id.to_owned(),
            object: self.object,
            livemode,
            account: self.account.map(ToString::to_string),
            created: self.created.millis(),
            modified: self.modified.millis(),
            metadata: self.metadata.cloned().unwrap_or_default(),
        }
    }
}
