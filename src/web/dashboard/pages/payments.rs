//! Payments: invoices of sessions.

use axum::response::Response;
use maud::{Markup, html};

use super::super::json::Json;
use super::super::layout;
use super::super::parts::field::{Field, Kind, may, must};
use super::super::parts::form::{Filled, body, submit};
use super::super::parts::table::{self, Filter, Listing, column, numbers};
use super::super::parts::{
    self, amount, badge, copyable, facts, head, id_link, moment, msat_of, section, told,
};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, payment as say};
use super::currencies;
use crate::web::named::Named;

const LIST: Listing = Listing {
    path: "/dashboard/payments",
    api: "/payments",
    title: words::NAV_PAYMENTS,
    lead: say::LEAD,
    columns: &[
        column(words::ID, "id", |row| id_link("payments", row.text("id"))),
        column(words::STATUS, "status", status),
        numbers(
            words::AMOUNT,
            "",
            |row| html! { (amount(row.text("amount"), row.text("currency"))) },
        ),
        numbers(words::session::RECEIVED, "amount_received_msat", |row| {
            msat_of(row, "amount_received_msat")
        }),
        column(words::SESSION, "", |row| id_link("sessions", row.text("checkout_session"))),
        column(words::CREATED, "created", |row| moment(row.number("created"))),
        column(words::session::PAID_AT, "target_amount_paid_at", |row| {
            moment(row.number("target_amount_paid_at"))
        }),
    ],
    filters: &[Filter {
        name: "status",
        label: words::STATUS,
        choices: &["unpaid", "paid", "expired", "cancelled"],
    }],
    empty: (say::EMPTY, say::EMPTY_NEXT),
    create: Some(("/dashboard/payments/new", words::CREATE_NEW)),
};

/// A payment of a session of its own: what a sale needs at least.
const FIELDS: [Field; 5] = [
    must("currency", words::link::CURRENCY, Kind::Pick),
    must("amount", words::link::AMOUNT, Kind::Number),
    may("ttl", words::link::TTL, Kind::Times(60)),
    may("statement_descriptor", words::link::STATEMENT, Kind::Text),
    may("metadata", words::METADATA, Kind::Notes),
];

fn status(row: &Json) -> Markup {
    html! { (badge(row.text("status"))) @if row.is("late") { " " (badge("late")) } }
}

/// All of them.
pub(in super::super) async fn list(visit: Visit) -> Result<Response, Trouble> {
    table::page(&visit, &LIST).await
}

/// The form for a new one.
pub(in super::super) async fn new(visit: Visit) -> Result<Response, Trouble> {
    let filled = Filled::new(&visit, &[("currency", "SATS")]);
    form(&visit, filled).await
}

async fn form(visit: &Visit, mut filled: Filled) -> Result<Response, Trouble> {
    super::must_be_for_someone(visit)?;
    filled.offer("currency", currencies(visit, filled.value("currency")).await?);
    let parts = html! {
        section.card { p.hint { (say::NEW_HINT) } @for field in &FIELDS { (field.show(&filled)) } }
    };
    let body = html! {
        (head(&[(words::NAV_PAYMENTS, LIST.path)], &html! { (say::NEW) }, &html! {}))
        (filled.show(visit, LIST.path, &FIELDS, &parts, &submit(say::CREATE, LIST.path)))
    };
    Ok(layout::page(visit, say::NEW, &body))
}

/// Makes one.
pub(in super::super) async fn make(sent: Sent) -> Result<Response, Trouble> {
    match sent.post("/payments", body(&FIELDS, &sent.fields, false).pretty(0)).await {
        Ok(made) => Ok(sent.done(&format!("{}/{}", LIST.path, made.text("id")), say::CREATED)),
        Err(trouble) => form(&sent.visit, Filled::again(&sent, trouble)?).await,
    }
}

/// One of them.
pub(in super::super) async fn detail(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    let row = visit.get(&format!("/payments/{}", parts::escaped(&id))).await?;
    let title = html! { (amount(row.text("amount"), row.text("currency"))) " " (status(&row)) };
    let body = html! {
        (head(&[(words::NAV_PAYMENTS, LIST.path)], &title, &html! {}))
        @if row.is("late") { p.banner.warn { (say::LATE) } }
        (section(words::DETAILS, &facts(&[
            (words::SESSION, id_link("sessions", row.text("checkout_session"))),
            (words::session::DUE, html! { (amount(row.text("target_amount"), "SATS")) }),
            (words::session::RECEIVED, msat_of(&row, "amount_received_msat")),
            (say::SKIMMED, msat_of(&row, "skimmed_msat")),
            (say::RATE, told(row.text("exchange_rate"))),
            (words::CREATED, moment(row.number("created"))),
            (words::claim::EXPIRES, moment(row.number("expires_at"))),
            (words::session::PAID_AT, moment(row.number("target_amount_paid_at"))),
            (words::payout::HASH, copyable(row.text("payment_hash"))),
            (say::INVOICE, copyable(row.text("payment_method_options.lightning.payment_request"))),
            (words::ID, copyable(row.text("id"))),
        ])))
        (parts::notes(&row))
    };
    Ok(layout::page(&visit, words::PAYMENT, &body))
}
