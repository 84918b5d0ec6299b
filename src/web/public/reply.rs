//! Answers that real wallets accept (lnurl-withdraw.md, part C): HTTP 200 whatever went wrong, the smallest JSON, CORS
//! for all, nothing kept.

use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lnurl::Tag;
use lnurl::withdraw::WithdrawalResponse;
use serde::Serialize;

use super::reasons;

/// The forms that an answer can have beside the withdraw request.
#[derive(Serialize)]
#[serde(tag = "status")]
enum Status<'a> {
    #[serde(rename = "OK")]
    Ok,
    #[serde(rename = "ERROR")]
    Error { reason: &'a str },
}

fn json(body: &impl Serialize) -> Response {
    let body = serde_json::to_string(body)
        .unwrap_or_else(|_| r#"{"status":"ERROR","reason":"no answer"}"#.to_owned());
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (StatusCode::OK, headers, body).into_response()
}

/// `{"status":"OK"}`, and nothing more: some wallets take any `reason` for a failure.
pub(super) fn ok() -> Response {
    json(&Status::Ok)
}

/// `{"status":"ERROR","reason":…}`.
pub(super) fn error(reason: &str) -> Response {
    json(&Status::Error { reason })
}

/// The withdraw request of LUD-03: exactly its six fields.
pub(super) fn withdraw_request(
    callback: String,
    k1: &str,
    amount_msat: u64,
    description: &str,
) -> Response {
    json(&WithdrawalResponse {
        default_description: description.to_owned(),
        callback,
        k1: k1.to_owned(),
        max_withdrawable: amount_msat,
        min_withdrawable: Some(amount_msat),
        tag: Tag::WithdrawRequest,
    })
}

/// What a browser asks before it lets a web wallet ask.
pub(super) fn preflight() -> Response {
    let mut response = json(&serde_json::Map::new());
    let headers = response.headers_mut();
    let allow = axum::http::HeaderValue::from_static;
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, allow("GET, POST, HEAD, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allow("*"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, allow("86400"));
    response
}

/// No such path.
pub(super) fn not_found(method: &Method) -> Response {
    if *method == Method::OPTIONS { preflight() } else { error(reasons::UNKNOWN_LINK) }
}
