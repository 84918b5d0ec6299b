//! *Receive Payments > Checkout / Payment Links*: payment links take any number of payments, checkout links one.

use axum::response::Response;
use maud::{Markup, html};

use super::super::json::Json;
use super::super::layout;
use super::super::parts::form::{Filled, submit};
use super::super::parts::table::{self, Column, Filter, Listing, column, numbers};
use super::super::parts::{
    self, amount, badge, copyable, create, facts, head, id_link, moment, section, told,
};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, link as say};
use super::link_fields::{self, FIELDS, Of};
use super::sessions;
use crate::web::named::Named;

const PATH: &str = "/dashboard/links";

pub(super) const COLUMNS: &[Column] = &[
    column(say::TITLE.label, "title", |row| {
        html! {
            a.main href={ (PATH) "/" (row.text("id")) } {
                @if row.has("title") { bdi { (row.text("title")) } } @else { (say::UNTITLED) }
            }
        }
    }),
    numbers(words::AMOUNT, "", |row| html! { (price(row)) }),
    column(words::NAV_CASHBACK, "", |row| id_link("cashbacks", row.text("cashback.id"))),
    column(words::STATUS, "status", |row| badge(row.text("status"))),
    column(words::CREATED, "created", |row| moment(row.number("created"))),
];

const PAYMENT: Listing = Listing {
    path: PATH,
    api: "/payment-links",
    title: words::NAV_LINKS,
    lead: say::LEAD,
    columns: COLUMNS,
    filters: &[Filter {
        name: "status",
        label: words::STATUS,
        choices: &["active", "deactivated"],
    }],
    empty: (say::EMPTY_PAYMENT, say::EMPTY_NEXT),
    create: Some(("/dashboard/links/new", words::CREATE_NEW)),
};

const CHECKOUT: Listing = Listing {
    api: "/checkout-links",
    filters: &[Filter {
        name: "status",
        label: words::STATUS,
        choices: &["active", "paid", "deactivated"],
    }],
    empty: (say::EMPTY_CHECKOUT, say::EMPTY_NEXT),
    create: Some(("/dashboard/links/new?link=checkout", words::CREATE_NEW)),
    ..PAYMENT
};

fn is_checkout(id: &str) -> bool {
    id.starts_with("clink_")
}

fn kind_of(row: &Json) -> &'static str {
    if is_checkout(row.text("id")) { say::CHECKOUT_LINK } else { say::PAYMENT_LINK }
}

/// What a customer pays, in words.
pub(super) fn price(row: &Json) -> String {
    let currency = row.text("currency");
    match row.text("type") {
        "options" => {
            let each = row.list("options").iter().map(|option| match option {
                Json::Number(number) => amount(number, currency),
                _ => String::new(),
            });
            each.collect::<Vec<_>>().join(" / ")
        }
        "preset" => {
            let bound = |name: &str| match row.text(name) {
                "" => "…".to_owned(),
                number => amount(number, currency),
            };
            format!("{} – {}", bound("preset.min_amount"), bound("preset.max_amount"))
        }
        _ if row.text("amount") == "0" => say::ANY_AMOUNT.to_owned(),
        _ => amount(row.text("amount"), currency),
    }
}

/// The links that carry a cashback, of both kinds, newest first.
pub(super) async fn with_cashback(visit: &Visit, id: &str) -> Result<Vec<Json>, Trouble> {
    let mut found = vec![];
    for api in ["/payment-links", "/checkout-links"] {
        let list = visit.get(&format!("{api}?cashback={id}&limit=50")).await?;
        found.extend(list.list("data").iter().cloned());
    }
    found.sort_by_key(|link| std::cmp::Reverse(link.number("created")));
    Ok(found)
}

/// All of one kind.
pub(in super::super) async fn list(visit: Visit) -> Result<Response, Trouble> {
    let is_checkout = visit.param("kind") == "checkout";
    let list = if is_checkout { &CHECKOUT } else { &PAYMENT };
    let body = table::body(&visit, list).await?;
    let actions = html! {
        @if let Some((path, label)) = list.create.filter(|_| visit.may_make()) { (create(path, label)) }
    };
    let tab = |kind: &str, label: &str, here: bool| {
        html! {
            a href={ (PATH) "?kind=" (kind) } aria-current=[here.then_some("true")] { (label) }
        }
    };
    let content = html! {
        (head(&[], &html! { (list.title) }, &actions))
        p.lead { (list.lead) }
        nav.tabs aria-label=(say::KIND.label) {
            (tab("payment", say::PAYMENT_LINKS, !is_checkout))
            (tab("checkout", say::CHECKOUT_LINKS, is_checkout))
        }
        (body)
    };
    Ok(layout::page(&visit, list.title, &content))
}

/// The form for a new one; another page may have chosen its cashback.
pub(in super::super) async fn new(visit: Visit) -> Result<Response, Trouble> {
    let cashback = visit.param("cashback").to_owned();
    let link = if visit.param("link") == "checkout" { "checkout" } else { "payment" };
    let add = if cashback.is_empty() { "" } else { "yes" };
    let values = [
        ("link", link),
        ("type", "fixed"),
        ("currency", "SATS"),
        ("add_cashback", add),
        ("cashback.id", cashback.as_str()),
    ];
    let filled = Filled::new(&visit, &values);
    form(&visit, filled).await
}

async fn form(visit: &Visit, mut filled: Filled) -> Result<Response, Trouble> {
    super::must_be_for_someone(visit)?;
    let has_cashbacks = link_fields::offer(visit, &mut filled).await?;
    let parts = link_fields::show(&filled, Of::Link, has_cashbacks);
    let body = html! {
        (head(&[(words::NAV_LINKS, PATH)], &html! { (say::NEW) }, &html! {}))
        (filled.show(visit, PATH, &FIELDS, &parts, &submit(say::CREATE, PATH)))
    };
    Ok(layout::page(visit, say::NEW, &body))
}

/// Makes one.
pub(in super::super) async fn make(sent: Sent) -> Result<Response, Trouble> {
    let is_checkout = sent.field("link") == "checkout";
    let api = if is_checkout { "/checkout-links" } else { "/payment-links" };
    match sent.post(api, link_fields::request(&sent, Of::Link)).await {
        Ok(made) => Ok(sent.done(&format!("{PATH}/{}", made.text("id")), say::CREATED)),
        Err(trouble) => form(&sent.visit, Filled::again(&sent, trouble)?).await,
    }
}

/// One of them, with its sessions.
pub(in super::super) async fn detail(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let is_checkout = is_checkout(&id);
    let api = if is_checkout { "checkout-links" } else { "payment-links" };
    let row = visit.get(&format!("/{api}/{id}")).await?;
    let name = if row.has("title") { row.text("title") } else { say::UNTITLED };
    let actions = html! {
        @if visit.holder.may_write() {
            @match (row.text("status"), is_checkout) {
                ("active", _) => a.button.danger href={ (PATH) "/" (id) "/deactivate" } { (words::DEACTIVATE) },
                ("deactivated", false) => a.button href={ (PATH) "/" (id) "/activate" } { (words::ACTIVATE) },
                _ => {}
            }
        }
    };
    let title = html! { bdi { (name) } " " (badge(row.text("status"))) };
    let sessions = match row.text("checkout_session") {
        "" => visit
            .get(&format!("/checkout-sessions?source_id={id}&limit=20"))
            .await?
            .list("data")
            .to_vec(),
        session => vec![visit.get(&format!("/checkout-sessions/{session}")).await?],
    };
    let body = html! {
        (head(&[(words::NAV_LINKS, PATH)], &title, &actions))
        section.card.share { h2 { (say::ADDRESS) }
            @if row.has("url") { (copyable(row.text("url"))) p.hint { (say::ADDRESS_HINT) } }
            @else { p.hint { (words::NOT_FOR_READERS) } }
        }
        (about(&row))
        section.card { h2 { (words::NAV_SESSIONS) }
            @if sessions.is_empty() { p.hint { (say::NO_SESSIONS) } }
            @else { (table::table(words::NAV_SESSIONS, sessions::COLUMNS, &sessions)) }
        }
        (parts::notes(&row))
    };
    Ok(layout::page(&visit, name, &body))
}

/// What is asked of customers, in words.
pub(super) fn questions(row: &Json) -> Markup {
    let asks = [
        ("is_email_enabled", say::EMAIL.label),
        ("is_phone_enabled", say::PHONE.label),
        ("is_billing_address_enabled", say::BILLING.label),
        ("is_shipping_address_enabled", say::SHIPPING.label),
    ];
    let asked =
        asks.into_iter().filter(|(name, _)| row.is(&format!("customer_collections_status.{name}")));
    let asked: Vec<_> = asked.map(|(_, label)| label).collect();
    html! {
        @if asked.is_empty() && row.list("custom_fields").is_empty() { (parts::none()) }
        (asked.join(", "))
        @for field in row.list("custom_fields") { " " bdi { "“" (field.text("label")) "”" } }
    }
}

fn about(row: &Json) -> Markup {
    let opened = html! {
        @if row.has("sessions_opened") { (say::sessions(row.text("sessions_paid"), row.text("sessions_opened"))) }
        @else { (parts::none()) }
    };
    section(
        words::DETAILS,
        &facts(&[
            (say::KIND.label, html! { (kind_of(row)) }),
            (words::AMOUNT, html! { (price(row)) }),
            (words::NAV_CASHBACK, id_link("cashbacks", row.text("cashback.id"))),
            (say::TITLE_DESCRIPTION.label, told(row.text("title_description"))),
            (say::ASK_CUSTOMERS, questions(row)),
            (say::SUCCESS_MESSAGE.label, told(row.text("success_message"))),
            (say::SUCCESS_URL.label, told(row.text("success_url"))),
            (say::STATEMENT.label, told(row.text("statement_descriptor"))),
            (say::USED, opened),
            (words::CREATED, moment(row.number("created"))),
            (words::ID, copyable(row.text("id"))),
        ]),
    )
}
