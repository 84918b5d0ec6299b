//! Asking the engine from a request.

use tokio::sync::oneshot;

use crate::engine::command::Command;
use crate::engine::queue::{Handle, NoAnswer};
use crate::engine::reply::{Refusal, Reply};

/// Asks the engine and waits for its answer, however long a commit takes: what was queued is decided, and an answer made
/// up by a time-out could be wrong (DESIGN D9).
///
/// # Errors
/// [`NoAnswer::Full`] if nothing was asked, [`NoAnswer::Ended`] if nobody knows what was decided.
pub async fn ask(engine: &Handle, command: Command) -> Result<Result<Reply, Refusal>, NoAnswer> {
    let (sender, answer) = oneshot::channel();
    let deliver = Box::new(move |reply| {
        // The client may have gone; the decision stands all the same.
        let _ = sender.send(reply);
    });
    engine.submit(command, deliver)?;
    answer.await.map_err(|_| NoAnswer::Ended)
}
