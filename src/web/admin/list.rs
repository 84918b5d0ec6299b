//! Lists: newest first, in commit order, from a cursor (Speed's direction), with filters.

use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json as schema;

use crate::domain::id::AccountId;
use crate::domain::time::Timestamp;
use crate::engine::reply::Object;
use crate::ports::store::{List, Page, Rows, Scope};

use super::answer::json;
use super::declared::MAX_MOMENT;
use super::error::{ApiError, Problem};
use super::operation::{Param, id_schema};
use super::request::Look;

/// Objects on a page unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 10;
/// Most objects on a page.
const MAX_LIMIT: usize = 100;
/// Objects that one request looks at when filters let few through. The page may then be shorter than it could be, with
/// more to come.
const MAX_LOOKED_AT: usize = 5_000;
/// Objects that are read at once.
const CHUNK: usize = 200;

/// What a list consists of.
pub(super) trait Listed: Sized {
    /// What it looks like.
    type Shape: Serialize + JsonSchema;

    /// Which list.
    const LIST: List;
    /// Filters by a word that it knows beside `status`.
    const WORDS: &'static [&'static str] = &["status"];
    /// What its ids begin with.
    const PREFIX: &'static str;

    /// The parameters that its list takes.
    fn params() -> Vec<Param> {
        let param = |name: &str, schema| Param { name: name.to_owned(), schema };
        let limit = schema!({ "type": "integer", "minimum": 1, "maximum": MAX_LIMIT });
        let moment = schema!({ "type": "integer", "minimum": 0, "maximum": MAX_MOMENT });
        let mut params = vec![param("limit", limit)];
        for cursor in ["starting_after", "ending_before"] {
            params.push(param(cursor, id_schema(Self::PREFIX)));
        }
        params.extend(CREATED.map(|name| param(name, moment.clone())));
        for name in Self::WORDS {
            let values = Self::values(name);
            let text = schema!({ "type": "string" });
            let word = schema!({ "type": "string", "enum": values });
            params.push(param(name, if values.is_empty() { text } else { word }));
        }
        params
    }

    /// Reads one by its id.
    fn read(rows: &dyn Rows, id: &str) -> Result<Option<Self>, ApiError>;
    /// Its place in commit order.
    fn seq(&self) -> u64;
    /// Whose it is.
    fn account(&self) -> Option<&AccountId>;
    /// When it was made.
    fn created(&self) -> Timestamp;
    /// The words that a filter may ask for; none if it is for a text.
    fn values(_name: &str) -> Vec<&'static str> {
        vec![]
    }
    /// True if it is there for this request. What is nobody's is there for all, unless a kind says otherwise.
    fn is_visible(&self, look: &Look) -> bool {
        self.account().is_none_or(|own| look.sees(own))
    }
    /// True if it belongs into the list.
    fn belongs(&self) -> bool {
        true
    }
    /// What a filter compares with.
    fn word(&self, name: &str) -> Option<String>;
    /// Its shape for this caller.
    fn shape(&self, look: &Look) -> Result<Self::Shape, ApiError>;
}

/// A page of a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ListOf{T}")]
pub(super) struct Envelope<T> {
    object: &'static str,
    has_more: bool,
    data: Vec<T>,
}

impl<T> Envelope<T> {
    /// A list that is told in full.
    pub(super) const fn whole(data: Vec<T>) -> Self {
        Self { object: "list", has_more: false, data }
    }
}

/// What the query asks for.
struct Wanted {
    limit: usize,
    after: Option<u64>,
    before: Option<u64>,
    scope: Scope,
    words: Vec<(String, String)>,
    created: Vec<(&'static str, Timestamp)>,
}

const CREATED: [&str; 4] = ["created[gt]", "created[gte]", "created[lt]", "created[lte]"];

/// Answers one object, if there is one that the caller may see.
pub(super) fn one<T: Listed>(look: &Look, id: &str, object: Object) -> Result<Response, ApiError> {
    look.caller.may_read()?;
    let found = T::read(&*look.admin.shared.rows, id)?;
    match found.filter(|found| found.is_visible(look)) {
        Some(found) => Ok(json(&found.shape(look)?)),
        None => Err(ApiError::not_found(object)),
    }
}

/// Answers a list.
pub(super) fn answer<T: Listed>(look: &Look) -> Result<Response, ApiError> {
    let scope = look.account().map_or(Scope::All, |own| Scope::Account(own.clone()));
    answer_in::<T>(look, scope)
}

/// Answers a list of something else than an account.
pub(super) fn answer_in<T: Listed>(look: &Look, scope: Scope) -> Result<Response, ApiError> {
    look.caller.may_read()?;
    let wanted = wanted::<T>(look, scope)?;
    let (objects, has_more) = collect::<T>(look, &wanted)?;
    let data = objects.iter().map(|object| object.shape(look)).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Envelope { object: "list", has_more, data }).into_response())
}

fn wanted<T: Listed>(look: &Look, scope: Scope) -> Result<Wanted, ApiError> {
    let mut problems = vec![];
    let mut wanted = Wanted {
        limit: DEFAULT_LIMIT,
        after: None,
        before: None,
        scope,
        words: vec![],
        created: vec![],
    };
    for (name, value) in &look.query {
        if let Err(problem) = take::<T>(look, &mut wanted, name, value)? {
            problems.push(problem);
        }
    }
    if wanted.after.is_some() && wanted.before.is_some() {
        let message = "starting_after and ending_before exclude each other";
        problems.push(Problem::field("invalid_cursor", "starting_after", message));
    }
    if problems.is_empty() { Ok(wanted) } else { Err(ApiError::invalid(problems)) }
}

/// Takes one parameter; the inner error is a problem of the request.
fn take<T: Listed>(
    look: &Look,
    wanted: &mut Wanted,
    name: &str,
    value: &str,
) -> Result<Result<(), Problem>, ApiError> {
    let invalid = |rule: &str| {
        Ok(Err(Problem::field("invalid_field", name, format!("{name} must be {rule}"))))
    };
    match name {
        "limit" => match value.parse() {
            Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => wanted.limit = limit,
            _ => return invalid("a whole number from 1 to 100"),
        },
        "starting_after" | "ending_before" => {
            let object = T::read(&*look.admin.shared.rows, value)?;
            match object.filter(|object| object.is_visible(look)).map(|object| object.seq()) {
                Some(seq) if name == "starting_after" => wanted.after = Some(seq),
                Some(seq) => wanted.before = Some(seq),
                None => return invalid("the id of an object in this list"),
            }
        }
        "account" if look.caller.account().is_none() => {
            match (AccountId::parse(value), &wanted.scope) {
                (Ok(id), Scope::All) => wanted.scope = Scope::Account(id),
                (Ok(id), Scope::Account(own)) if id == *own => {}
                (Ok(_), Scope::Account(_)) => return invalid("the account that is acted for"),
                _ => return invalid("the id of an account"),
            }
        }
        _ if T::WORDS.contains(&name) => {
            let values = T::values(name);
            if !values.is_empty() && !values.contains(&value) {
                return invalid("one of its values");
            }
            wanted.words.push((name.to_owned(), value.to_owned()));
        }
        _ => match (CREATED.iter().find(|known| **known == name), value.parse()) {
            (Some(known), Ok(millis)) if millis <= MAX_MOMENT => {
                wanted.created.push((known, Timestamp::from_millis(millis)));
            }
            (Some(_), _) => return invalid("Unix milliseconds"),
            (None, _) => {
                let message = format!("there is no parameter {name} here");
                return Ok(Err(Problem::field("unknown_parameter", name, message)));
            }
        },
    }
    Ok(Ok(()))
}

/// Reads from the cursor outwards, so that the page nearest to it is found; the newest come first in any case.
fn collect<T: Listed>(look: &Look, wanted: &Wanted) -> Result<(Vec<T>, bool), ApiError> {
    let rows = &*look.admin.shared.rows;
    let ascending = wanted.after.is_some();
    let (mut after, mut before) = (wanted.after, wanted.before);
    let (mut found, mut looked_at) = (vec![], 0);
    loop {
        let (list, scope) = (T::LIST, wanted.scope.clone());
        let page = rows.page(&Page { list, scope, after, before, ascending, limit: CHUNK })?;
        let is_last = page.len() < CHUNK;
        for (seq, id) in page {
            looked_at += 1;
            if ascending {
                after = Some(seq);
            } else {
                before = Some(seq);
            }
            let object = T::read(rows, &id)?.filter(|object| fits(object, wanted));
            if let Some(object) = object {
                if found.len() == wanted.limit {
                    return Ok((in_order(found, ascending), true));
                }
                found.push(object);
            }
            if looked_at == MAX_LOOKED_AT && !found.is_empty() {
                return Ok((in_order(found, ascending), true));
            }
        }
        if is_last {
            return Ok((in_order(found, ascending), false));
        }
    }
}

fn in_order<T>(mut found: Vec<T>, ascending: bool) -> Vec<T> {
    if ascending {
        found.reverse();
    }
    found
}

fn fits<T: Listed>(object: &T, wanted: &Wanted) -> bool {
    let words = wanted.words.iter().all(|(name, value)| object.word(name).as_ref() == Some(value));
    let created = object.created();
    object.belongs()
        && words
        && wanted.created.iter().all(|(name, bound)| match *name {
            "created[gt]" => created > *bound,
            "created[gte]" => created >= *bound,
            "created[lt]" => created < *bound,
            _ => created <= *bound,
        })
}
