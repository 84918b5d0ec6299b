//! The API from within the process: the dashboard asks it as anybody would, so that no rule is written twice and no
//! page can do what a key could not.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use tower_service::Service;

use crate::domain::account::KeyKind;
use crate::domain::bytes::Digest;
use crate::domain::id::AccountId;

use super::super::Shared;
use super::auth::{self, Caller};
use super::error::ApiError;
use super::{Admin, guard, routes};

/// Asks the API in this process.
#[derive(Clone)]
pub(in crate::web) struct Inside {
    admin: Admin,
    routes: Router,
}

/// Somebody who came with a key that counts.
#[derive(Clone, Debug)]
pub(in crate::web) struct Holder {
    /// What is kept of the key.
    pub(in crate::web) key: Digest,
    caller: Caller,
}

/// What the API is asked.
#[derive(Debug)]
pub(in crate::web) struct Question<'a> {
    /// `GET`, `POST` or `DELETE`.
    pub(in crate::web) method: Method,
    /// With its query.
    pub(in crate::web) path: &'a str,
    /// JSON; empty is no body.
    pub(in crate::web) body: String,
    /// The idempotency key.
    pub(in crate::web) once: Option<&'a str>,
    /// The account that the operator acts for.
    pub(in crate::web) acts_for: Option<&'a AccountId>,
    /// The request that this is part of.
    pub(in crate::web) request: Option<&'a str>,
}

impl Holder {
    /// True for the operator.
    pub(in crate::web) const fn is_operator(&self) -> bool {
        matches!(self.caller, Caller::Operator)
    }

    /// True if the key may change things.
    pub(in crate::web) fn may_write(&self) -> bool {
        self.caller.may_write().is_ok()
    }

    /// The merchant's account.
    pub(in crate::web) const fn account(&self) -> Option<&AccountId> {
        self.caller.account()
    }
}

impl Inside {
    pub(super) fn new(admin: &Admin) -> Self {
        let routes = routes::api().fallback(|| async { ApiError::no_route() });
        let routes = routes.merge(routes::open()).with_state(admin.clone());
        Self { admin: admin.clone(), routes }
    }

    /// What both listeners work with.
    pub(in crate::web) const fn shared(&self) -> &Shared {
        &self.admin.shared
    }

    /// Most bytes of a request's body.
    pub(in crate::web) const fn body_max_bytes(&self) -> usize {
        self.admin.body_max_bytes
    }

    /// Who holds this key, unless it is none, was taken back, or may not even read.
    pub(in crate::web) fn holder(&self, key: &str) -> Option<Holder> {
        self.holder_of(auth::digest(&self.admin.shared, key)?)
    }

    /// The same for a key that was shown before: it may have been taken back since.
    pub(in crate::web) fn holder_of(&self, key: Digest) -> Option<Holder> {
        let operator = self.admin.operator.as_ref();
        let caller = auth::caller(&self.admin.shared, operator, key).ok()?;
        let may_read = !matches!(caller, Caller::Merchant(_, KeyKind::Publishable));
        may_read.then_some(Holder { key, caller })
    }

    /// Asks, as this holder of a key.
    pub(in crate::web) async fn ask(
        &self,
        holder: &Holder,
        question: Question<'_>,
    ) -> (StatusCode, String) {
        let Some(request) = request(holder, question) else {
            return (StatusCode::NOT_FOUND, String::new());
        };
        let mut routes = self.routes.clone();
        let answer = routes.call(request).await.unwrap_or_else(|never| match never {});
        let (head, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        (head.status, String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The id that the guard gave to a request.
pub(in crate::web) fn request_id(parts: &Parts) -> Option<String> {
    parts.extensions.get::<guard::RequestId>().map(|guard::RequestId(id)| id.clone())
}

/// `None` if a path or a header cannot be made of what a browser sent.
fn request(holder: &Holder, question: Question<'_>) -> Option<Request> {
    let mut request = Request::builder().method(question.method).uri(question.path);
    let headers = request.headers_mut()?;
    note(headers, "idempotency-key", question.once)?;
    note(headers, "speed-account", question.acts_for.map(AccountId::as_str))?;
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut request = request.body(Body::from(question.body)).ok()?;
    request.extensions_mut().insert(holder.caller.clone());
    if let Some(id) = question.request {
        request.extensions_mut().insert(guard::RequestId(id.to_owned()));
    }
    Some(request)
}

fn note(headers: &mut HeaderMap, name: &'static str, value: Option<&str>) -> Option<()> {
    if let Some(value) = value {
        headers.insert(name, HeaderValue::from_str(value).ok()?);
    }
    Some(())
}

/// The pages of the dashboard, behind the same allow-list of hosts as the API.
pub(super) fn dashboard(admin: &Admin) -> Router<Admin> {
    Router::new().merge(super::super::dashboard::router(Arc::new(Inside::new(admin))))
}
