//! Reading a request's body within bounds of size and time.

use std::time::Duration;

use axum::body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoBody {
    /// It is larger than it may be.
    TooLarge,
    /// It did not arrive.
    Incomplete,
}

/// Reads the whole body.
pub(super) async fn read(body: Body, max_bytes: usize) -> Result<Vec<u8>, NoBody> {
    let reading = Limited::new(body, max_bytes).collect();
    match tokio::time::timeout(PATIENCE, reading).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes().to_vec()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(NoBody::TooLarge),
        Ok(Err(_)) | Err(_) => Err(NoBody::Incomplete),
    }
}
