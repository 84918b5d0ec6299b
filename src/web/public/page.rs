//! The hosted page of a session: plain, correct, and without a script. It asks for itself again while something may
//! still change.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::domain::checkout::{Payment, PaymentStatus, SessionStatus};
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::currency::Currency;
use crate::domain::money::Msat;
use crate::domain::time::Span;
use crate::web::named::Named;

use super::super::{Shared, qr};
use super::Public;
use super::answers::questions;
use super::session::{View, look, read};

/// Seconds after which a page that may still change asks for itself again: while somebody is likely to look at it, and
/// later.
const REFRESH_SECS: u32 = 3;
const LATER_REFRESH_SECS: u32 = 30;
/// For how long after the last change somebody is likely to look at the page.
const ATTENTION: Span = Span::from_secs(900);

/// `GET /assets/page.css`.
pub(super) async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, include_str!("page.css")).into_response()
}

/// `GET /s/{token}`.
pub(super) async fn page(State(public): State<Public>, Named(token): Named) -> Response {
    match look(&public.shared, &token).await {
        Ok(view) => {
            public.views.note(&public.shared, &view);
            Html(render(&public.shared, &token, &view).into_string()).into_response()
        }
        Err(none) => none.into_response(),
    }
}

/// `GET /s/{token}/invoice.svg`.
pub(super) async fn invoice_qr(State(public): State<Public>, Named(token): Named) -> Response {
    match read(&public.shared, &token) {
        // Upper case makes a smaller code; BOLT11 is the same in either.
        Ok(View { payment: Some(payment), must_answer: false, .. }) => {
            image(&format!("LIGHTNING:{}", payment.invoice.as_str().to_uppercase()))
        }
        Ok(_) => (StatusCode::NOT_FOUND, "there is no invoice (yet)").into_response(),
        Err(none) => none.into_response(),
    }
}

/// `GET /s/{token}/cashback.svg`: always the same code, for it holds the claim's link.
pub(super) async fn cashback_qr(State(public): State<Public>, Named(token): Named) -> Response {
    match read(&public.shared, &token) {
        Ok(View { claim: Some(claim), session, .. }) => {
            image(&public.shared.claim_links(&claim, &session).lnurl)
        }
        Ok(_) => (StatusCode::NOT_FOUND, "there is no cashback (yet)").into_response(),
        Err(none) => none.into_response(),
    }
}

fn image(text: &str) -> Response {
    match qr::svg(text) {
        Some(svg) => ([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response(),
        None => (StatusCode::INTERNAL_SERVER_ERROR, "no code").into_response(),
    }
}

fn render(shared: &Shared, token: &str, view: &View) -> Markup {
    let title = view.session.terms.title.as_deref().unwrap_or(&view.account.name);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                @if may_change(view) {
                    meta http-equiv="refresh" content=(refresh_secs(shared, view));
                }
                title { (title) }
                link rel="stylesheet" href="/assets/page.css";
            }
            body {
                main {
                    h1 { (title) }
                    @if let Some(text) = &view.session.terms.title_description { p { (text) } }
                    (checkout(shared, token, view))
                    @if let Some(claim) = &view.claim { (cashback(shared, token, view, claim)) }
                }
            }
        }
    }
}

fn may_change(view: &View) -> bool {
    let status = view.payment.as_ref().map(|payment| payment.status);
    // A page that asks something must not be loaded anew while the customer types.
    let unpaid = view.session.status == SessionStatus::Active
        && status == Some(PaymentStatus::Unpaid)
        && !view.must_answer;
    let claimable = view
        .claim
        .as_ref()
        .is_some_and(|claim| matches!(claim.status, ClaimStatus::Open | ClaimStatus::Processing));
    unpaid || claimable
}

fn refresh_secs(shared: &Shared, view: &View) -> u32 {
    let claimed = view.claim.as_ref().map_or(view.session.modified, |claim| claim.modified);
    let changed = view.session.modified.max(claimed);
    let changed = view.payment.as_ref().map_or(changed, |payment| changed.max(payment.modified));
    let is_recent = shared.clock.now().wall.since(changed) < ATTENTION;
    if is_recent { REFRESH_SECS } else { LATER_REFRESH_SECS }
}

/// An amount as people read it.
fn sat(amount: Msat) -> String {
    let (whole, rest) = (amount.get() / 1_000, amount.get() % 1_000);
    if rest == 0 { format!("{whole} sat") } else { format!("{whole}.{rest:03} sat") }
}

fn checkout(shared: &Shared, token: &str, view: &View) -> Markup {
    if let Some(questions) = questions(token, view) {
        return html! { section id="checkout" { (questions) } };
    }
    let status = view.payment.as_ref().map_or(PaymentStatus::Expired, |payment| payment.status);
    html! {
        section id="checkout" {
            @match (view.session.status, status) {
                (SessionStatus::Paid, _) => {
                    p.good { "Paid: " (sat(view.session.received)) ". Thank you!" }
                    @if let Some(text) = &view.session.terms.success_message { p { (text) } }
                    @if let Some(url) = &view.session.terms.success_url {
                        p { a href=(url) rel="noreferrer" { "Back to the shop" } }
                    }
                }
                (SessionStatus::Deactivated, _) => p { "This checkout is closed." },
                (SessionStatus::Active, PaymentStatus::Unpaid) => {
                    @if let Some(payment) = &view.payment { (invoice(shared, token, view, payment)) }
                    @if let Some(url) = &view.session.terms.cancel_url {
                        p { a href=(url) rel="noreferrer" { "Back to the shop" } }
                    }
                }
                (SessionStatus::Active, PaymentStatus::Paid) => {
                    p { "Your payment came too late for this checkout; the shop has it." }
                }
                (SessionStatus::Active, PaymentStatus::Expired | PaymentStatus::Cancelled) => {
                    p { "This invoice has expired." }
                }
            }
        }
    }
}

fn invoice(shared: &Shared, token: &str, view: &View, payment: &Payment) -> Markup {
    let terms = &view.session.terms;
    let price = payment.price(terms);
    let left = payment.expires_at.since(shared.clock.now().wall).secs();
    html! {
        p.amount {
            @if terms.currency != Currency::Sats { (price.amount) " " (terms.currency.code()) " = " }
            (sat(payment.due.msat()))
        }
        @if terms.currency.own_rate().is_none() {
            p { "1 " (terms.currency.code()) " = " (price.rate) " sat, for "
                (left / 60) " min " (left % 60) " s more" }
        }
        img src=(format!("/s/{token}/invoice.svg")) alt="Lightning invoice as a QR code"
            width="300" height="300";
        p { a href=(format!("lightning:{}", payment.invoice.as_str())) { "Open in wallet" } }
        p.code { (payment.invoice.as_str()) }
    }
}

fn cashback(shared: &Shared, token: &str, view: &View, claim: &Claim) -> Markup {
    html! {
        section id="cashback" {
            h2 { "Your cashback: " (sat(claim.amount)) }
            @match claim.status {
                ClaimStatus::Open => (open_cashback(shared, token, view, claim)),
                ClaimStatus::Processing => p { "On its way to your wallet …" },
                ClaimStatus::Paid => p.good { "Paid to your wallet." },
                ClaimStatus::Expired => p { "It was not claimed in time." },
                ClaimStatus::Cancelled => p { "It was cancelled by the shop." },
            }
        }
    }
}

fn open_cashback(shared: &Shared, token: &str, view: &View, claim: &Claim) -> Markup {
    let links = shared.claim_links(claim, &view.session);
    html! {
        @if let Some(code) = claim.last_error {
            p.bad { "It did not arrive: " (code.customer_text()) ". Please scan again." }
        }
        @if claim.must_wait(shared.clock.now().wall) {
            p { "It failed too often; wait some minutes before you scan again." }
        } @else if view.is_locked {
            p { "Another cashback is being processed; try again in a few seconds." }
        }
        p { "Scan this with a Lightning wallet:" }
        img src=(format!("/s/{token}/cashback.svg")) alt="Cashback as a QR code" width="300" height="300";
        p {
            a href=(format!("lightning:{}", links.lnurl)) { "Open in wallet" }
            " · "
            a href=(links.lnurlw) { "lnurlw" }
        }
        p.code { (links.lnurl) }
    }
}
