//! Publishable keys on the public listener, where the operator wants that (`public.publishable_keys`): the pages of shops
//! make sessions from their customers' browsers. Only such keys count here, only making sessions is possible, and any
//! web page may ask: the key stands in the shop's pages anyway.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use crate::domain::account::KeyKind;

use super::super::Shared;
use super::auth::{self, Caller};
use super::error::ApiError;
use super::guard::{self, AllowList};
use super::health::{NotReady, Readiness};
use super::{Admin, routes, wrong_method};

/// Nobody asks here whether the daemon is ready.
struct NotAsked;

impl Readiness for NotAsked {
    fn not_ready(&self) -> Vec<NotReady> {
        vec![]
    }
}

/// The routes of the public listener that take a publishable key.
pub fn publishable<S>(shared: Shared, body_max_bytes: usize) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let admin = Admin {
        shared,
        operator: None,
        allow: Arc::new(AllowList::default()),
        body_max_bytes,
        in_progress: Arc::default(),
        readiness: Arc::new(NotAsked),
    };
    routes::publishable()
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(admin.clone(), admit))
        .layer(from_fn_with_state(admin.clone(), guard::identify))
        .with_state(admin)
}

/// Answers what browsers ask first, and lets through who comes with a publishable key.
async fn admit(State(admin): State<Admin>, request: Request, next: Next) -> Response {
    let mut response = if *request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        match caller(&admin, request.headers()) {
            Ok(caller) => guard::read(&admin, caller, request, next).await,
            Err(error) => error.into_response(),
        }
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST, OPTIONS"),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "accept, authorization, content-type, idempotency-key, speed-version",
        ),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, "request-id, idempotent-replayed"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn caller(admin: &Admin, headers: &HeaderMap) -> Result<Caller, ApiError> {
    let caller = auth::authenticate(&admin.shared, admin.operator.as_ref(), headers)?;
    match caller {
        Caller::Merchant(_, KeyKind::Publishable) => Ok(caller),
        Caller::Operator | Caller::Merchant(_, KeyKind::Secret | KeyKind::Restricted) => Err(
            ApiError::forbidden("only publishable keys are taken here; keep this one to yourself"),
        ),
    }
}
