//! Lightning addresses: LUD-16 leads to LUD-06, and that to an invoice.

use lnurl::Tag;
use lnurl::lightning_address::LightningAddress;
use lnurl::pay::{LnURLPayInvoice, PayResponse};
use serde_json::Value;
use ureq::Agent;

use crate::domain::money::Msat;
use crate::guarded::{self, Limits};
use crate::ports::payees::{NoInvoice, Payees};

/// Largest answer that is read.
const MAX_BYTES: u64 = 64 * 1024;
/// Most letters of a stranger's that are repeated.
const MAX_REASON: usize = 200;

/// Asks the hosts of Lightning addresses.
#[derive(Debug)]
pub struct LnurlPay {
    agent: Agent,
    allow_private: bool,
}

impl LnurlPay {
    /// One that asks within these limits.
    pub fn new(limits: Limits) -> Self {
        Self { agent: guarded::client(limits), allow_private: limits.allow_private }
    }

    fn get(&self, url: &str) -> Result<Value, NoInvoice> {
        let unreachable = |why: String| NoInvoice::Unreachable(shown(&why));
        let mut answer =
            self.agent.get(url).call().map_err(|error| unreachable(error.to_string()))?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(MAX_BYTES).read_to_vec();
        let body = body.map_err(|error| unreachable(error.to_string()))?;
        // Refusals come with any status.
        let said: Value = serde_json::from_slice(&body)
            .map_err(|_| unreachable(format!("it answers {status} and no JSON")))?;
        if said["status"].as_str().is_some_and(|status| status.eq_ignore_ascii_case("error")) {
            let reason = said["reason"].as_str().unwrap_or("without a reason");
            return Err(NoInvoice::Refused(shown(reason)));
        }
        if status == 200 { Ok(said) } else { Err(unreachable(format!("it answers {status}"))) }
    }

    /// Where LUD-16 says that the address's owner is asked. A port is for tests: LUD-16 has none.
    fn url(&self, address: &str) -> Option<String> {
        let (user, host) = address.split_once('@')?;
        let is_user = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.+".contains(&byte)
        };
        if user.is_empty() || !user.bytes().all(is_user) {
            return None;
        }
        if self.allow_private && host.contains(':') {
            return Some(format!("http://{host}/.well-known/lnurlp/{user}"));
        }
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
        if !host.bytes().all(is_host) {
            return None;
        }
        LightningAddress::new(address).ok().map(|address| address.lnurlp_url())
    }
}

impl Payees for LnurlPay {
    fn invoice(&self, address: &str, amount: Msat) -> Result<String, NoInvoice> {
        let url = self.url(address).ok_or(NoInvoice::NotAnAddress)?;
        let wrong = |what: &str| NoInvoice::Unreachable(format!("its answer is no {what}"));
        let offer: PayResponse =
            serde_json::from_value(self.get(&url)?).map_err(|_| wrong("payRequest"))?;
        if offer.tag != Tag::PayRequest {
            return Err(wrong("payRequest"));
        }
        let (least, most) = (Msat::new(offer.min_sendable), Msat::new(offer.max_sendable));
        if !(least..=most).contains(&amount) {
            return Err(NoInvoice::OutOfBounds(least, most));
        }
        let joint = if offer.callback.contains('?') { '&' } else { '?' };
        let callback = format!("{}{joint}amount={}", offer.callback, amount.get());
        let answer: LnURLPayInvoice =
            serde_json::from_value(self.get(&callback)?).map_err(|_| wrong("invoice"))?;
        Ok(answer.pr)
    }
}

/// What a stranger said, as far as it is repeated.
fn shown(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(MAX_REASON).collect()
}

#[cfg(test)]
mod tests;
