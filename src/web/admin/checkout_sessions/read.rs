//! `GET /checkout-sessions` and `GET /checkout-sessions/{id}`.

use axum::response::Response;

use crate::domain::checkout::Session;
use crate::domain::id::SessionId;
use crate::engine::reply::Object;
use crate::ports::store::{fetch, table};
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::list::{self, one};
use super::super::request::Look;

/// A merchant's sessions.
pub(in super::super) async fn list(look: Look) -> Result<Response, ApiError> {
    list::answer::<Session>(&look)
}

/// One session, with an invoice that can be paid if it waits for money.
pub(in super::super) async fn get(Named(id): Named, look: Look) -> Result<Response, ApiError> {
    look.caller.may_read()?;
    if let Ok(id) = SessionId::parse(&id) {
        let session = fetch::<table::Session>(&*look.admin.shared.rows, id)?;
        if let Some(session) = session.filter(|session| look.sees(&session.account)) {
            look.admin.shared.renew(&session).await?;
        }
    }
    one::<Session>(&look, &id, Object::Session)
}
