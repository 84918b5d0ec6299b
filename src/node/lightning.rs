//! The `lightning` port on ldk-node.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ldk_node::lightning::ln::channelmanager::PaymentId;
use ldk_node::lightning::routing::router::RouteParametersConfig;
use ldk_node::lightning_invoice::{Bolt11InvoiceDescription, Description};
use ldk_node::{LightningBalance, Node, NodeError, NodeStatus};

use crate::bolt11;
use crate::domain::bytes::{NodeId, PaymentHash};
use crate::domain::invoice::{Invoice, InvoiceText};
use crate::domain::money::Msat;
use crate::domain::network::Network;
use crate::domain::payout::FailureCode;
use crate::domain::time::{Span, Timestamp};
use crate::ports::lightning::{
    ChainView, Holdings, IssuedInvoice, Lightning, Liquidity, NodeDown, NodeEvent, PayError,
    PayOrder, PaymentRecord, Unreadable,
};

use super::bitcoind::{Bitcoind, Tip};
use super::onchain::Unseen;
use super::tip::LatestTip;
use super::{events, money, settled};

/// ldk-node behind the port. It is built first, looked at, and started only if its data and the books agree (D22).
#[allow(missing_debug_implementations, reason = "the node has none")]
pub struct LdkLightning {
    pub(super) node: Arc<Node>,
    runtime: Mutex<Option<tokio::runtime::Runtime>>,
    handle: tokio::runtime::Handle,
    pub(super) bitcoind: Bitcoind,
    pub(super) network: Network,
    running: AtomicBool,
    started_secs: AtomicU64,
    /// True once it has followed the chain since it was started, whatever becomes of the clock afterwards.
    synced: AtomicBool,
    tip: LatestTip,
    /// Held while on-chain money is being sent.
    pub(super) sending: Mutex<()>,
    /// What was sent last, until the wallet has heard of it.
    pub(super) unseen: Mutex<Option<Unseen>>,
    /// What the node shows bitcoind, for as long as it lives.
    shown: (String, String),
}

fn down(what: &dyn std::fmt::Display) -> NodeDown {
    NodeDown(what.to_string())
}

fn payment_id(hash: &PaymentHash) -> PaymentId {
    PaymentId(hash.0)
}

impl LdkLightning {
    pub(super) fn new(
        node: Node,
        runtime: tokio::runtime::Runtime,
        bitcoind: Bitcoind,
        network: Network,
        outage: Duration,
        shown: (String, String),
    ) -> Self {
        let handle = runtime.handle().clone();
        Self {
            node: Arc::new(node),
            runtime: Mutex::new(Some(runtime)),
            handle,
            bitcoind,
            network,
            running: AtomicBool::new(false),
            started_secs: AtomicU64::new(u64::MAX),
            synced: AtomicBool::new(false),
            tip: LatestTip::new(outage),
            sending: Mutex::new(()),
            unseen: Mutex::new(None),
            shown,
        }
    }

    /// Starts the node: it listens, connects, and follows the chain.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(&self, now: Timestamp) -> Result<(), NodeDown> {
        settled::settle(&self.node).map_err(|error| down(&error))?;
        self.node.start().map_err(|error| down(&error))?;
        self.started_secs.store(now.millis() / 1_000, Ordering::SeqCst);
        self.running.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// Stops the node, which writes its state for the last time. It may take 40 s; nothing may call the node meanwhile.
    pub fn stop(&self) {
        if self.running.swap(false, Ordering::SeqCst)
            && let Err(error) = self.node.stop()
        {
            tracing::error!(%error, "the node did not stop in order");
        }
        let runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(runtime) = runtime {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }

    /// True if bitcoind has been started anew with another cookie. The node keeps the one that it was built with, and
    /// would never see another block.
    pub fn is_locked_out(&self) -> bool {
        self.bitcoind.user_and_password().is_ok_and(|now| now != self.shown)
    }

    /// The node's runtime, on which blocking calls for others run (DESIGN D16).
    pub const fn handle(&self) -> &tokio::runtime::Handle {
        &self.handle
    }

    /// True while the node runs.
    pub fn is_running(&self) -> bool {
        self.running.load(Ordering::SeqCst)
    }

    pub(super) fn up(&self) -> Result<&Node, NodeDown> {
        if self.is_running() {
            Ok(&self.node)
        } else {
            Err(NodeDown("it is not running".to_owned()))
        }
    }

    /// True once it has followed the chain since it was started.
    fn has_synced(&self, status: &NodeStatus) -> bool {
        let started = self.started_secs.load(Ordering::SeqCst);
        if status.latest_lightning_wallet_sync_timestamp.is_some_and(|at| at >= started) {
            self.synced.store(true, Ordering::SeqCst);
        }
        self.synced.load(Ordering::SeqCst)
    }

    /// bitcoind's tip, or what it was when bitcoind last answered.
    fn tip(&self) -> Option<Tip> {
        self.tip.look(|| match self.bitcoind.tip(self.network) {
            Ok(tip) => Some(tip),
            Err(fault) => {
                tracing::warn!(%fault, "bitcoind does not answer");
                None
            }
        })
    }

    /// Fact 1: the node writes what it does in three steps, any of which a crash may cut off. That is why the caller
    /// has made its intent durable before this is called, and why an answer that is not `Ok` is sorted so carefully.
    fn send(&self, order: &PayOrder) -> Result<(), PayError> {
        let Some(invoice) = bolt11::to_library(&order.invoice) else {
            return Err(PayError::Rejected(FailureCode::InvalidInvoice));
        };
        let limits = RouteParametersConfig {
            max_total_routing_fee_msat: Some(order.max_fee.get()),
            max_total_cltv_expiry_delta: order.cltv_limit,
            // One path: what routing costs is then at most the budget (facts, section 1.4).
            max_path_count: 1,
            ..RouteParametersConfig::default()
        };
        match self.node.bolt11_payment().send(&invoice, Some(limits)) {
            Ok(_) => Ok(()),
            Err(error) => Err(sort(error)),
        }
    }
}

/// What an error of `send` proves, for the first and only dispatch of a hash (facts, section 1.2).
fn sort(error: NodeError) -> PayError {
    match error {
        NodeError::NotRunning => PayError::Rejected(FailureCode::NodeNotReady),
        NodeError::InvalidInvoice => PayError::Rejected(FailureCode::InvalidInvoice),
        // Fact 3: a proof only because we never dispatch a hash twice; for a second dispatch it would prove nothing.
        NodeError::PaymentSendingFailed => PayError::Rejected(FailureCode::NoRoute),
        // Fact 2: answered after LDK took the payment, too.
        NodeError::PersistenceFailed => PayError::Unclear("its record could not be written"),
        NodeError::DuplicatePayment => PayError::Unclear("the node knows this hash already"),
        _ => PayError::Unclear("an answer that says nothing about the payment"),
    }
}

impl Lightning for LdkLightning {
    fn node_id(&self) -> NodeId {
        NodeId(self.node.node_id().serialize())
    }

    fn parse_invoice(&self, text: &str) -> Result<Invoice, Unreadable> {
        bolt11::parse(text)
    }

    fn create_invoice(
        &self,
        amount: Msat,
        description: &str,
        expiry: Span,
    ) -> Result<IssuedInvoice, NodeDown> {
        let node = self.up()?;
        let description = Description::new(description.to_owned()).map_err(|error| down(&error))?;
        let description = Bolt11InvoiceDescription::Direct(description);
        let secs = u32::try_from(expiry.secs()).unwrap_or(u32::MAX);
        let made = node
            .bolt11_payment()
            .receive(amount.get(), &description, secs)
            .map_err(|error| down(&error))?;
        let read = bolt11::parse(&made.to_string());
        let read = read.map_err(|_| down(&"it made an invoice that cannot be read"))?;
        let text = InvoiceText::new(read.text.as_str().to_owned());
        Ok(IssuedInvoice { text, hash: read.hash, expires_at: read.expires_at })
    }

    fn pay(&self, order: &PayOrder) -> Result<(), PayError> {
        self.send(order)
    }

    fn record(&self, hash: &PaymentHash) -> Result<Option<PaymentRecord>, NodeDown> {
        Ok(self.node.payment(&payment_id(hash)).as_ref().and_then(events::record))
    }

    fn records(&self) -> Result<Vec<PaymentRecord>, NodeDown> {
        Ok(self.node.list_payments().iter().filter_map(events::record).collect())
    }

    fn pending_hashes(&self) -> Result<BTreeSet<PaymentHash>, NodeDown> {
        let balances = self.up()?.list_balances().lightning_balances;
        let outgoing = balances.into_iter().filter_map(|balance| match balance {
            LightningBalance::MaybeTimeoutClaimableHTLC {
                payment_hash, outbound_payment, ..
            } => outbound_payment.then_some(PaymentHash(payment_hash.0)),
            _ => None,
        });
        Ok(outgoing.collect())
    }

    fn is_closing(&self) -> Result<bool, NodeDown> {
        let node = self.up()?;
        Ok(money::is_closing(&node.list_channels(), &node.list_balances()))
    }

    fn next_event(&self, patience: Span) -> Option<NodeEvent> {
        let node = self.up().ok()?;
        let patience = Duration::from_millis(patience.millis());
        let waiting = async { tokio::time::timeout(patience, node.next_event_async()).await };
        let event = self.handle.block_on(waiting).ok()?;
        Some(events::translate(event, node))
    }

    fn acknowledge(&self) -> Result<(), NodeDown> {
        self.up()?.event_handled().map_err(|error| down(&error))
    }

    fn has_event(&self) -> bool {
        self.node.next_event().is_some()
    }

    fn chain(&self) -> Result<ChainView, NodeDown> {
        let status = self.up()?.status();
        let height = status.current_best_block.height;
        let has_synced = self.has_synced(&status);
        let tip = self.tip();
        let behind = tip.filter(|_| has_synced).map(|tip| tip.height.saturating_sub(height));
        Ok(ChainView { height, behind, best_block_time: tip.map(|tip| tip.time) })
    }

    fn liquidity(&self) -> Result<Liquidity, NodeDown> {
        Ok(money::liquidity(&self.up()?.list_channels()))
    }

    fn holdings(&self) -> Result<Holdings, NodeDown> {
        let node = self.up()?;
        let has_deposit_pending = || {
            !node.list_payments_with_filter(|payment| money::is_pending_deposit(payment)).is_empty()
        };
        let seen =
            money::holdings(&node.list_channels(), &node.list_balances(), has_deposit_pending);
        // Until then the wallet does not know of what was sent last, by this process or the one before.
        let knows = self.has_synced(&node.status()) && !self.has_unseen(node);
        let at_rest = seen.at_rest && knows;
        Ok(Holdings { at_rest, ..seen })
    }
}
