//! What handlers get of a request, and how they answer.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderValue;
use axum::http::request::Parts;
use axum::response::Response;

use crate::domain::bytes::Digest;
use crate::domain::id::AccountId;
use crate::domain::time::Timestamp;
use crate::engine::command::{Command, Idempotency, Order, Origin};
use crate::engine::reply::{Refusal, Reply};
use crate::ports::store::{AnswerKey, fetch, table};
use crate::shell::desk::Done;

use super::super::ask;
use super::auth::Caller;
use super::declared::Field;
use super::error::{ApiError, Problem};
use super::form::Form;
use super::guard::RequestId;
use super::operation::Operation;
use super::{Admin, render};

/// Longest idempotency key.
pub(super) const MAX_KEY_LEN: usize = 255;
/// Speed's header by which the operator acts for an account.
const ACT_FOR: &str = "speed-account";

/// Idempotency keys whose first request is still being answered.
#[derive(Debug, Default)]
pub(super) struct InProgress(Mutex<BTreeSet<(Option<AccountId>, Digest)>>);

/// Holds an idempotency key for as long as its request takes.
pub(super) struct Holding {
    admin: Admin,
    key: (Option<AccountId>, Digest),
}

impl Drop for Holding {
    fn drop(&mut self) {
        let keys = &self.admin.in_progress.0;
        keys.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// A request that changes something: who asks, with what, and under which idempotency key.
pub(super) struct Call {
    pub(super) admin: Admin,
    pub(super) caller: Caller,
    pub(super) body: Vec<u8>,
    declared: &'static [Field],
    pub(super) origin: Origin,
    /// When the request was made first: a repetition under the same key is judged as of then.
    pub(super) made_at: Timestamp,
    _holding: Option<Holding>,
}

/// A request that only reads.
pub(super) struct Look {
    pub(super) admin: Admin,
    pub(super) caller: Caller,
    pub(super) query: Vec<(String, String)>,
    acts_for: Option<AccountId>,
}

fn caller(parts: &Parts) -> Result<Caller, ApiError> {
    let caller = parts.extensions.get::<Caller>().cloned();
    caller.ok_or_else(|| ApiError::unauthorized("no API key was given"))
}

impl FromRequestParts<Admin> for Look {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, admin: &Admin) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or("").as_bytes();
        let query = form_urlencoded::parse(query).into_owned().collect();
        let caller = caller(parts)?;
        let acts_for = acts_for(admin, parts, &caller)?;
        Ok(Self { admin: admin.clone(), caller, query, acts_for })
    }
}

impl FromRequest<Admin> for Call {
    type Rejection = ApiError;

    async fn from_request(request: Request, admin: &Admin) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let caller = caller(&parts)?;
        // The guard has read it within its bounds already.
        let body = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| ApiError::broken())?;
        let idempotency = idempotency(admin, &parts, &body)?;
        let account = caller.account().cloned();
        let mut made_at = admin.shared.clock.now().wall;
        let mut holding = None;
        if let Some(idempotency) = &idempotency {
            holding = Some(hold(admin, (account.clone(), idempotency.key))?);
            let key = AnswerKey { account: account.clone(), digest: idempotency.key };
            if let Some(answer) = fetch::<table::Answer>(&*admin.shared.rows, key)? {
                if answer.request != idempotency.request {
                    return Err(Refusal::IdempotencyConflict.into());
                }
                made_at = answer.created;
            }
        }
        Ok(Self {
            admin: admin.clone(),
            body: body.to_vec(),
            declared: parts
                .extensions
                .get::<Arc<Operation>>()
                .and_then(|own| own.body)
                .unwrap_or(&[]),
            origin: Origin {
                account,
                acts_for: acts_for(admin, &parts, &caller)?,
                idempotency,
                request: parts.extensions.get::<RequestId>().map(|RequestId(id)| id.clone()),
            },
            caller,
            made_at,
            _holding: holding,
        })
    }
}

fn idempotency(admin: &Admin, parts: &Parts, body: &[u8]) -> Result<Option<Idempotency>, ApiError> {
    let Some(value) = parts.headers.get("idempotency-key") else { return Ok(None) };
    let key = value.as_bytes();
    if key.is_empty() || key.len() > MAX_KEY_LEN {
        let message = format!("an idempotency key has 1 to {MAX_KEY_LEN} bytes");
        let problem = Problem::field("invalid_idempotency_key", "Idempotency-Key", message);
        return Err(ApiError::invalid(vec![problem]));
    }
    let act_for = parts.headers.get(ACT_FOR).map_or(&[][..], HeaderValue::as_bytes);
    let head = [parts.method.as_str(), parts.uri.path(), ""].join("\n");
    let request = [head.as_bytes(), act_for, b"\n", body].concat();
    let digest = |bytes: &[u8]| admin.shared.secrets.digest(bytes);
    Ok(Some(Idempotency { key: digest(key), request: digest(&request) }))
}

fn hold(admin: &Admin, key: (Option<AccountId>, Digest)) -> Result<Holding, ApiError> {
    let keys = &admin.in_progress.0;
    if !keys.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone()) {
        let message = "a request with this idempotency key is still being answered";
        return Err(ApiError::conflict("idempotency_key_in_use", message));
    }
    Ok(Holding { admin: admin.clone(), key })
}

/// The account in Speed's header, which there must be. A merchant may name its own, which says nothing new.
fn acts_for(admin: &Admin, parts: &Parts, caller: &Caller) -> Result<Option<AccountId>, ApiError> {
    let Some(value) = parts.headers.get(ACT_FOR) else { return Ok(None) };
    let none = || {
        let message = format!("{ACT_FOR} must be the id of an account");
        ApiError::invalid(vec![Problem::field("invalid_field", ACT_FOR, message)])
    };
    let id = value.to_str().ok().and_then(|text| AccountId::parse(text).ok()).ok_or_else(none)?;
    if !caller.sees(&id) {
        return Err(ApiError::forbidden("this key is another account's"));
    }
    match fetch::<table::Account>(&*admin.shared.rows, id.clone())? {
        Some(_) => Ok(Some(id)),
        None => Err(none()),
    }
}

impl Call {
    /// The account that a merchant's request is about: the merchant's own, or the one that the operator names.
    pub(super) fn account(&self) -> Result<AccountId, ApiError> {
        let account = self.caller.account().or(self.origin.acts_for.as_ref());
        account.cloned().ok_or_else(|| {
            let message = format!("the operator names the account in the header {ACT_FOR}");
            ApiError::invalid(vec![Problem::field("missing_field", ACT_FOR, message)])
        })
    }

    /// The body, to be read field by field.
    pub(super) fn form(&self) -> Result<Form, ApiError> {
        Form::parse(&self.body, self.declared)
    }

    /// Makes sure that nothing is said that would be ignored.
    pub(super) fn no_fields(&self) -> Result<(), ApiError> {
        self.form()?.finish()
    }

    /// Gives an order to the engine and renders the object that it leaves.
    pub(super) async fn order(&self, order: Order) -> Result<Response, ApiError> {
        let command = Command::Order(Box::new(order), self.origin.clone());
        match ask::ask(&self.admin.shared.engine, command).await?? {
            Reply::Object { snapshot, replayed } => self.answer(&Done { snapshot, replayed }),
            _ => Err(ApiError::broken()),
        }
    }

    /// Renders what an order left.
    pub(super) fn answer(&self, done: &Done) -> Result<Response, ApiError> {
        let response = render::snapshot(&self.admin.shared, &self.caller, &done.snapshot)?;
        Ok(self.mark(response, done.replayed))
    }

    /// Says of an answer whether it was given before.
    pub(super) fn mark(&self, mut response: Response, replayed: bool) -> Response {
        if replayed {
            let yes = HeaderValue::from_static("true");
            response.headers_mut().insert("idempotent-replayed", yes);
        }
        response
    }
}

impl Look {
    /// The one account that this is about: the merchant's own, or the one that the operator acts for.
    pub(super) fn account(&self) -> Option<&AccountId> {
        self.caller.account().or(self.acts_for.as_ref())
    }

    /// True if an object of `owner` is there for this request.
    pub(super) fn sees(&self, owner: &AccountId) -> bool {
        self.account().is_none_or(|account| account == owner)
    }

    /// A parameter of the query.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }
}
