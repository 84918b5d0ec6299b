//! Real books in a folder of their own, filled by the engine and asked through the admin API.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::broadcast;
use tower_service::Service;

use crate::config::Sources;
use crate::domain::fees::FeeOverrides;
use crate::domain::id::AccountId;
use crate::domain::money::Sat;
use crate::domain::rate::Price;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Span;
use crate::engine::command::{AccountTerms, Command, Issued, NewSession, Order, Origin};
use crate::engine::queue::{self, Hooks};
use crate::engine::reply::Reply;
use crate::engine::{Engine, Parts};
use crate::metrics::Metrics;
use crate::ports::clock::Clock;
use crate::ports::lightning::Lightning;
use crate::rates::Board;
use crate::secrets::sha256;
use crate::shell::desk::Desk;
use crate::sim::harness::Outside;
use crate::sim::{SimEntropy, terms};
use crate::store::disk::Folder;
use crate::store::{OpenBooks, SledView};
use crate::web::Shared;
use crate::web::admin::{self, NotReady, Readiness};

const OPERATOR_KEY: &str = "ok_measured";
/// Payments of one commit.
const BATCH: usize = 500;
/// Bytes of the journal's segments.
const SEGMENT_BYTES: u64 = 64 << 20;

/// A folder that goes with its owner.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // What is left in a temporary folder is nobody's loss.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Books with payments, behind the admin API.
pub(super) struct Asked {
    router: Router,
    runtime: Runtime,
    account: AccountId,
    _folder: Temporary,
}

struct AlwaysReady;

impl Readiness for AlwaysReady {
    fn not_ready(&self) -> Vec<NotReady> {
        vec![]
    }
}

fn open(outside: &Outside, folder: &std::path::Path) -> Engine {
    let view = folder.join("view");
    let opened = OpenBooks {
        disk: Arc::new(Folder::open(folder).expect("a folder")),
        open_view: &|| Ok(Arc::new(SledView::open(&view)?)),
        set_view_aside: &|| Ok(()),
        segment_bytes: SEGMENT_BYTES,
        probe: |_| {},
    };
    let opened = opened.open().expect("new books");
    let parts = Parts {
        store: Box::new(opened.store),
        clock: Arc::new(outside.clock.clone()),
        entropy: Arc::new(SimEntropy::seeded(1)),
        secrets: Arc::new(outside.secrets.clone()),
        policy: outside.policy.clone(),
    };
    Engine::open(parts).expect("the engine").0
}

fn order(order: Order) -> Command {
    Command::Order(Box::new(order), Origin::default())
}

fn make_account(engine: &mut Engine) -> AccountId {
    let terms = AccountTerms {
        name: "shop".to_owned(),
        fees: FeeOverrides::default(),
        low_balance: None,
        metadata: std::collections::BTreeMap::new(),
    };
    let done = engine.step(vec![order(Order::CreateAccount(terms))]).expect("a commit");
    match done.answers.into_iter().next() {
        Some(Ok(Reply::Object { snapshot: Snapshot::Account(account), .. })) => account.id,
        other => panic!("no account: {other:?}"),
    }
}

/// One session with its payment.
fn session(outside: &Outside, account: &AccountId) -> Command {
    let due = Sat::new(1_000);
    let new = NewSession { account: account.clone(), terms: terms::session(due, None) };
    let invoice = outside.node.create_invoice(due.msat(), "", new.terms.ttl).expect("an invoice");
    let issued = Issued { price: Price::in_sats(due), cashback_rate: None, invoice };
    order(Order::CreateSession(Box::new(new), Some(Box::new(issued))))
}

impl Asked {
    /// Makes books with this many payments of one merchant, whose sessions wait for money.
    pub(super) fn with(count: usize) -> Self {
        let name = format!("satback-bench-{}", std::process::id());
        let folder = Temporary(std::env::temp_dir().join(name));
        std::fs::create_dir_all(&folder.0).expect("a folder");
        let mut outside = Outside::default();
        outside.policy.max_unpaid_direct = usize::MAX;
        outside.node.set_time(outside.clock.now().wall);
        let mut engine = open(&outside, &folder.0);
        let account = make_account(&mut engine);
        for begin in (0..count).step_by(BATCH) {
            let size = BATCH.min(count - begin);
            let commands = (0..size).map(|_| session(&outside, &account)).collect();
            let done = engine.step(commands).expect("a commit");
            assert!(done.answers.iter().all(Result::is_ok), "every session is made");
        }
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let router = router(&outside, engine, &runtime);
        Self { router, runtime, account, _folder: folder }
    }

    /// A page of the merchant's payments.
    pub(super) fn page(&mut self, query: &str) -> Value {
        let request = Request::builder()
            .uri(format!("/payments?{query}"))
            .header(header::HOST, "127.0.0.1:8481")
            .header(header::AUTHORIZATION, format!("Bearer {OPERATOR_KEY}"))
            .header("speed-account", self.account.as_str())
            .body(Body::empty())
            .expect("a request");
        let body = self.runtime.block_on(async {
            let answer = self.router.call(request).await.unwrap_or_else(|never| match never {});
            to_bytes(answer.into_body(), usize::MAX).await.expect("a body")
        });
        serde_json::from_slice(&body).expect("JSON")
    }
}

fn router(outside: &Outside, engine: Engine, runtime: &Runtime) -> Router {
    let sources = Sources { file: None, env: vec![], flags: vec![] };
    let config = sources.load().expect("the defaults are right").config;
    let rows = engine.rows();
    let hooks = Hooks {
        effects: Box::new(|_| {}),
        fatal: Box::new(|fault| panic!("{fault}")),
        committed: Box::new(|_, _| {}),
        probe: |_| {},
    };
    let (engine, _) =
        queue::start(engine, hooks, config.engine.queue_length, 64).expect("a thread");
    let rates = Arc::new(Board::new(Arc::new(outside.clock.clone()), Span::from_secs(300), 20));
    let node = || outside.node.clone();
    let desk = Desk::new(engine.clone(), node(), node(), node(), rates);
    let shared = Shared {
        engine,
        rows,
        metrics: Arc::new(Metrics::new().expect("metrics")),
        secrets: Arc::new(outside.secrets.clone()),
        clock: Arc::new(outside.clock.clone()),
        entropy: Arc::new(SimEntropy::seeded(2)),
        desk: Arc::new(desk),
        blocking: runtime.handle().clone(),
        changes: broadcast::channel(16).0,
        base_url: config.public.base_url.clone(),
        network: config.network,
        webhooks_allow_private: false,
    };
    let (at, ready) = (config.admin.listen, Arc::new(AlwaysReady));
    admin::router(shared, &config.admin, sha256(OPERATOR_KEY.as_bytes()), at, ready)
}
