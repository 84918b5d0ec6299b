//! Hyper connections for a router: a bound on their number that keeps nobody out, a time-out for heads, and an orderly
//! end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower_service::Service;

use crate::config::HttpLimits;

use super::peer_addr::PeerAddr;
use super::room::{Arriving, Room, Seat};

/// Largest head of a request: above the longest URI that hyper reads (64 KiB), so that a wallet which says too much in its
/// query still gets an answer of ours. What hyper refuses before that, it answers itself, with an empty 414 or 431.
const MAX_HEAD_BYTES: usize = 96 * 1024;
/// Pause after the operating system refused to accept (no file descriptors left, say).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `router` until `stop` says so, then lets the connections finish what they have begun.
pub async fn serve(
    listener: &TcpListener,
    router: Router,
    limits: HttpLimits,
    mut stop: watch::Receiver<bool>,
) {
    let room = Room::new(limits.max_connections);
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = stopped(&mut stop) => break,
            accepted = accept(listener, &room) => accepted,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, seat)) => {
                connections.spawn(connection(stream, seat, router.clone(), limits, stop.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                room.make_room();
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    while connections.join_next().await.is_some() {}
}

/// Resolves once `stop` is true, or nobody can set it any more.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Room>,
) -> std::io::Result<(TcpStream, Arc<Seat>)> {
    let (stream, peer) = listener.accept().await?;
    Ok((stream, room.enter(peer.ip()).await?))
}

async fn connection(
    stream: TcpStream,
    seat: Arc<Seat>,
    router: Router,
    limits: HttpLimits,
    mut stop: watch::Receiver<bool>,
) {
    let Ok(peer) = stream.peer_addr() else { return };
    // Answers are small and complete: waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let (mut router, seat) = (router.clone(), Arc::clone(&seat));
        async move {
            let (head, body) = request.into_parts();
            let Some(body) = Arriving::new(body, &seat) else {
                // Sent away before anything was begun: the connection ends in a moment.
                return std::future::pending().await;
            };
            let mut request = hyper::Request::from_parts(head, Body::new(body));
            request.extensions_mut().insert(PeerAddr(peer));
            let answer = router.call(request).await.unwrap_or_else(|never| match never {});
            seat.wait_for_client();
            Ok::<_, Infallible>(answer)
        }
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(limits.header_timeout_secs))
        .max_buf_size(MAX_HEAD_BYTES);
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        biased;
        () = seat.sent_away() => return,
        result = connection.as_mut() => return log(result),
        () = stopped(&mut stop) => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        () = seat.sent_away() => {}
        result = connection => log(result),
    }
}

fn log(result: hyper::Result<()>) {
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended early");
    }
}
