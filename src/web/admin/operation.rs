//! One operation of the API: its way in, who may use it, what it reads and what it answers. The router and the OpenAPI
//! document are both made of these, so neither can have what the other has not.

use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::domain::account::KeyKind;

use super::Admin;
use super::auth::Caller;
use super::declared::{Field, Kind};
use super::error::ApiError;
use super::list::{Envelope, Listed};

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Everybody, without any key.
    None,
    /// The operator.
    Operator,
    /// The operator, and merchants with a secret key.
    Writers,
    /// Those, and who has a publishable key.
    Sessions,
    /// The operator, and merchants with a secret or a restricted key.
    Readers,
    /// Every key.
    All,
}

impl Keys {
    /// True if a merchant's key of this kind may call.
    pub const fn admit(self, kind: KeyKind) -> bool {
        match self {
            Self::None | Self::All => true,
            Self::Operator => false,
            Self::Writers => matches!(kind, KeyKind::Secret),
            Self::Sessions => matches!(kind, KeyKind::Secret | KeyKind::Publishable),
            Self::Readers => matches!(kind, KeyKind::Secret | KeyKind::Restricted),
        }
    }

    /// Lets through who may call. Handlers look again: a rule about money is not left to a table alone.
    fn check(self, caller: &Caller) -> Result<(), ApiError> {
        match (self, caller) {
            (Self::None | Self::All, _) => Ok(()),
            (Self::Operator, _) => caller.must_be_operator(),
            (Self::Writers, _) => caller.may_write(),
            (Self::Sessions, _) => caller.may_create_sessions(),
            (Self::Readers, _) => caller.may_read(),
        }
    }
}

/// A parameter of the query.
#[derive(Clone, Debug)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) schema: serde_json::Value,
}

/// What is answered when all goes well.
pub(super) enum Answer {
    /// An object.
    Json(fn(&mut SchemaGenerator) -> Schema),
    /// A text of this type.
    Text(&'static str),
    /// A page for people, which the document does not have.
    Page,
}

/// One operation.
pub(super) struct Operation {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) says: &'static str,
    pub(super) keys: Keys,
    pub(super) query: Vec<Param>,
    /// The fields of its body, if it reads one.
    pub(super) body: Option<&'static [Field]>,
    /// Whether an idempotency key is required.
    pub(super) once: bool,
    pub(super) answer: Answer,
    /// What may go wrong beyond what may with every operation of its method.
    pub(super) statuses: Vec<u16>,
}

/// An operation with its handler. Unless it says what it answers, it is a page for people.
pub(super) struct Route {
    pub(super) operation: Operation,
    methods: MethodRouter<Admin>,
}

impl Route {
    fn new<H, T>(
        (method, filter): (Method, MethodFilter),
        path: &'static str,
        handler: H,
        keys: Keys,
        says: &'static str,
    ) -> Self
    where
        H: Handler<T, Admin>,
        T: 'static,
    {
        let body: Option<&'static [Field]> = (method != Method::GET).then_some(&[]);
        let answer = Answer::Page;
        let (query, once, statuses) = (vec![], false, vec![]);
        let operation = Operation { method, path, says, keys, query, body, once, answer, statuses };
        Self { operation, methods: on(filter, handler) }
    }

    /// The fields of its body.
    pub(super) const fn reads(mut self, fields: &'static [Field]) -> Self {
        self.operation.body = Some(fields);
        self
    }

    /// Answers an object of this shape.
    pub(super) fn answers<T: JsonSchema>(mut self) -> Self {
        self.operation.answer = Answer::Json(|generator| generator.subschema_for::<T>());
        self
    }

    /// Answers a text of this type.
    pub(super) fn answers_text(mut self, content_type: &'static str) -> Self {
        self.operation.answer = Answer::Text(content_type);
        self
    }

    /// Answers a list of an account's objects; the operator may name the account.
    pub(super) fn lists<T: Listed>(mut self) -> Self {
        self = self.lists_within::<T>();
        let schema = id_schema("acct_");
        self.operation.query.push(Param { name: "account".to_owned(), schema });
        self
    }

    /// Answers a list of the objects of something else.
    pub(super) fn lists_within<T: Listed>(mut self) -> Self {
        self.operation.query = T::params();
        self.answers::<Envelope<T::Shape>>()
    }

    /// A parameter of the query.
    pub(super) fn asks(mut self, name: &str, schema: serde_json::Value) -> Self {
        self.operation.query.push(Param { name: name.to_owned(), schema });
        self
    }

    /// What else may be answered.
    pub(super) fn may(mut self, statuses: &[u16]) -> Self {
        self.operation.statuses.extend_from_slice(statuses);
        self
    }

    /// An idempotency key is required.
    pub(super) const fn only_once(mut self) -> Self {
        self.operation.once = true;
        self
    }

    /// The operation alone, and its place in a router: there it lets in only whom it is for, and tells the handler what
    /// it is.
    pub(super) fn split(self) -> (Arc<Operation>, MethodRouter<Admin>) {
        let operation = Arc::new(self.operation);
        let own = Arc::clone(&operation);
        let admit = move |request: Request, next: Next| admit(Arc::clone(&own), request, next);
        (operation, self.methods.route_layer(from_fn(admit)))
    }
}

async fn admit(operation: Arc<Operation>, mut request: Request, next: Next) -> Response {
    let admitted = match (operation.keys, request.extensions().get::<Caller>()) {
        (Keys::None, _) => Ok(()),
        (keys, Some(caller)) => keys.check(caller),
        (_, None) => Err(ApiError::unauthorized("no API key was given")),
    };
    match admitted {
        Ok(()) => {
            request.extensions_mut().insert(operation);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// `GET` a path.
pub(super) fn get<H, T>(path: &'static str, handler: H, keys: Keys, says: &'static str) -> Route
where
    H: Handler<T, Admin>,
    T: 'static,
{
    Route::new((Method::GET, MethodFilter::GET), path, handler, keys, says)
}

/// `POST` to a path.
pub(super) fn post<H, T>(path: &'static str, handler: H, keys: Keys, says: &'static str) -> Route
where
    H: Handler<T, Admin>,
    T: 'static,
{
    Route::new((Method::POST, MethodFilter::POST), path, handler, keys, says)
}

/// `DELETE` a path.
pub(super) fn delete<H, T>(path: &'static str, handler: H, keys: Keys, says: &'static str) -> Route
where
    H: Handler<T, Admin>,
    T: 'static,
{
    Route::new((Method::DELETE, MethodFilter::DELETE), path, handler, keys, says)
}

/// What an id with this prefix looks like.
pub(super) fn id_schema(prefix: &str) -> serde_json::Value {
    serde_json::json!({ "type": "string", "pattern": format!("^{prefix}[0-9a-z]{{20}}$") })
}

impl Operation {
    /// True if it may change something: then it takes an idempotency key.
    pub(super) fn acts(&self) -> bool {
        self.method != Method::GET
    }

    /// True if it is in the document.
    pub(super) const fn is_documented(&self) -> bool {
        !matches!(self.answer, Answer::Page)
    }

    /// True if its path names something.
    pub(super) fn names(&self) -> bool {
        self.path.contains('{')
    }

    /// The fields of its body that the document tells of.
    pub(super) fn shown_fields(&self) -> impl Iterator<Item = &'static Field> {
        self.body.into_iter().flatten().filter(|field| field.kind != Kind::Never)
    }

    /// Every status that it may answer with.
    pub(super) fn all_statuses(&self) -> Vec<u16> {
        let mut all = vec![200, 403];
        if self.keys != Keys::None {
            all.extend([400, 401, 500]);
        }
        if self.acts() {
            all.extend([408, 409, 413, 415]);
        }
        if self.names() {
            all.push(404);
        }
        all.extend(&self.statuses);
        all.sort_unstable();
        all.dedup();
        all
    }
}
