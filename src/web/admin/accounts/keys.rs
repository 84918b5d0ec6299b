//! `/accounts/{id}/keys`: a key is shown once, in the answer to the request that made it.

use axum::response::Response;

use crate::domain::account::KeyKind;
use crate::domain::bytes::Digest;
use crate::domain::id::{AccountId, KeyId};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Span;
use crate::engine::command::{Command, NewKey, Order};
use crate::engine::reply::{Object, Reply};
use crate::ports::store::{Scope, fetch, table};
use crate::web::ask::ask;
use crate::web::named::Named;

use super::super::answer::json;
use super::super::error::ApiError;
use super::super::request::{Call, Look};
use super::super::{list, objects};

/// Random bytes of a key.
const KEY_BYTES: usize = 24;

fn account(id: &str) -> Result<AccountId, ApiError> {
    AccountId::parse(id).map_err(|_| ApiError::not_found(Object::Account))
}

/// Adds a key. Under an idempotency key the answer is repeated, but not the key itself.
pub(in super::super) async fn create_key(
    Named(id): Named,
    call: Call,
) -> Result<Response, ApiError> {
    call.caller.must_be_operator()?;
    let account = account(&id)?;
    let mut form = call.form()?;
    let rule = "secret, restricted or publishable";
    let before = form.has("type");
    let kind = form.word("type", rule, KeyKind::parse);
    if !before {
        form.missing("type");
    }
    form.finish()?;
    let kind = kind.unwrap_or(KeyKind::Restricted);
    let shared = &call.admin.shared;
    let key = new_key(&call, kind);
    let hint: String = key.chars().skip(key.len().saturating_sub(4)).collect();
    let digest = shared.secrets.digest(key.as_bytes());
    let order = Order::CreateKey(NewKey { account, kind, digest, hint });
    let command = Command::Order(Box::new(order), call.origin.clone());
    let Reply::Object { snapshot, replayed } = ask(&shared.engine, command).await?? else {
        return Err(ApiError::broken());
    };
    match &snapshot {
        Snapshot::ApiKey(row) if !replayed => {
            let mut object = objects::Key::of(row, shared.network.livemode());
            object.key = Some(key);
            Ok(json(&object))
        }
        _ => call.answer(&crate::shell::desk::Done { snapshot, replayed }),
    }
}

fn new_key(call: &Call, kind: KeyKind) -> String {
    let shared = &call.admin.shared;
    let mut bytes = [0; 32];
    shared.entropy.fill(&mut bytes);
    let mut random = Digest(bytes).to_hex();
    random.truncate(2 * KEY_BYTES);
    format!("{}{random}", kind.prefix(shared.network.livemode()))
}

/// Longest time that a key still counts after it was taken back.
const MAX_OVERLAP_SECS: u64 = 30 * 86_400;

/// Takes a key back for good: at once, or after `overlap_secs`, in which the next one takes its place.
pub(in super::super) async fn revoke_key(
    Named((id, key)): Named<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    call.caller.must_be_operator()?;
    let account = account(&id)?;
    let key = KeyId::parse(&key).map_err(|_| ApiError::not_found(Object::ApiKey))?;
    let mut form = call.form()?;
    let overlap = form.number("overlap_secs", 0, MAX_OVERLAP_SECS).unwrap_or(0);
    form.finish()?;
    call.order(Order::RevokeKey(account, key, Span::from_secs(overlap))).await
}

/// An account's keys, without the keys themselves. A merchant sees its own.
pub(in super::super) async fn list_keys(
    Named(id): Named,
    look: Look,
) -> Result<Response, ApiError> {
    look.caller.may_read()?;
    let account = account(&id)?;
    if look.account().is_some() {
        // A list shows a merchant nothing but its own.
        if !look.sees(&account) {
            return Err(ApiError::not_found(Object::Account));
        }
        return list::answer::<crate::domain::account::ApiKey>(&look);
    }
    if fetch::<table::Account>(&*look.admin.shared.rows, account.clone())?.is_none() {
        return Err(ApiError::not_found(Object::Account));
    }
    list::answer_in::<crate::domain::account::ApiKey>(&look, Scope::Account(account))
}
