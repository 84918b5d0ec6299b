//! *Developers > API keys*: which keys an account has. Keys are made and taken back by the operator.

use axum::response::Response;
use maud::html;

use super::super::layout;
use super::super::parts::table::{self, Column, column};
use super::super::parts::{badge, head, moment};
use super::super::trouble::Trouble;
use super::super::visit::Visit;
use super::super::words::{self, key as say};

pub(super) const COLUMNS: &[Column] = &[
    column(say::KEY, "hint", |row| html! { code { (row.text("hint")) } }),
    column(words::TYPE, "type", |row| html! { (words::choice(row.text("type"))) }),
    column(words::STATUS, "", |row| {
        badge(if row.has("revoked_at") { "revoked" } else { "active" })
    }),
    column(words::CREATED, "created", |row| moment(row.number("created"))),
    column(say::REVOKED, "revoked_at", |row| moment(row.number("revoked_at"))),
];

/// All keys of the account.
pub(in super::super) async fn list(visit: Visit) -> Result<Response, Trouble> {
    let Some(account) = visit.account() else {
        return Err(Trouble::plain(words::CHOOSE_ACCOUNT));
    };
    let keys = visit.get(&format!("/accounts/{account}/keys?limit=100")).await?;
    let actions = html! {
        @if visit.holder.is_operator() {
            a.button.primary href={ "/dashboard/accounts/" (account) } { (say::TO_ACCOUNT) }
        }
    };
    let body = html! {
        (head(&[], &html! { (words::NAV_KEYS) }, &actions))
        p.lead { (say::LEAD) }
        (table::table(words::NAV_KEYS, COLUMNS, keys.list("data")))
        @if !visit.holder.is_operator() { p.hint { (say::ASK_OPERATOR) } }
    };
    Ok(layout::page(&visit, words::NAV_KEYS, &body))
}
