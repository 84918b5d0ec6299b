//! Who calls: the operator, or a merchant with one of its keys. Keys come as the user name of HTTP Basic (Speed's way)
//! or as a bearer token.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitcoin::hashes::cmp::fixed_time_eq;

use crate::domain::account::KeyKind;
use crate::domain::bytes::Digest;
use crate::domain::id::AccountId;
use crate::ports::store::{TokenOwner, fetch, table};

use super::super::Shared;
use super::error::ApiError;

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// The operator.
    Operator,
    /// A merchant, with a key of this kind.
    Merchant(AccountId, KeyKind),
}

/// Longest key that is looked at.
const MAX_KEY_LEN: usize = 128;

impl Caller {
    /// Only the operator may go on.
    pub(super) fn must_be_operator(&self) -> Result<(), ApiError> {
        match self {
            Self::Operator => Ok(()),
            Self::Merchant(..) => Err(ApiError::forbidden("only the operator may do this")),
        }
    }

    /// Only who may change things may go on.
    pub(super) fn may_write(&self) -> Result<(), ApiError> {
        match self {
            Self::Operator | Self::Merchant(_, KeyKind::Secret) => Ok(()),
            Self::Merchant(_, KeyKind::Restricted) => {
                Err(ApiError::forbidden("a restricted key may only read"))
            }
            Self::Merchant(_, KeyKind::Publishable) => {
                Err(ApiError::forbidden("a publishable key may only create sessions"))
            }
        }
    }

    /// Only who may read may go on.
    pub(super) fn may_read(&self) -> Result<(), ApiError> {
        match self {
            Self::Merchant(_, KeyKind::Publishable) => {
                Err(ApiError::forbidden("a publishable key may only create sessions"))
            }
            Self::Operator | Self::Merchant(..) => Ok(()),
        }
    }

    /// Only who may create sessions may go on.
    pub(super) fn may_create_sessions(&self) -> Result<(), ApiError> {
        match self {
            Self::Merchant(_, KeyKind::Restricted) => self.may_write(),
            Self::Operator | Self::Merchant(..) => Ok(()),
        }
    }

    /// True if links that carry secrets are shown.
    pub(super) const fn sees_links(&self) -> bool {
        !matches!(self, Self::Merchant(_, KeyKind::Restricted))
    }

    /// The account that a merchant is; the operator is none.
    pub(super) const fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Operator => None,
            Self::Merchant(account, _) => Some(account),
        }
    }

    /// True if this account's objects exist for the caller.
    pub(super) fn sees(&self, account: &AccountId) -> bool {
        self.account().is_none_or(|own| own == account)
    }
}

/// Finds out who calls. `operator` is the digest of the operator's key, where that one counts.
pub(super) fn authenticate(
    shared: &Shared,
    operator: Option<&Digest>,
    headers: &HeaderMap,
) -> Result<Caller, ApiError> {
    let key = key(headers).ok_or_else(|| ApiError::unauthorized("no API key was given"))?;
    let digest = digest(shared, &key);
    let digest = digest.ok_or_else(|| ApiError::unauthorized("the API key is not valid"))?;
    caller(shared, operator, digest)
}

/// What is kept of a key; `None` of what cannot be one.
pub(super) fn digest(shared: &Shared, key: &str) -> Option<Digest> {
    let is_key = !key.is_empty() && key.len() <= MAX_KEY_LEN;
    is_key.then(|| shared.secrets.digest(key.as_bytes()))
}

/// Who the holder of a key is.
pub(super) fn caller(
    shared: &Shared,
    operator: Option<&Digest>,
    digest: Digest,
) -> Result<Caller, ApiError> {
    if operator.is_some_and(|operator| fixed_time_eq(&digest.0, &operator.0)) {
        return Ok(Caller::Operator);
    }
    // A look-up by digest takes no time that depends on the key.
    let owner = fetch::<table::Token>(&*shared.rows, digest)?;
    let id = match owner {
        Some(TokenOwner::ApiKey(id)) => id,
        _ => return Err(ApiError::unauthorized("the API key is not valid")),
    };
    match fetch::<table::ApiKey>(&*shared.rows, id)? {
        Some(key) if key.revoked.is_none_or(|end| shared.clock.now().wall < end) => {
            Ok(Caller::Merchant(key.account, key.kind))
        }
        _ => Err(ApiError::unauthorized("the API key was revoked")),
    }
}

fn key(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (user, _) = decoded.split_once(':').unwrap_or((&decoded, ""));
    Some(user.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expect: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        assert_eq!(key(&headers).as_deref(), expect, "{value}");
    }

    #[test]
    fn the_key_is_the_user_name_or_the_bearer_token() {
        check("Bearer sk_test_1", Some("sk_test_1"));
        check("bearer  sk_test_1 ", Some("sk_test_1"));
        check(&format!("Basic {}", STANDARD.encode("sk_test_1:")), Some("sk_test_1"));
        check(&format!("Basic {}", STANDARD.encode("sk_test_1")), Some("sk_test_1"));
        check("Basic !!!", None);
        check("Digest x", None);
        check("sk_test_1", None);
    }
}
