//! `/ledger/suspense`: receipts that nobody can be credited for.

use axum::response::Response;

use crate::domain::id::{AccountId, SuspenseId};
use crate::domain::suspense::SuspenseReceipt;
use crate::engine::command::Order;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::list::answer;
use super::super::request::{Call, Look};

/// All of them, assigned ones included.
pub(in super::super) async fn list(look: Look) -> Result<Response, ApiError> {
    look.caller.must_be_operator()?;
    answer::<SuspenseReceipt>(&look)
}

/// The operator says whose a receipt is.
pub(in super::super) async fn assign(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    call.caller.must_be_operator()?;
    let id = SuspenseId::parse(&id).map_err(|_| ApiError::not_found(Object::Suspense))?;
    let mut form = call.form()?;
    let text = form.required_text("account", 100);
    let account = text.as_deref().and_then(|text| AccountId::parse(text).ok());
    if text.is_some() && account.is_none() {
        form.problem("invalid_field", "account", "account must be the id of an account");
    }
    form.finish()?;
    let account = account.ok_or_else(ApiError::broken)?;
    call.order(Order::AssignSuspense(id, account)).await
}
