//! Both routers over a simulated daemon with two merchants, without sockets. Everything in it is the same in every run;
//! what orders leave behind grows, so that whoever gave many begins anew.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};
use tower_service::Service;

use crate::config::{Config, Sources};
use crate::domain::bytes::{PaymentHash, Preimage};
use crate::domain::money::Msat;
use crate::domain::time::Span;
use crate::engine::queue::{self, Handle, Hooks};
use crate::metrics::Metrics;
use crate::rates::Board;
use crate::secrets::sha256;
use crate::shell::desk::Desk;
use crate::sim::SimEntropy;
use crate::sim::harness::{BEGINNING, Outside, Process};
use crate::sim::invoice::wallet_invoice;
use crate::web::admin::{NotReady, Readiness};
use crate::web::{Shared, admin, public};

/// The operator's key.
const OPERATOR_KEY: &str = "ok_simulated";
/// Orders after which a new world is made.
const MAX_ORDERS: u32 = 300;

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) json: Value,
}

/// What one merchant has.
#[derive(Debug, Default)]
pub(super) struct Merchant {
    pub(super) account: String,
    pub(super) key: String,
    pub(super) cashback: String,
    pub(super) session: Value,
}

/// The world.
pub(super) struct World {
    runtime: tokio::runtime::Runtime,
    admin: Router,
    public: Router,
    process: Process<Handle>,
    _stop: watch::Sender<bool>,
    pub(super) mine: Merchant,
    pub(super) theirs: Merchant,
    /// What was answered under which idempotency key: the request and the answer.
    pub(super) answered: BTreeMap<(String, Vec<u8>), (String, Value)>,
    pub(super) orders: u32,
}

struct AlwaysReady;

impl Readiness for AlwaysReady {
    fn not_ready(&self) -> Vec<NotReady> {
        vec![]
    }
}

thread_local! {
    static WORLD: std::cell::RefCell<Option<World>> = const { std::cell::RefCell::new(None) };
}

/// Acts in this thread's world.
pub(super) fn within(act: impl FnOnce(&mut World)) {
    WORLD.with_borrow_mut(|kept| {
        let mut world = kept.take().unwrap_or_else(World::new);
        act(&mut world);
        // One that has panicked is not kept either.
        *kept = (world.orders < MAX_ORDERS).then_some(world);
    });
}

fn config() -> Config {
    let loaded = Sources { file: None, env: vec![], flags: vec![] }.load();
    loaded.unwrap_or_else(|problems| panic!("{problems}")).config
}

impl World {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.unwrap_or_else(|error| panic!("{error}"));
        let (config, outside) = (config(), Outside::default());
        let (engine, _) = outside.open(1);
        let rows = engine.rows();
        let (changes, _) = broadcast::channel(16);
        // Nobody pays here: what is claimed stays under way.
        let (_, effects) = sync_channel(0);
        let hooks = Hooks {
            effects: Box::new(|_| {}),
            fatal: Box::new(|fault| panic!("{fault}")),
            committed: Box::new(|_, _| {}),
            probe: |_| {},
        };
        let started = queue::start(engine, hooks, config.engine.queue_length, 64);
        let (engine, _) = started.unwrap_or_else(|error| panic!("{error}"));
        let clock = Arc::new(outside.clock.clone());
        let rates = Arc::new(Board::new(clock, Span::from_secs(300), 20));
        let node = || outside.node.clone();
        let desk = Desk::new(engine.clone(), node(), node(), node(), rates);
        let shared = Shared {
            engine: engine.clone(),
            rows,
            secrets: Arc::new(outside.secrets.clone()),
            metrics: Arc::new(Metrics::new().unwrap_or_else(|error| panic!("{error}"))),
            clock: Arc::new(outside.clock.clone()),
            entropy: Arc::new(SimEntropy::seeded(2)),
            desk: Arc::new(desk),
            blocking: runtime.handle().clone(),
            changes,
            base_url: config.public.base_url.clone(),
            network: config.network,
            webhooks_allow_private: config.webhooks.allow_private,
        };
        let (stop, stopped) = watch::channel(false);
        let operator = sha256(OPERATOR_KEY.as_bytes());
        let (settings, at, ready) = (&config.admin, config.admin.listen, Arc::new(AlwaysReady));
        let mut world = Self {
            admin: admin::router(shared.clone(), settings, operator, at, ready),
            public: public::router(shared, &config.public, stopped),
            process: Process::new(outside, engine, effects),
            runtime,
            _stop: stop,
            mine: Merchant::default(),
            theirs: Merchant::default(),
            answered: BTreeMap::new(),
            orders: 0,
        };
        world.process.pass(Span::default());
        world.mine = world.merchant("mine", 5);
        world.theirs = world.merchant("theirs", 2);
        world
    }

    /// A merchant with cashbacks, and sessions of which the first is paid.
    fn merchant(&mut self, name: &str, count: usize) -> Merchant {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let account = self.made("", "/accounts", &json!({ "name": name }));
        let account = text(&account["id"]);
        let key = self.made("", &format!("/accounts/{account}/keys"), &json!({"type": "secret"}));
        let key = text(&key["key"]);
        let terms = json!({"name": "back", "type": "percentage", "percentage": 5});
        let cashbacks: Vec<_> = (0..count).map(|_| self.made(&key, "/cashbacks", &terms)).collect();
        let cashback = text(&cashbacks[0]["id"]);
        let terms =
            json!({"currency": "SATS", "amount": 10_000, "cashback": {"id": cashback.clone()}});
        let sessions: Vec<_> =
            (0..count).map(|_| self.made(&key, "/checkout-sessions", &terms)).collect();
        let payment = text(&sessions[0]["payments"][0]["id"]);
        let payment = self.admin("", "GET", &format!("/payments/{payment}"), None, b"").json;
        let hash = PaymentHash::parse(&text(&payment["payment_hash"]));
        let hash = hash.unwrap_or_else(|_| panic!("{payment}"));
        self.process.outside.node.receive(hash, Msat::new(10_000_000));
        self.process.pump();
        let id = text(&sessions[0]["id"]);
        let session = self.admin(&key, "GET", &format!("/checkout-sessions/{id}"), None, b"").json;
        Merchant { account, key, cashback, session }
    }

    fn made(&mut self, key: &str, path: &str, body: &Value) -> Value {
        let answer = self.admin(key, "POST", path, None, body.to_string().as_bytes());
        assert!(answer.status.is_success(), "{path}: {}", answer.json);
        answer.json
    }

    /// An invoice over what the claim is worth.
    pub(super) fn invoice(&self) -> String {
        let expires_at = BEGINNING + Span::from_secs(3_600);
        let invoice = wallet_invoice(&Preimage([9; 32]), Msat::new(500_000), expires_at);
        self.process.outside.node.know(&Preimage([9; 32]));
        invoice.text.as_str().to_owned()
    }

    /// Asks the admin listener; without a key, as the operator.
    pub(super) fn admin(
        &mut self,
        key: &str,
        method: &str,
        target: &str,
        idempotency: Option<&[u8]>,
        body: &[u8],
    ) -> Answer {
        let key = if key.is_empty() { OPERATOR_KEY } else { key };
        let mut request = Request::builder()
            .method(method)
            .uri(target)
            .header(header::HOST, "127.0.0.1:8481")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(idempotency) = idempotency {
            request = request.header("idempotency-key", idempotency);
        }
        let request = request.body(Body::from(body.to_vec()));
        answer(&self.runtime, &mut self.admin, request.unwrap_or_else(|error| panic!("{error}")))
    }

    /// Asks the public listener.
    pub(super) fn public(&mut self, request: Request<Body>) -> Answer {
        answer(&self.runtime, &mut self.public, request)
    }

    /// Replaces the words that stand for what is in this world.
    pub(super) fn fill(&self, text: &str) -> String {
        let field = |merchant: &Merchant, name: &str| {
            merchant.session[name].as_str().unwrap_or_default().to_owned()
        };
        text.replace("@mine", &self.mine.cashback)
            .replace("@theirs", &self.theirs.cashback)
            .replace("@account", &self.mine.account)
            .replace("@session", &field(&self.mine, "id"))
            .replace("@foreign", &field(&self.theirs, "id"))
            .replace("@claim", &field(&self.mine, "claim"))
    }
}

/// One request and its whole answer; of a stream, only its head.
fn answer(
    runtime: &tokio::runtime::Runtime,
    router: &mut Router,
    request: Request<Body>,
) -> Answer {
    runtime.block_on(async {
        let answer = router.call(request).await.unwrap_or_else(|never| match never {});
        let (head, body) = answer.into_parts();
        let is_stream = head.headers.get(header::CONTENT_TYPE);
        let is_stream = is_stream.is_some_and(|kind| kind.as_bytes() == b"text/event-stream");
        let body = if is_stream {
            vec![]
        } else {
            to_bytes(body, usize::MAX).await.unwrap_or_else(|error| panic!("{error}")).to_vec()
        };
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Answer { status: head.status, headers: head.headers, body, json }
    })
}

/// An answer that is not the one wished for: at least one problem, each of them whole.
pub(super) fn problems(answer: &Answer) -> Vec<(String, Option<String>, String)> {
    let errors = answer.json["errors"].as_array().cloned().unwrap_or_default();
    assert!(!errors.is_empty(), "{} {}", answer.status, String::from_utf8_lossy(&answer.body));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let problem = |error: &Value| {
        let (code, message) = (text(&error["code"]), text(&error["message"]));
        assert!(error["type"].is_string(), "{error}");
        (code.unwrap_or_default(), text(&error["param"]), message.unwrap_or_default())
    };
    let problems: Vec<_> = errors.iter().map(problem).collect();
    for (code, _, message) in &problems {
        assert!(!code.is_empty() && !message.is_empty() && code != "internal", "{message}");
    }
    problems
}
