//! *Operator > Accounts*: merchants, their money and their keys.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::super::json::{Json, quoted};
use super::super::layout;
use super::super::parts::field::{Field, Kind, may, must};
use super::super::parts::form::{self, Filled, body, submit};
use super::super::parts::table::{self, Listing, column};
use super::super::parts::{
    self, badge, copyable, facts, head, moment, msat_of, section, tile, told,
};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, account as say};
use crate::domain::id::AccountId;
use crate::web::named::Named;

const PATH: &str = "/dashboard/accounts";

const LIST: Listing = Listing {
    path: PATH,
    api: "/accounts",
    title: words::NAV_ACCOUNTS,
    lead: say::LEAD,
    columns: &[
        column(words::NAME, "name", |row| {
            html! {
                a.main href={ (PATH) "/" (row.text("id")) } { bdi { (row.text("name")) } }
            }
        }),
        column(words::STATUS, "", |row| {
            badge(if row.is("claims_paused") { "paused" } else { "active" })
        }),
        column(words::ID, "id", |row| html! { code { (row.text("id")) } }),
        column(words::CREATED, "created", |row| moment(row.number("created"))),
    ],
    filters: &[],
    empty: (say::EMPTY, say::EMPTY_NEXT),
    create: Some(("/dashboard/accounts/new", words::CREATE_NEW)),
};

const FIELDS: [Field; 5] = [
    must("name", say::NAME, Kind::Text),
    may("fee_limits.base_sat", say::FEE_BASE, Kind::Number),
    may("fee_limits.ppm", say::FEE_PPM, Kind::Number),
    may("fee_limits.max_sat", say::FEE_MAX, Kind::Number),
    may("claims_paused", say::PAUSED, Kind::Flag),
];

const MONEY: [Field; 1] = [must("amount", say::AMOUNT, Kind::Number)];

/// What is made at the beginning: pausing comes later.
fn new_fields() -> &'static [Field] {
    FIELDS.split_last().map_or(&[], |(_, rest)| rest)
}

/// All of them.
pub(in super::super) async fn list(visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    table::page(&visit, &LIST).await
}

/// The form for a new one.
pub(in super::super) async fn new(visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    let filled = Filled::new(&visit, &[]);
    Ok(new_form(&visit, &filled))
}

fn new_form(visit: &Visit, filled: &Filled) -> Response {
    let parts = html! { section.card { @for field in new_fields() { (field.show(filled)) } } };
    let body = html! {
        (head(&[(words::NAV_ACCOUNTS, PATH)], &html! { (say::NEW) }, &html! {}))
        (filled.show(visit, PATH, new_fields(), &parts, &submit(say::CREATE, PATH)))
    };
    layout::page(visit, say::NEW, &body)
}

/// Makes one.
pub(in super::super) async fn make(sent: Sent) -> Result<Response, Trouble> {
    match sent.post("/accounts", body(new_fields(), &sent.fields, false).pretty(0)).await {
        Ok(made) => Ok(sent.done(&format!("{PATH}/{}", made.text("id")), say::CREATED)),
        Err(trouble) => Ok(new_form(&sent.visit, &Filled::again(&sent, trouble)?)),
    }
}

/// One of them.
pub(in super::super) async fn detail(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    let filled = Filled::new(&visit, &[]);
    show(&visit, &parts::escaped(&id), &filled, None).await
}

/// One of them, with what was typed into its money forms; a key that was just made is shown this once.
async fn show(
    visit: &Visit,
    id: &str,
    money: &Filled,
    made: Option<&Json>,
) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    let row = visit.get(&format!("/accounts/{id}")).await?;
    let balance = visit.get(&format!("/balances?account={id}")).await.unwrap_or(Json::Null);
    let keys = visit.get(&format!("/accounts/{id}/keys?limit=100")).await?;
    let path = format!("{PATH}/{id}");
    let actions = html! {
        (act_for(visit, id))
        a.button href={ (path) "/edit" } { (words::CHANGE) }
    };
    let paused = if row.is("claims_paused") { "paused" } else { "active" };
    let title = html! { bdi { (row.text("name")) } " " (badge(paused)) };
    let content = html! {
            (head(&[(words::NAV_ACCOUNTS, PATH)], &title, &actions))
            @if let Some(key) = made {
            section.card.once { h2 { (say::NEW_KEY) }
                @if key.has("key") { p { (say::NEW_KEY_HINT) } (copyable(key.text("key"))) }
                @else { p { (say::NEW_KEY_AGAIN) } }
            }
        }
        div.tiles {
                (tile(words::home::BALANCE, &msat_of(&balance, "available_msat"), &html! { (words::home::AVAILABLE) }))
                (tile(say::IN_FLIGHT, &msat_of(&balance, "in_flight_msat"), &html! { (say::IN_FLIGHT_HINT) }))
            }
            section.card { h2 { (say::MONEY) } p.hint { (say::MONEY_HINT) }
                (money.show(visit, &format!("{path}/credit"), &MONEY, &html! { (MONEY[0].show(money)) }, &html! {
                    button.primary type="submit" { (say::CREDIT) }
                    button type="submit" formaction={ (path) "/debit" } { (say::DEBIT) }
                }))
            }
            (keys_of(visit, id, &keys))
    (section(words::DETAILS, &facts(&[
                (words::ID, copyable(row.text("id"))),
                (words::CREATED, moment(row.number("created"))),
                (say::FEE_BASE.label, told(row.text("fee_limits.base_sat"))),
                (say::FEE_PPM.label, told(row.text("fee_limits.ppm"))),
                (say::FEE_MAX.label, told(row.text("fee_limits.max_sat"))),
            ])))
            (parts::notes(&row))
        };
    Ok(layout::page(visit, row.text("name"), &content))
}

fn act_for(visit: &Visit, id: &str) -> Markup {
    html! {
        form.inline method="post" action="/dashboard/act-for" {
            (layout::csrf(visit))
            input type="hidden" name="account" value=(id);
            button.primary type="submit" { (say::WORK_FOR) }
        }
    }
}

fn keys_of(visit: &Visit, id: &str, keys: &Json) -> Markup {
    let path = format!("{PATH}/{id}/keys");
    html! {
        section.card { h2 { (words::NAV_KEYS) }
            @if keys.list("data").is_empty() { p.hint { (say::NO_KEYS) } } @else {
                (table::table(words::NAV_KEYS, super::keys::COLUMNS, keys.list("data")))
                details.more { summary { (say::REVOKE_ONE) }
                    ul.resend {
                        @for key in keys.list("data").iter().filter(|key| !key.has("revoked_at")) {
                            li { code { (key.text("hint")) } " " (words::choice(key.text("type"))) " "
                                (form::button(visit, &format!("{path}/{}/revoke", key.text("id")), say::REVOKE, "small danger")) }
                        }
                    }
                }
            }
            form.row.form method="post" action=(path) {
                (layout::csrf(visit))
                (form::once(visit))
                div.field { label for="key-type" { (say::KEY_TYPE) }
                    select #key-type name="type" {
                        @for kind in ["secret", "restricted", "publishable"] {
                            option value=(kind) { (words::choice(kind)) }
                        }
                    }
                }
                div.submit { button type="submit" { (say::MAKE_KEY) } }
            }
        }
    }
}

/// Gives money to an account, or takes it back.
pub(in super::super) async fn move_money(
    Named(id): Named,
    sent: Sent,
) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let is_credit = sent.visit.path.ends_with("/credit");
    let act = if is_credit { "credits" } else { "debits" };
    let asked = body(&MONEY, &sent.fields, false).pretty(0);
    match sent.post(&format!("/accounts/{id}/{act}"), asked).await {
        Ok(_) => {
            let notice = if is_credit { say::CREDITED } else { say::DEBITED };
            Ok(sent.done(&format!("{PATH}/{id}"), notice))
        }
        Err(trouble) => show(&sent.visit, &id, &Filled::again(&sent, trouble)?, None).await,
    }
}

/// Makes a key. It is in this answer and nowhere else, so this is no redirect; a form that is sent again is told so.
pub(in super::super) async fn make_key(Named(id): Named, sent: Sent) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let asked = format!("{{\"type\":{}}}", quoted(sent.field("type")));
    let made = sent.post(&format!("/accounts/{id}/keys"), asked).await?;
    show(&sent.visit, &id, &Filled::new(&sent.visit, &[]), Some(&made)).await
}

/// Takes a key back.
pub(in super::super) async fn revoke_key(
    Named((id, key)): Named<(String, String)>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let (id, key) = (parts::escaped(&id), parts::escaped(&key));
    let method = axum::http::Method::DELETE;
    sent.send(method, &format!("/accounts/{id}/keys/{key}"), String::new()).await?;
    Ok(sent.done(&format!("{PATH}/{id}"), say::REVOKED))
}

/// The form to change one.
pub(in super::super) async fn edit(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    let id = parts::escaped(&id);
    let row = visit.get(&format!("/accounts/{id}")).await?;
    let filled = Filled::of(&visit, &row, &FIELDS);
    Ok(change_form(&visit, &id, &filled))
}

fn change_form(visit: &Visit, id: &str, filled: &Filled) -> Response {
    let path = format!("{PATH}/{id}");
    let parts = html! { section.card { @for field in &FIELDS { (field.show(filled)) } } };
    let body = html! {
        (head(&[(words::NAV_ACCOUNTS, PATH), (id, &path)], &html! { (words::CHANGE) }, &html! {}))
        (filled.show(visit, &format!("{path}/edit"), &FIELDS, &parts, &submit(words::SAVE, &path)))
    };
    layout::page(visit, words::CHANGE, &body)
}

/// Changes one.
pub(in super::super) async fn update(Named(id): Named, sent: Sent) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    match sent.post(&format!("/accounts/{id}"), body(&FIELDS, &sent.fields, true).pretty(0)).await {
        Ok(_) => Ok(sent.done(&format!("{PATH}/{id}"), words::SAVED)),
        Err(trouble) => Ok(change_form(&sent.visit, &id, &Filled::again(&sent, trouble)?)),
    }
}

/// The operator chooses whose things it looks at, or all.
pub(in super::super) async fn choose(sent: Sent) -> Result<Response, Trouble> {
    sent.visit.must_be_operator()?;
    let account = AccountId::parse(sent.field("account")).ok();
    if let Some(account) = &account {
        sent.visit.get(&format!("/accounts/{account}")).await?;
    }
    sent.visit.dash.sessions.act_for(sent.visit.id, account);
    Ok(Redirect::to("/").into_response())
}
