//! What may not be in any log, however much is logged.

use std::collections::BTreeMap;
use std::fs;

use satback_regtest::{DaemonSpec, PATIENCE, Receiver, Shop, eventually, wallet};
use serde_json::{Value, json};

use super::kit::{EXPIRY_SECS, Town};
use super::links::{press, url_path};

/// Texts that open something or prove something, each with what it is.
#[derive(Default)]
struct Secrets(BTreeMap<String, String>);

impl Secrets {
    fn add(&mut self, what: &str, text: impl Into<String>) {
        let text = text.into();
        assert!(text.len() >= 16, "{what} is too short to be looked for: {text}");
        self.0.insert(text, what.to_owned());
    }

    /// The token at the end of one of our links.
    fn link(&mut self, what: &str, url: &Value) {
        let url = url.as_str().unwrap();
        self.add(what, url.split(['?', '#']).next().unwrap().rsplit('/').next().unwrap());
    }

    #[track_caller]
    fn assert_absent_from(&self, log: &str) {
        let log = log.to_ascii_lowercase();
        for (text, what) in &self.0 {
            let found = log.find(&text.to_ascii_lowercase());
            let line = found.map(|at| {
                let from = log[..at].rfind('\n').map_or(0, |end| end + 1);
                log[from..].lines().next().unwrap().to_owned()
            });
            assert_eq!(line, None, "{what} ({text}) is in the log");
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn no_log_has_anything_that_opens_proves_or_pays_even_at_trace_level() {
    let town = Town::start_with(1, &DaemonSpec::default().env("SATBACK__LOG__FILTER", "trace"));
    let mut secrets = Secrets::default();
    secrets.add("the operator's key", town.daemon.operator_key());
    let folder = town.daemon.config().parent().unwrap().to_owned();
    let seed = fs::read(folder.join("seed")).unwrap();
    secrets.add("the seed in hex", hex(&seed[..16]));
    secrets.add("the seed as a list", format!("{:?}", &seed[..16]).trim_end_matches(']'));
    secrets
        .add("bitcoind's cookie", fs::read_to_string(town.world.bitcoind.cookie_file()).unwrap());

    let shop = Shop::open(&town.daemon, "shop");
    let keys = format!("/accounts/{}/keys", shop.account);
    for kind in ["secret", "restricted", "publishable"] {
        let key = town.daemon.operator().post(&keys, json!({ "type": kind })).granted();
        secrets.add("a key", key["key"].as_str().unwrap());
        town.daemon.api(key["key"].as_str().unwrap()).get("/checkout-sessions");
    }
    let mut receiver = Receiver::start();
    let body = json!({"url": receiver.url(), "enabled_events": ["*"]});
    let endpoint = shop.api.post("/webhooks", body).granted();
    receiver.learn(endpoint["secret"].as_str().unwrap());
    secrets.add("a webhook's secret", endpoint["secret"].as_str().unwrap());

    let priced = json!({"currency": "SATS", "amount": 20_000, "cashback": {"id": shop.cashback}});
    let link = shop.api.post("/checkout-links", priced).granted();
    secrets.link("a checkout link", &link["url"]);
    press(town.daemon.public(), &url_path(&link));

    let unpaid = shop.session(20_000);
    secrets.link("a session's link", &unpaid["url"]);
    let ours = unpaid["payments"][0]["payment_request"].as_str().unwrap();
    secrets.add("an invoice of ours", ours);
    let before = town.daemon.log();
    let paid = shop.pay(town.customer(), &unpaid);
    let mut unsettled = Secrets::default();
    unsettled.add("the preimage of an unpaid invoice", paid.preimage.to_string());
    unsettled.assert_absent_from(&before);

    let claim = shop.claim_of(&unpaid);
    secrets.link("a claim's link", &claim["url"]);
    secrets.add("an LNURL", claim["lnurl"].as_str().unwrap());
    let url = wallet::decode(claim["lnurl"].as_str().unwrap()).unwrap();
    secrets.link("what an LNURL says", &json!(url));
    let info = wallet::info(&url).unwrap();
    secrets.add("a k1", info.k1.clone());
    let wrong = town.customer().invoice(1_000, "cashback", EXPIRY_SECS);
    secrets.add("a wallet's invoice", wrong.clone());
    shop.submit(&claim, &wrong).unwrap_err();
    let hold = town.customer().hold_invoice(1_000_000, EXPIRY_SECS);
    secrets.add("a wallet's invoice", hold.invoice.clone());
    wallet::callback(&info, &hold.invoice).unwrap();
    town.customer().wait_held(&hold.hash, PATIENCE);
    secrets.assert_absent_from(&town.daemon.log());
    town.customer().settle(&hold);
    shop.wait_claim(&claim, "paid", PATIENCE);
    eventually("the shop to be told;", PATIENCE, || {
        let said = receiver.next();
        if said["event"]["event_type"] == "claim.paid" { Ok(()) } else { Err(said.to_string()) }
    });

    let mut town = town;
    town.daemon.stop();
    let log = town.daemon.log();
    assert!(log.contains("TRACE"), "so much is logged");
    assert!(log.contains("(invoice)"), "what the library prints is taken out");
    secrets.assert_absent_from(&log);
}
