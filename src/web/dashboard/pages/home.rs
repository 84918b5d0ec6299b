//! Home: what is there, what happened today, and what needs somebody's attention.

use axum::response::Response;
use maud::{Markup, html};

use super::super::json::Json;
use super::super::layout;
use super::super::parts::table;
use super::super::parts::{head, icon_beside, sat, tile, time};
use super::super::trouble::Trouble;
use super::super::visit::Visit;
use super::super::words::{self, home as say};
use super::{claims, sessions, statement};
use crate::domain::id::AccountId;

/// Something that needs attention: what it is, and where to look.
struct Matter {
    is_grave: bool,
    text: String,
    link: Option<(String, &'static str)>,
}

fn matter(is_grave: bool, text: impl Into<String>, path: &str, label: &'static str) -> Matter {
    let link = (!path.is_empty()).then(|| (path.to_owned(), label));
    Matter { is_grave, text: text.into(), link }
}

/// The page.
pub(in super::super) async fn page(visit: Visit) -> Result<Response, Trouble> {
    let account = visit.account().cloned();
    let matters = matters(&visit, account.as_ref()).await?;
    let content = html! {
        (head(&[], &html! { (words::NAV_HOME) }, &html! {}))
        @match &account {
            Some(account) => (figures(&visit, account).await?),
            None => (overview(&visit).await?),
        }
        section.card.attention aria-labelledby="attention" {
            h2 #attention { (say::ATTENTION) }
            @if matters.is_empty() { p.calm { (icon_beside("check")) (say::ALL_WELL) } }
            @else {
                ul {
                    @for matter in &matters {
                        li class=(if matter.is_grave { "grave" } else { "mild" }) {
                            (icon_beside("warn"))
                            span { (matter.text) }
                            @if let Some((path, label)) = &matter.link { a href=(path) { (label) } }
                        }
                    }
                }
            }
        }
        @if account.is_some() { (recent(&visit).await?) }
    };
    Ok(layout::page(&visit, words::NAV_HOME, &content))
}

/// Balance, and what came in and went out today.
async fn figures(visit: &Visit, account: &AccountId) -> Result<Markup, Trouble> {
    let balance = visit.get("/balances").await?;
    let now = visit.dash.api.shared().clock.now().wall.millis();
    let since = time::day_began(now, visit.zone_minutes);
    let today = statement::read(visit, account, since).await?;
    let sum = |kind: &str| {
        let rows = today.lines.iter().filter(|line| line.transfer.posting.kind.name() == kind);
        rows.fold((0_u64, 0_usize), |(sum, count), line| {
            (sum.saturating_add(line.transfer.posting.amount.get()), count + 1)
        })
    };
    let (paid, payments) = sum("Payment");
    let ((given, cashbacks), (back, failed)) = (sum("Withdraw"), sum("Withdraw Reversal"));
    let in_flight = balance.number("in_flight_msat").unwrap_or(0);
    let payments = html! { (say::payments(payments)) };
    let cashbacks = html! { (say::cashbacks(cashbacks.saturating_sub(failed))) };
    Ok(html! {
        div.tiles {
            (tile(say::BALANCE, &html! { span.num { (sat(balance.number("available_msat").unwrap_or(0))) } },
                &html! { @if in_flight > 0 { (say::in_flight(&sat(in_flight))) } @else { (say::AVAILABLE) } }))
            (tile(say::RECEIVED_TODAY, &html! { span.num { (sat(paid)) } }, &payments))
            (tile(say::CASHBACK_TODAY, &html! { span.num { (sat(given.saturating_sub(back))) } }, &cashbacks))
        }
    })
}

/// What the operator sees who has chosen no account.
async fn overview(visit: &Visit) -> Result<Markup, Trouble> {
    let accounts = visit.get("/accounts?limit=100").await?;
    let node = visit.get("/node").await.unwrap_or(Json::Null);
    let figure = |name: &str| {
        html! {
            span.num { @match node.number(name) { Some(msat) => (sat(msat)), None => "–" } }
        }
    };
    let count = accounts.list("data").len();
    let more = if accounts.is("has_more") { "+" } else { "" };
    Ok(html! {
        div.tiles {
            (tile(words::NAV_ACCOUNTS, &html! { span.num { (count) (more) } },
                &html! { a href="/dashboard/accounts" { (say::TO_ACCOUNTS) } }))
            (tile(words::node::OUTBOUND, &figure("outbound_msat"), &html! { a href="/dashboard/node" { (say::TO_NODE) } }))
            (tile(words::node::INBOUND, &figure("inbound_msat"), &html! { (words::node::INBOUND_HINT) }))
        }
    })
}

/// Everything that needs attention, the gravest first.
async fn matters(visit: &Visit, account: Option<&AccountId>) -> Result<Vec<Matter>, Trouble> {
    let mut found = vec![];
    let ready = visit.get("/readyz").await?;
    for rule in ready.list("not_ready") {
        found.push(matter(true, words::not_ready(rule.text("rule"), rule.text("message")), "", ""));
    }
    for (query, text) in
        [("status=in_doubt", say::IN_DOUBT), ("parked=true&status=processing", say::PARKED)]
    {
        let list = visit.get(&format!("/payouts?{query}&limit=100")).await?;
        let count = list.list("data").len();
        if count > 0 {
            found.push(matter(
                true,
                say::counted(count, text),
                &format!("/dashboard/payouts?{query}"),
                say::LOOK,
            ));
        }
    }
    let processing = visit.get("/payouts?status=processing&limit=100").await?;
    let stuck = processing.list("data").iter().filter(|row| row.is("stuck")).count();
    if stuck > 0 {
        let path = "/dashboard/payouts?status=processing";
        found.push(matter(true, say::counted(stuck, say::STUCK), path, say::LOOK));
    }
    if account.is_some() {
        found.extend(low_balance(visit).await?);
        let hooks = visit.get("/webhooks?status=active&limit=100").await?;
        let failing = hooks.list("data").iter().filter(|hook| hook.has("failing_since")).count();
        if failing > 0 {
            let path = "/dashboard/webhooks";
            found.push(matter(false, say::counted(failing, say::FAILING), path, say::LOOK));
        }
    }
    for rule in ready.list("warnings") {
        found.push(matter(
            false,
            words::not_ready(rule.text("rule"), rule.text("message")),
            "/dashboard/rates",
            say::LOOK,
        ));
    }
    Ok(found)
}

/// Customers hold claims that the balance does not cover, or it covers nothing although a cashback is live.
async fn low_balance(visit: &Visit) -> Result<Option<Matter>, Trouble> {
    let available = visit.get("/balances").await?.number("available_msat").unwrap_or(0);
    let open = visit.get("/claims?status=open&limit=100").await?;
    let owed = open.list("data").iter().filter_map(|claim| claim.number("amount_msat"));
    let owed = owed.fold(0_u64, u64::saturating_add);
    if owed > available {
        let text = say::low_balance(&sat(owed), &sat(available));
        return Ok(Some(matter(true, text, "/dashboard/claims?status=open", say::LOOK)));
    }
    Ok(None)
}

/// What happened last, or how to begin.
async fn recent(visit: &Visit) -> Result<Markup, Trouble> {
    let cashbacks = visit.get("/cashbacks?limit=1").await?;
    let paid = visit.get("/checkout-sessions?status=paid&limit=5").await?;
    let claims = visit.get("/claims?limit=5").await?;
    let has_cashback = !cashbacks.list("data").is_empty();
    Ok(html! {
        @if paid.list("data").is_empty() {
            section.card.steps { h2 { (say::BEGIN) }
                ol {
                    li { a href="/dashboard/cashbacks/new" { (say::STEP_CASHBACK) }
                        @if has_cashback { " " span.badge.good { (words::DONE) } } }
                    li { a href="/dashboard/links/new" { (say::STEP_LINK) } }
                    li { (say::STEP_SHARE) }
                }
            }
        } @else {
            section.card { h2 { (say::RECENT_SALES) }
                (table::table(say::RECENT_SALES, sessions::COLUMNS, paid.list("data")))
            }
        }
        @if !claims.list("data").is_empty() {
            section.card { h2 { (say::RECENT_CLAIMS) }
                (table::table(say::RECENT_CLAIMS, claims::COLUMNS, claims.list("data")))
            }
        }
    })
}
