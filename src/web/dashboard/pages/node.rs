//! *Operator > Node*: what it holds, its channels, deposits, and new channels.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::super::super::qr;
use super::super::json::Json;
use super::super::layout;
use super::super::parts::field::{Field, Kind, may, must};
use super::super::parts::form::{self, Filled, body, submit};
use super::super::parts::table::{self, column};
use super::super::parts::{
    amount, badge, copyable, facts, head, msat_of, sat, section, tile, told,
};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, node as say};

const PATH: &str = "/dashboard/node";

const CHANNEL: [Field; 4] = [
    must("node_id", say::NODE_ID, Kind::Text),
    must("address", say::ADDRESS, Kind::Text),
    must("capacity_sat", say::CAPACITY, Kind::Number),
    may("announce", say::ANNOUNCE, Kind::Flag),
];

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
            } @else { @for channel in channels.list("data") { (bar(channel)) } }
        }
        (about(&node))
        section.card { h2 { (say::PEERS) }
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

/// A channel with what can go out and come in, as widths in thousandths.
fn bar(channel: &Json) -> Markup {
    let (out, inward) =
        (channel.number("outbound_msat").unwrap_or(0), channel.number("inbound_msat").unwrap_or(0));
    let whole = channel.number("capacity_sat").unwrap_or(0).saturating_mul(1_000).max(1);
    let part = |msat: u64| (u128::from(msat) * 1_000 / u128::from(whole)).min(1_000);
    let (left, right) = (part(out), part(inward));
    let said = say::bar(&sat(out), &sat(inward));
    html! {
        div.channel {
            div.names {
                code { (channel.text("peer")) }
                @if channel.is("usable") { (badge("usable")) }
                @else if channel.is("ready") { (badge("disconnected")) }
                @else { (badge("pending")) }
                span.num { (amount(channel.text("capacity_sat"), "SATS")) }
            }
            svg.bar viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label=(said) {
                rect.ground x="0" y="0" width="1000" height="10" rx="5" {}
                rect.out x="0" y="0" width=(left) height="10" rx="5" {}
                rect.inward x=(1_000 - right) y="0" width=(right) height="10" rx="5" {}
            }
            div.ends {
                span { (say::OUTBOUND) " " (sat(out)) }
                span { (say::INBOUND) " " (sat(inward)) }
            }
        }
    }
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

/// The form for a new channel.
pub(in super::super) async fn new_channel(visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    let filled = Filled::new(&visit, &[("announce", "yes")]);
    Ok(channel_form(&visit, &filled))
}

fn channel_form(visit: &Visit, filled: &Filled) -> Response {
    let parts = html! {
        section.card { p.hint { (say::OPEN_HINT) } @for field in &CHANNEL { (field.show(filled)) } }
    };
    let action = format!("{PATH}/channels");
    let content = html! {
        (head(&[(words::NAV_NODE, PATH)], &html! { (say::OPEN) }, &html! {}))
        (filled.show(visit, &action, &CHANNEL, &parts, &submit(say::OPEN, PATH)))
    };
    layout::page(visit, say::OPEN, &content)
}

/// Opens a channel.
pub(in super::super) async fn open_channel(sent: Sent) -> Result<Response, Trouble> {
    match sent.post("/node/channels", body(&CHANNEL, &sent.fields, false).pretty(0)).await {
        Ok(_) => Ok(sent.done(PATH, say::OPENED)),
        Err(trouble) => Ok(channel_form(&sent.visit, &Filled::again(&sent, trouble)?)),
    }
}

/// Takes no new claims and sessions, or takes them again.
pub(in super::super) async fn drain(sent: Sent) -> Result<Response, Trouble> {
    let is_drain = sent.visit.path.ends_with("/drain");
    sent.post(if is_drain { "/drain" } else { "/undrain" }, String::new()).await?;
    Ok(sent.done(PATH, if is_drain { say::DRAINED } else { say::UNDRAINED }))
}
