//! A shop over simulated adapters, and raw HTTP for what a well-behaved client does not send.

use std::cell::Cell;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use satback::domain::bytes::{PaymentHash, Preimage};
use satback::domain::money::{Msat, Sat};
use satback::domain::time::Span;
use satback::ports::clock::Clock;
use satback::sim::daemon::{BASE_URL, OPERATOR_KEY, SimDaemon};
use satback::sim::invoice::wallet_invoice;
use satback_regtest::{Answer, Api, wallet};
use serde_json::{Value, json};

use super::contract;

/// How long a raw answer may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// A daemon with one merchant.
pub(crate) struct Town {
    pub(crate) daemon: SimDaemon,
    pub(crate) operator: Api,
    pub(crate) shop: Merchant,
    wallets: Cell<u8>,
}

/// A merchant with keys of every kind.
pub(crate) struct Merchant {
    pub(crate) account: String,
    pub(crate) api: Api,
    pub(crate) restricted: Api,
    pub(crate) publishable: Api,
}

impl Merchant {
    pub(crate) fn open(operator: &Api, admin_at: SocketAddr, name: &str) -> Self {
        let account = operator.post("/accounts", json!({ "name": name })).granted();
        let account = account["id"].as_str().unwrap().to_owned();
        let key = |kind: &str| {
            let path = format!("/accounts/{account}/keys");
            let key = operator.post(&path, json!({ "type": kind })).granted();
            Api::new(admin_at, key["key"].as_str().unwrap())
        };
        Self {
            api: key("secret"),
            restricted: key("restricted"),
            publishable: key("publishable"),
            account,
        }
    }

    pub(crate) fn cashback(&self) -> Value {
        let body = json!({"name": "5 % back", "type": "percentage", "percentage": 5});
        self.api.post("/cashbacks", body).granted()
    }

    /// A session over this many satoshis, with this cashback.
    pub(crate) fn session(&self, sat: u64, cashback: &Value) -> Value {
        let body = json!({"currency": "SATS", "amount": sat, "cashback": {"id": cashback["id"]}});
        self.api.post("/checkout-sessions", body).granted()
    }
}

impl Town {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(settings: &[&str]) -> Self {
        let daemon = SimDaemon::start(settings);
        contract::hold(daemon.admin_at, daemon.public_at);
        let operator = Api::new(daemon.admin_at, OPERATOR_KEY);
        let shop = Merchant::open(&operator, daemon.admin_at, "shop");
        Self { daemon, operator, shop, wallets: Cell::new(0) }
    }

    pub(crate) fn merchant(&self, name: &str) -> Merchant {
        Merchant::open(&self.operator, self.daemon.admin_at, name)
    }

    /// A channel that was asked for: its id.
    pub(crate) fn channel(&self) -> String {
        self.daemon.process.outside.node.deposit(Sat::new(500_000));
        let once = self.operator.clone().with("Idempotency-Key", "channel");
        let new = json!({"node_id": format!("02{}", "11".repeat(32)),
                         "address": "a.example:9735", "capacity_sat": 100_000});
        once.post("/node/channels", new).granted();
        let channels = self.operator.get("/node/channels").granted();
        channels["data"][0]["id"].as_str().unwrap().to_owned()
    }

    /// A customer pays the session's invoice.
    pub(crate) fn pay(&self, session: &Value) {
        let payment = session["payments"][0]["id"].as_str().unwrap();
        let payment = self.operator.get(&format!("/payments/{payment}")).granted();
        let hash = PaymentHash::parse(payment["payment_hash"].as_str().unwrap()).unwrap();
        let due = payment["target_amount"].as_u64().unwrap() * 1_000;
        self.daemon.process.outside.node.receive(hash, Msat::new(due));
        self.daemon.process.pump();
    }

    /// A paid session over this many satoshis, and its claim to 5 % of it.
    pub(crate) fn claim(&self, sat: u64) -> (Value, Value) {
        let session = self.shop.session(sat, &self.shop.cashback());
        self.pay(&session);
        let id = session["id"].as_str().unwrap();
        let session = self.shop.api.get(&format!("/checkout-sessions/{id}")).granted();
        let claim = session["claim"].as_str().unwrap();
        let claim = self.shop.api.get(&format!("/claims/{claim}")).granted();
        (session, claim)
    }

    pub(crate) fn again(&self, claim: &Value) -> Value {
        self.shop.api.get(&format!("/claims/{}", claim["id"].as_str().unwrap())).granted()
    }

    /// A wallet's invoice.
    pub(crate) fn invoice(&self, msat: u64) -> String {
        self.wallets.set(self.wallets.get() + 1);
        let preimage = Preimage([self.wallets.get(); 32]);
        let outside = &self.daemon.process.outside;
        outside.node.know(&preimage);
        let expires_at = outside.clock.now().wall + Span::from_secs(3_600);
        wallet_invoice(&preimage, Msat::new(msat), expires_at).text.as_str().to_owned()
    }

    /// The public listener, without a key.
    pub(crate) fn public(&self) -> Api {
        Api::new(self.daemon.public_at, "")
    }

    /// What the wallet is told: the withdraw request, or an error.
    pub(crate) fn info(&self, claim: &Value) -> Value {
        self.public().get(&link(claim)).json
    }

    /// Calls back with the current k1.
    pub(crate) fn submit(&self, claim: &Value, invoice: &str) -> Value {
        let k1 = self.info(claim)["k1"].as_str().unwrap().to_owned();
        self.public().get(&callback(claim, &k1, invoice)).json
    }
}

/// The path behind a claim's LNURL.
pub(crate) fn link(claim: &Value) -> String {
    let url = wallet::decode(claim["lnurl"].as_str().unwrap()).unwrap();
    path(&url)
}

/// The path and query of a callback.
pub(crate) fn callback(claim: &Value, k1: &str, invoice: &str) -> String {
    format!("{}/callback?k1={k1}&pr={invoice}", link(claim))
}

/// The path of one of our links.
pub(crate) fn path(url: &str) -> String {
    let ours = url.strip_prefix(BASE_URL).or_else(|| {
        let (host, _) = url.strip_prefix("http://127.0.0.1:")?.split_once('/')?;
        url.strip_prefix("http://127.0.0.1:")?.strip_prefix(host)
    });
    ours.unwrap_or_else(|| panic!("{url} is not ours")).to_owned()
}

/// The path of a session's page.
pub(crate) fn page(session: &Value) -> String {
    path(session["url"].as_str().unwrap())
}

/// The codes and parameters of all errors of an answer.
pub(crate) fn problems(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let errors = answer.json["errors"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    errors.iter().map(|error| (text(&error["code"]), text(&error["param"]))).collect()
}

/// Sends bytes and reads until the connection closes.
pub(crate) fn raw(at: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(at).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = vec![];
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
