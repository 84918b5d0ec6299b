//! The second step of LUD-03: a wallet brings its invoice. The answer is given once the claim is durable, in
//! milliseconds and never after the payment (DESIGN D9).

use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::response::Response;

use crate::domain::claim::Claim;
use crate::domain::token::{Token, TokenKind};
use crate::engine::command::{Command, SubmitInvoice};
use crate::engine::queue::NoAnswer;
use crate::web::named::Named;

use super::super::{Shared, ask, body};
use super::params::{self, Params};
use super::{Public, reasons, reply};

/// `GET` or `POST /w/{token}/callback`. Nothing else may start a payout: a preview or a browser sends `HEAD` and
/// `OPTIONS` unasked.
pub(super) async fn callback(
    State(public): State<Public>,
    Named(token): Named,
    request: Request,
) -> Response {
    match *request.method() {
        Method::GET | Method::POST => {}
        Method::OPTIONS => return reply::preflight(),
        _ => return reply::error(reasons::WRONG_METHOD),
    }
    let query = request.uri().query().unwrap_or("").to_owned();
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let bytes = match body::read(request.into_body(), public.body_max_bytes).await {
        Ok(bytes) => bytes,
        Err(body::NoBody::TooLarge) => return reply::error(reasons::BODY_TOO_LARGE),
        Err(body::NoBody::Incomplete) => return reply::error(reasons::BODY_INCOMPLETE),
    };
    match params::read(&query, &content_type, &bytes) {
        Ok(params) => submit(&public.shared, &token, params).await,
        Err(reason) => reply::error(reason),
    }
}

async fn submit(shared: &Shared, token: &str, params: Params) -> Response {
    let Some(link) = Token::parse(TokenKind::ClaimLink, token) else {
        return reply::error(reasons::UNKNOWN_LINK);
    };
    let k1 = Token::parse(TokenKind::K1, params.k1.trim());
    match bring(shared, &link, k1.as_ref(), &params.pr).await {
        Ok(()) => reply::ok(),
        Err(reason) => reply::error(reason),
    }
}

/// The same for the customer that looks at the claim's page: the current k1 is the page's to give.
pub(super) async fn bring_for(
    shared: &Shared,
    claim: &Claim,
    invoice: &str,
) -> Result<(), &'static str> {
    bring(shared, &shared.claim_token(claim), Some(&shared.k1(claim)), invoice).await
}

async fn bring(
    shared: &Shared,
    link: &Token,
    k1: Option<&Token>,
    invoice: &str,
) -> Result<(), &'static str> {
    let invoice = shared.desk.parse_invoice(invoice).map_err(|_| reasons::UNREADABLE_INVOICE)?;
    let command = Command::SubmitInvoice(Box::new(SubmitInvoice {
        link: shared.secrets.token_digest(link),
        k1: k1.map(|k1| shared.secrets.token_digest(k1)),
        invoice,
    }));
    match ask::ask(&shared.engine, command).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(refusal)) => {
            let reason = reasons::refusal(&refusal);
            shared.metrics.claim_refused(reason);
            Err(reason)
        }
        Err(NoAnswer::Full) => Err(reasons::BUSY),
        // It was queued and may have been decided: an ERROR made up here could be followed by the payment. The process
        // is ending, and the connection with it.
        Err(NoAnswer::Ended) => std::future::pending().await,
    }
}
