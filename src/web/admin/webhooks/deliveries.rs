//! `GET /webhooks/{id}/deliveries` and `POST /webhooks/{id}/deliveries/{msg}/resend`.

use axum::response::Response;

use crate::domain::id::DeliveryId;
use crate::domain::webhook::{Delivery, Endpoint};
use crate::engine::command::Order;
use crate::engine::reply::Object;
use crate::ports::store::Scope;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::list::{self, Listed};
use super::super::request::{Call, Look};
use super::switch::endpoint;

/// What became of the messages to an endpoint.
pub(in super::super) async fn list(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    look.caller.may_read()?;
    let found = <Endpoint as Listed>::read(&*look.admin.shared.rows, &id)?;
    let found = found.filter(|found| look.sees(&found.account));
    let found = found.ok_or_else(|| ApiError::not_found(Object::Endpoint))?;
    list::answer_in::<Delivery>(&look, Scope::Endpoint(found.id))
}

/// Sends the event of a message once more, as a new message.
pub(in super::super) async fn resend(
    Named((id, message)): Named<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    call.no_fields()?;
    let message = DeliveryId::parse(&message).map_err(|_| ApiError::not_found(Object::Delivery))?;
    call.order(Order::Resend(endpoint(&id)?, message)).await
}
