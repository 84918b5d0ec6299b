//! What a customer tells a session's page: the amount it chose, what the merchant asks about it, and an invoice for its
//! cashback. Plain forms; what cannot be taken comes back on the page, with what was typed.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::domain::customer::BadAnswer;
use crate::domain::decimal::Decimal;
use crate::engine::command::{Command, Order, Origin};
use crate::shell::desk::DeskFault;
use crate::web::named::Named;

use super::super::{ask, body};
use super::forms::Said;
use super::session::{View, look, read};
use super::{Public, callback, frame, page, reasons, texts};

type Values = BTreeMap<String, String>;

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
    let bad = |said, why: &str| wrong(said, "amount", why);
    let Some(chosen) = chosen else {
        return refused(&public, &token, bad(said, texts::NOT_AN_AMOUNT)).await;
    };
    let session = view.session.id;
    let added = public.shared.blocking(move |desk| desk.add_payment(&session, Some(chosen))).await;
    let why = match added {
        Ok(Ok(())) => return back(&token),
        Ok(Err(DeskFault::Refused(_) | DeskFault::NoPrice)) => texts::NOT_TO_BE_CHOSEN,
        Ok(Err(DeskFault::InboundCapacity)) => texts::TOO_MUCH_NOW,
        Ok(Err(fault)) => {
            tracing::warn!(%fault, "a payment cannot be made");
            texts::NOT_NOW
        }
        Err(error) => {
            tracing::error!(%error, "making a payment broke");
            return (StatusCode::INTERNAL_SERVER_ERROR, texts::BROKEN).into_response();
        }
    };
    refused(&public, &token, bad(said, why)).await
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
            let problems = bad.iter().map(problem).collect();
            let said = Said { values: said, problems, pastes: false };
            return refused(&public, &token, said).await;
        }
    };
    let order = Order::GiveDetails(view.session.id, Box::new(details));
    let command = Command::Order(Box::new(order), Origin::default());
    match ask::ask(&public.shared.engine, command).await {
        // A checkout that is over says so itself.
        Ok(_) => back(&token),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, texts::BUSY).into_response(),
    }
}

/// `POST /s/{token}/invoice`: the callback of LUD-03 for a browser without scripts.
pub(super) async fn invoice(
    State(public): State<Public>,
    Named(token): Named,
    request: Request,
) -> Response {
    let (view, said) = match told(&public, &token, request).await {
        Ok(told) => told,
        Err(answer) => return answer,
    };
    let Some(claim) = &view.claim else { return back(&token) };
    let taken = match reasons::claim(claim) {
        Some(reason) => Err(reason),
        None => {
            let pr = bare(said.get("pr").map_or("", String::as_str));
            callback::bring_for(&public.shared, claim, &pr).await
        }
    };
    match taken {
        Ok(()) => back(&token),
        Err(reason) => refused(&public, &token, wrong(said, "pr", reason)).await,
    }
}

/// An invoice as wallets copy it, without what they put before it and what breaks it into lines.
fn bare(pasted: &str) -> String {
    const SCHEME: &str = "lightning:";
    let mut text: String = pasted.split_whitespace().collect();
    if text.get(..SCHEME.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(SCHEME)) {
        text.drain(..SCHEME.len());
    }
    text
}

/// `GET` of where a form goes: who reloads or follows the address of a refused form wants the page.
pub(super) async fn home(State(public): State<Public>, Named(token): Named) -> Response {
    match read(&public.shared, &token) {
        Ok(_) => back(&token),
        Err(why) => frame::none(why),
    }
}

/// The page, and the form that came with the request.
async fn told(public: &Public, token: &str, request: Request) -> Result<(View, Values), Response> {
    let view = read(&public.shared, token).map_err(frame::none)?;
    let bytes = body::read(request.into_body(), public.body_max_bytes).await;
    let bytes = bytes.map_err(|_| (StatusCode::BAD_REQUEST, "no form").into_response())?;
    let said = form_urlencoded::parse(&bytes).into_owned().collect();
    Ok((view, said))
}

/// Back to the page, which shows what comes next.
fn back(token: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, format!("/s/{token}"))]).into_response()
}

fn wrong(values: Values, field: &str, why: &str) -> Said {
    Said { values, problems: vec![(field.to_owned(), why.to_owned())], pastes: false }
}

/// The page with the form as it was filled in, and what is wrong.
async fn refused(public: &Public, token: &str, said: Said) -> Response {
    match look(&public.shared, token).await {
        Ok(view) => {
            let page = page::render(&public.shared, token, &view, &said);
            (StatusCode::BAD_REQUEST, Html(page.into_string())).into_response()
        }
        Err(why) => frame::none(why),
    }
}

fn problem(bad: &BadAnswer) -> (String, String) {
    (bad.field.clone(), texts::rule(bad.rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invoice_is_taken_as_wallets_copy_it() {
        for pasted in ["lnbcrt1x", " lightning:lnbcrt1x\n", "LIGHTNING:lnbcrt1x", "lnbc\r\nrt1x"] {
            assert_eq!(bare(pasted), "lnbcrt1x", "{pasted}");
        }
        assert_eq!(bare("é"), "é");
    }
}
