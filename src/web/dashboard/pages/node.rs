//! *Operator > Node*: what it is and holds, and deposits.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::super::super::qr;
use super::super::json::Json;
use super::super::layout;
use super::super::parts::form;
use super::super::parts::table::{self, column};
use super::super::parts::{amount, badge, copyable, facts, head, msat_of, section, tile, told};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, node as say};
use super::channels;

pub(super) const PATH: &str = "/dashboard/node";

/// What the node is and holds.
pub(in super::super) async fn page(visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    let node = visit.get("/node").await?;
    let channels = visit.get("/node/channels").await?;
    let peers = visit.get("/node/peers").await?;
    let ready = visit.get("/readyz").await?;
    let is_drained = ready.list("not_ready").iter().any(|rule| rule.text("rule") == "drained");
    let actions = html! {
        (form::button(&visit, "/dashboard/node/address", say::DEPOSIT, "primary"))
        a.button href={ (PATH) "/channels/new" } { (say::OPEN) }
        a.button href={ (PATH) "/send" } { (say::SEND) }
    };
    let sats = |name: &str| html! { span.num { (amount(node.text(name), "SATS")) } };
    let content = html! {
        (head(&[], &html! { (words::NAV_NODE) }, &actions))
        @for rule in ready.list("not_ready") {
            p.banner.warn { (words::not_ready(rule.text("rule"), rule.text("message"))) }
        }
        div.tiles {
            (tile(say::OUTBOUND, &msat_of(&node, "outbound_msat"), &html! { (say::OUTBOUND_HINT) }))
            (tile(say::INBOUND, &msat_of(&node, "inbound_msat"), &html! { (say::INBOUND_HINT) }))
            (tile(say::ONCHAIN, &sats("onchain_spendable_sat"), &html! { (say::of_onchain(&amount(node.text("onchain_total_sat"), "SATS"))) }))
        }
        section.card { h2 { (say::CHANNELS) }
            @if channels.list("data").is_empty() {
                div.empty { h3 { (say::NO_CHANNELS) } p { (say::NO_CHANNELS_NEXT) } }
            } @else { @for channel in channels.list("data") { (channels::bar(channel)) } }
        }
        (about(&node))
        section.card { h2 { (say::PEERS) }
            p { a.button href={ (PATH) "/peers/new" } { (say::CONNECT) } }
            @if peers.list("data").is_empty() { p.hint { (say::NO_PEERS) } }
            @else { (table::table(say::PEERS, &[
                column(say::NODE_ID.label, "", |row| html! { code { (row.text("node_id")) } }),
                column(say::ADDRESS.label, "", |row| told(row.text("address"))),
                column(words::STATUS, "", |row| badge(if row.is("connected") { "connected" } else { "disconnected" })),
            ], peers.list("data"))) }
        }
        section.card { h2 { (say::DRAIN) } p { (if is_drained { say::IS_DRAINED } else { say::DRAIN_HINT }) }
            @if is_drained { (form::button(&visit, "/dashboard/node/undrain", say::UNDRAIN_NOW, "primary")) }
            @else { (form::button(&visit, "/dashboard/node/drain", say::DRAIN_NOW, "danger")) }
        }
    };
    Ok(layout::page(&visit, words::NAV_NODE, &content))
}

fn about(node: &Json) -> Markup {
    let listening = node.list("listening").iter().map(|address| match address {
        Json::Text(text) => text.as_str(),
        _ => "",
    });
    let listening = listening.collect::<Vec<_>>().join(", ");
    section(
        words::DETAILS,
        &facts(&[
            (say::NODE_ID.label, copyable(node.text("node_id"))),
            (say::ALIAS, told(node.text("alias"))),
            (say::NETWORK, told(node.text("network"))),
            (say::LISTENING, told(&listening)),
            (say::HEIGHT, told(node.text("height"))),
            (say::BEHIND, told(node.text("blocks_behind"))),
            (say::LARGEST, msat_of(node, "largest_send_msat")),
            (say::RESERVE, html! { (amount(node.text("anchor_reserve_sat"), "SATS")) }),
        ]),
    )
}

/// An address nobody has seen before, with its code.
pub(in super::super) async fn deposit(sent: Sent) -> Result<Response, Trouble> {
    let made = sent.post("/node/address", String::new()).await?;
    let address = made.text("address");
    let content = html! {
        (head(&[(words::NAV_NODE, PATH)], &html! { (say::DEPOSIT) }, &html! {}))
        section.card.deposit {
            p { (say::DEPOSIT_HINT) }
            img src={ (PATH) "/address.svg?address=" (super::super::parts::escaped(address)) } width="240"
                height="240" alt=(say::DEPOSIT_CODE);
            (copyable(address))
        }
    };
    Ok(layout::page(&sent.visit, say::DEPOSIT, &content))
}

/// The code of an address; of nothing that is no address.
pub(in super::super) async fn deposit_code(visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    let address = visit.param("address");
    let is_plain =
        (14..=100).contains(&address.len()) && address.bytes().all(|b| b.is_ascii_alphanumeric());
    // Bech32 is the same in upper case, and makes a smaller code.
    let is_bech32 = ["bc1", "tb1", "bcrt1"].iter().any(|begin| address.starts_with(begin));
    let text = if is_bech32 { address.to_uppercase() } else { address.to_owned() };
    let code = if is_plain { qr::svg(&format!("bitcoin:{text}")) } else { None };
    let code = code.ok_or_else(Trouble::nothing)?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], code).into_response())
}

/// Takes no new claims and sessions, or takes them again.
pub(in super::super) async fn drain(sent: Sent) -> Result<Response, Trouble> {
    let is_drain = sent.visit.path.ends_with("/drain");
    sent.post(if is_drain { "/drain" } else { "/undrain" }, String::new()).await?;
    Ok(sent.done(PATH, if is_drain { say::DRAINED } else { say::UNDRAINED }))
}
