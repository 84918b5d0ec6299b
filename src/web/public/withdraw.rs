//! The first step of LUD-03: what can be withdrawn. It reads, and nothing more, however often and by whomever it is
//! asked.

use axum::extract::State;
use axum::http::Method;
use axum::response::Response;

use crate::domain::claim::Claim;
use crate::domain::token::{Token, TokenKind};
use crate::ports::store::{StoreFault, TokenOwner, fetch, table};
use crate::web::named::Named;

use super::super::Shared;
use super::{Public, reasons, reply};

/// The claim behind a link, if the link is of its current generation.
pub(super) fn claim_of_link(shared: &Shared, link: &Token) -> Result<Option<Claim>, StoreFault> {
    let digest = shared.secrets.token_digest(link);
    let owner = fetch::<table::Token>(&*shared.rows, digest)?;
    let Some(TokenOwner::ClaimLink(id, generation)) = owner else { return Ok(None) };
    let claim = fetch::<table::Claim>(&*shared.rows, id)?;
    Ok(claim.filter(|claim| claim.link_generation == generation))
}

/// `GET /w/{token}`.
pub(super) async fn info(
    State(public): State<Public>,
    Named(token): Named,
    method: Method,
) -> Response {
    match method {
        Method::GET | Method::HEAD => answer(&public.shared, &token),
        Method::OPTIONS => reply::preflight(),
        _ => reply::error(reasons::WRONG_METHOD),
    }
}

fn answer(shared: &Shared, token: &str) -> Response {
    let Some(link) = Token::parse(TokenKind::ClaimLink, token) else {
        return reply::error(reasons::UNKNOWN_LINK);
    };
    let claim = match claim_of_link(shared, &link) {
        Ok(Some(claim)) => claim,
        Ok(None) => return reply::error(reasons::UNKNOWN_LINK),
        Err(fault) => {
            tracing::error!(%fault, "a claim cannot be read");
            return reply::error(reasons::BROKEN);
        }
    };
    if let Some(reason) = reasons::claim(&claim) {
        return reply::error(reason);
    }
    let callback = shared.callback_url(&link);
    let k1 = shared.k1(&claim);
    reply::withdraw_request(callback, k1.reveal(), claim.amount.get(), &claim.description)
}
