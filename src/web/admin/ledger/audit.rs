//! `GET /ledger/audit`: both audits of DESIGN D12.

use std::sync::Arc;

use axum::response::Response;

use super::super::answer::json;
use super::super::error::ApiError;
use super::super::objects::AuditReport;
use super::super::request::Look;

/// Checks the books, and compares them with what the node holds.
pub(in super::super) async fn audit(look: Look) -> Result<Response, ApiError> {
    look.caller.must_be_operator()?;
    let shared = &look.admin.shared;
    let (rows, secrets) = (Arc::clone(&shared.rows), Arc::clone(&shared.secrets));
    let report = shared.blocking(move |desk| desk.audit(&*rows, &*secrets)).await;
    let report = report.map_err(|_| ApiError::broken())??;
    let external = shared.blocking(|desk| desk.external_audit()).await;
    let external = external.map_err(|_| ApiError::broken())?;
    if let Err(fault) = &external {
        tracing::warn!(%fault, "the external audit has no node to compare with");
    }
    Ok(json(&AuditReport::of(report, external.as_ref().ok())))
}
