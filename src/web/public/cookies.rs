//! What a browser keeps of a link: a name of its own, and the session that it opened last. Both are sent back to this
//! link only, so that nobody can follow a customer from one shop to another.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::domain::checkout::Session;
use crate::domain::token::{Token, TokenKind};
use crate::ports::store::{TokenOwner, fetch, table};

use super::super::Shared;

const BROWSER: &str = "satback_browser";
const SESSION: &str = "satback_session";
/// A year: as long as an invoice may live.
const MAX_AGE_SECS: u64 = 365 * 86_400;
/// Hex digits of a browser's name.
const NAME_LEN: usize = 32;

fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

fn cookie(shared: &Shared, path: &str, name: &str, value: &str) -> Option<HeaderValue> {
    let secure = if shared.base_url.is_https() { "; Secure" } else { "" };
    let text = format!(
        "{name}={value}; Path={path}; Max-Age={MAX_AGE_SECS}; HttpOnly; SameSite=Lax{secure}"
    );
    HeaderValue::from_str(&text).ok()
}

/// The name that a browser came with, if it came with one.
pub(super) fn browser(headers: &HeaderMap) -> Option<&str> {
    let is_name = |name: &&str| {
        name.len() == NAME_LEN && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    find(headers, BROWSER).filter(is_name)
}

/// A name for a browser that has none.
pub(super) fn new_browser(shared: &Shared) -> String {
    format!("{:016x}{:016x}", shared.entropy.number(), shared.entropy.number())
}

/// Tells a browser its name.
pub(super) fn name_browser(shared: &Shared, path: &str, name: &str) -> Option<HeaderValue> {
    cookie(shared, path, BROWSER, name)
}

/// Tells a browser which session it opened.
pub(super) fn remember(shared: &Shared, path: &str, session: &Session) -> Option<HeaderValue> {
    cookie(shared, path, SESSION, &shared.session_proof(session))
}

/// The session that a browser opened last, if it can show the token of its page.
pub(super) fn session(shared: &Shared, headers: &HeaderMap) -> Option<Session> {
    let token = Token::parse(TokenKind::SessionPage, find(headers, SESSION)?)?;
    let digest = shared.secrets.token_digest(&token);
    match fetch::<table::Token>(&*shared.rows, digest).ok()?? {
        TokenOwner::SessionPage(id) => fetch::<table::Session>(&*shared.rows, id).ok()?,
        TokenOwner::ApiKey(_)
        | TokenOwner::Link(_)
        | TokenOwner::ClaimLink(..)
        | TokenOwner::K1(..) => None,
    }
}
