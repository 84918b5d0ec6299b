//! From what the engine leaves to what the caller sees: secrets are put in here, when an answer leaves (DESIGN D11).

use axum::response::Response;

use crate::domain::checkout::{Payment, Session};
use crate::domain::claim::Claim;
use crate::domain::id::{PaymentId, PayoutId};
use crate::domain::link::{Link, LinkId};
use crate::domain::payout::Payout;
use crate::domain::send::InstantSend;
use crate::domain::snapshot::Snapshot;
use crate::domain::webhook::Endpoint;
use crate::ports::store::{List, Page, Rows, Scope, fetch, table};

use super::super::Shared;
use super::answer::{json, unexpected};
use super::auth::Caller;
use super::error::ApiError;
use super::objects;

/// Most payouts that a claim shows, the newest ones.
const MAX_PAYOUTS: usize = 100;

/// A row that another row names.
pub(super) fn named<T>(row: Option<T>) -> Result<T, ApiError> {
    row.ok_or_else(|| {
        tracing::error!("a row is named but not there");
        ApiError::broken()
    })
}

/// All payments of a session, oldest first.
pub(super) fn payments_of(rows: &dyn Rows, session: &Session) -> Result<Vec<Payment>, ApiError> {
    let read = |id: &PaymentId| named(fetch::<table::Payment>(rows, id.clone())?);
    session.payments.iter().map(read).collect()
}

/// All payments of a session, of which a snapshot has the newest as they were then. The others were over already.
fn complete(
    rows: &dyn Rows,
    session: &Session,
    newest: &[Payment],
) -> Result<Vec<Payment>, ApiError> {
    let older = session.payments.len().saturating_sub(newest.len());
    let mut payments = vec![];
    for id in &session.payments[..older] {
        payments.push(named(fetch::<table::Payment>(rows, id.clone())?)?);
    }
    payments.extend_from_slice(newest);
    Ok(payments)
}

/// The payouts of a claim, newest first.
fn payouts_of(rows: &dyn Rows, claim: &Claim) -> Result<Vec<Payout>, ApiError> {
    let scope = Scope::Claim(claim.id.clone());
    let (list, after, before, ascending) = (List::Payouts, None, None, false);
    let page = rows.page(&Page { list, scope, after, before, ascending, limit: MAX_PAYOUTS })?;
    page.into_iter()
        .map(|(_, id)| {
            let id = PayoutId::parse(&id).ok();
            named(fetch::<table::Payout>(rows, named(id)?)?)
        })
        .collect()
}

/// A session as this caller sees it.
pub(super) fn session(
    shared: &Shared,
    caller: &Caller,
    session: &Session,
    payments: &[Payment],
) -> objects::Session {
    let url = caller.sees_links().then(|| shared.session_url(session));
    objects::Session::of(session, payments, url, shared.network.livemode())
}

/// A checkout link as this caller sees it, with the payments of its session.
pub(super) fn checkout_link(
    shared: &Shared,
    caller: &Caller,
    link: &Link,
    payments: &[PaymentId],
) -> objects::CheckoutLink {
    let url = caller.sees_links().then(|| shared.link_url(link));
    objects::CheckoutLink::of(link, payments, url, shared.network.livemode())
}

/// A payment link as this caller sees it.
pub(super) fn payment_link(shared: &Shared, caller: &Caller, link: &Link) -> objects::PaymentLink {
    let url = caller.sees_links().then(|| shared.link_url(link));
    objects::PaymentLink::of(link, url, shared.network.livemode())
}

/// A claim as this caller sees it.
pub(super) fn claim(
    shared: &Shared,
    caller: &Caller,
    claim: &Claim,
) -> Result<objects::Claim, ApiError> {
    let payouts = payouts_of(&*shared.rows, claim)?;
    let session = fetch::<table::Session>(&*shared.rows, claim.session.clone())?;
    let session = named(session)?;
    let links = caller.sees_links().then(|| shared.claim_links(claim, &session));
    Ok(objects::Claim::of(claim, &payouts, links, shared.network.livemode()))
}

/// A send as its payout stands now.
pub(super) fn send(
    rows: &dyn Rows,
    row: &InstantSend,
    livemode: bool,
) -> Result<objects::Send, ApiError> {
    let payout = named(fetch::<table::Payout>(rows, row.payout.clone())?)?;
    Ok(objects::Send::of(row, &payout, livemode))
}

/// A webhook endpoint as this caller sees it.
pub(super) fn endpoint(shared: &Shared, caller: &Caller, row: &Endpoint) -> objects::Endpoint {
    let secret = caller.sees_links().then(|| shared.webhook_secret(row));
    objects::Endpoint::of(row, secret, shared.network.livemode())
}

/// The object that an order left.
pub(super) fn snapshot(
    shared: &Shared,
    caller: &Caller,
    snapshot: &Snapshot,
) -> Result<Response, ApiError> {
    let livemode = shared.network.livemode();
    Ok(match snapshot {
        Snapshot::Account(row) => json(&objects::Account::of(row, livemode)),
        Snapshot::ApiKey(row) => json(&objects::Key::of(row, livemode)),
        Snapshot::Cashback(row) => json(&objects::Cashback::of(row, livemode)),
        Snapshot::Session(row, newest) => {
            let payments = complete(&*shared.rows, row, newest)?;
            let details = fetch::<table::Details>(&*shared.rows, row.id.clone())?;
            json(&session(shared, caller, row, &payments).with(details))
        }
        Snapshot::Link(row, payments) => match row.id {
            LinkId::Checkout(_) => json(&checkout_link(shared, caller, row, payments)),
            LinkId::Payment(_) => json(&payment_link(shared, caller, row)),
        },
        Snapshot::Claim(row, _) => json(&claim(shared, caller, row)?),
        Snapshot::Payout(row) => json(&objects::Payout::of(row, livemode)),
        Snapshot::Send(row, _) => json(&send(&*shared.rows, row, livemode)?),
        Snapshot::Transfer(row) => json(&objects::BalanceTransaction::of(row, livemode)),
        Snapshot::Suspense(row) => json(&objects::Suspense::of(row, livemode)),
        Snapshot::Endpoint(row) => json(&endpoint(shared, caller, row)),
        Snapshot::Delivery(row) => json(&objects::Delivery::of(row, livemode)),
        Snapshot::Act(row) => json(&objects::Act::of(row, livemode)),
        Snapshot::Drained(drained) => json(&objects::Drain::of(*drained)),
        Snapshot::Address(address) => json(&objects::Address::of(address.clone())),
        Snapshot::Payment(_) | Snapshot::Operator(_) => return Err(unexpected(snapshot)),
    })
}
