//! Both listeners: bound early, served until somebody says stop.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::config::Config;
use crate::domain::bytes::Digest;
use crate::web::admin::Readiness;
use crate::web::{self, Shared};

use super::Fault;

/// Connections that may wait to be accepted; the operating system may allow fewer.
const BACKLOG: u32 = 4_096;

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
        raise_file_limit();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("http-worker")
            .enable_all()
            .build()
            .map_err(internal)?;
        let bind = |at: SocketAddr| {
            let bound = runtime.block_on(async { listen(at) });
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

/// Listens with room for a crowd: whoever finds none has to knock again after a second, and then after three.
fn listen(at: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if at.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As every server: a port is free at once after the process before has ended.
    socket.set_reuseaddr(true)?;
    socket.bind(at)?;
    socket.listen(BACKLOG)
}

/// Each connection is an open file, and of those a process usually may have 1,024 – unless it asks for more.
fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        tracing::warn!(%error, "the limit of open files stays as it was");
    }
}
