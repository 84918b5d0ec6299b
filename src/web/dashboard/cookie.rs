//! The dashboard's cookies: the name of a session, and a one-time word for the sign-in form. No script can read them,
//! and no other site's page makes the browser send them.

use axum::http::{HeaderMap, HeaderValue, header};

/// Names a session.
pub(super) const SESSION: &str = "satback_dashboard";
/// Stands for whoever is not signed in yet, so that nobody else can sign a browser in.
pub(super) const SIGN_IN: &str = "satback_sign_in";
/// The reader's time zone in minutes east of UTC; a script sets it, and it only says when days begin.
const ZONE: &str = "satback_zone";

/// A cookie that a browser sent.
pub(super) fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// Minutes east of UTC.
pub(super) fn zone_minutes(headers: &HeaderMap) -> i64 {
    let said = find(headers, ZONE).and_then(|text| text.parse().ok());
    said.filter(|minutes: &i64| minutes.abs() <= 14 * 60).unwrap_or(0)
}

/// Has the browser keep a value for so long; no time takes it away.
pub(super) fn keep(headers: &HeaderMap, name: &str, value: &str, secs: u64) -> Option<HeaderValue> {
    // Behind a proxy that speaks TLS, the browser says so in the form's origin.
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let secure = if origin.is_some_and(|o| o.starts_with("https://")) { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={secs}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).ok()
}
