//! `POST /send`.

use axum::response::Response;

use crate::domain::currency::Currency;
use crate::domain::invoice::Invoice;
use crate::domain::money::Msat;
use crate::domain::rate::Rate;
use crate::shell::desk::{Payable, SendOrder};

use super::super::error::{ApiError, Problem};
use super::super::form::Form;
use super::super::request::Call;

/// Longest invoice, and longest address.
const MAX_REQUEST: usize = 4_096;
/// Longest note.
const MAX_NOTE: usize = 250;

/// Pays an invoice or a Lightning address out of the account's balance.
pub(in super::super) async fn create(call: Call) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    let account = call.account()?;
    let mut form = call.form()?;
    let parse = |text: &str| call.admin.shared.desk.parse_invoice(text).ok();
    let asked = read(&mut form, parse);
    form.finish()?;
    // Nothing was wrong, so there is something to pay.
    let (payable, amount, note) = asked.ok_or_else(ApiError::broken)?;
    if matches!(payable, Payable::Address(_)) && call.origin.idempotency.is_none() {
        let message = "paying a Lightning address needs an Idempotency-Key: it gives another \
                       invoice each time, so a repeated request would pay again";
        return Err(ApiError::invalid(vec![Problem::field(
            "idempotency_key_required",
            "Idempotency-Key",
            message,
        )]));
    }
    let order = SendOrder { account, payable, amount, note };
    let origin = call.origin.clone();
    let sent = call.admin.shared.blocking(move |desk| desk.send(order, origin)).await;
    call.answer(&sent.map_err(|_| ApiError::broken())??)
}

type Asked = (Payable, Msat, Option<String>);

fn read(form: &mut Form, parse: impl FnOnce(&str) -> Option<Invoice>) -> Option<Asked> {
    form.word("withdraw_method", "lightning", |word| (word == "lightning").then_some(()));
    form.word("target_currency", "SATS", |word| (word == "SATS").then_some(()));
    let note = form.text("note", MAX_NOTE);
    let stated = amount(form);
    let text = form.required_text("withdraw_request", MAX_REQUEST)?;
    let (payable, amount) = if text.contains('@') {
        if stated == Ok(None) {
            form.missing("amount");
        }
        (Payable::Address(text.to_ascii_lowercase()), stated.ok()?)
    } else {
        let Some(invoice) = parse(&text) else {
            let rule = "withdraw_request must be a BOLT11 invoice or a Lightning address";
            form.problem("invalid_field", "withdraw_request", rule);
            return None;
        };
        // An amount is a second look at what the invoice says; the engine compares them.
        let amount = stated.ok()?.or(invoice.amount);
        if amount.is_none() {
            let rule = "withdraw_request must be an invoice that says its amount";
            form.problem("invalid_field", "withdraw_request", rule);
        }
        (Payable::Invoice(Box::new(invoice)), amount)
    };
    Some((payable, amount?, note))
}

/// `amount` in the unit of `currency` (SATS); an error if it is wrong, which the form knows.
fn amount(form: &mut Form) -> Result<Option<Msat>, ()> {
    let rate = form
        .word("currency", "SATS or BTC", |code| Currency::parse(code)?.own_rate())
        .unwrap_or(Rate::ONE);
    if !form.has("amount") {
        return Ok(None);
    }
    let written = form.decimal("amount").ok_or(())?;
    let amount = rate.exact_msat(written).filter(|amount| !amount.is_zero());
    if amount.is_none() {
        let rule = "amount must be at least one millisatoshi, and no finer than that";
        form.problem("invalid_field", "amount", rule);
    }
    amount.map(Some).ok_or(())
}
