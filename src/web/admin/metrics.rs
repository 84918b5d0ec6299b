//! `GET /metrics` for Prometheus (`docs/metrics.md`). It needs no key, as `/healthz` and `/readyz` need none: who may reach
//! this listener may read it, and there are sums and counts in it, but no names and no secrets.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::domain::time::Timestamp;
use crate::engine::command::Command;
use crate::engine::reply::Reply;
use crate::metrics::{self, NodeSight, Sight};
use crate::shell::desk::DeskFault;

use super::super::Shared;
use super::error::ApiError;
use super::{Admin, Readiness};

pub(super) async fn metrics(State(admin): State<Admin>) -> Result<Response, ApiError> {
    let (shared, readiness) = (admin.shared.clone(), Arc::clone(&admin.readiness));
    let read = move || {
        let sight = look(&shared, &*readiness);
        shared.metrics.page(&sight)
    };
    let page = admin.shared.blocking.spawn_blocking(read).await.map_err(|_| ApiError::broken())?;
    let page = page.map_err(|error| {
        tracing::error!(%error, "the metrics cannot be written");
        ApiError::broken()
    })?;
    Ok(([(CONTENT_TYPE, metrics::CONTENT_TYPE)], page).into_response())
}

fn look(shared: &Shared, readiness: &dyn Readiness) -> Sight {
    let figures = match shared.engine.ask_now(Command::Figures) {
        Ok(Ok(Reply::Figures(figures))) => Some(*figures),
        _ => None,
    };
    Sight {
        build: (env!("CARGO_PKG_VERSION"), shared.network.name()),
        now: now(shared),
        not_ready: readiness.not_ready().into_iter().map(|found| found.rule).collect(),
        figures,
        queue: shared.engine.waiting(),
        node: node(shared).ok(),
        disk: readiness.disk(),
    }
}

fn now(shared: &Shared) -> Timestamp {
    shared.clock.now().wall
}

fn node(shared: &Shared) -> Result<NodeSight, DeskFault> {
    let desk = &shared.desk;
    let (info, chain, _) = desk.node()?;
    Ok(NodeSight { info, chain, channels: desk.channels()?, holdings: desk.holdings()? })
}
