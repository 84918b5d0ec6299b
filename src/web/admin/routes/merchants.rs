//! What merchants watch: claims, payouts, balances, events, webhooks, rates.

use crate::domain::claim::Claim as ClaimRow;
use crate::domain::event::Event as EventRow;
use crate::domain::payout::Payout as PayoutRow;
use crate::domain::send::InstantSend as SendRow;
use crate::domain::webhook::{Delivery as DeliveryRow, Endpoint as EndpointRow};

use super::super::lists::StatementRow;
use super::super::objects::{
    Balances, Claim, Delivery, Endpoint, Event, Payout, Rates, Send, Verified,
};
use super::super::operation::Keys::{All, Readers, Writers};
use super::super::operation::{Route, get, id_schema, post};
use super::super::{bodies, claims, events, ledger, payouts, rates, sends, webhooks};

pub(super) fn routes() -> Vec<Route> {
    [money(), events(), webhooks()].into_iter().flatten().collect()
}

fn money() -> Vec<Route> {
    vec![
        get("/claims", claims::list, Readers, "The claims.").lists::<ClaimRow>(),
        get("/claims/{id}", claims::get, Readers, "One claim, with its payouts.")
            .answers::<Claim>(),
        post("/claims/{id}/cancel", claims::cancel, Writers, "Withdraws an open claim.")
            .answers::<Claim>()
            .may(&[503]),
        get("/payouts", payouts::list, Readers, "The payouts.").lists::<PayoutRow>(),
        get("/payouts/{id}", payouts::get, Readers, "One payout.").answers::<Payout>(),
        post("/send", sends::create, Writers, "Pays an invoice or a Lightning address.")
            .reads(bodies::NEW_SEND)
            .answers::<Send>()
            .may(&[402, 503]),
        get("/send", sends::list, Readers, "The account's own payments.").lists::<SendRow>(),
        get("/send/{id}", sends::get, Readers, "One of them.").answers::<Send>(),
        get("/balances", ledger::balances, Readers, "What an account has.")
            .asks("account", id_schema("acct_"))
            .answers::<Balances>()
            .may(&[404]),
        get("/balance-transactions", ledger::statement, Readers, "The statement of an account.")
            .lists::<StatementRow>(),
        get("/rates", rates::list, Readers, "All exchange rates.").answers::<Rates>(),
    ]
}

fn events() -> Vec<Route> {
    vec![
        get("/events", events::list, Readers, "What happened.").lists::<EventRow>(),
        get("/events/{id}", events::get, Readers, "One event.").answers::<Event>(),
    ]
}

fn webhooks() -> Vec<Route> {
    vec![
        post("/webhooks", webhooks::create, Writers, "Makes a webhook endpoint.")
            .reads(bodies::NEW_WEBHOOK)
            .answers::<Endpoint>()
            .may(&[402, 503]),
        get("/webhooks", webhooks::list, Readers, "The webhook endpoints.").lists::<EndpointRow>(),
        // Speed's shop plugins ask it with a publishable key; who asks has the secret already.
        post(
            "/webhooks/verify-secret",
            webhooks::verify_secret,
            All,
            "Says whether an endpoint has this address and this secret.",
        )
        .reads(bodies::WEBHOOK_SECRET)
        .answers::<Verified>(),
        get("/webhooks/{id}", webhooks::get, Readers, "One webhook endpoint.")
            .answers::<Endpoint>(),
        post("/webhooks/{id}/disable", webhooks::disable, Writers, "Sends it nothing more.")
            .answers::<Endpoint>()
            .may(&[503]),
        post("/webhooks/{id}/enable", webhooks::enable, Writers, "Sends to it from now on.")
            .answers::<Endpoint>()
            .may(&[402, 503]),
        get(
            "/webhooks/{id}/deliveries",
            webhooks::list_deliveries,
            Readers,
            "The messages to an endpoint.",
        )
        .lists_within::<DeliveryRow>(),
        post(
            "/webhooks/{id}/deliveries/{msg}/resend",
            webhooks::resend,
            Writers,
            "Sends the event of a message once more, as a new message.",
        )
        .answers::<Delivery>()
        .may(&[402, 503]),
    ]
}
