//! `POST /checkout-sessions/{id}`.

use axum::response::Response;

use crate::domain::checkout::SessionChange;
use crate::domain::id::SessionId;
use crate::engine::command::Order;
use crate::engine::reply::Object;
use crate::web::named::Named;

use super::super::error::ApiError;
use super::super::form::Form;
use super::super::request::Call;
use super::super::terms::{MAX_MESSAGE, MAX_TEXT, MAX_TITLE};

/// Changes what the page says, and the merchant's notes. `null` empties a field.
pub(in super::super) async fn update(Named(id): Named, call: Call) -> Result<Response, ApiError> {
    call.caller.may_write()?;
    let id = SessionId::parse(&id).map_err(|_| ApiError::not_found(Object::Session))?;
    let mut form = call.form()?;
    let change = read(&mut form);
    form.finish()?;
    call.order(Order::UpdateSession(id, Box::new(change))).await
}

fn read(form: &mut Form) -> SessionChange {
    let text = |form: &mut Form, name| form.says(name).then(|| form.text(name, MAX_TITLE));
    let long = |form: &mut Form, name| form.says(name).then(|| form.long_text(name, MAX_TEXT));
    let url = |form: &mut Form, name| form.says(name).then(|| form.url(name));
    SessionChange {
        title: text(form, "title"),
        title_description: long(form, "title_description"),
        title_image: url(form, "title_image"),
        description: long(form, "description"),
        success_url: url(form, "success_url"),
        success_message: form
            .says("success_message")
            .then(|| form.long_text("success_message", MAX_MESSAGE)),
        cancel_url: url(form, "cancel_url"),
        metadata: form.says("metadata").then(|| form.metadata().unwrap_or_default()),
    }
}
