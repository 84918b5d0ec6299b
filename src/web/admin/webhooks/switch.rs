//! `POST /webhooks/{id}/disable` and `/enable`.

use axum::response::Response;

use crate::domain::id::EndpointId;
use crate::engine::command::Order;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::request::Call;

pub(super) fn endpoint(id: &str) -> Result<EndpointId, ApiError> {
    EndpointId::parse(id).map_err(|_| ApiError::not_found(Object::Endpoint))
}

/// Sends nothing more to an endpoint, nor what still waits for it.
pub(in super::super) async fn disable(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    call.no_fields()?;
    call.order(Order::DisableEndpoint(endpoint(&id)?)).await
}

/// Sends to an endpoint what happens from now on.
pub(in super::super) async fn enable(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    call.no_fields()?;
    call.order(Order::EnableEndpoint(endpoint(&id)?)).await
}
