//! Before any handler: an id for the request, the `Host` and `Origin` allow-list (a local port can be reached from any
//! web page by DNS rebinding), the caller, and the body within its bounds.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use crate::config;

use super::super::body::{self, NoBody};
use super::Admin;
use super::auth::{self, Caller};
use super::error::ApiError;

/// Which hosts and origins are answered.
#[derive(Clone, Debug, Default)]
pub(super) struct AllowList {
    hosts: Vec<String>,
    origins: Vec<String>,
}

impl AllowList {
    pub(super) fn new(settings: &config::Admin, listen: SocketAddr) -> Self {
        let port = listen.port();
        let own = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
        let own = own.into_iter().chain([host_of(listen)]);
        let hosts: Vec<String> = own
            .map(|name| format!("{name}:{port}"))
            .chain(settings.allowed_hosts.iter().map(|name| name.to_ascii_lowercase()))
            .collect();
        let origins = hosts
            .iter()
            .flat_map(|host| [format!("http://{host}"), format!("https://{host}")])
            .chain(settings.allowed_origins.iter().map(|origin| origin.to_ascii_lowercase()))
            .collect();
        Self { hosts, origins }
    }

    fn allows(&self, headers: &HeaderMap) -> bool {
        let text =
            |name| headers.get(name).map(|value| value.to_str().unwrap_or("").to_ascii_lowercase());
        let host = text(header::HOST).unwrap_or_default();
        // A host on the list without a port stands for any port: proxies drop the usual ones.
        let without_port = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
        let host_fits =
            self.hosts.iter().any(|allowed| *allowed == host || *allowed == without_port);
        let origin_fits = text(header::ORIGIN).is_none_or(|origin| self.origins.contains(&origin));
        host_fits && origin_fits
    }
}

fn host_of(listen: SocketAddr) -> String {
    match listen.ip() {
        std::net::IpAddr::V4(address) => address.to_string(),
        std::net::IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// The id of a request.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) String);

/// Gives every request an id, which its answer and its log lines carry.
pub(super) async fn identify(
    State(admin): State<Admin>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = format!("req_{:016x}", admin.shared.entropy.number());
    let span = tracing::info_span!("admin", request = id);
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    span.in_scope(|| tracing::debug!(%method, path, status, "answered"));
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert("request-id", value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Lets through only what was meant for us.
pub(super) async fn check_host(
    State(admin): State<Admin>,
    request: Request,
    next: Next,
) -> Response {
    if admin.allow.allows(request.headers()) {
        next.run(request).await
    } else {
        ApiError::forbidden("this Host or Origin is not on the list of admin.allowed_hosts")
            .into_response()
    }
}

/// Finds out who calls, and reads the body.
pub(super) async fn admit(State(admin): State<Admin>, request: Request, next: Next) -> Response {
    match auth::authenticate(&admin.shared, admin.operator.as_ref(), request.headers()) {
        Ok(caller) => read(&admin, caller, request, next).await,
        Err(error) => error.into_response(),
    }
}

/// Reads the body of a request of somebody who is known, and passes it on.
pub(super) async fn read(admin: &Admin, caller: Caller, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    // What only asks has no body: nothing of one is waited for.
    let body = if parts.method == Method::GET { Body::empty() } else { body };
    let bytes = match body::read(body, admin.body_max_bytes).await {
        Ok(bytes) => bytes,
        Err(NoBody::TooLarge) => {
            let message = format!("a body may have at most {} bytes", admin.body_max_bytes);
            let kind = "invalid_request_error";
            return ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, kind, "body_too_large", message)
                .into_response();
        }
        Err(NoBody::Incomplete) => {
            let message = "the body did not arrive in full";
            let kind = "invalid_request_error";
            return ApiError::new(StatusCode::REQUEST_TIMEOUT, kind, "body_incomplete", message)
                .into_response();
        }
    };
    if let Err(error) = check_content_type(&parts.method, &parts.headers, &bytes) {
        return error.into_response();
    }
    parts.extensions.insert(caller);
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

/// Bodies are JSON. A web page cannot send that to us without asking first.
fn check_content_type(method: &Method, headers: &HeaderMap, body: &[u8]) -> Result<(), ApiError> {
    if *method == Method::GET || body.is_empty() {
        return Ok(());
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if content_type.is_some_and(is_json) {
        return Ok(());
    }
    let message = "the body must be JSON (Content-Type: application/json)";
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Err(ApiError::new(status, "invalid_request_error", "unsupported_media_type", message))
}

/// `application/json`, or a type that is built on it.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_is_json() {
        assert!(is_json("application/json"));
        assert!(is_json("Application/JSON; charset=utf-8"));
        assert!(is_json("application/vnd.api+json"));
        for other in ["text/plain", "text/plain;x=json", "text/json", "json", ""] {
            assert!(!is_json(other), "{other}");
        }
    }

    fn check(host: &str, origin: Option<&str>, expect: bool) {
        let allow = AllowList {
            hosts: vec!["127.0.0.1:8481".to_owned(), "shop.example".to_owned()],
            origins: vec!["http://127.0.0.1:8481".to_owned()],
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        assert_eq!(allow.allows(&headers), expect, "{host} {origin:?}");
    }

    #[test]
    fn only_known_hosts_and_origins_are_answered() {
        check("127.0.0.1:8481", None, true);
        check("127.0.0.1:8481", Some("http://127.0.0.1:8481"), true);
        check("127.0.0.1:8481", Some("http://evil.example"), false);
        check("127.0.0.1:8481", Some("null"), false);
        check("evil.example", None, false);
        check("evil.example:8481", None, false);
        check("127.0.0.1:9999", None, false);
        check("Shop.example", None, true);
        check("shop.example:443", None, true);
    }
}
