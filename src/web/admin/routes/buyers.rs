//! What merchants sell with: cashbacks, links, sessions, payments.

use super::super::link_lists::{CheckoutLinkRow, PaymentLinkRow};
use super::super::objects::{Cashback, CheckoutLink, Payment, PaymentLink, Session};
use super::super::operation::Keys::{Readers, Sessions, Writers};
use super::super::operation::{Route, delete, get, post};
use super::super::{
    bodies, cashbacks, checkout_links, checkout_sessions, payment_links, payment_page, payments,
};
use crate::domain::cashback::Cashback as CashbackRow;
use crate::domain::checkout::{Payment as PaymentRow, Session as SessionRow};

pub(super) fn routes() -> Vec<Route> {
    [cashbacks(), links(), sessions(), payments()].into_iter().flatten().collect()
}

fn cashbacks() -> Vec<Route> {
    vec![
        post("/cashbacks", cashbacks::create, Writers, "Makes a cashback.")
            .reads(bodies::NEW_CASHBACK)
            .answers::<Cashback>()
            .may(&[402, 503]),
        get("/cashbacks", cashbacks::list, Readers, "The cashbacks.").lists::<CashbackRow>(),
        get("/cashbacks/{id}", cashbacks::get, Readers, "One cashback.").answers::<Cashback>(),
        post(
            "/cashbacks/{id}",
            cashbacks::update,
            Writers,
            "Changes a cashback; payments made before keep what they were promised.",
        )
        .reads(bodies::CASHBACK)
        .answers::<Cashback>()
        .may(&[402, 503]),
        post("/cashbacks/{id}/deactivate", cashbacks::deactivate, Writers, "Ends a cashback.")
            .answers::<Cashback>()
            .may(&[503]),
    ]
}

fn links() -> Vec<Route> {
    vec![
        post("/checkout-links", checkout_links::create, Writers, "Makes a checkout link.")
            .reads(bodies::NEW_CHECKOUT_LINK)
            .answers::<CheckoutLink>()
            .may(&[402, 404, 424, 503]),
        get("/checkout-links", checkout_links::list, Readers, "The checkout links.")
            .lists::<CheckoutLinkRow>(),
        get("/checkout-links/{id}", checkout_links::get, Readers, "One checkout link.")
            .answers::<CheckoutLink>(),
        post(
            "/checkout-links/{id}/deactivate",
            checkout_links::deactivate,
            Writers,
            "Closes a checkout link that is not paid, and its session.",
        )
        .answers::<CheckoutLink>()
        .may(&[503]),
        post("/payment-links", payment_links::create, Writers, "Makes a payment link.")
            .reads(bodies::NEW_PAYMENT_LINK)
            .answers::<PaymentLink>()
            .may(&[404, 503]),
        get("/payment-links", payment_links::list, Readers, "The payment links.")
            .lists::<PaymentLinkRow>(),
        get("/payment-links/{id}", payment_links::get, Readers, "One payment link.")
            .answers::<PaymentLink>(),
        post(
            "/payment-links/{id}/deactivate",
            payment_links::deactivate,
            Writers,
            "Closes a payment link, and its open sessions.",
        )
        .answers::<PaymentLink>()
        .may(&[503]),
        post(
            "/payment-links/{id}/activate",
            payment_links::activate,
            Writers,
            "Opens a payment link again.",
        )
        .answers::<PaymentLink>()
        .may(&[503]),
    ]
}

fn sessions() -> Vec<Route> {
    vec![
        post("/checkout-sessions", checkout_sessions::create, Sessions, "Makes a session.")
            .reads(bodies::NEW_SESSION)
            .answers::<Session>()
            .may(&[402, 404, 424, 503]),
        get("/checkout-sessions", checkout_sessions::list, Readers, "The sessions.")
            .lists::<SessionRow>(),
        get(
            "/checkout-sessions/{id}",
            checkout_sessions::get,
            Readers,
            "One session, with an invoice that can be paid if it waits for money.",
        )
        .answers::<Session>(),
        post(
            "/checkout-sessions/{id}",
            checkout_sessions::update,
            Writers,
            "Changes what a session's page says, and its metadata.",
        )
        .reads(bodies::SESSION)
        .answers::<Session>()
        .may(&[503]),
        post(
            "/checkout-sessions/{id}/deactivate",
            checkout_sessions::deactivate,
            Writers,
            "Closes a session before it is paid.",
        )
        .answers::<Session>()
        .may(&[503]),
        delete(
            "/checkout-sessions/{id}/customer-details",
            checkout_sessions::forget,
            Writers,
            "Deletes what the customer said about itself.",
        )
        .answers::<Session>()
        .may(&[503]),
        post("/payment-page", payment_page::create, Sessions, "Speed's older way to a session.")
            .reads(bodies::PAYMENT_PAGE)
            .answers::<Session>()
            .may(&[402, 404, 424, 503]),
    ]
}

fn payments() -> Vec<Route> {
    vec![
        post("/payments", payments::create, Writers, "Makes a payment, with a session of its own.")
            .reads(bodies::NEW_PAYMENT)
            .answers::<Payment>()
            .may(&[402, 424, 503]),
        get("/payments", payments::list, Readers, "The payments.").lists::<PaymentRow>(),
        get("/payments/{id}", payments::get, Readers, "One payment.").answers::<Payment>(),
    ]
}
