//! Every route of the admin listener, on one page.

use axum::Router;
use axum::routing::{delete, get, post};

use super::{
    Admin, accounts, cashbacks, checkout_links, checkout_sessions, claims, drain, events, health,
    ledger, node, payment_links, payment_page, payments, payouts, rates, webhooks,
};

/// Routes that need no key.
pub(super) fn open() -> Router<Admin> {
    Router::new().route("/healthz", get(health::alive)).route("/readyz", get(health::ready))
}

/// Routes that need a key.
pub(super) fn api() -> Router<Admin> {
    Router::new()
        .route("/accounts", post(accounts::create).get(accounts::list))
        .route("/accounts/{id}", get(accounts::get).post(accounts::update))
        .route("/accounts/{id}/keys", post(accounts::create_key).get(accounts::list_keys))
        .route("/accounts/{id}/keys/{key}", delete(accounts::revoke_key))
        .route("/accounts/{id}/credits", post(accounts::credit))
        .route("/accounts/{id}/debits", post(accounts::debit))
        .route("/balances", get(ledger::balances))
        .route("/balance-transactions", get(ledger::statement))
        .route("/cashbacks", post(cashbacks::create).get(cashbacks::list))
        .route("/cashbacks/{id}", get(cashbacks::get).post(cashbacks::update))
        .route("/cashbacks/{id}/deactivate", post(cashbacks::deactivate))
        .route("/checkout-links", post(checkout_links::create).get(checkout_links::list))
        .route("/checkout-links/{id}", get(checkout_links::get))
        .route("/checkout-links/{id}/deactivate", post(checkout_links::deactivate))
        .route("/checkout-sessions", post(checkout_sessions::create).get(checkout_sessions::list))
        .route(
            "/checkout-sessions/{id}",
            get(checkout_sessions::get).post(checkout_sessions::update),
        )
        .route("/checkout-sessions/{id}/customer-details", delete(checkout_sessions::forget))
        .route("/checkout-sessions/{id}/deactivate", post(checkout_sessions::deactivate))
        .route("/claims", get(claims::list))
        .route("/claims/{id}", get(claims::get))
        .route("/claims/{id}/cancel", post(claims::cancel))
        .route("/drain", post(drain::drain))
        .route("/undrain", post(drain::undrain))
        .route("/events", get(events::list))
        .route("/events/{id}", get(events::get))
        .route("/ledger/audit", get(ledger::audit))
        .route("/ledger/export", get(ledger::export))
        .route("/ledger/transfers", get(ledger::transfers))
        .route("/ledger/suspense", get(ledger::suspense))
        .route("/ledger/suspense/{id}/assign", post(ledger::assign))
        .route("/node", get(node::get))
        .route("/node/address", post(node::new_address))
        .route("/node/channels", get(node::list_channels).post(node::open_channel))
        .route("/node/payments", get(node::list_payments))
        .route("/node/peers", get(node::list_peers))
        .route("/payment-links", post(payment_links::create).get(payment_links::list))
        .route("/payment-links/{id}", get(payment_links::get))
        .route("/payment-links/{id}/activate", post(payment_links::activate))
        .route("/payment-links/{id}/deactivate", post(payment_links::deactivate))
        .route("/payment-page", post(payment_page::create))
        .route("/payments", get(payments::list).post(payments::create))
        .route("/payments/{id}", get(payments::get))
        .route("/payouts", get(payouts::list))
        .route("/payouts/{id}", get(payouts::get))
        .route("/payouts/{id}/park", post(payouts::park))
        .route("/payouts/{id}/resolve", post(payouts::resolve))
        .route("/rates", get(rates::list))
        .route("/webhooks", post(webhooks::create).get(webhooks::list))
        .route("/webhooks/verify-secret", post(webhooks::verify_secret))
        .route("/webhooks/{id}", get(webhooks::get))
        .route("/webhooks/{id}/deliveries", get(webhooks::list_deliveries))
        .route("/webhooks/{id}/deliveries/{msg}/resend", post(webhooks::resend))
        .route("/webhooks/{id}/disable", post(webhooks::disable))
        .route("/webhooks/{id}/enable", post(webhooks::enable))
}

/// What a publishable key may call, wherever it is taken.
pub(super) fn publishable() -> Router<Admin> {
    Router::new()
        .route("/checkout-sessions", post(checkout_sessions::create))
        .route("/payment-page", post(payment_page::create))
}
