//! A wallet that is not ours: the python package `lnurl`.

use std::path::{Path, PathBuf};
use std::process::Command;

use satback_regtest::{PATIENCE, Shop, python};
use serde_json::{Value, json};

use super::kit::{EXPIRY_SECS, Town};

/// Where the wallet is.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("regtest/python-lnurl")
}

/// Runs the wallet; what it printed.
fn wallet(args: &[&str]) -> Value {
    let python = python("python-lnurl");
    let output = Command::new(python).arg(folder().join("wallet.py")).args(args).output().unwrap();
    let (said, wrong) = (output.stdout, String::from_utf8_lossy(&output.stderr).into_owned());
    serde_json::from_slice(&said).unwrap_or_else(|error| panic!("{error}: {wrong}"))
}

#[test]
fn a_wallet_that_is_not_ours_shows_our_reason_when_refused_and_is_paid() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    let lnurl = claim["lnurl"].as_str().unwrap();

    let info = wallet(&["info", lnurl]);
    assert_eq!(info["tag"], "withdrawRequest");
    assert_eq!(info["minWithdrawable"], 1_000_000);
    assert_eq!(info["maxWithdrawable"], 1_000_000);

    let short = town.customer().invoice(1_000_000, "expires too soon", 10);
    let refused = wallet(&["claim", lnurl, &short]);
    assert_eq!(refused, json!({"error": "the invoice expires too soon"}));

    let invoice = town.customer().invoice(1_000_000, "cashback", EXPIRY_SECS);
    assert_eq!(wallet(&["claim", lnurl, &invoice]), json!({"ok": true}));
    shop.wait_claim(&claim, "paid", PATIENCE);

    let again = town.customer().invoice(1_000_000, "once more", EXPIRY_SECS);
    let refused = wallet(&["claim", lnurl, &again]);
    assert_eq!(refused, json!({"error": "this cashback has already been used"}));
    let refused = wallet(&["info", &lnurl.to_uppercase()]);
    assert_eq!(refused, json!({"error": "this cashback has already been used"}));
    town.assert_sound();
}
