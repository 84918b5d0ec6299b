//! A merchant on a daemon: an account with a key and a cashback, and what a merchant and its customers do.

use std::time::Duration;

use ldk_node::lightning_types::payment::PaymentHash;
use serde_json::{Value, json};

use crate::api::Api;
use crate::daemon::Daemon;
use crate::peer::{Paid, Peer};
use crate::until::{PATIENCE, eventually};
use crate::wallet;

/// A merchant.
#[derive(Clone, Debug)]
pub struct Shop {
    /// Its account.
    pub account: String,
    /// Its secret key.
    pub key: String,
    /// Its cashback.
    pub cashback: String,
    /// The admin API with its key.
    pub api: Api,
    operator: Api,
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}")).into()
}

impl Shop {
    /// Makes an account with a secret key and a 5 % cashback.
    pub fn open(daemon: &Daemon, name: &str) -> Shop {
        let five_percent = json!({"name": "5 % back", "type": "percentage", "percentage": 5});
        Shop::open_with(daemon, name, five_percent)
    }

    /// Makes an account with a secret key and this cashback.
    pub fn open_with(daemon: &Daemon, name: &str, cashback: Value) -> Shop {
        let operator = daemon.operator();
        let account = operator.post("/accounts", json!({ "name": name })).granted();
        let account = text(&account, "id");
        let keys = format!("/accounts/{account}/keys");
        let key = text(&operator.post(&keys, json!({"type": "secret"})).granted(), "key");
        let api = daemon.api(&key);
        let cashback = text(&api.post("/cashbacks", cashback).granted(), "id");
        Shop { account, key, cashback, api, operator }
    }

    /// Makes a session of `sat` satoshis with the cashback.
    pub fn session(&self, sat: u64) -> Value {
        let body = json!({"currency": "SATS", "amount": sat, "cashback": {"id": self.cashback}});
        self.api.post("/checkout-sessions", body).granted()
    }

    /// A session as it is now.
    pub fn session_now(&self, session: &Value) -> Value {
        self.api.get(&format!("/checkout-sessions/{}", text(session, "id"))).granted()
    }

    /// The customer pays a session's invoice; waits until the shop has been told.
    pub fn pay(&self, customer: &Peer, session: &Value) -> Paid {
        let invoice = text(&session["payments"][0], "payment_request");
        let paid = customer.pay(&invoice).unwrap_or_else(|error| panic!("checkout: {error}"));
        eventually("the session to be paid;", PATIENCE, || {
            let now = self.session_now(session);
            if now["status"] == "paid" { Ok(()) } else { Err(now.to_string()) }
        });
        paid
    }

    /// A paid checkout of `sat` satoshis: its claim.
    pub fn claim(&self, customer: &Peer, sat: u64) -> Value {
        let session = self.session(sat);
        self.pay(customer, &session);
        self.claim_of(&session)
    }

    /// The claim of a paid session.
    pub fn claim_of(&self, session: &Value) -> Value {
        let id = text(&self.session_now(session), "claim");
        self.api.get(&format!("/claims/{id}")).granted()
    }

    /// A claim as it is now.
    pub fn claim_now(&self, claim: &Value) -> Value {
        self.api.get(&format!("/claims/{}", text(claim, "id"))).granted()
    }

    /// Waits until a claim has a status.
    pub fn wait_claim(&self, claim: &Value, status: &str, deadline: Duration) -> Value {
        eventually(&format!("a claim that is {status};"), deadline, || {
            let now = self.claim_now(claim);
            if now["status"] == status { Ok(now) } else { Err(now.to_string()) }
        })
    }

    /// Waits until the newest payout of a claim is in a state.
    pub fn wait_payout(&self, claim: &Value, state: &str, deadline: Duration) -> Value {
        eventually(&format!("a payout that is {state};"), deadline, || {
            let now = self.claim_now(claim);
            let payout = now["payouts"][0].clone();
            if payout["state"] == state { Ok(payout) } else { Err(now.to_string()) }
        })
    }

    /// What the account may spend, in msat.
    pub fn available(&self) -> i64 {
        self.balance("available_msat")
    }

    /// What is reserved for payouts, in msat.
    pub fn in_flight(&self) -> i64 {
        self.balance("in_flight_msat")
    }

    fn balance(&self, field: &str) -> i64 {
        self.api.get("/balances").granted()[field].as_i64().expect("a balance")
    }

    /// The statement, oldest row first: (type, credit or debit, msat, source).
    pub fn statement(&self) -> Vec<(String, String, u64, String)> {
        let rows = self.api.get("/balance-transactions?limit=100").granted();
        let rows = rows["data"].as_array().expect("a list").iter().rev();
        rows.map(|row| {
            let msat = row["amount_msat"].as_u64().expect("an amount");
            (text(row, "type"), text(row, "transaction_type"), msat, text(row, "source"))
        })
        .collect()
    }

    /// The operator gives the account money of its own, once the books know of that much.
    pub fn credit(&self, msat: u64) {
        let path = format!("/accounts/{}/credits", self.account);
        eventually("the operator's money in the books;", PATIENCE, || {
            let answer = self.operator.post(&path, json!({ "amount_msat": msat }));
            if answer.status == 200 { Ok(()) } else { Err(answer.text) }
        });
    }

    /// The wallet of `customer` claims, and has its money.
    pub fn redeem(&self, customer: &Peer, claim: &Value) -> wallet::Claimed {
        let claimed = wallet::claim(customer, &text(claim, "lnurl"));
        claimed.unwrap_or_else(|reason| panic!("the claim was refused: {reason}"))
    }

    /// The wallet's callback with an invoice of its own choice.
    pub fn submit(&self, claim: &Value, invoice: &str) -> Result<(), String> {
        let url = wallet::decode(&text(claim, "lnurl"))?;
        wallet::callback(&wallet::info(&url)?, invoice)
    }
}

/// A payment hash as the API writes it.
pub fn hex(hash: &PaymentHash) -> String {
    hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
}
