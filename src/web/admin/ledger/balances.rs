//! `GET /balances`.

use axum::response::Response;

use crate::domain::id::AccountId;
use crate::domain::ledger::LedgerAccount;
use crate::engine::reply::Object;
use crate::ports::store::{fetch, table};

use super::super::answer::json;
use super::super::error::{ApiError, Problem};
use super::super::objects::Balances;
use super::super::request::Look;

/// What a merchant has; the operator names the account.
pub(in super::super) async fn balances(look: Look) -> Result<Response, ApiError> {
    look.caller.may_read()?;
    let account = match (look.account(), look.param("account")) {
        (Some(own), Some(id)) if id != own.as_str() => {
            let message = "account is another one than this key or speed-account stands for";
            return Err(ApiError::invalid(vec![Problem::field(
                "invalid_field",
                "account",
                message,
            )]));
        }
        (Some(own), _) => own.clone(),
        (None, Some(id)) => {
            AccountId::parse(id).map_err(|_| ApiError::not_found(Object::Account))?
        }
        (None, None) => {
            let message = "the operator names the account";
            return Err(ApiError::invalid(vec![Problem::field(
                "missing_field",
                "account",
                message,
            )]));
        }
    };
    let rows = &*look.admin.shared.rows;
    if fetch::<table::Account>(rows, account.clone())?.is_none() {
        return Err(ApiError::not_found(Object::Account));
    }
    let balance = |of| Ok::<_, ApiError>(fetch::<table::Balance>(rows, of)?.unwrap_or(0));
    let available = balance(LedgerAccount::Available(account.clone()))?;
    let in_flight = balance(LedgerAccount::InFlight(account.clone()))?;
    Ok(json(&Balances::of(&account, available, in_flight)))
}
