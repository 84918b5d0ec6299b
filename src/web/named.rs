//! What a path names.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The parameters of a path. What cannot be read (escapes that make no text) is empty and so names nothing: the handler
/// answers that in its own way, where the framework would answer in plain text.
#[derive(Clone, Debug, Default)]
pub(super) struct Named<T = String>(pub(super) T);

impl<S, T> FromRequestParts<S> for Named<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Default + Send,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let read = Path::<T>::from_request_parts(parts, state).await;
        Ok(Self(read.map(|Path(value)| value).unwrap_or_default()))
    }
}
