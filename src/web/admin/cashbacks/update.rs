//! `POST /cashbacks/{id}`.

use axum::response::Response;

use crate::domain::cashback::CashbackChange;
use crate::domain::currency::Currency;
use crate::domain::id::CashbackId;
use crate::domain::time::Span;
use crate::engine::command::Order;
use crate::engine::reply::Object;
use crate::ports::store::{fetch, table};
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::form::Form;
use super::super::request::Call;
use super::create::{MAX_CLAIM_TTL_SECS, MAX_DESCRIPTION, MAX_NAME};
use super::limits::Pricing;

/// What never changes: what customers were promised would not be what they get.
const FIXED: [&str; 5] = ["type", "currency", "amount", "percentage", "start_date"];

/// Changes a cashback: `null` takes a limit or the end date away. Payments that were made before keep what they were
/// promised.
pub(in super::super) async fn update(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    let id = CashbackId::parse(&id).map_err(|_| ApiError::not_found(Object::Cashback))?;
    let found = fetch::<table::Cashback>(&*call.admin.shared.rows, id.clone())?;
    let found = found.filter(|row| call.caller.sees(&row.account));
    // The currency never changes; whatever else is decided by the engine.
    let currency = found.ok_or_else(|| ApiError::not_found(Object::Cashback))?.terms.currency;
    let mut form = call.form()?;
    let mut rates = Pricing::new(call.admin.shared.desk.rates());
    let change = read(&mut form, &mut rates, currency);
    form.finish()?;
    rates.finish()?;
    call.order(Order::UpdateCashback(id, Box::new(change))).await
}

fn read(form: &mut Form, rates: &mut Pricing<'_>, currency: Currency) -> CashbackChange {
    for name in FIXED {
        if form.says(name) {
            form.drop_field(name);
            let rule = format!("{name} of a cashback cannot be changed");
            form.problem("invalid_field", name, rule);
        }
    }
    let mut limit =
        |form: &mut Form, name| form.says(name).then(|| rates.limit(form, name, currency));
    CashbackChange {
        name: form.says("name").then(|| form.required_text("name", MAX_NAME)).flatten(),
        description: form.text("description", MAX_DESCRIPTION),
        end: form.says("end_date").then(|| form.moment("end_date")),
        max_amount: limit(form, "max_amount"),
        min_spend: limit(form, "min_spend"),
        budget: limit(form, "budget"),
        max_claims: form
            .says("max_claims")
            .then(|| form.number("max_claims", 1, u64::from(u32::MAX))),
        claim_ttl: form.number("claim_ttl", 60, MAX_CLAIM_TTL_SECS).map(Span::from_secs),
        metadata: form.says("metadata").then(|| form.metadata().unwrap_or_default()),
    }
}
