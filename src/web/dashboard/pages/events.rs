//! Events: what happened, with the object as it was.

use axum::response::Response;
use maud::html;

use super::super::layout;
use super::super::parts::table::{self, Filter, Listing, column};
use super::super::parts::{self, facts, head, moment, section, told};
use super::super::trouble::Trouble;
use super::super::visit::Visit;
use super::super::words::{self, event as say};
use crate::web::named::Named;

const LIST: Listing = Listing {
    path: "/dashboard/events",
    api: "/events",
    title: words::NAV_EVENTS,
    lead: say::LEAD,
    columns: &[
        column(words::TYPE, "event_type", |row| {
            html! {
                a.main href={ "/dashboard/events/" (row.text("id")) } { (row.text("event_type")) }
            }
        }),
        column(say::ABOUT, "", |row| told(row.text("data.object.id"))),
        column(words::CREATED, "created", |row| moment(row.number("created"))),
    ],
    filters: &[Filter {
        name: "event_type",
        label: words::TYPE,
        choices: &[
            "payment.paid",
            "payment.expired",
            "payment.late",
            "checkout_session.paid",
            "cashback.created",
            "cashback.updated",
            "cashback.deactivated",
            "claim.created",
            "claim.paid",
            "claim.failed",
            "claim.expired",
            "claim.cancelled",
            "payout.stuck",
            "payout.in_doubt",
            "payout.parked",
            "webhook.disabled",
        ],
    }],
    empty: (say::EMPTY, say::EMPTY_NEXT),
    create: None,
};

/// All of them.
pub(in super::super) async fn list(visit: Visit) -> Result<Response, Trouble> {
    table::page(&visit, &LIST).await
}

/// One of them, as a webhook would be told it.
pub(in super::super) async fn detail(Named(id): Named, visit: Visit) -> Result<Response, Trouble> {
    let row = visit.get(&format!("/events/{}", parts::escaped(&id))).await?;
    let body = html! {
        (head(&[(words::NAV_EVENTS, LIST.path)], &html! { (row.text("event_type")) }, &html! {}))
        (section(words::DETAILS, &facts(&[
            (words::CREATED, moment(row.number("created"))),
            (say::SEQUENCE, told(row.text("sequence"))),
            (say::REQUEST, told(row.text("request.id"))),
            (words::ID, parts::copyable(row.text("id"))),
        ])))
        section.card { h2 { (say::OBJECT) }
            pre tabindex="0" role="region" aria-label=(say::OBJECT) { code { (row.at("data.object").pretty(0)) } }
        }
    };
    Ok(layout::page(&visit, row.text("event_type"), &body))
}
