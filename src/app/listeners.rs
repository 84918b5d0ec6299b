//! Both listeners: bound early, served until somebody says stop.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::config::Config;
use crate::domain::bytes::Digest;
use crate::web::admin::Readiness;
use crate::web::{self, Shared};

use super::Fault;

/// Two bound ports and the runtime that will serve them.
pub(crate) struct Listeners {
    pub(crate) runtime: Runtime,
    pub(crate) public_at: SocketAddr,
    pub(crate) admin_at: SocketAddr,
    public: TcpListener,
    admin: TcpListener,
}

impl Listeners {
    /// Binds both ports first: a port that is taken should be known before a node is built.
    pub(crate) fn bind(config: &Config) -> Result<Self, Fault> {
        let internal = |error: std::io::Error| Fault::Internal(error.to_string());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("http-worker")
            .enable_all()
            .build()
            .map_err(internal)?;
        let bind = |at: SocketAddr| {
            let bound = runtime.block_on(TcpListener::bind(at));
            bound.map_err(|error| Fault::Unavailable(format!("cannot listen on {at}: {error}")))
        };
        let public = bind(config.public.listen)?;
        let admin = bind(config.admin.listen)?;
        let public_at = public.local_addr().map_err(internal)?;
        let admin_at = admin.local_addr().map_err(internal)?;
        Ok(Self { runtime, public_at, admin_at, public, admin })
    }

    /// Serves both until `stop` says so, and then what has begun. `operator` is the SHA-256 of the operator's key.
    pub(crate) async fn serve(
        &self,
        config: &Config,
        shared: Shared,
        operator: Digest,
        readiness: Arc<dyn Readiness>,
        stop: watch::Receiver<bool>,
    ) {
        let public = web::public::router(shared.clone(), &config.public, stop.clone());
        let admin = web::admin::router(shared, &config.admin, operator, self.admin_at, readiness);
        let (public_limits, admin_limits) = (config.public.limits, config.admin.limits);
        let public = web::server::serve(&self.public, public, public_limits, stop.clone());
        let admin = web::server::serve(&self.admin, admin, admin_limits, stop);
        tokio::join!(public, admin);
    }
}
