//! How the process ends: on a signal in order, on a panic at once.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::store::VIEW_THREAD;

/// Threads that serve HTTP; a panic there becomes a 500 and harms nobody else (DESIGN D16).
const HTTP_THREADS: &str = "http-";

/// Any panic outside of HTTP, and of the trial of a damaged view, ends the process: a node or an engine that lost a thread
/// would go on as if it had not.
pub(super) fn abort_on_panic() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        before(panic);
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("").to_owned();
        let at = panic.location().map(ToString::to_string);
        tracing::error!(thread = name, at, "panic");
        if !name.starts_with(HTTP_THREADS) && name != VIEW_THREAD {
            std::process::abort();
        }
    }));
}

/// Waits for SIGTERM or SIGINT, and says which.
pub(super) fn ended() -> std::io::Result<impl Future<Output = &'static str>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        }
    })
}

/// Ends the process if it has not ended by itself in time.
pub(super) fn exit_after(patience: Duration) {
    let watchdog =
        std::thread::Builder::new().name("shutdown-deadline".to_owned()).spawn(move || {
            std::thread::sleep(patience);
            tracing::error!("not ended in time; what is left is found again at the next start");
            exit_now(75);
        });
    if let Err(error) = watchdog {
        tracing::error!(%error, "no thread to watch the deadline");
    }
}

/// Ends the process where it stands.
pub(super) fn exit_now(code: i32) -> ! {
    #[expect(clippy::disallowed_methods, reason = "nothing that could still be done may be done")]
    std::process::exit(code)
}
