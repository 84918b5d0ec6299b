//! What is done with one press and asks first: a page says what it means, a button does it.

use axum::response::Response;
use maud::html;

use super::super::parts::{form, head};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, Asked};
use super::super::{layout, parts};
use crate::web::named::Named;

/// An act on one object.
#[derive(Clone, Copy, Debug)]
struct Act {
    /// The folder of its pages, and how the API calls it.
    folder: &'static str,
    api: &'static str,
    verb: &'static str,
    asked: Asked,
}

const fn act(folder: &'static str, api: &'static str, verb: &'static str, asked: Asked) -> Act {
    Act { folder, api, verb, asked }
}

const ACTS: [Act; 9] = [
    act("cashbacks", "cashbacks", "deactivate", words::DEACTIVATE_CASHBACK),
    act("links", "payment-links", "deactivate", words::DEACTIVATE_LINK),
    act("links", "payment-links", "activate", words::ACTIVATE_LINK),
    act("sessions", "checkout-sessions", "deactivate", words::DEACTIVATE_SESSION),
    act("sessions", "checkout-sessions", "forget", words::FORGET_CUSTOMER),
    act("claims", "claims", "cancel", words::CANCEL_CLAIM),
    act("payouts", "payouts", "park", words::PARK_PAYOUT),
    act("webhooks", "webhooks", "disable", words::DISABLE_WEBHOOK),
    act("webhooks", "webhooks", "enable", words::ENABLE_WEBHOOK),
];

/// Which act a path names; both the folder and the verb are of this program's own routes.
fn named(path: &str) -> Result<(&'static Act, &str), Trouble> {
    let mut parts = path.trim_start_matches("/dashboard/").split('/');
    let (folder, id, verb) = (parts.next(), parts.next(), parts.next());
    let found = ACTS.iter().find(|act| Some(act.folder) == folder && Some(act.verb) == verb);
    found.zip(id).ok_or_else(Trouble::nothing)
}

/// Asks whether it is meant.
pub(in super::super) async fn ask(visit: Visit) -> Result<Response, Trouble> {
    let (act, id) = named(&visit.path)?;
    let back = format!("/dashboard/{}/{id}", act.folder);
    let action = visit.path.clone();
    let body = html! {
        (head(&[], &html! { (act.asked.title) }, &html! {}))
        section.card {
            p { (act.asked.text) }
            p { code { (id) } }
            div.submit {
                (form::button(&visit, &action, act.asked.button, if act.asked.is_grave { "danger" } else { "primary" }))
                a.button href=(back) { (words::KEEP) }
            }
        }
    };
    Ok(layout::page(&visit, act.asked.title, &body))
}

/// Does it.
pub(in super::super) async fn act_on(Named(id): Named, sent: Sent) -> Result<Response, Trouble> {
    let (act, _) = named(&sent.visit.path)?;
    // Both kinds of links have one folder; their ids tell them apart.
    let api = if id.starts_with("clink_") { "checkout-links" } else { act.api };
    let id = parts::escaped(&id);
    if act.verb == "forget" {
        let path = format!("/{api}/{id}/customer-details");
        sent.send(axum::http::Method::DELETE, &path, String::new()).await?;
    } else {
        sent.post(&format!("/{api}/{id}/{}", act.verb), String::new()).await?;
    }
    Ok(sent.done(&format!("/dashboard/{}/{id}", act.folder), act.asked.done))
}
