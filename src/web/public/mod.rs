//! The public listener (`API.md` section 2): LNURL-withdraw under `/w`, hosted pages under `/s`.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tokio::sync::{Semaphore, watch};
use tower_http::catch_panic::CatchPanicLayer;
use tower_service::Service;

use crate::config;
use crate::engine::reply::Refusal;

use super::Shared;
use super::measured::{Measured, measure};
use super::peer_addr::{PeerAddr, client};

mod amounts;
mod answers;
mod assets;
mod callback;
mod cashback_page;
mod checkout_page;
mod cookies;
mod events;
mod forms;
mod frame;
mod link;
mod link_page;
mod offer;
mod page;
pub(crate) mod params;
pub(super) mod rate_limit;
pub(crate) mod reasons;
mod reply;
mod session;
mod status;
mod texts;
mod views;
mod withdraw;

use rate_limit::RateLimit;
use views::Views;

/// What the public listener works with.
#[derive(Clone)]
struct Public {
    shared: Shared,
    limits: Arc<Limits>,
    trusted_proxies: Arc<[IpAddr]>,
    body_max_bytes: usize,
    streams: Arc<Semaphore>,
    views: Arc<Views>,
    stop: watch::Receiver<bool>,
}

/// How often an address may ask. Pages ask by themselves, and several may stand behind one address: they must not use up
/// what its wallets need.
struct Limits {
    wallets: RateLimit,
    pages: RateLimit,
}

/// The router of the public listener. Pages that are being kept up to date are let go of when `stop` says so.
pub fn router(shared: Shared, settings: &config::Public, stop: watch::Receiver<bool>) -> Router {
    let limit = || {
        let clock = Arc::clone(&shared.clock);
        RateLimit::new(clock, settings.requests_per_minute, settings.request_burst)
    };
    let limits = Arc::new(Limits { wallets: limit(), pages: limit() });
    let measured = Measured { shared: shared.clone(), listener: "public" };
    for refusal in [Refusal::Locked, Refusal::InsufficientFunds] {
        shared.metrics.may_refuse(reasons::refusal(&refusal));
    }
    let public = Public {
        shared,
        limits,
        trusted_proxies: settings.trusted_proxies.clone().into(),
        body_max_bytes: settings.limits.body_max_bytes,
        streams: Arc::new(Semaphore::new(settings.max_event_streams)),
        views: Arc::default(),
        stop,
    };
    let withdraw = Router::new()
        .route("/w/{token}", any(withdraw::info))
        .route("/w/{token}/callback", any(callback::callback))
        .layer(CatchPanicLayer::custom(|_| reply::error(reasons::BROKEN)));
    let pages = Router::new()
        .route("/c/{token}", get(link::show_checkout).post(link::open_checkout))
        .route("/p/{token}", get(link::show_payment).post(link::open_payment))
        .route("/s/{token}", get(page::page))
        .route("/s/{token}/status", get(status::status))
        .route("/s/{token}/events", get(events::events))
        .route("/s/{token}/amount", get(answers::home).post(answers::amount))
        .route("/s/{token}/details", get(answers::home).post(answers::details))
        .route("/s/{token}/invoice", get(answers::home).post(answers::invoice))
        .route("/s/{token}/invoice.svg", get(page::invoice_qr))
        .route("/s/{token}/cashback.svg", get(page::cashback_qr));
    let shops = if settings.publishable_keys {
        super::admin::publishable(public.shared.clone(), public.body_max_bytes)
    } else {
        Router::new()
    };
    let routes = withdraw
        .merge(pages)
        .merge(shops)
        .route("/assets/page.css", get(assets::style))
        .route("/assets/page.js", get(assets::script))
        .route("/assets/icon.svg", get(assets::icon))
        .route("/healthz", get(|| async { "ok" }))
        .fallback(nothing)
        .layer(from_fn_with_state(public.clone(), limit_rate))
        .with_state(public)
        .layer(CatchPanicLayer::custom(|_| {
            (StatusCode::INTERNAL_SERVER_ERROR, "something broke here").into_response()
        }))
        .layer(from_fn_with_state(measured, measure));
    // Around the routes and not a layer of theirs: layers come after routing.
    Router::new().fallback(move |request: Request| {
        let mut routes = routes.clone();
        async move {
            let request = fold_case(request);
            let policy = policy(request.uri().path());
            let answer = routes.call(request).await.unwrap_or_else(|never| match never {});
            match policy {
                Some(policy) => keep_private(answer, policy),
                None => answer,
            }
        }
    })
}

/// A path that leads nowhere.
async fn nothing(method: Method, uri: Uri) -> Response {
    if uri.path().starts_with("/w/") {
        reply::not_found(&method)
    } else {
        (StatusCode::NOT_FOUND, "not found").into_response()
    }
}

/// Wallets may upper- or lower-case the whole link (LUD-17; checklist S4). No path of ours has an upper-case letter.
fn fold_case(mut request: Request) -> Request {
    let uri = request.uri();
    if uri.path().bytes().any(|byte| byte.is_ascii_uppercase()) {
        let mut folded = uri.path().to_ascii_lowercase();
        if let Some(query) = uri.query() {
            folded.push('?');
            folded.push_str(query);
        }
        if let Ok(uri) = folded.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// What the page of a session may load, whom it may ask, and where its forms may lead: nobody but us.
const SESSION_POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// The same of a link, which has no script.
const LINK_POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The policy of a hosted page.
fn policy(path: &str) -> Option<&'static str> {
    match path.get(..3) {
        Some("/s/") => Some(SESSION_POLICY),
        Some("/c/" | "/p/") => Some(LINK_POLICY),
        _ => None,
    }
}

/// `/s/…`, `/c/…` and `/p/…` are bearer links: they are neither kept nor passed on, whatever the answer.
fn keep_private(mut response: Response, policy: &'static str) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn limit_rate(
    axum::extract::State(public): axum::extract::State<Public>,
    request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<PeerAddr>().map(|peer| peer.0.ip());
    let is_wallet = request.uri().path().starts_with("/w/");
    // What a browser asks before it lets a web wallet ask must be answered with what is allowed.
    let is_preflight = is_wallet && request.method() == Method::OPTIONS;
    if let (Some(peer), false) = (peer, is_preflight) {
        let client = client(peer, request.headers(), &public.trusted_proxies);
        let limit = if is_wallet { &public.limits.wallets } else { &public.limits.pages };
        if let Err(wait_secs) = limit.take(client) {
            return too_many(request.uri().path(), wait_secs);
        }
    }
    next.run(request).await
}

/// Wallets, browsers and programs are each told in their own way.
fn too_many(path: &str, wait_secs: u64) -> Response {
    if path.starts_with("/w/") {
        return reply::error(reasons::TOO_MANY_REQUESTS);
    }
    if policy(path).is_some() {
        return frame::too_many(wait_secs);
    }
    let retry_after = [(header::RETRY_AFTER, wait_secs.to_string())];
    (StatusCode::TOO_MANY_REQUESTS, retry_after, "too many requests").into_response()
}
