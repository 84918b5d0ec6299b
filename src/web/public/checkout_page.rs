//! The first half of a session's page: what is sold, and the way to pay it.

use maud::{Markup, html};

use crate::domain::checkout::{Payment, PaymentStatus, SessionStatus};
use crate::domain::currency::Currency;
use crate::domain::time::Timestamp;

use super::forms::{Said, questions};
use super::session::View;
use super::{amounts, frame, offer, texts};

/// What is said aloud of the page.
pub(super) fn announcement(view: &View) -> String {
    match (view.session.status, view.payment.as_ref().map(|payment| payment.status)) {
        (SessionStatus::Paid, _) => {
            format!("{}. {}", texts::PAID, texts::you_paid(&amounts::sat(view.session.received)))
        }
        (SessionStatus::Deactivated, _) => texts::CLOSED.to_owned(),
        (SessionStatus::Active, Some(PaymentStatus::Unpaid)) => texts::WAITING.to_owned(),
        (SessionStatus::Active, Some(PaymentStatus::Paid)) => texts::TOO_LATE.to_owned(),
        (SessionStatus::Active, Some(PaymentStatus::Expired | PaymentStatus::Cancelled)) => {
            texts::INVOICE_OVER.to_owned()
        }
        (SessionStatus::Active, None) => String::new(),
    }
}

/// Who sells what for how much, and what comes back.
pub(super) fn summary(view: &View, now: Timestamp) -> Markup {
    let terms = &view.session.terms;
    html! {
        section.what {
            (frame::shop(&view.account.name))
            @match &terms.title {
                Some(title) => h1 dir="auto" { (title) },
                None => h1 dir="auto" { (texts::pay_to(&view.account.name)) },
            }
            @if let Some(payment) = view.payment.as_ref().filter(|_| !view.must_answer) {
                (price(view, payment))
            } @else if let Some(owed) = view.session.owed() {
                p.amount { (amounts::money(owed, terms.currency)) }
            }
            @if let Some(promise) = promise(view, now) { (promise) }
            @if let Some(text) = &terms.title_description { p.lead dir="auto" { (text) } }
        }
    }
}

fn price(view: &View, payment: &Payment) -> Markup {
    let terms = &view.session.terms;
    let (price, due) = (payment.price(terms), amounts::sat(payment.due.msat()));
    html! {
        @if terms.currency == Currency::Sats {
            p.amount { (due) }
        } @else {
            div.price {
                p.amount { (amounts::money(price.amount, terms.currency)) }
                p.in-sats { (due) }
            }
        }
    }
}

/// "5 % back", while that is so.
fn promise(view: &View, now: Timestamp) -> Option<Markup> {
    // There is none to be promised once the session is paid or closed.
    let cashback = view.cashback.as_ref()?;
    match &view.payment {
        Some(payment) if payment.status == PaymentStatus::Unpaid => {
            offer::of_payment(payment, cashback, now)
        }
        Some(_) => None,
        None => offer::in_general(cashback, now),
    }
}

/// Where the checkout stands.
pub(super) fn state(token: &str, view: &View, said: &Said, now: Timestamp) -> Markup {
    if let Some(questions) = questions(token, view, said) {
        return questions;
    }
    let status = view.payment.as_ref().map_or(PaymentStatus::Expired, |payment| payment.status);
    match (view.session.status, status) {
        (SessionStatus::Paid, _) => paid(view),
        (SessionStatus::Deactivated, _) => html! { p.notice { (texts::CLOSED) } },
        (SessionStatus::Active, PaymentStatus::Unpaid) => html! {
            @if let Some(payment) = &view.payment { (invoice(token, view, payment, now)) }
            @if let Some(url) = &view.session.terms.cancel_url {
                p.aside { a href=(url) rel="noreferrer" { (texts::CANCEL) } }
            }
        },
        (SessionStatus::Active, PaymentStatus::Paid) => html! { p.notice { (texts::TOO_LATE) } },
        (SessionStatus::Active, PaymentStatus::Expired | PaymentStatus::Cancelled) => html! {
            p.notice { (texts::INVOICE_OVER) " " (texts::NO_NEW_INVOICE) }
        },
    }
}

fn invoice(token: &str, view: &View, payment: &Payment, now: Timestamp) -> Markup {
    let terms = &view.session.terms;
    let (price, invoice) = (payment.price(terms), payment.invoice.as_str());
    let left = payment.expires_at.since(now);
    let link = format!("lightning:{invoice}");
    html! {
        p.do { (texts::SCAN_TO_PAY) }
        (frame::code(&format!("/s/{token}/invoice.svg"), texts::INVOICE_CODE, invoice, texts::COPY_INVOICE))
        @if terms.currency.own_rate().is_none() {
            p.fine.rate {
                (texts::rate(terms.currency.code(), &amounts::rate(price.rate.get())))
                span.count data-count=(left.secs()) { (amounts::left(left)) }
            }
        }
        (frame::hand_over(&link, invoice))
        p.waiting { span.dots aria-hidden="true" { i {} i {} i {} } (texts::WAITING) }
        (frame::as_text(invoice))
    }
}

fn paid(view: &View) -> Markup {
    let terms = &view.session.terms;
    html! {
        div.paid {
            (frame::tick())
            h2 { (texts::PAID) }
            p { (texts::you_paid(&amounts::sat(view.session.received))) " " (texts::THANKS) }
            @if let Some(text) = &terms.success_message { p.lead dir="auto" { (text) } }
            @if let Some(why) = view.session.no_claim { p.fine { (texts::no_cashback(why)) } }
            // With a cashback, the way leads past it.
            @if let (Some(url), None) = (&terms.success_url, &view.claim) { (way_on(url, true)) }
        }
    }
}

/// Seconds until a customer for whom all is done is taken back to the shop.
const LEAVE_SECS: u32 = 8;

/// The way back to the shop: by a click, and by itself once all is settled before the customer's eyes.
pub(super) fn way_on(url: &str, is_settled: bool) -> Markup {
    html! {
        div.leave {
            a.button href=(url) rel="noreferrer" data-leave=[is_settled.then_some(LEAVE_SECS)] {
                (texts::BACK_TO_SHOP)
            }
            @if is_settled {
                p.leaving.fine hidden {
                    (texts::LEAVING) " "
                    button.plain type="button" data-stay { (texts::STAY) }
                }
            }
        }
    }
}
