//! Every page of the dashboard, on one page.

use axum::Router;
use axum::routing::{any, get, post};

use super::pages::{
    accounts, act, backup, books, cashbacks, channels, claims, events, home, keys, links, node,
    payments, payouts, rates, sessions, transactions, webhooks,
};
use super::trouble::Trouble;
use super::visit::Dashboard;
use super::{assets, sign_in};

/// All of them.
pub(super) fn pages() -> Router<Dashboard> {
    Router::new().merge(house()).merge(shop()).merge(developer()).merge(operator()).merge(acts())
}

fn house() -> Router<Dashboard> {
    Router::new()
        .route("/", get(home::page))
        .route("/dashboard/sign-in", get(sign_in::ask).post(sign_in::sign_in))
        .route("/dashboard/sign-out", post(sign_in::sign_out))
        .route("/dashboard/act-for", post(accounts::choose))
        .route("/dashboard/assets/dashboard.css", get(assets::style))
        .route("/dashboard/assets/dashboard.js", get(assets::script))
        .route("/dashboard/assets/icon.svg", get(assets::icon))
        // Else the API would answer, and have the browser ask for a password.
        .route("/dashboard/{*rest}", any(|| async { Trouble::nothing() }))
}

fn shop() -> Router<Dashboard> {
    Router::new()
        .route("/dashboard/cashbacks", get(cashbacks::list).post(cashbacks::create))
        .route("/dashboard/cashbacks/new", get(cashbacks::new))
        .route("/dashboard/cashbacks/{id}", get(cashbacks::detail))
        .route("/dashboard/cashbacks/{id}/edit", get(cashbacks::edit).post(cashbacks::update))
        .route("/dashboard/claims", get(claims::list))
        .route("/dashboard/claims/{id}", get(claims::detail))
        .route("/dashboard/payouts", get(payouts::list))
        .route("/dashboard/payouts/{id}", get(payouts::detail))
        .route("/dashboard/payouts/{id}/resolve", get(payouts::ask).post(payouts::resolve))
        .route("/dashboard/links", get(links::list).post(links::make))
        .route("/dashboard/links/new", get(links::new))
        .route("/dashboard/links/{id}", get(links::detail))
        .route("/dashboard/sessions", get(sessions::list).post(sessions::make))
        .route("/dashboard/sessions/new", get(sessions::new))
        .route("/dashboard/sessions/{id}", get(sessions::detail))
        .route("/dashboard/sessions/{id}/edit", get(sessions::edit).post(sessions::update))
        .route("/dashboard/payments", get(payments::list).post(payments::make))
        .route("/dashboard/payments/new", get(payments::new))
        .route("/dashboard/payments/{id}", get(payments::detail))
        .route("/dashboard/transactions", get(transactions::list))
        .route("/dashboard/transactions.csv", get(transactions::file))
        .route("/dashboard/rates", get(rates::list))
}

fn developer() -> Router<Dashboard> {
    Router::new()
        .route("/dashboard/webhooks", get(webhooks::list).post(webhooks::make))
        .route("/dashboard/webhooks/new", get(webhooks::new))
        .route("/dashboard/webhooks/{id}", get(webhooks::detail))
        .route("/dashboard/webhooks/{id}/verify", get(webhooks::checking).post(webhooks::check))
        .route("/dashboard/webhooks/{id}/resend/{message}", post(webhooks::resend))
        .route("/dashboard/events", get(events::list))
        .route("/dashboard/events/{id}", get(events::detail))
        .route("/dashboard/keys", get(keys::list))
}

fn operator() -> Router<Dashboard> {
    Router::new()
        .route("/dashboard/accounts", get(accounts::list).post(accounts::make))
        .route("/dashboard/accounts/new", get(accounts::new))
        .route("/dashboard/accounts/{id}", get(accounts::detail))
        .route("/dashboard/accounts/{id}/edit", get(accounts::edit).post(accounts::update))
        .route("/dashboard/accounts/{id}/credit", post(accounts::move_money))
        .route("/dashboard/accounts/{id}/debit", post(accounts::move_money))
        .route("/dashboard/accounts/{id}/keys", post(accounts::make_key))
        .route("/dashboard/accounts/{id}/keys/{key}/revoke", post(accounts::revoke_key))
        .route("/dashboard/node", get(node::page))
        .route("/dashboard/node/address", post(node::deposit))
        .route("/dashboard/node/address.svg", get(node::deposit_code))
        .route("/dashboard/node/channels", post(channels::open_channel))
        .route("/dashboard/node/channels/new", get(channels::new_channel))
        .route("/dashboard/node/channels/{id}/close", get(channels::closing).post(channels::close))
        .route("/dashboard/node/peers", post(channels::connect))
        .route("/dashboard/node/peers/new", get(channels::new_peer))
        .route("/dashboard/node/send", get(channels::new_send).post(channels::send))
        .route("/dashboard/node/drain", post(node::drain))
        .route("/dashboard/node/undrain", post(node::drain))
        .route("/dashboard/audit", get(books::audit))
        .route("/dashboard/suspense", get(books::suspense))
        .route("/dashboard/suspense/{id}", get(books::receipt))
        .route("/dashboard/suspense/{id}/assign", post(books::assign))
        .route("/dashboard/backup", get(backup::page))
}

/// What is asked before it is done.
fn acts() -> Router<Dashboard> {
    let asked = || get(act::ask).post(act::act_on);
    Router::new()
        .route("/dashboard/cashbacks/{id}/deactivate", asked())
        .route("/dashboard/links/{id}/deactivate", asked())
        .route("/dashboard/links/{id}/activate", asked())
        .route("/dashboard/sessions/{id}/deactivate", asked())
        .route("/dashboard/sessions/{id}/forget", asked())
        .route("/dashboard/claims/{id}/cancel", asked())
        .route("/dashboard/payouts/{id}/park", asked())
        .route("/dashboard/webhooks/{id}/disable", asked())
        .route("/dashboard/webhooks/{id}/enable", asked())
}
