//! The two listeners. They know the domain's values, the way to the engine, the read side of the books and the desk that
//! asks the node; they know neither store nor node, and nothing of one listener can be reached through the other.

use std::sync::Arc;

use crate::config::BaseUrl;
use crate::domain::id::SessionId;
use crate::domain::network::Network;
use crate::engine::queue::Handle;
use crate::metrics::Metrics;
use crate::ports::clock::Clock;
use crate::ports::entropy::Entropy;
use crate::ports::secrets::Secrets;
use crate::ports::store::Rows;
use crate::shell::desk::Desk;

pub mod admin;
mod ask;
mod body;
mod dashboard;
mod fields;
mod links;
mod measured;
mod named;
mod peer_addr;
pub mod public;
mod qr;
mod renewal;
mod room;
pub mod server;

pub use ask::ask as ask_engine;

/// What both listeners work with.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "ports have none")]
pub struct Shared {
    /// The way to the engine.
    pub engine: Handle,
    /// The books, to be read.
    pub rows: Arc<dyn Rows>,
    /// Bearer secrets.
    pub secrets: Arc<dyn Secrets>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// What needs the node.
    pub desk: Arc<Desk<Handle>>,
    /// Where blocking calls of the desk run.
    pub blocking: tokio::runtime::Handle,
    /// Tells which sessions' pages show something else now.
    pub changes: tokio::sync::broadcast::Sender<SessionId>,
    /// What links are built from.
    pub base_url: BaseUrl,
    /// The network.
    pub network: Network,
    /// Whether webhook messages may go to private addresses, and over http.
    pub webhooks_allow_private: bool,
}

impl Shared {
    /// Runs what blocks on a thread that may.
    async fn blocking<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Desk<Handle>) -> T + Send + 'static,
    ) -> Result<T, tokio::task::JoinError> {
        let desk = Arc::clone(&self.desk);
        self.blocking.spawn_blocking(move || act(&desk)).await
    }
}
