//! Claims: customers' rights to a cashback, and what became of them.

use axum::response::Response;
use maud::{Markup, html};

use super::super::json::Json;
use super::super::layout;
use super::super::parts::table::{self, Column, Filter, Listing, column, numbers};
use super::super::parts::{
    self, badge, copyable, facts, head, id_link, moment, msat_of, section, told,
};
use super::super::trouble::Trouble;
use super::super::visit::Visit;
use super::super::words::{self, claim as say};
use super::payouts;
use crate::web::named::Named;

pub(super) const COLUMNS: &[Column] = &[
    column(words::ID, "id", |row| id_link("claims", row.text("id"))),
    column(words::STATUS, "status", |row| badge(row.text("status"))),
    numbers(words::AMOUNT, "amount_msat", |row| msat_of(row, "amount_msat")),
    column(words::NAV_CASHBACK, "", |row| id_link("cashbacks", row.text("cashback"))),
    column(words::SESSION, "", |row| id_link("sessions", row.text("session"))),
    column(words::CREATED, "created", |row| moment(row.number("created"))),
];

const LIST: Listing = Listing {
    path: "/dashboard/claims",
    api: "/claims",
    title: words::NAV_CLAIMS,
    lead: say::LEAD,
    columns: COLUMNS,
    filters: &[
        Filter {
            name: "status",
            label: words::STATUS,
            choices: &["open", "processing", "paid", "expired", "cancelled"],
        },
        Filter { name: "cashback", label: words::NAV_CASHBACK, choices: &[] },
    ],
    empty: (say::EMPTY, say::EMPTY_NEXT),
    create: None,
};

/// All of them, or those of one cashback.
pub(in super::super) async fn list(visit: Visit) -> Result<Response, Trouble> {
    table::page(&visit, &LIST).await
}

/// One of them, with its payouts and their proofs.
pub(in super::super) async fn detail(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let row = visit.get(&format!("/claims/{id}")).await?;
    let is_open = row.text("status") == "open";
    let actions = html! {
        @if visit.holder.may_write() && is_open {
            a.button.danger href={ "/dashboard/claims/" (id) "/cancel" } { (say::CANCEL) }
        }
    };
    let title = html! { (msat_of(&row, "amount_msat")) " " (badge(row.text("status"))) };
    let body = html! {
        (head(&[(words::NAV_CLAIMS, LIST.path)], &title, &actions))
        @if row.has("last_error_message") {
            p.banner.warn { (say::LAST_ERROR) " " (row.text("last_error_message")) "." }
        }
        (about(&row))
        section.card { h2 { (words::NAV_PAYOUTS) }
            @if row.list("payouts").is_empty() { p.hint { (say::NO_PAYOUTS) } }
            @else { (table::table(words::NAV_PAYOUTS, payouts::COLUMNS, row.list("payouts"))) }
        }
        @if is_open && row.has("url") {
            section.card { h2 { (say::FOR_CUSTOMER) } p.hint { (say::FOR_CUSTOMER_HINT) }
                (copyable(row.text("url")))
            }
        }
    };
    Ok(layout::page(&visit, words::CLAIM, &body))
}

fn about(row: &Json) -> Markup {
    section(
        words::DETAILS,
        &facts(&[
            (words::DESCRIPTION, told(row.text("description"))),
            (words::NAV_CASHBACK, id_link("cashbacks", row.text("cashback"))),
            (words::SESSION, id_link("sessions", row.text("session"))),
            (words::PAYMENT, id_link("payments", row.text("payment"))),
            (words::CREATED, moment(row.number("created"))),
            (words::CHANGED, moment(row.number("modified"))),
            (say::EXPIRES, moment(row.number("expires_at"))),
            (words::ID, copyable(row.text("id"))),
        ]),
    )
}
