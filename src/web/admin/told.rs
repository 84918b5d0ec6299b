//! Events as they are told: in the API, and as the bodies of webhook messages. They carry no secret, whoever reads them:
//! what links and claims are made of is null in them.

use serde::Serialize;
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use crate::domain::claim::Claim;
use crate::domain::event::Event;
use crate::domain::link::LinkId;
use crate::domain::payout::Payout;
use crate::domain::snapshot::Snapshot;
use crate::ports::store::{Rows, StoreFault, fetch, table};

use super::error::ApiError;
use super::objects;

/// Largest body of a webhook message (Standard Webhooks: below 20 kB).
pub const MAX_BODY_BYTES: usize = 20_000;

/// The event as an object of the API.
pub(super) fn event(
    rows: &dyn Rows,
    event: &Event,
    livemode: bool,
) -> Result<objects::Event, ApiError> {
    Ok(objects::Event::of(event, subject(rows, &event.subject, livemode)?, livemode))
}

/// The body of a webhook message about an event. An object that would make it too large is told by its id alone, with
/// `truncated`; the API has all of it.
///
/// # Errors
/// The books cannot be read.
pub fn event_body(rows: &dyn Rows, told: &Event, livemode: bool) -> Result<Vec<u8>, StoreFault> {
    let broken = |_| StoreFault(format!("the event {} cannot be told", told.id));
    let whole = event(rows, told, livemode).map_err(|_| broken(()))?;
    let body = serde_json::to_vec(&whole).map_err(|_| broken(()))?;
    if body.len() < MAX_BODY_BYTES {
        return Ok(body);
    }
    let stub = json!({ "id": subject_id(&told.subject), "truncated": true });
    let stub = to_raw_value(&stub).map_err(|_| broken(()))?;
    serde_json::to_vec(&objects::Event::of(told, stub, livemode)).map_err(|_| broken(()))
}

fn raw(object: &impl Serialize) -> Result<Box<RawValue>, ApiError> {
    to_raw_value(object).map_err(|error| {
        tracing::error!(%error, "an object cannot be written");
        ApiError::broken()
    })
}

/// The object as it was.
fn subject(
    rows: &dyn Rows,
    snapshot: &Snapshot,
    livemode: bool,
) -> Result<Box<RawValue>, ApiError> {
    match snapshot {
        Snapshot::Account(row) => raw(&objects::Account::of(row, livemode)),
        Snapshot::ApiKey(row) => raw(&objects::Key::of(row, livemode)),
        Snapshot::Cashback(row) => raw(&objects::Cashback::of(row, livemode)),
        Snapshot::Session(row, payments) => {
            raw(&objects::Session::of(row, payments, None, livemode))
        }
        Snapshot::Payment(row) => {
            let session = fetch::<table::Session>(rows, row.session.clone())?;
            let session = super::render::named(session)?;
            raw(&objects::Payment::of(row, &session, livemode))
        }
        Snapshot::Claim(row, payout) => raw(&claim(row, payout.as_deref(), livemode)),
        Snapshot::Payout(row) => raw(&objects::Payout::of(row, livemode)),
        Snapshot::Send(row, payout) => raw(&objects::Send::of(row, payout, livemode)),
        Snapshot::Transfer(row) => raw(&objects::BalanceTransaction::of(row, livemode)),
        Snapshot::Suspense(row) => raw(&objects::Suspense::of(row, livemode)),
        Snapshot::Act(row) => raw(&objects::Act::of(row, livemode)),
        Snapshot::Endpoint(row) => raw(&objects::Endpoint::of(row, None, livemode)),
        Snapshot::Delivery(row) => raw(&objects::Delivery::of(row, livemode)),
        Snapshot::Link(row, payments) => match row.id {
            LinkId::Checkout(_) => raw(&objects::CheckoutLink::of(row, payments, None, livemode)),
            LinkId::Payment(_) => raw(&objects::PaymentLink::of(row, None, livemode)),
        },
        Snapshot::Drained(drained) => raw(&objects::Drain::of(*drained)),
        Snapshot::Address(address) => raw(&objects::Address::of(address.clone())),
        Snapshot::Operator(balance) => raw(&objects::OperatorBalance::of(*balance)),
    }
}

/// A claim with the one payout that the event is about.
fn claim(row: &Claim, payout: Option<&Payout>, livemode: bool) -> objects::Claim {
    let payouts: Vec<_> = payout.into_iter().cloned().collect();
    objects::Claim::of(row, &payouts, None, livemode)
}

fn subject_id(snapshot: &Snapshot) -> Option<String> {
    match snapshot {
        Snapshot::Account(row) => Some(row.id.to_string()),
        Snapshot::ApiKey(row) => Some(row.id.to_string()),
        Snapshot::Cashback(row) => Some(row.id.to_string()),
        Snapshot::Session(row, _) => Some(row.id.to_string()),
        Snapshot::Payment(row) => Some(row.id.to_string()),
        Snapshot::Claim(row, _) => Some(row.id.to_string()),
        Snapshot::Payout(row) => Some(row.id.to_string()),
        Snapshot::Send(row, _) => Some(row.id.to_string()),
        Snapshot::Transfer(row) => Some(row.id.to_string()),
        Snapshot::Suspense(row) => Some(row.id.to_string()),
        Snapshot::Act(row) => Some(row.id.to_string()),
        Snapshot::Endpoint(row) => Some(row.id.to_string()),
        Snapshot::Delivery(row) => Some(row.id.to_string()),
        Snapshot::Link(row, _) => Some(row.id.to_string()),
        Snapshot::Drained(_) | Snapshot::Address(_) | Snapshot::Operator(_) => None,
    }
}
