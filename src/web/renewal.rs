//! An expired payment is renewed when somebody looks at its session, not before (DESIGN D19).

use crate::domain::checkout::Session;
use crate::ports::store::{StoreFault, fetch, table};

use super::Shared;

impl Shared {
    /// Gives a session the payment that it needs, if it needs one. Where that cannot be – no rate, no node, drained – the
    /// session stays as it is, and the next look tries again.
    ///
    /// # Errors
    /// The books cannot be read.
    pub(super) async fn renew(&self, session: &Session) -> Result<(), StoreFault> {
        let last = match session.payments.last() {
            Some(id) => fetch::<table::Payment>(&*self.rows, id.clone())?,
            None => None,
        };
        if session.needs_payment(last.as_ref(), self.clock.now().wall) {
            let id = session.id.clone();
            match self.blocking(move |desk| desk.add_payment(&id, None)).await {
                Ok(Ok(())) => {}
                Ok(Err(fault)) => {
                    tracing::warn!(session = %session.id, %fault, "a payment cannot be renewed");
                }
                Err(error) => tracing::error!(%error, "a renewal broke"),
            }
        }
        Ok(())
    }
}
