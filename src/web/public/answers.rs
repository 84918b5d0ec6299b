//! What a customer tells a session's page: the amount it chose, and what the merchant asks about it. Plain forms, no
//! script.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};

use crate::domain::checkout::{Choice, SessionStatus, SessionTerms};
use crate::domain::customer::{BadAnswer, Collection, CustomField, FieldKind};
use crate::domain::decimal::Decimal;
use crate::engine::command::{Command, Order, Origin};
use crate::shell::desk::DeskFault;
use crate::web::named::Named;

use super::super::{ask, body};
use super::Public;
use super::session::{View, read};

/// `POST /s/{token}/amount`.
pub(super) async fn amount(
    State(public): State<Public>,
    Named(token): Named,
    request: Request,
) -> Response {
    let (view, said) = match told(&public, &token, request).await {
        Ok(told) => told,
        Err(answer) => return answer,
    };
    let chosen = said.get("amount").and_then(|text| Decimal::parse(text.trim()).ok());
    let Some(chosen) = chosen else { return refused(&token, &["The amount must be a number."]) };
    let session = view.session.id;
    let added = public.shared.blocking(move |desk| desk.add_payment(&session, Some(chosen))).await;
    match added {
        Ok(Ok(())) => back(&token),
        Ok(Err(DeskFault::Refused(_) | DeskFault::NoPrice)) => {
            refused(&token, &["This amount cannot be chosen (any more)."])
        }
        Ok(Err(DeskFault::InboundCapacity)) => {
            refused(&token, &["That is more than can be received at the moment."])
        }
        Ok(Err(fault)) => {
            tracing::warn!(%fault, "a payment cannot be made");
            refused(&token, &["It cannot be paid at the moment; please try again."])
        }
        Err(error) => {
            tracing::error!(%error, "making a payment broke");
            (StatusCode::INTERNAL_SERVER_ERROR, "something broke here").into_response()
        }
    }
}

/// `POST /s/{token}/details`.
pub(super) async fn details(
    State(public): State<Public>,
    Named(token): Named,
    request: Request,
) -> Response {
    let (view, said) = match told(&public, &token, request).await {
        Ok(told) => told,
        Err(answer) => return answer,
    };
    let Some(collects) = view.session.terms.collects.as_deref() else { return back(&token) };
    let now = public.shared.clock.now().wall;
    let details = match collects.take(|name| said.get(name).map(String::as_str), now) {
        Ok(details) => details,
        Err(bad) => {
            let lines: Vec<_> = bad.iter().map(|bad| line(collects, bad)).collect();
            return refused(&token, &lines.iter().map(String::as_str).collect::<Vec<_>>());
        }
    };
    let order = Order::GiveDetails(view.session.id, Box::new(details));
    let command = Command::Order(Box::new(order), Origin::default());
    match ask::ask(&public.shared.engine, command).await {
        Ok(Ok(_)) => back(&token),
        Ok(Err(_)) => refused(&token, &["This checkout is over."]),
        Err(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "too much to do, please try again").into_response()
        }
    }
}

/// The page, and the form that came with the request.
async fn told(
    public: &Public,
    token: &str,
    request: Request,
) -> Result<(View, BTreeMap<String, String>), Response> {
    let view = read(&public.shared, token).map_err(IntoResponse::into_response)?;
    let bytes = body::read(request.into_body(), public.body_max_bytes).await;
    let bytes = bytes.map_err(|_| (StatusCode::BAD_REQUEST, "no form").into_response())?;
    let said = form_urlencoded::parse(&bytes).into_owned().collect();
    Ok((view, said))
}

/// Back to the page, which shows what comes next.
fn back(token: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, format!("/s/{token}"))]).into_response()
}

fn refused(token: &str, lines: &[&str]) -> Response {
    let page = html! {
        (maud::DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Please check" }
                link rel="stylesheet" href="/assets/page.css";
            }
            body { main {
                h1 { "Please check" }
                @for line in lines { p.bad { (line) } }
                p { a href=(format!("/s/{token}")) { "Back" } }
            } }
        }
    };
    (StatusCode::BAD_REQUEST, Html(page.into_string())).into_response()
}

/// A field's rule, with the question as the customer saw it.
fn line(collects: &Collection, bad: &BadAnswer) -> String {
    let question = collects.custom_fields.iter().find(|field| field.id == bad.field);
    let name = question.map_or(label(&bad.field), |field| field.label.as_str());
    format!("{name}: {}.", bad.rule)
}

fn label(field: &str) -> &str {
    match field {
        "email" => "E-mail",
        "phone" => "Phone",
        "billing_address" => "Billing address",
        "shipping_address" => "Shipping address",
        other => other,
    }
}

/// What the page has to ask before it can show an invoice.
pub(super) fn questions(token: &str, view: &View) -> Option<Markup> {
    if view.session.status != SessionStatus::Active {
        return None;
    }
    let terms = &view.session.terms;
    if let (true, Some(collects)) = (view.must_answer, terms.collects.as_deref()) {
        return Some(ask_details(token, collects));
    }
    let chooses = view.payment.is_none() && view.session.owed().is_none();
    chooses.then(|| ask_amount(token, terms))
}

fn ask_amount(token: &str, terms: &SessionTerms) -> Markup {
    let code = terms.currency.code();
    let action = format!("/s/{token}/amount");
    html! {
        @match &terms.choice {
            Some(Choice::Options(amounts)) => {
                p { "Choose an amount:" }
                @for amount in amounts {
                    form method="post" action=(action) {
                        button name="amount" value=(amount) { (amount) " " (code) }
                    }
                }
            }
            choice => {
                form method="post" action=(action) {
                    label {
                        "Amount in " (code) " "
                        @if let Some(Choice::Preset(least, most)) = choice {
                            "(" (least) " to " (most) ") "
                        }
                        input name="amount" inputmode="decimal" required;
                    }
                    button { "Continue" }
                }
            }
        }
    }
}

fn ask_details(token: &str, collects: &Collection) -> Markup {
    let line = |name: &str| html! { p { label { (label(name)) br; input name=(name) required; } } };
    let text =
        |name: &str| html! { p { label { (label(name)) br; textarea name=(name) required {} } } };
    html! {
        form method="post" action=(format!("/s/{token}/details")) {
            @if collects.email { (line("email")) }
            @if collects.phone { (line("phone")) }
            @if collects.billing_address { (text("billing_address")) }
            @if collects.shipping_address { (text("shipping_address")) }
            @for field in &collects.custom_fields { (custom(field)) }
            button { "Continue" }
        }
    }
}

fn custom(field: &CustomField) -> Markup {
    html! {
        p { label {
            (field.label) br;
            @match &field.kind {
                FieldKind::Dropdown(options) => {
                    select name=(field.id) required[!field.is_optional] {
                        @if field.is_optional { option value="" { "–" } }
                        @for option in options { option value=(option) { (option) } }
                    }
                }
                FieldKind::Text | FieldKind::Number => {
                    input name=(field.id) required[!field.is_optional];
                }
            }
        } }
    }
}
