//! Payouts: attempts to pay a wallet's invoice, each with its proof or its reason.

use axum::response::Response;
use maud::{Markup, html};

use super::super::json::Json;
use super::super::layout;
use super::super::parts::field::{Field, Kind, may, must};
use super::super::parts::form::{Filled, body, submit};
use super::super::parts::table::{self, Column, Filter, Listing, column, numbers};
use super::super::parts::{
    self, badge, copyable, facts, head, id_link, moment, msat_of, section, told,
};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, payout as say};
use crate::web::named::Named;

const PATH: &str = "/dashboard/payouts";

pub(super) const COLUMNS: &[Column] = &[
    column(words::ID, "id", |row| id_link("payouts", row.text("id"))),
    column(words::STATUS, "status", status),
    numbers(words::AMOUNT, "amount_msat", |row| msat_of(row, "amount_msat")),
    numbers(say::FEE, "fee_msat", |row| msat_of(row, "fee_msat")),
    column(say::WHY, "", |row| {
        html! {
            @if row.has("failure_code") { (words::failure(row.text("failure_code"))) } @else { (parts::none()) }
        }
    }),
    column(words::CREATED, "created", |row| moment(row.number("created"))),
    column(say::RESOLVED, "resolved_at", |row| moment(row.number("resolved_at"))),
];

const LIST: Listing = Listing {
    path: PATH,
    api: "/payouts",
    title: words::NAV_PAYOUTS,
    lead: say::LEAD,
    columns: COLUMNS,
    filters: &[
        Filter {
            name: "status",
            label: words::STATUS,
            choices: &["processing", "paid", "failed", "in_doubt"],
        },
        Filter { name: "parked", label: say::PARKED, choices: &["true", "false"] },
    ],
    empty: (say::EMPTY, say::EMPTY_NEXT),
    create: None,
};

/// What the operator knows.
const RESOLUTION: [Field; 3] = [
    must("status", say::OUTCOME, Kind::Radio(&["paid", "failed"])),
    may("preimage", say::PREIMAGE, Kind::Text),
    may("reason", say::REASON, Kind::Lines),
];

fn status(row: &Json) -> Markup {
    html! {
        (badge(row.text("status")))
        @for flag in ["stuck", "parked", "late"] { @if row.is(flag) { " " (badge(flag)) } }
    }
}

/// All of them.
pub(in super::super) async fn list(visit: Visit) -> Result<Response, Trouble> {
    table::page(&visit, &LIST).await
}

/// One of them, with its proof.
pub(in super::super) async fn detail(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let row = visit.get(&format!("/payouts/{id}")).await?;
    let is_unresolved = ["processing", "in_doubt"].contains(&row.text("status"));
    let actions = html! {
        @if visit.holder.is_operator() && is_unresolved {
            @if !row.is("parked") { a.button href={ (PATH) "/" (id) "/park" } { (say::PARK) } }
            a.button href={ (PATH) "/" (id) "/resolve" } { (say::RESOLVE) }
        }
    };
    let title = html! { (msat_of(&row, "amount_msat")) " " (status(&row)) };
    let body = html! {
        (head(&[(words::NAV_PAYOUTS, PATH)], &title, &actions))
        @if row.text("status") == "in_doubt" { p.banner.warn { (say::IN_DOUBT) } }
        @if row.is("stuck") && is_unresolved { p.banner.warn { (say::STUCK) } }
        section.card { h2 { (say::PROOF) }
            @if row.has("preimage") { p.hint { (say::PROOF_HINT) } (copyable(row.text("preimage"))) }
            @else { p.hint { (say::NO_PROOF) } }
        }
        (about(&row))
    };
    Ok(layout::page(&visit, words::PAYOUT, &body))
}

fn about(row: &Json) -> Markup {
    let why = html! {
        @if row.has("failure_code") { (words::failure(row.text("failure_code"))) } @else { (parts::none()) }
    };
    section(
        words::DETAILS,
        &facts(&[
            (words::CLAIM, id_link("claims", row.text("claim"))),
            (say::FEE, msat_of(row, "fee_msat")),
            (say::FEE_BUDGET, msat_of(row, "fee_budget_msat")),
            (say::WHY, why),
            (say::NOTE, told(row.text("resolution_note"))),
            (say::HASH, copyable(row.text("payment_hash"))),
            (say::ATTEMPTED, moment(row.number("attempted_at"))),
            (say::RESOLVED, moment(row.number("resolved_at"))),
            (say::DEADLINE, told(row.text("deadline_height"))),
            (words::CREATED, moment(row.number("created"))),
            (words::ID, copyable(row.text("id"))),
        ]),
    )
}

/// The form in which the operator says what became of a payout.
pub(in super::super) async fn ask(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    let filled = Filled::new(&visit, &[]);
    Ok(form(&visit, &parts::escaped(&id), &filled))
}

fn form(visit: &Visit, id: &str, filled: &Filled) -> Response {
    let path = format!("{PATH}/{id}");
    let parts = html! {
        section.card { p { (say::RESOLVE_HINT) } @for field in &RESOLUTION { (field.show(filled)) } }
    };
    let end = submit(say::RESOLVE, &path);
    let body = html! {
        (head(&[(words::NAV_PAYOUTS, PATH), (id, &path)], &html! { (say::RESOLVE) }, &html! {}))
        (filled.show(visit, &format!("{path}/resolve"), &RESOLUTION, &parts, &end))
    };
    layout::page(visit, say::RESOLVE, &body)
}

/// Resolves one.
pub(in super::super) async fn resolve(Named(id): Named, sent: Sent) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let other = if sent.field("status") == "paid" { "reason" } else { "preimage" };
    let fields: Vec<Field> = RESOLUTION.into_iter().filter(|field| field.name != other).collect();
    let asked = body(&fields, &sent.fields, false).pretty(0);
    match sent.post(&format!("/payouts/{id}/resolve"), asked).await {
        Ok(_) => Ok(sent.done(&format!("{PATH}/{id}"), say::DONE)),
        Err(trouble) => Ok(form(&sent.visit, &id, &Filled::again(&sent, trouble)?)),
    }
}
