//! `GET /ledger/audit`: both audits of DESIGN D12.

use axum::response::Response;

use crate::engine::command::Command;
use crate::engine::reply::Reply;
use crate::web::ask::ask;

use super::super::answer::json;
use super::super::error::ApiError;
use super::super::objects::AuditReport;
use super::super::request::Look;

/// Checks the books, and compares them with what the node holds.
pub(in super::super) async fn audit(look: Look) -> Result<Response, ApiError> {
    look.caller.must_be_operator()?;
    let shared = &look.admin.shared;
    let Reply::Audit(report) = ask(&shared.engine, Command::Audit).await?? else {
        return Err(ApiError::broken());
    };
    let external = shared.blocking(|desk| desk.external_audit()).await;
    let external = external.map_err(|_| ApiError::broken())?;
    if let Err(fault) = &external {
        tracing::warn!(%fault, "the external audit has no node to compare with");
    }
    Ok(json(&AuditReport::of(report, external.as_ref().ok())))
}
