//! `POST /checkout-sessions`.

use axum::response::Response;

use crate::domain::checkout::SessionTerms;
use crate::domain::currency::Currency;
use crate::domain::decimal::Decimal;
use crate::domain::id::CashbackId;
use crate::domain::money::Sat;
use crate::domain::time::Span;
use crate::engine::command::NewSession;
use crate::shell::pricing;

use super::super::error::ApiError;
use super::super::form::Form;
use super::super::request::Call;

/// Shortest and longest life of an invoice, and what counts for SATS and BTC unless the merchant says otherwise (Speed).
const MIN_TTL_SECS: u64 = 300;
const MAX_TTL_SECS: u64 = 365 * 86_400;
/// Longest texts. Together with metadata they keep a session's row, and an event that shows it, below the store's bound.
const MAX_TITLE: usize = 100;
const MAX_TEXT: usize = 250;
/// As long as Speed's own client sends it.
const MAX_MESSAGE: usize = 255;

/// Fields of Speed's that a session here does not have (yet).
const NOT_OFFERED: [&str; 7] = [
    "title_image",
    "customer_collections_status",
    "custom_fields",
    "transfers",
    "amount_paid_tolerance",
    "options",
    "preset",
];

/// Makes a session with its first invoice.
pub(in super::super) async fn create(call: Call) -> Result<Response, ApiError> {
    create_as(call, Thanks::Either).await
}

/// What may be said to a customer who has paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Thanks {
    /// A message, or a way back to the shop.
    Either,
    /// Both, as Speed's own browser client asks for.
    Both,
}

/// Makes a session with its first invoice; both of Speed's paths lead here.
pub(in super::super) async fn create_as(call: Call, thanks: Thanks) -> Result<Response, ApiError> {
    call.caller.may_create_sessions()?;
    let account = call.account()?;
    let mut form = call.form()?;
    let terms = read(&mut form, thanks);
    form.finish()?;
    // Nothing was wrong, so there are terms.
    let terms = terms.ok_or_else(ApiError::broken)?;
    let (new, origin) = (NewSession { account, terms }, call.origin.clone());
    let made = call.admin.shared.blocking(move |desk| desk.create_session(new, origin)).await;
    let done = made.map_err(|_| ApiError::broken())?;
    let done = done.map_err(|fault| ApiError::from(fault).not_found_by("cashback.id"))?;
    call.answer(&done)
}

fn read(form: &mut Form, thanks: Thanks) -> Option<SessionTerms> {
    if !form.has("currency") {
        form.missing("currency");
    }
    let currency = form.word("currency", "SATS or BTC", Currency::parse);
    let amount = amount(form, currency);
    form.word("target_currency", "SATS", |word| (word == "SATS").then_some(()));
    payment_methods(form);
    form.not_offered(&NOT_OFFERED);
    form.word("type", "fixed", |word| (word == "fixed").then_some(()));
    let ttl = form.number("ttl", MIN_TTL_SECS, MAX_TTL_SECS).unwrap_or(MAX_TTL_SECS);
    let cashback = cashback(form);
    let success_url = form.url("success_url");
    let success_message = form.long_text("success_message", MAX_MESSAGE);
    if thanks == Thanks::Either && success_url.is_some() && success_message.is_some() {
        let rule = "success_url and success_message exclude each other";
        form.problem("invalid_field", "success_message", rule);
    }
    let title = form.text("title", MAX_TITLE);
    let title_description = form.long_text("title_description", MAX_TEXT);
    let description = form.long_text("description", MAX_TEXT);
    let statement_descriptor = form.text("statement_descriptor", MAX_TITLE);
    let cancel_url = form.url("cancel_url");
    let source = form.text("source", MAX_TITLE);
    let source_id = form.text("source_id", MAX_TITLE);
    let metadata = form.metadata().unwrap_or_default();
    let (amount, due) = amount?;
    Some(SessionTerms {
        currency: currency?,
        amount,
        due,
        ttl: Span::from_secs(ttl),
        cashback,
        title,
        title_description,
        description,
        statement_descriptor,
        success_url,
        success_message,
        cancel_url,
        source,
        source_id,
        metadata,
    })
}

/// The amount as it was written, and in satoshis, rounded up (DESIGN D19).
fn amount(form: &mut Form, currency: Option<Currency>) -> Option<(Decimal, Sat)> {
    if !form.has("amount") {
        form.missing("amount");
        return None;
    }
    let amount = form.decimal("amount")?;
    let due = pricing::due(currency?, amount);
    if due.is_none() {
        let rule = "amount must be at least one satoshi, in a unit that its decimals fit";
        form.problem("invalid_field", "amount", rule);
    }
    due.map(|due| (amount, due))
}

/// Speed's clients may say how they want to be paid; here it is always over Lightning.
pub(in super::super) fn payment_methods(form: &mut Form) {
    let wanted = form.texts("payment_methods");
    if wanted.is_some_and(|methods| !methods.iter().any(|method| method == "lightning")) {
        form.problem("invalid_field", "payment_methods", "payment_methods must include lightning");
    }
}

pub(in super::super) fn cashback(form: &mut Form) -> Option<CashbackId> {
    let mut inner = form.object("cashback")?;
    let id = inner.required_text("id", MAX_TITLE);
    let parsed = id.as_deref().and_then(|id| CashbackId::parse(id).ok());
    if id.is_some() && parsed.is_none() {
        inner.problem("invalid_field", "id", "id must be the id of a cashback (cb_…)");
    }
    form.absorb(inner);
    parsed
}
