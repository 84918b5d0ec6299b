//! Checkout sessions: purchases, each with its hosted page.

use axum::response::Response;
use maud::{Markup, html};

use super::super::json::Json;
use super::super::layout;
use super::super::parts::field::Field;
use super::super::parts::form::{Filled, body, submit};
use super::super::parts::table::{self, Column, Filter, Listing, column, numbers};
use super::super::parts::{
    self, amount, badge, copyable, facts, head, id_link, moment, section, told,
};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, session as say};
use super::link_fields::{self, FIELDS, Of};
use super::links;
use crate::web::named::Named;

const PATH: &str = "/dashboard/sessions";

pub(super) const COLUMNS: &[Column] = &[
    column(words::ID, "id", |row| id_link("sessions", row.text("id"))),
    column(words::link::TITLE.label, "title", |row| told(row.text("title"))),
    column(words::STATUS, "status", |row| badge(row.text("status"))),
    numbers(words::AMOUNT, "", |row| html! { (links::price(row)) }),
    numbers(
        say::RECEIVED,
        "target_amount_paid",
        |row| html! { (amount(row.text("target_amount_paid"), "SATS")) },
    ),
    column(words::CLAIM, "", |row| id_link("claims", row.text("claim"))),
    column(words::CREATED, "created", |row| moment(row.number("created"))),
];

const LIST: Listing = Listing {
    path: PATH,
    api: "/checkout-sessions",
    title: words::NAV_SESSIONS,
    lead: say::LEAD,
    columns: COLUMNS,
    filters: &[Filter {
        name: "status",
        label: words::STATUS,
        choices: &["active", "paid", "deactivated"],
    }],
    empty: (say::EMPTY, say::EMPTY_NEXT),
    create: Some(("/dashboard/sessions/new", words::CREATE_NEW)),
};

/// What of a session can be changed.
fn changeable() -> Vec<Field> {
    let names = [
        "title",
        "title_description",
        "title_image",
        "success_url",
        "success_message",
        "cancel_url",
        "metadata",
    ];
    FIELDS.into_iter().filter(|field| names.contains(&field.name)).collect()
}

/// All of them.
pub(in super::super) async fn list(visit: Visit) -> Result<Response, Trouble> {
    table::page(&visit, &LIST).await
}

/// The form for a new one.
pub(in super::super) async fn new(visit: Visit) -> Result<Response, Trouble> {
    let filled = Filled::new(&visit, &[("type", "fixed"), ("currency", "SATS")]);
    form(&visit, filled).await
}

async fn form(visit: &Visit, mut filled: Filled) -> Result<Response, Trouble> {
    super::must_be_for_someone(visit)?;
    let has_cashbacks = link_fields::offer(visit, &mut filled).await?;
    let parts = link_fields::show(&filled, Of::Session, has_cashbacks);
    let body = html! {
        (head(&[(words::NAV_SESSIONS, PATH)], &html! { (say::NEW) }, &html! {}))
        (filled.show(visit, PATH, &FIELDS, &parts, &submit(say::CREATE, PATH)))
    };
    Ok(layout::page(visit, say::NEW, &body))
}

/// Makes one.
pub(in super::super) async fn make(sent: Sent) -> Result<Response, Trouble> {
    match sent.post("/checkout-sessions", link_fields::request(&sent, Of::Session)).await {
        Ok(made) => Ok(sent.done(&format!("{PATH}/{}", made.text("id")), say::CREATED)),
        Err(trouble) => form(&sent.visit, Filled::again(&sent, trouble)?).await,
    }
}

/// One of them.
pub(in super::super) async fn detail(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let row = visit.get(&format!("/checkout-sessions/{id}")).await?;
    let name = if row.has("title") { row.text("title") } else { words::SESSION };
    let actions = html! {
        @if visit.holder.may_write() {
            a.button href={ (PATH) "/" (id) "/edit" } { (words::CHANGE) }
            @if row.text("status") == "active" {
                a.button.danger href={ (PATH) "/" (id) "/deactivate" } { (words::DEACTIVATE) }
            }
        }
    };
    let title = html! { bdi { (name) } " " (badge(row.text("status"))) };
    let body = html! {
        (head(&[(words::NAV_SESSIONS, PATH)], &title, &actions))
        section.card { h2 { (say::ADDRESS) }
            @if row.has("url") { (copyable(row.text("url"))) p.hint { (say::ADDRESS_HINT) } }
            @else { p.hint { (words::NOT_FOR_READERS) } }
        }
        (about(&row))
        section.card { h2 { (words::NAV_PAYMENTS) }
            (table::table(words::NAV_PAYMENTS, PAYMENTS, row.list("payments")))
        }
        (customer(&visit, &row))
        (parts::notes(&row))
    };
    Ok(layout::page(&visit, name, &body))
}

/// The payments of a session, as the session tells them.
const PAYMENTS: &[Column] = &[
    column(words::ID, "id", |row| id_link("payments", row.text("id"))),
    column(words::STATUS, "status", |row| badge(row.text("status"))),
    numbers(say::DUE, "target_amount", |row| html! { (amount(row.text("target_amount"), "SATS")) }),
    numbers(
        say::RECEIVED,
        "target_amount_paid",
        |row| html! { (amount(row.text("target_amount_paid"), "SATS")) },
    ),
    column(words::CREATED, "created", |row| moment(row.number("created"))),
    column(words::claim::EXPIRES, "expires_at", |row| moment(row.number("expires_at"))),
];

fn about(row: &Json) -> Markup {
    let no_claim = row.text("no_claim_reason");
    let claim = html! {
        (id_link("claims", row.text("claim")))
        @if !no_claim.is_empty() { " " span.hint { (words::no_claim(no_claim)) } }
    };
    section(
        words::DETAILS,
        &facts(&[
            (words::AMOUNT, html! { (links::price(row)) }),
            (say::RECEIVED, html! { (amount(row.text("target_amount_paid"), "SATS")) }),
            (words::NAV_CASHBACK, id_link("cashbacks", row.text("cashback.id"))),
            (words::CLAIM, claim),
            (words::link::TITLE_DESCRIPTION.label, told(row.text("title_description"))),
            (words::DESCRIPTION, told(row.text("description"))),
            (words::link::ASK_CUSTOMERS, links::questions(row)),
            (words::link::SUCCESS_MESSAGE.label, told(row.text("success_message"))),
            (words::link::SUCCESS_URL.label, told(row.text("success_url"))),
            (words::link::CANCEL_URL.label, told(row.text("cancel_url"))),
            (say::SOURCE, told(row.text("source"))),
            (words::CREATED, moment(row.number("created"))),
            (say::PAID_AT, moment(row.number("paid_at"))),
            (words::ID, copyable(row.text("id"))),
        ]),
    )
}

/// What the customer said, and the way to delete it.
fn customer(visit: &Visit, row: &Json) -> Markup {
    let said = row.at("customer_details");
    let parts = [
        (words::link::EMAIL.label, "email"),
        (words::link::PHONE.label, "phone"),
        (words::link::BILLING.label, "billing_address"),
        (words::link::SHIPPING.label, "shipping_address"),
    ];
    html! {
        @if row.has("customer_details") {
            section.card { h2 { (say::CUSTOMER) }
                dl.facts {
                    @for (label, name) in parts {
                        @if said.has(name) { div { dt { (label) } dd { (told(said.text(name))) } } }
                    }
                    @for answer in said.list("custom_fields") {
                        div { dt { bdi { (answer.text("label")) } } dd { (told(answer.text("value"))) } }
                    }
                }
                @if visit.holder.may_write() {
                    p { a.button.danger href={ (PATH) "/" (row.text("id")) "/forget" } { (say::FORGET) } }
                }
            }
        }
    }
}

/// The form to change one.
pub(in super::super) async fn edit(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let row = visit.get(&format!("/checkout-sessions/{id}")).await?;
    let filled = Filled::of(&visit, &row, &changeable());
    Ok(change_form(&visit, &id, &filled))
}

fn change_form(visit: &Visit, id: &str, filled: &Filled) -> Response {
    let fields = changeable();
    let path = format!("{PATH}/{id}");
    let parts = html! { section.card { @for field in &fields { (field.show(filled)) } } };
    let body = html! {
        (head(&[(words::NAV_SESSIONS, PATH), (id, &path)], &html! { (words::CHANGE) }, &html! {}))
        (filled.show(visit, &format!("{path}/edit"), &fields, &parts, &submit(words::SAVE, &path)))
    };
    layout::page(visit, words::CHANGE, &body)
}

/// Changes one.
pub(in super::super) async fn update(Named(id): Named, sent: Sent) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let asked = body(&changeable(), &sent.fields, true).pretty(0);
    match sent.post(&format!("/checkout-sessions/{id}"), asked).await {
        Ok(_) => Ok(sent.done(&format!("{PATH}/{id}"), words::SAVED)),
        Err(trouble) => Ok(change_form(&sent.visit, &id, &Filled::again(&sent, trouble)?)),
    }
}
