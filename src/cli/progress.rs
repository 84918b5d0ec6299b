//! What takes long says so on the terminal, and for how long it has been at it.

use std::io::{IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

/// What is over before is not worth a word.
const SECOND: Duration = Duration::from_secs(1);

/// Says on standard error what is being done, every second, and wipes it when it is over. Where nobody looks, nothing is
/// said.
pub(super) fn during<T>(what: &str, work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    std::thread::scope(|scope| {
        let (working, over) = sync_channel::<()>(0);
        scope.spawn(move || {
            let mut secs = 0_u32;
            while over.recv_timeout(SECOND) == Err(RecvTimeoutError::Timeout) {
                secs += 1;
                write(&format!("\r{what} … {secs} s"));
            }
            if secs > 0 {
                write("\r\u{1b}[K");
            }
        });
        let done = work();
        drop(working);
        done
    })
}

fn write(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}
