//! What every page has around it.

use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::ports::store::{fetch, table};

use super::visit::{CSRF, Visit};
use super::{icons, words};

/// A place that the sidebar leads to.
struct Place {
    path: &'static str,
    label: &'static str,
    icon: &'static str,
}

const fn place(path: &'static str, label: &'static str, icon: &'static str) -> Place {
    Place { path, label, icon }
}

const SEND: [Place; 3] = [
    place("/dashboard/cashbacks", words::NAV_CASHBACK, "gift"),
    place("/dashboard/claims", words::NAV_CLAIMS, "hand"),
    place("/dashboard/payouts", words::NAV_PAYOUTS, "out"),
];
const RECEIVE: [Place; 3] = [
    place("/dashboard/links", words::NAV_LINKS, "link"),
    place("/dashboard/sessions", words::NAV_SESSIONS, "cart"),
    place("/dashboard/payments", words::NAV_PAYMENTS, "in"),
];
const BALANCE: [Place; 2] = [
    place("/dashboard/transactions", words::NAV_TRANSACTIONS, "list"),
    place("/dashboard/rates", words::NAV_RATES, "chart"),
];
const DEVELOPERS: [Place; 3] = [
    place("/dashboard/webhooks", words::NAV_WEBHOOKS, "bell"),
    place("/dashboard/events", words::NAV_EVENTS, "clock"),
    place("/dashboard/keys", words::NAV_KEYS, "key"),
];
const OPERATOR: [Place; 5] = [
    place("/dashboard/accounts", words::NAV_ACCOUNTS, "people"),
    place("/dashboard/node", words::NAV_NODE, "bolt"),
    place("/dashboard/audit", words::NAV_AUDIT, "check"),
    place("/dashboard/suspense", words::NAV_SUSPENSE, "question"),
    place("/dashboard/backup", words::NAV_BACKUP, "disk"),
];

/// A whole page of somebody who is signed in.
pub(super) fn page(visit: &Visit, title: &str, body: &Markup) -> Response {
    let notice = visit.dash.sessions.told(visit.id);
    let content = html! {
        a.skip href="#main" { (words::SKIP) }
        div.shell {
            (sidebar(visit))
            main #main tabindex="-1" {
                @if let Some(notice) = notice {
                    div.notice role="status" { (icons::icon("check")) span { (notice) } }
                }
                (body)
            }
        }
    };
    document(title, "app", &content)
}

/// A page without a sidebar.
pub(super) fn bare(title: &str, body: &Markup) -> Response {
    let content = html! {
        main.bare #main {
            p.brand { (icons::logo()) (words::BRAND) }
            section.card { (body) }
        }
    };
    document(title, "outside", &content)
}

fn document(title: &str, class: &str, content: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang=(words::LANGUAGE) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · " (words::BRAND) }
                link rel="icon" type="image/svg+xml" href="/dashboard/assets/icon.svg";
                link rel="stylesheet" href="/dashboard/assets/dashboard.css";
                script src="/dashboard/assets/dashboard.js" defer {}
            }
            body class=(class) { (content) }
        }
    };
    Html(page.into_string()).into_response()
}

fn sidebar(visit: &Visit) -> Markup {
    html! {
        header.side {
            div.top {
                a.brand href="/" { (icons::logo()) (words::BRAND) }
                button.menu type="button" aria-expanded="false" aria-controls="nav" hidden {
                    (icons::icon("menu")) span { (words::MENU) }
                }
            }
            div.fold #nav {
                (whose(visit))
                nav aria-label=(words::NAVIGATION) {
                    (group(visit, None, &[place("/", words::NAV_HOME, "home")]))
                    (group(visit, Some(words::NAV_SEND), &SEND))
                    (group(visit, Some(words::NAV_RECEIVE), &RECEIVE))
                    (group(visit, Some(words::NAV_BALANCE), &BALANCE))
                    (group(visit, Some(words::NAV_DEVELOPERS), &DEVELOPERS))
                    @if visit.holder.is_operator() { (group(visit, Some(words::NAV_OPERATOR), &OPERATOR)) }
                }
                form.leave method="post" action="/dashboard/sign-out" {
                    (csrf(visit))
                    button.quiet type="submit" { (icons::icon("leave")) (words::SIGN_OUT) }
                }
            }
        }
    }
}

/// The token of this session's forms.
pub(super) fn csrf(visit: &Visit) -> Markup {
    html! { input type="hidden" name=(CSRF) value=(visit.session.csrf); }
}

fn group(visit: &Visit, title: Option<&str>, places: &[Place]) -> Markup {
    let is_here = |path: &str| {
        visit.path == path || (path != "/" && visit.path.starts_with(&format!("{path}/")))
    };
    let list = html! {
        ul {
            @for place in places {
                li {
                    a href=(place.path) aria-current=[is_here(place.path).then_some("page")] {
                        (icons::icon(place.icon)) span { (place.label) }
                    }
                }
            }
        }
    };
    html! {
        @if let Some(title) = title { h2 { (title) } }
        (list)
    }
}

/// Whose things are shown.
fn whose(visit: &Visit) -> Markup {
    let rows = &*visit.dash.api.shared().rows;
    let account = visit.account().cloned();
    let account = account.and_then(|id| fetch::<table::Account>(rows, id).ok().flatten());
    let network = visit.dash.api.shared().network;
    html! {
        div.whose {
            @match (&account, visit.holder.is_operator()) {
                (Some(account), _) => strong dir="auto" { (account.name) },
                (None, true) => strong { (words::ALL_ACCOUNTS) },
                (None, false) => strong { (words::NO_ACCOUNT) },
            }
            span.role {
                @if visit.holder.is_operator() { (words::YOU_ARE_OPERATOR) }
                @else if !visit.holder.may_write() { (words::READ_ONLY) }
                @if !network.livemode() { span.test { (network.name()) } }
            }
            @if visit.holder.is_operator() && account.is_some() {
                form method="post" action="/dashboard/act-for" {
                    (csrf(visit))
                    button.link type="submit" { (words::SHOW_ALL_ACCOUNTS) }
                }
            }
        }
    }
}
