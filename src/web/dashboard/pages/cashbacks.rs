//! *Send Payments > Cashback*.

use axum::response::Response;
use maud::{Markup, html};

use super::super::json::Json;
use super::super::layout;
use super::super::parts::field::{Field, Kind, may, must};
use super::super::parts::form::{Filled, body, submit};
use super::super::parts::table::{self, Filter, Listing, column, numbers};
use super::super::parts::{self, amount, badge, facts, head, moment, section, tile, told};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, cashback as say};
use super::{claims, currencies, links};
use crate::web::named::Named;

pub(super) const LIST: Listing = Listing {
    path: "/dashboard/cashbacks",
    api: "/cashbacks",
    title: words::NAV_CASHBACK,
    lead: say::LEAD,
    columns: &[
        column(words::NAME, "name", |row| {
            html! {
                a.main href={ "/dashboard/cashbacks/" (row.text("id")) } { bdi { (row.text("name")) } }
            }
        }),
        column(words::WORTH, "", |row| html! { (worth(row)) }),
        column(words::STATUS, "status", status),
        column(say::START.label, "start_date", |row| moment(row.number("start_date"))),
        column(say::END.label, "end_date", |row| moment(row.number("end_date"))),
        numbers(words::NAV_CLAIMS, "claims", |row| html! { (row.text("claims")) }),
        numbers(say::COMMITTED, "committed_msat", |row| parts::msat_of(row, "committed_msat")),
    ],
    filters: &[Filter {
        name: "status",
        label: words::STATUS,
        choices: &["active", "scheduled", "deactivated"],
    }],
    empty: (say::EMPTY, say::EMPTY_NEXT),
    create: Some(("/dashboard/cashbacks/new", words::CREATE_NEW)),
};

const KINDS: &[&str] = &["percentage", "fixed"];

/// What is said when it is made.
const FIELDS: [Field; 14] = [
    must("name", say::NAME, Kind::Text),
    must("type", say::TYPE, Kind::Radio(KINDS)),
    must("percentage", say::PERCENTAGE, Kind::Number),
    must("amount", say::AMOUNT, Kind::Number),
    must("currency", say::CURRENCY, Kind::Pick),
    may("start_date", say::START, Kind::Moment),
    may("end_date", say::END, Kind::Moment),
    may("max_amount", say::MAX_AMOUNT, Kind::Number),
    may("min_spend", say::MIN_SPEND, Kind::Number),
    may("budget", say::BUDGET, Kind::Number),
    may("max_claims", say::MAX_CLAIMS, Kind::Number),
    may("claim_ttl", say::CLAIM_TTL, Kind::Times(86_400)),
    may("description", say::DESCRIPTION, Kind::Text),
    may("metadata", words::METADATA, Kind::Notes),
];

/// What can be changed later.
fn changeable() -> Vec<Field> {
    let fixed = ["type", "percentage", "amount", "currency", "start_date"];
    FIELDS.into_iter().filter(|field| !fixed.contains(&field.name)).collect()
}

/// What comes back, in words.
pub(super) fn worth(row: &Json) -> String {
    if row.text("type") == "percentage" {
        format!("{}\u{a0}%", row.text("percentage"))
    } else {
        amount(row.text("amount"), row.text("currency"))
    }
}

fn status(row: &Json) -> Markup {
    html! {
        (badge(row.text("status")))
        @if row.is("exhausted") { " " (badge("exhausted")) }
    }
}

/// All of them.
pub(in super::super) async fn list(visit: Visit) -> Result<Response, Trouble> {
    table::page(&visit, &LIST).await
}

/// The form for a new one.
pub(in super::super) async fn new(visit: Visit) -> Result<Response, Trouble> {
    let values = [("type", "percentage"), ("currency", "SATS"), ("claim_ttl", "30")];
    let filled = Filled::new(&visit, &values);
    form(&visit, filled).await
}

async fn form(visit: &Visit, mut filled: Filled) -> Result<Response, Trouble> {
    super::must_be_for_someone(visit)?;
    filled.offer("currency", currencies(visit, filled.value("currency")).await?);
    let show = |names: &[&str]| {
        let fields = FIELDS.iter().filter(|field| names.contains(&field.name));
        html! { @for field in fields { (field.show(&filled)) } }
    };
    let parts = html! {
        section.card { h2 { (say::RULE) }
            (show(&["name", "type"]))
            div.row { (show(&["percentage", "amount", "currency"])) }
        }
        section.card { h2 { (say::WHEN) }
            div.row { (show(&["start_date", "end_date"])) }
            (show(&["claim_ttl"]))
        }
        section.card { h2 { (say::LIMITS) } p.hint { (say::LIMITS_HINT) }
            div.row { (show(&["max_amount", "min_spend"])) }
            div.row { (show(&["budget", "max_claims"])) }
        }
        section.card { h2 { (say::TEXTS) } (show(&["description", "metadata"])) }
    };
    let end = submit(say::CREATE, LIST.path);
    let body = html! {
        (head(&[(words::NAV_CASHBACK, LIST.path)], &html! { (say::NEW) }, &html! {}))
        (filled.show(visit, LIST.path, &FIELDS, &parts, &end))
    };
    Ok(layout::page(visit, say::NEW, &body))
}

/// Makes one. What belongs to the other kind of cashback is not sent: nobody sees it in the form.
pub(in super::super) async fn create(sent: Sent) -> Result<Response, Trouble> {
    let hidden = match sent.field("type") {
        "fixed" => "percentage",
        "percentage" => "amount",
        _ => "",
    };
    let fields: Vec<Field> = FIELDS.into_iter().filter(|field| field.name != hidden).collect();
    match sent.post("/cashbacks", body(&fields, &sent.fields, false).pretty(0)).await {
        Ok(made) => Ok(sent.done(&format!("{}/{}", LIST.path, made.text("id")), say::CREATED)),
        Err(trouble) => form(&sent.visit, Filled::again(&sent, trouble)?).await,
    }
}

/// One of them, with its totals, the links that carry it, and its claims.
pub(in super::super) async fn detail(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let row = visit.get(&format!("/cashbacks/{id}")).await?;
    let claims = visit.get(&format!("/claims?cashback={id}&limit=20")).await?;
    let paid = visit.get(&format!("/claims?cashback={id}&status=paid&limit=100")).await?;
    let open = visit.get(&format!("/claims?cashback={id}&status=open&limit=100")).await?;
    let attached = links::with_cashback(&visit, &id).await?;
    let is_over = row.text("status") == "deactivated";
    let actions = html! {
        @if visit.holder.may_write() && !is_over {
            a.button href={ (LIST.path) "/" (id) "/edit" } { (words::CHANGE) }
            a.button.danger href={ (LIST.path) "/" (id) "/deactivate" } { (words::DEACTIVATE) }
        }
    };
    let title = html! { bdi { (row.text("name")) } " " (status(&row)) };
    let body = html! {
        (head(&[(words::NAV_CASHBACK, LIST.path)], &title, &actions))
        div.tiles {
            (tile(words::WORTH, &html! { (worth(&row)) }, &html! { (say::of_each(row.text("type"))) }))
            (tile(say::COMMITTED, &parts::msat_of(&row, "committed_msat"), &budget_left(&row)))
            (total(say::PAID_OUT, &paid))
            (total(say::STILL_OPEN, &open))
        }
        (about(&row))
        (section(say::ATTACHED, &attached_to(&visit, &row, &attached)))
        section.card {
            h2 { (words::NAV_CLAIMS) }
            @if claims.list("data").is_empty() { p.hint { (say::NO_CLAIMS) } }
            @else { (table::table(words::NAV_CLAIMS, claims::COLUMNS, claims.list("data"))) }
            @if claims.is("has_more") {
                p { a href={ "/dashboard/claims?cashback=" (id) } { (words::SHOW_ALL) } }
            }
        }
        (parts::notes(&row))
    };
    Ok(layout::page(&visit, row.text("name"), &body))
}

fn budget_left(row: &Json) -> Markup {
    html! {
        @match row.number("budget_msat") {
            Some(budget) => (say::of_budget(&parts::sat(budget))),
            None => (say::NO_BUDGET),
        }
    }
}

fn total(label: &str, claims: &Json) -> Markup {
    let sum = claims.list("data").iter().filter_map(|claim| claim.number("amount_msat"));
    let sum = sum.fold(0_u64, u64::saturating_add);
    let count = claims.list("data").len();
    let note = say::claims(count, claims.is("has_more"));
    tile(label, &html! { span.num { (parts::sat(sum)) } }, &html! { (note) })
}

fn attached_to(visit: &Visit, row: &Json, attached: &[Json]) -> Markup {
    html! {
        @if attached.is_empty() {
            p.hint { (say::NO_LINKS) }
            @if visit.may_make() && row.text("status") != "deactivated" {
                p { a.button href={ "/dashboard/links/new?cashback=" (row.text("id")) } { (say::MAKE_LINK) } }
            }
        } @else { (table::table(say::ATTACHED, links::COLUMNS, attached)) }
    }
}

fn about(row: &Json) -> Markup {
    let currency = row.text("currency");
    let limit = |name: &str| {
        html! {
            @if row.has(name) { (amount(row.text(name), currency)) } @else { (parts::none()) }
        }
    };
    let days = html! {
        (FIELDS[11].typed(row)) " " (words::DAYS)
    };
    let reason = row.text("deactivated_reason");
    section(
        words::DETAILS,
        &facts(&[
            (say::NAME.label, told(row.text("name"))),
            (say::DESCRIPTION.label, told(row.text("description"))),
            (say::TYPE.label, html! { (words::choice(row.text("type"))) }),
            (say::START.label, moment(row.number("start_date"))),
            (say::END.label, moment(row.number("end_date"))),
            (
                words::STATUS,
                html! { (status(row)) @if !reason.is_empty() { " " (words::status(reason)) } },
            ),
            (say::MAX_AMOUNT.label, limit("max_amount")),
            (say::MIN_SPEND.label, limit("min_spend")),
            (say::BUDGET.label, limit("budget")),
            (say::MAX_CLAIMS.label, told(row.text("max_claims"))),
            (say::CLAIM_TTL_SHORT, days),
            (words::CREATED, moment(row.number("created"))),
            (words::ID, parts::copyable(row.text("id"))),
            (words::ACCOUNT, told(row.text("account"))),
        ]),
    )
}

/// The form to change one.
pub(in super::super) async fn edit(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let row = visit.get(&format!("/cashbacks/{id}")).await?;
    let filled = Filled::of(&visit, &row, &changeable());
    Ok(change_form(&visit, &id, &row, &filled))
}

fn change_form(visit: &Visit, id: &str, row: &Json, filled: &Filled) -> Response {
    let fields = changeable();
    let path = format!("{}/{id}", LIST.path);
    let parts = html! {
        section.card {
            p.hint { (say::WHAT_STAYS) " " (worth(row)) "." }
            @for field in &fields { (field.show(filled)) }
        }
    };
    let trail = [(words::NAV_CASHBACK, LIST.path), (row.text("name"), path.as_str())];
    let body = html! {
        (head(&trail, &html! { (words::CHANGE) }, &html! {}))
        (filled.show(visit, &format!("{path}/edit"), &fields, &parts, &submit(words::SAVE, &path)))
    };
    layout::page(visit, words::CHANGE, &body)
}

/// Changes one.
pub(in super::super) async fn update(Named(id): Named, sent: Sent) -> Result<Response, Trouble> {
    let id = parts::escaped(&id);
    let path = format!("/cashbacks/{id}");
    match sent.post(&path, body(&changeable(), &sent.fields, true).pretty(0)).await {
        Ok(_) => Ok(sent.done(&format!("{}/{id}", LIST.path), words::SAVED)),
        Err(trouble) => {
            let filled = Filled::again(&sent, trouble)?;
            let row = sent.visit.get(&path).await?;
            Ok(change_form(&sent.visit, &id, &row, &filled))
        }
    }
}
