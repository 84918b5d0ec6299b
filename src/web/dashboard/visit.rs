//! A request of somebody who is signed in: what pages get of it, and how they ask the API.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use bitcoin::hashes::cmp::fixed_time_eq;

use crate::domain::bytes::Digest;
use crate::domain::id::AccountId;
use crate::web::admin::{Holder, Inside, Question, request_id};

use super::super::body;
use super::cookie;
use super::json::Json;
use super::sessions::{Session, Sessions};
use super::trouble::Trouble;
use super::words;
use crate::web::public::rate_limit::RateLimit;

/// What the dashboard works with.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "ports have none")]
pub(super) struct Dashboard {
    pub(super) api: Arc<Inside>,
    pub(super) sessions: Arc<Sessions>,
    pub(super) attempts: Arc<RateLimit>,
}

/// A page that is asked for.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub(super) struct Visit {
    pub(super) dash: Dashboard,
    pub(super) holder: Holder,
    pub(super) session: Session,
    pub(super) id: Digest,
    /// Where the visitor is.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    /// Minutes east of UTC, as far as the browser says.
    pub(super) zone_minutes: i64,
    request: Option<String>,
}

/// A form that was sent, by this session and nobody else.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub(super) struct Sent {
    pub(super) visit: Visit,
    pub(super) fields: Vec<(String, String)>,
}

/// The name that every form's token has.
pub(super) const CSRF: &str = "csrf";
/// The name of the word that makes a form count once.
pub(super) const ONCE: &str = "once";

impl FromRequestParts<Dashboard> for Visit {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, dash: &Dashboard) -> Result<Self, Trouble> {
        let path = parts.uri.path().to_owned();
        let asked = parts.uri.path_and_query().map_or("/", |asked| asked.as_str());
        let next = (parts.method == Method::GET).then(|| asked.to_owned());
        let (id, session, holder) = signed_in(dash, &parts.headers).ok_or(Trouble::SignIn(next))?;
        let query = parts.uri.query().unwrap_or("").as_bytes();
        Ok(Self {
            dash: dash.clone(),
            holder,
            session,
            id,
            path,
            query: form_urlencoded::parse(query).into_owned().collect(),
            zone_minutes: cookie::zone_minutes(&parts.headers),
            request: request_id(parts),
        })
    }
}

/// The session that a browser names, while its key counts.
pub(super) fn signed_in(
    dash: &Dashboard,
    headers: &HeaderMap,
) -> Option<(Digest, Session, Holder)> {
    let id = dash.sessions.id(cookie::find(headers, cookie::SESSION)?);
    let session = dash.sessions.find(id)?;
    match dash.api.holder_of(session.key) {
        Some(holder) => Some((id, session, holder)),
        None => {
            dash.sessions.end(id);
            None
        }
    }
}

/// Reads the fields of a form.
pub(super) async fn read_form(
    dash: &Dashboard,
    headers: &HeaderMap,
    body: Body,
) -> Result<Vec<(String, String)>, Trouble> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        return Err(Trouble::plain(words::NOT_A_FORM));
    }
    let bytes = body::read(body, dash.api.body_max_bytes()).await;
    let bytes = bytes.map_err(|_| Trouble::plain(words::FORM_TOO_LARGE))?;
    Ok(form_urlencoded::parse(&bytes).into_owned().collect())
}

/// A field of a form; empty if it is not there.
pub(super) fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.as_str())
}

/// True if two secret words are the same.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && fixed_time_eq(one.as_bytes(), other.as_bytes())
}

impl FromRequest<Dashboard> for Sent {
    type Rejection = Trouble;

    async fn from_request(request: Request, dash: &Dashboard) -> Result<Self, Trouble> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, dash).await?;
        let fields = read_form(dash, &parts.headers, body).await?;
        if !same(field(&fields, CSRF), &visit.session.csrf) {
            return Err(Trouble::plain(words::FORM_IS_OLD));
        }
        Ok(Self { visit, fields })
    }
}

impl Sent {
    /// A field; empty if it is not there.
    pub(super) fn field(&self, name: &str) -> &str {
        field(&self.fields, name)
    }

    /// Asks the API to do something, once for each form however often it is sent.
    pub(super) async fn post(&self, path: &str, body: String) -> Result<Json, Trouble> {
        self.send(Method::POST, path, body).await
    }

    /// The same with a method of one's choice.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<Json, Trouble> {
        let once = Some(self.field(ONCE)).filter(|once| !once.is_empty());
        self.visit.ask(method, path, body, once).await
    }

    /// Leads to a page that says what was done.
    pub(super) fn done(&self, path: &str, notice: &str) -> Response {
        self.visit.dash.sessions.tell(self.visit.id, notice);
        Redirect::to(path).into_response()
    }
}

/// What is the operator's alone, or names its account in the query, is asked for nobody.
const OPERATORS: [&str; 7] =
    ["/accounts", "/node", "/ledger", "/drain", "/undrain", "/readyz", "/balances?account="];

impl Visit {
    /// What the API has at a path.
    pub(super) async fn get(&self, path: &str) -> Result<Json, Trouble> {
        self.ask(Method::GET, path, String::new(), None).await
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: String,
        once: Option<&str>,
    ) -> Result<Json, Trouble> {
        let is_operators = OPERATORS.iter().any(|begin| path.starts_with(begin));
        let acts_for = self.session.acts_for.as_ref().filter(|_| !is_operators);
        let request = self.request.as_deref();
        let question = Question { method, path, body, once, acts_for, request };
        let (status, text) = self.dash.api.ask(&self.holder, question).await;
        let json = Json::parse(&text);
        if status.is_success() || path == "/readyz" {
            Ok(json)
        } else {
            Err(Trouble::refused(status, &json))
        }
    }

    /// A parameter of the query; empty if it is not there.
    pub(super) fn param(&self, name: &str) -> &str {
        field(&self.query, name)
    }

    /// The account whose things are shown: the merchant's own, or the one that the operator chose.
    pub(super) fn account(&self) -> Option<&AccountId> {
        self.holder.account().or(self.session.acts_for.as_ref())
    }

    /// True if something can be made here: the key may, and it is known for whom.
    pub(super) fn may_make(&self) -> bool {
        self.holder.may_write() && self.account().is_some()
    }

    /// Only the operator may go on.
    pub(super) fn must_be_operator(&self) -> Result<(), Trouble> {
        if self.holder.is_operator() { Ok(()) } else { Err(Trouble::plain(words::OPERATOR_ONLY)) }
    }
}
