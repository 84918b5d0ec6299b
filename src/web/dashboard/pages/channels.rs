//! What the operator does with channels, peers and on-chain money: forms, each of which does one thing once.

use axum::response::Response;
use maud::{Markup, html};

use super::super::json::Json;
use super::super::layout;
use super::super::parts::field::{Field, Kind, may, must};
use super::super::parts::form::{Filled, body, submit};
use super::super::parts::{amount, badge, escaped, head, sat};
use super::super::trouble::Trouble;
use super::super::visit::{Sent, Visit};
use super::super::words::{self, node as say};
use super::node::PATH;
use crate::web::named::Named;

/// A channel with what can go out and come in, as widths in thousandths.
pub(super) fn bar(channel: &Json) -> Markup {
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
                a href={ (PATH) "/channels/" (escaped(channel.text("id"))) "/close" } { (say::CLOSE) }
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

/// A form of the node's.
struct Act {
    title: &'static str,
    hint: &'static str,
    done: &'static str,
    fields: &'static [Field],
}

const OPEN: Act = Act {
    title: say::OPEN,
    hint: say::OPEN_HINT,
    done: say::OPENED,
    fields: &[
        must("node_id", say::NODE_ID, Kind::Text),
        must("address", say::ADDRESS, Kind::Text),
        must("capacity_sat", say::CAPACITY, Kind::Number),
        may("announce", say::ANNOUNCE, Kind::Flag),
    ],
};

const CLOSE: Act = Act {
    title: say::CLOSE,
    hint: say::CLOSE_HINT,
    done: say::CLOSED,
    fields: &[may("force", say::FORCE, Kind::Flag)],
};

const SEND: Act = Act {
    title: say::SEND,
    hint: say::SEND_HINT,
    done: say::SENT,
    fields: &[
        must("address", say::SEND_TO, Kind::Text),
        may("amount_sat", say::AMOUNT, Kind::Number),
        may("all", say::ALL, Kind::Flag),
        may("fee_rate_sat_vb", say::FEE_RATE, Kind::Number),
    ],
};

const CONNECT: Act = Act {
    title: say::CONNECT,
    hint: say::CONNECT_HINT,
    done: say::CONNECTED,
    fields: &[must("node_id", say::NODE_ID, Kind::Text), must("address", say::ADDRESS, Kind::Text)],
};

impl Act {
    fn ask(&self, visit: &Visit, action: &str, filled: &Filled) -> Response {
        let parts = html! {
            section.card { p.hint { (self.hint) } @for field in self.fields { (field.show(filled)) } }
        };
        let content = html! {
            (head(&[(words::NAV_NODE, PATH)], &html! { (self.title) }, &html! {}))
            (filled.show(visit, action, self.fields, &parts, &submit(self.title, PATH)))
        };
        layout::page(visit, self.title, &content)
    }

    async fn act(&self, sent: Sent, api: &str, action: &str) -> Result<Response, Trouble> {
        match sent.post(api, body(self.fields, &sent.fields, false).pretty(0)).await {
            Ok(_) => Ok(sent.done(PATH, self.done)),
            Err(trouble) => Ok(self.ask(&sent.visit, action, &Filled::again(&sent, trouble)?)),
        }
    }
}

/// The form for a new channel.
pub(in super::super) async fn new_channel(visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    let filled = Filled::new(&visit, &[("announce", "yes")]);
    Ok(OPEN.ask(&visit, &format!("{PATH}/channels"), &filled))
}

/// Opens a channel.
pub(in super::super) async fn open_channel(sent: Sent) -> Result<Response, Trouble> {
    OPEN.act(sent, "/node/channels", &format!("{PATH}/channels")).await
}

/// Asks how a channel is to be closed.
pub(in super::super) async fn closing(visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    Ok(CLOSE.ask(&visit, &visit.path, &Filled::new(&visit, &[])))
}

/// Closes it.
pub(in super::super) async fn close(Named(id): Named, sent: Sent) -> Result<Response, Trouble> {
    let id = escaped(&id);
    let action = format!("{PATH}/channels/{id}/close");
    CLOSE.act(sent, &format!("/node/channels/{id}/close"), &action).await
}

/// The form for on-chain money that leaves.
pub(in super::super) async fn new_send(visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    Ok(SEND.ask(&visit, &format!("{PATH}/send"), &Filled::new(&visit, &[])))
}

/// Sends it.
pub(in super::super) async fn send(sent: Sent) -> Result<Response, Trouble> {
    SEND.act(sent, "/node/send", &format!("{PATH}/send")).await
}

/// The form for a new peer.
pub(in super::super) async fn new_peer(visit: Visit) -> Result<Response, Trouble> {
    visit.must_be_operator()?;
    Ok(CONNECT.ask(&visit, &format!("{PATH}/peers"), &Filled::new(&visit, &[])))
}

/// Connects with it.
pub(in super::super) async fn connect(sent: Sent) -> Result<Response, Trouble> {
    CONNECT.act(sent, "/node/peers", &format!("{PATH}/peers")).await
}
