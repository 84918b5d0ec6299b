//! `POST /node/send`: on-chain money that leaves.

use axum::response::Response;

use crate::domain::money::Sat;
use crate::ports::node_admin::OnchainSend;

use super::super::error::ApiError;
use super::super::form::Form;
use super::super::request::Call;
use super::acts;

/// The largest amount: all bitcoin there can be.
const MAX_SAT: u64 = 21_000_000 * 100_000_000;
/// What no output may be below.
const DUST_SAT: u64 = 546;
/// The dearest virtual byte, in satoshis.
const MAX_FEE_RATE: u64 = 1_000;

/// Sends on-chain money, of which none may belong to an account.
pub(in super::super) async fn send(call: Call) -> Result<Response, ApiError> {
    acts::must_have_key(&call)?;
    let mut form = call.form()?;
    let send = read(&mut form, |text| call.admin.shared.desk.is_address(text));
    form.finish()?;
    // Nothing was wrong, so there is something to send.
    let send = send.ok_or_else(ApiError::broken)?;
    let sent =
        acts::act(call, "send_refused", move |desk, origin| desk.send_onchain(&send, origin));
    sent.await.map_err(|error| error.renamed("amount", "amount_sat"))
}

fn read(form: &mut Form, is_address: impl FnOnce(&str) -> bool) -> Option<OnchainSend> {
    let address = form.required_text("address", 100);
    if address.as_deref().is_some_and(|text| !is_address(text)) {
        form.problem("invalid_field", "address", "address must be one of this network");
    }
    let all = form.boolean("all").unwrap_or(false);
    if all == form.has("amount_sat") {
        let message = "say amount_sat, or all: true for everything that can be spent";
        form.problem("invalid_field", "amount_sat", message);
    }
    let amount = form.number("amount_sat", DUST_SAT, MAX_SAT).map(Sat::new);
    let fee_rate = form.number("fee_rate_sat_vb", 1, MAX_FEE_RATE);
    Some(OnchainSend { address: address?, amount, fee_rate })
}
