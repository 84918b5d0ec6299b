//! What a customer's wallet does with a cashback QR code: LNURL-withdraw by LUD-01, LUD-03 and LUD-17, strictly,
//! over plain HTTP. What a wallet shows its user is an `Err` here, and so is what makes it refuse a service.

use std::time::Duration;

use ldk_node::lightning_types::payment::PaymentHash;
use serde_json::Value;

use crate::http;
use crate::peer::{Peer, hash_of};
use crate::until::PATIENCE;

mod decode;

pub use decode::decode;

/// Some wallets give up after ten seconds, so a service that takes longer has failed them.
const CALL_DEADLINE: Duration = Duration::from_secs(10);

/// How long the invoices of this wallet are good for.
const EXPIRY_SECS: u32 = 600;

/// What a service says about a withdrawal.
#[derive(Clone, Debug)]
pub struct WithdrawInfo {
    /// Where to send the invoice.
    pub callback: String,
    /// The one-time token that goes with it.
    pub k1: String,
    /// The least that may be asked for.
    pub min_msat: u64,
    /// The most that may be asked for.
    pub max_msat: u64,
    /// What the service suggests the wallet to show.
    pub description: String,
    /// The whole reply.
    pub raw: Value,
    /// Its HTTP status, which has no meaning in LNURL.
    pub status: u16,
}

/// A cashback that has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The invoice that the service paid.
    pub invoice: String,
    /// Its payment hash.
    pub hash: PaymentHash,
    /// How much came.
    pub msat: u64,
}

/// Asks a service what there is to withdraw. The error is the service's own reason, or what is wrong with its reply.
pub fn info(url: &str) -> Result<WithdrawInfo, String> {
    let (status, raw) = get(url)?;
    let tag = raw["tag"].as_str();
    if tag != Some("withdrawRequest") {
        return Err(format!("no withdrawRequest: {raw}"));
    }
    let info = WithdrawInfo {
        callback: text(&raw, "callback")?,
        k1: text(&raw, "k1")?,
        min_msat: amount(&raw, "minWithdrawable")?,
        max_msat: amount(&raw, "maxWithdrawable")?,
        description: text(&raw, "defaultDescription")?,
        raw,
        status,
    };
    decode::check(&info.callback)?;
    if info.k1.is_empty() || info.min_msat > info.max_msat {
        return Err(format!("a withdrawRequest that makes no sense: {}", info.raw));
    }
    Ok(info)
}

/// Sends the service an invoice to pay. `Ok` means that it will try; the error is its own reason.
pub fn callback(info: &WithdrawInfo, invoice: &str) -> Result<(), String> {
    let WithdrawInfo { callback, k1, .. } = info;
    let sign = if callback.contains('?') { '&' } else { '?' };
    let (_, reply) = get(&format!("{callback}{sign}k1={}&pr={}", escape(k1), escape(invoice)))?;
    match reply["status"].as_str() {
        Some("OK") => Ok(()),
        _ => Err(format!("neither OK nor ERROR: {reply}")),
    }
}

/// The whole way, as after a scan: reads the code, asks, writes an invoice for the most there is, sends it, and waits
/// for the money.
pub fn claim(wallet: &Peer, lnurl: &str) -> Result<Claimed, String> {
    let info = info(&decode(lnurl)?)?;
    let invoice = wallet.invoice(info.max_msat, &info.description, EXPIRY_SECS);
    let hash = hash_of(&invoice)?;
    callback(&info, &invoice)?;
    let msat = wallet.wait_received(&hash, PATIENCE);
    Ok(Claimed { invoice, hash, msat })
}

/// Gets a JSON object, whatever the HTTP status; a reply with status ERROR is an error with its reason.
fn get(url: &str) -> Result<(u16, Value), String> {
    let mut response = http::client(CALL_DEADLINE).get(url).call().map_err(|e| e.to_string())?;
    let status = response.status().as_u16();
    let body = response.body_mut().read_to_string().map_err(|error| error.to_string())?;
    let reply: Value =
        serde_json::from_str(&body).map_err(|_| format!("HTTP {status} without JSON: {body}"))?;
    match reply["status"].as_str() {
        Some("ERROR") => Err(text(&reply, "reason")?),
        _ => Ok((status, reply)),
    }
}

fn text(reply: &Value, name: &str) -> Result<String, String> {
    reply[name].as_str().map(Into::into).ok_or_else(|| format!("no text {name}: {reply}"))
}

fn amount(reply: &Value, name: &str) -> Result<u64, String> {
    reply[name].as_u64().ok_or_else(|| format!("no whole number {name}: {reply}"))
}

/// A text as it may stand in a query.
fn escape(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
