//! Webhooks: where the merchant wants to be told, and what became of the messages.

use axum::response::Response;
use maud::html;

use super::super::json::Json;
use super::super::layout;
use super::super::parts::field::{Field, Kind, may, must};
use super::super::parts::form::{self, Filled, body, submit};
use super::super::parts::table::{self, Filter, Listing, column, numbers};
use super::super::parts::{self, badge, copyable, facts, head, id_link, moment, section, told};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, webhook as say};
use crate::web::named::Named;

const PATH: &str = "/dashboard/webhooks";

const LIST: Listing = Listing {
    path: PATH,
    api: "/webhooks",
    title: words::NAV_WEBHOOKS,
    lead: say::LEAD,
    columns: &[
        column(say::URL.label, "url", |row| {
            html! {
                a.main href={ (PATH) "/" (row.text("id")) } { bdi { (row.text("url")) } }
            }
        }),
        column(words::STATUS, "status", |row| {
            html! {
                (badge(row.text("status")))
                @if row.has("failing_since") { " " (badge("failing")) }
            }
        }),
        column(words::DESCRIPTION, "description", |row| told(row.text("description"))),
        column(words::CREATED, "created", |row| moment(row.number("created"))),
    ],
    filters: &[Filter {
        name: "status",
        label: words::STATUS,
        choices: &["active", "deactivated"],
    }],
    empty: (say::EMPTY, say::EMPTY_NEXT),
    create: Some(("/dashboard/webhooks/new", words::CREATE_NEW)),
};

const FIELDS: [Field; 3] = [
    must("url", say::URL, Kind::Text),
    must("enabled_events", say::EVENTS, Kind::Words),
    may("description", say::DESCRIPTION, Kind::Text),
];

/// All of them.
pub(in super::super) async fn list(visit: Visit) -> Result<Response, Trouble> {
    table::page(&visit, &LIST).await
}

/// The form for a new one.
pub(in super::super) async fn new(visit: Visit) -> Result<Response, Trouble> {
    let filled = Filled::new(&visit, &[("enabled_events", "*")]);
    form(&visit, &filled)
}

fn form(visit: &Visit, filled: &Filled) -> Result<Response, Trouble> {
    super::must_be_for_someone(visit)?;
    let parts = html! { section.card { @for field in &FIELDS { (field.show(filled)) } } };
    let body = html! {
        (head(&[(words::NAV_WEBHOOKS, PATH)], &html! { (say::NEW) }, &html! {}))
        (filled.show(visit, PATH, &FIELDS, &parts, &submit(say::CREATE, PATH)))
    };
    Ok(layout::page(visit, say::NEW, &body))
}

/// Makes one.
pub(in super::super) async fn make(sent: Sent) -> Result<Response, Trouble> {
    match sent.post("/webhooks", body(&FIELDS, &sent.fields, false).pretty(0)).await {
        Ok(made) => Ok(sent.done(&format!("{PATH}/{}", made.text("id")), say::CREATED)),
        Err(trouble) => form(&sent.visit, &Filled::again(&sent, trouble)?),
    }
}

/// One of them, with its messages.
pub(in super::super) async fn detail(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let row = visit.get(&format!("/webhooks/{id}")).await?;
    let sent = visit.get(&format!("/webhooks/{id}/deliveries?limit=50")).await?;
    let is_active = row.text("status") == "active";
    let actions = html! {
        @if visit.holder.may_write() {
            @if is_active { a.button.danger href={ (PATH) "/" (id) "/disable" } { (say::DISABLE) } }
            @else { a.button href={ (PATH) "/" (id) "/enable" } { (say::ENABLE) } }
        }
    };
    let title = html! { bdi { (row.text("url")) } " " (badge(row.text("status"))) };
    let about = facts(&[
        (words::DESCRIPTION, told(row.text("description"))),
        (say::EVENTS.label, html! { (FIELDS[1].typed(&row)) }),
        (say::SINCE, moment(row.number("failing_since"))),
        (words::CREATED, moment(row.number("created"))),
        (words::ID, copyable(row.text("id"))),
    ]);
    let resend = |delivery: &str| {
        let action = format!("{PATH}/{id}/resend/{delivery}");
        form::button(&visit, &action, say::RESEND, "small")
    };
    let body = html! {
        (head(&[(words::NAV_WEBHOOKS, PATH)], &title, &actions))
        (section(words::DETAILS, &about))
        section.card { h2 { (say::SECRET) }
            @if row.has("secret") {
                p.hint { (say::SECRET_HINT) }
                details.more { summary { (say::SHOW_SECRET) } (copyable(row.text("secret"))) }
                p { a href={ (PATH) "/" (id) "/verify" } { (say::CHECK) } }
            } @else { p.hint { (words::NOT_FOR_READERS) } }
        }
        section.card { h2 { (say::DELIVERIES) }
            @if sent.list("data").is_empty() { p.hint { (say::NO_DELIVERIES) } } @else {
                (table::table(say::DELIVERIES, DELIVERIES, sent.list("data")))
                @if visit.holder.may_write() && is_active {
                    details.more { summary { (say::RESEND_ONE) }
                        ul.resend { @for message in sent.list("data") {
                            li { (told(message.text("event_type"))) " " (moment(message.number("created"))) " "
                                (resend(message.text("id"))) }
                        } }
                    }
                }
            }
        }
    };
    Ok(layout::page(&visit, words::WEBHOOK, &body))
}

const DELIVERIES: &[table::Column] = &[
    column(words::STATUS, "status", |row| badge(row.text("status"))),
    column(say::EVENT, "event_type", |row| {
        html! {
            a href={ "/dashboard/events/" (row.text("event")) } { (row.text("event_type")) }
        }
    }),
    numbers(say::ATTEMPTS, "attempts", |row| html! { (row.text("attempts")) }),
    column(say::ANSWER, "last_status_code", |row| {
        html! {
            @if row.has("last_status_code") { (row.text("last_status_code")) " " }
            @if row.has("last_error") { (words::send_error(row.text("last_error"))) }
        }
    }),
    column(say::LAST, "last_attempt_at", |row| moment(row.number("last_attempt_at"))),
    column(say::NEXT, "next_attempt_at", |row| moment(row.number("next_attempt_at"))),
    column(words::ID, "", |row| id_link("events", row.text("event"))),
];

const SECRET: [Field; 1] = [must("secret", say::CHECKED, Kind::Text)];

/// The form for a secret that somebody has found in a program.
pub(in super::super) async fn checking(
    Named(id): Named,
    visit: Visit,
) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let row = visit.get(&format!("/webhooks/{id}")).await?;
    Ok(check_form(&visit, &id, row.text("url"), &Filled::new(&visit, &[])))
}

fn check_form(visit: &Visit, id: &str, url: &str, filled: &Filled) -> Response {
    let (back, action) = (format!("{PATH}/{id}"), format!("{PATH}/{id}/verify"));
    let parts = html! {
        section.card { p { bdi { (url) } } @for field in &SECRET { (field.show(filled)) } }
    };
    let body = html! {
        (head(&[(words::NAV_WEBHOOKS, PATH)], &html! { (say::CHECK) }, &html! {}))
        (filled.show(visit, &action, &SECRET, &parts, &submit(say::CHECK, &back)))
    };
    layout::page(visit, say::CHECK, &body)
}

/// Says whether it is this endpoint's.
pub(in super::super) async fn check(Named(id): Named, sent: Sent) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let row = sent.visit.get(&format!("/webhooks/{id}")).await?;
    let mut request = body(&SECRET, &sent.fields, false);
    form::put(&mut request, "url", Json::Text(row.text("url").to_owned()));
    match sent.post("/webhooks/verify-secret", request.pretty(0)).await {
        Ok(told) => {
            let said = if told.is("exists") { say::MATCHES } else { say::DIFFERS };
            Ok(sent.done(&format!("{PATH}/{id}"), said))
        }
        Err(trouble) => {
            Ok(check_form(&sent.visit, &id, row.text("url"), &Filled::again(&sent, trouble)?))
        }
    }
}

/// Sends a message once more.
pub(in super::super) async fn resend(
    Named((id, message)): Named<(String, String)>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let (id, message) = (parts::escaped(&id), parts::escaped(&message));
    sent.post(&format!("/webhooks/{id}/deliveries/{message}/resend"), String::new()).await?;
    Ok(sent.done(&format!("{PATH}/{id}"), say::RESENT))
}
