//! *Balance > Exchange rates*.

use axum::response::Response;
use maud::html;

use super::super::layout;
use super::super::parts::table::{self, column, numbers};
use super::super::parts::{badge, head, moment, none, told};
use super::super::trouble::Trouble;
use super::super::visit::Visit;
use super::super::words::{self, rate as say};

/// All rates that are known.
pub(in super::super) async fn list(visit: Visit) -> Result<Response, Trouble> {
    let rates = visit.get("/rates").await?;
    let columns = [
        column(say::CURRENCY, "currency", |row| html! { strong { (row.text("currency")) } }),
        numbers(say::RATE, "exchange_rate", |row| {
            html! {
                @if row.has("exchange_rate") { span.num { (row.text("exchange_rate")) " sat" } } @else { (none()) }
            }
        }),
        column(words::STATUS, "", |row| {
            badge(if row.is("usable") { "usable" } else { "not_usable" })
        }),
        column(say::FETCHED, "fetched_at", |row| {
            html! {
                @if row.is("fixed") { (say::FIXED) } @else { (moment(row.number("fetched_at"))) }
            }
        }),
        column(say::PROBLEM, "", |row| told(row.text("problem"))),
    ];
    let body = html! {
        (head(&[], &html! { (words::NAV_RATES) }, &html! {}))
        p.lead { (say::LEAD) }
        @if rates.list("data").is_empty() { div.empty { h2 { (say::EMPTY) } p { (say::EMPTY_NEXT) } } }
        @else { (table::table(words::NAV_RATES, &columns, rates.list("data"))) }
    };
    Ok(layout::page(&visit, words::NAV_RATES, &body))
}
