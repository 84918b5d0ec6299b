//! *Operator > Audit* and *Operator > Suspense*: whether the books agree, and receipts that are nobody's yet.

use axum::response::Response;
use maud::{Markup, html};

use super::super::json::{Json, quoted};
use super::super::layout;
use super::super::parts::table::{self, Listing, column, numbers};
use super::super::parts::{
    badge, copyable, escaped, facts, head, id_link, moment, msat_of, sat, section,
};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, audit as say};
use crate::web::dashboard::parts::form;
use crate::web::named::Named;

/// Checks the books and compares them with the node.
pub(in super::super) async fn audit(visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    let report = visit.get("/ledger/audit").await?;
    let problems = report.list("internal.problems");
    let verdict = |ok: bool| html! { (badge(if ok { "good_books" } else { "failed" })) };
    let content = html! {
        (head(&[], &html! { (words::NAV_AUDIT) " " (verdict(report.is("ok"))) }, &html! {
            a.button href="/dashboard/audit" { (say::AGAIN) }
        }))
        p.lead { (say::LEAD) }
        section.card { h2 { (say::INTERNAL) " " (verdict(report.is("internal.ok"))) }
            @if problems.is_empty() { p { (say::NO_PROBLEMS) } } @else {
                ul { @for problem in problems { li { (match problem { Json::Text(t) => t, _ => "" }) } } }
            }
            (facts(&[
                (say::ROWS, html! { (report.text("internal.rows")) }),
                (say::TRANSFERS, html! { (report.text("internal.transfers")) }),
                (say::UNALLOCATED, msat_of(&report, "internal.unallocated_msat")),
            ]))
        }
        (external(&report, &verdict(report.is("external.ok"))))
        (section(say::BALANCES, &balances(&report)))
    };
    Ok(layout::page(&visit, words::NAV_AUDIT, &content))
}

fn external(report: &Json, verdict: &Markup) -> Markup {
    html! {
        section.card { h2 { (say::EXTERNAL) " " @if report.has("external") { (verdict) } }
            @if report.has("external") {
                (facts(&[
                    (say::NODE_HOLDS, msat_of(report, "external.node_msat")),
                    (say::BOOKED, signed(report.text("external.booked_msat"))),
                    (say::DIFFERENCE, signed(report.text("external.difference_msat"))),
                    (say::AT_REST, html! { (if report.is("external.at_rest") { words::YES } else { words::NO }) }),
                ]))
            } @else { p.hint { (say::NO_NODE) } }
        }
    }
}

/// Millisatoshis that may be below zero.
fn signed(digits: &str) -> Markup {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("−", rest));
    html! { span.num { (sign) (sat(digits.parse().unwrap_or(0))) } }
}

fn balances(report: &Json) -> Markup {
    html! {
        dl.facts {
            @for (account, balance) in report.fields("internal.balances_msat") {
                div { dt { code { (account) } } dd {
                    @if let Json::Number(digits) = balance { (signed(digits)) }
                } }
            }
        }
    }
}

const SUSPENSE: Listing = Listing {
    path: "/dashboard/suspense",
    api: "/ledger/suspense",
    title: words::NAV_SUSPENSE,
    lead: words::suspense::LEAD,
    columns: &[
        column(words::ID, "id", |row| {
            html! {
                a.id href={ "/dashboard/suspense/" (row.text("id")) } { (row.text("id")) }
            }
        }),
        numbers(words::AMOUNT, "amount_msat", |row| msat_of(row, "amount_msat")),
        column(words::suspense::ASSIGNED, "assigned_to", |row| {
            id_link("accounts", row.text("assigned_to"))
        }),
        column(words::CREATED, "created", |row| moment(row.number("created"))),
    ],
    filters: &[],
    empty: (words::suspense::EMPTY, words::suspense::EMPTY_NEXT),
    create: None,
};

/// Receipts that nobody can be credited for.
pub(in super::super) async fn suspense(visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    table::page(&visit, &SUSPENSE).await
}

/// One receipt: the operator says whose it is.
pub(in super::super) async fn receipt(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    let list = visit.get("/ledger/suspense?limit=100").await?;
    let row = list.list("data").iter().find(|row| row.text("id") == id).cloned();
    let row = row.ok_or_else(Trouble::nothing)?;
    let accounts = visit.get("/accounts?limit=100").await?;
    let content = html! {
        (head(&[(words::NAV_SUSPENSE, SUSPENSE.path)], &msat_of(&row, "amount_msat"), &html! {}))
        (section(words::DETAILS, &facts(&[
            (words::suspense::ASSIGNED, id_link("accounts", row.text("assigned_to"))),
            (words::payout::HASH, copyable(row.text("payment_hash"))),
            (words::CREATED, moment(row.number("created"))),
            (words::ID, copyable(row.text("id"))),
        ])))
        @if !row.has("assigned_to") {
            section.card { h2 { (words::suspense::ASSIGN) } p.hint { (words::suspense::ASSIGN_HINT) }
                form.form method="post" action={ (SUSPENSE.path) "/" (row.text("id")) "/assign" } {
                    (layout::csrf(&visit))
                    (form::once(&visit))
                    div.field { label for="account" { (words::ACCOUNT) }
                        select #account name="account" {
                            @for account in accounts.list("data") {
                                option value=(account.text("id")) { (account.text("name")) }
                            }
                        }
                    }
                    div.submit { button.primary type="submit" { (words::suspense::ASSIGN) } }
                }
            }
        }
    };
    Ok(layout::page(&visit, words::NAV_SUSPENSE, &content))
}

/// Assigns a receipt.
pub(in super::super) async fn assign(Named(id): Named, sent: Sent) -> Result<Response, Trouble> {
    let id = escaped(&id);
    let asked = format!("{{\"account\":{}}}", quoted(sent.field("account")));
    sent.post(&format!("/ledger/suspense/{id}/assign"), asked).await?;
    Ok(sent.done(&format!("{}/{id}", SUSPENSE.path), words::suspense::DONE))
}
