//! `POST /accounts`.

use axum::response::Response;

use crate::domain::fees::FeeOverrides;
use crate::engine::command::{AccountTerms, Order};

use super::super::error::ApiError;
use super::super::request::Call;
use super::{MAX_NAME, fee_limits, low_balance};

/// Makes an account.
pub(in super::super) async fn create(call: Call) -> Result<Response, ApiError> {
    call.caller.must_be_operator()?;
    let mut form = call.form()?;
    let terms = AccountTerms {
        name: form.required_text("name", MAX_NAME).unwrap_or_default(),
        fees: fee_limits(&mut form).over(FeeOverrides::default()),
        low_balance: low_balance(&mut form).flatten(),
        metadata: form.metadata().unwrap_or_default(),
    };
    form.finish()?;
    call.order(Order::CreateAccount(terms)).await
}
