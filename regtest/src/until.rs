//! The one bounded wait of this crate. Whoever waits says for what and for how long; who waits in vain panics with
//! both, so that a hanging test ends with a sentence instead of a time-out of the test runner.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How long anything in this world may take on a busy two-core machine. Not a measure of how long it does take.
pub const PATIENCE: Duration = Duration::from_secs(90);

const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// Looks again and again until there is something, and panics when there is nothing within `deadline`.
///
/// It looks at least once, and once more after the deadline has passed: a machine that stood still for a minute
/// has not shown that the thing is missing.
pub fn until<T>(what: &str, deadline: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    eventually(what, deadline, || look().ok_or_else(String::new))
}

/// As [`until`], for looks that say why there is nothing yet; the panic repeats the last reason.
pub fn eventually<T>(
    what: &str,
    deadline: Duration,
    mut look: impl FnMut() -> Result<T, String>,
) -> T {
    let begin = Instant::now();
    let found = look_until(begin + deadline, &mut look);
    found.unwrap_or_else(|reason| panic!("waited {:?} for {what} {reason}", begin.elapsed()))
}

/// As [`until`], for what need not come.
pub fn perhaps<T>(deadline: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    look_until(Instant::now() + deadline, &mut || look().ok_or_else(String::new)).ok()
}

fn look_until<T>(end: Instant, look: &mut dyn FnMut() -> Result<T, String>) -> Result<T, String> {
    let mut pause = FIRST_PAUSE;
    loop {
        let last = Instant::now() >= end;
        match look() {
            Err(_) if !last => thread::sleep(pause),
            over => return over,
        }
        pause = LONGEST_PAUSE.min(pause + pause / 2);
    }
}

/// Does something, and says how long that took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    let done = work();
    (done, begin.elapsed())
}

/// Does blocking work that has no deadline of its own, and panics when it takes longer than `deadline`. The work
/// goes on in its thread then; nothing can stop it, but nobody waits for it either.
pub fn within<T: Send + 'static>(
    what: &str,
    deadline: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (done, result) = mpsc::channel();
    let worker = thread::spawn(move || done.send(work()).is_ok());
    match result.recv_timeout(deadline) {
        Ok(value) => value,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("waited {deadline:?} for {what}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => match worker.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(_) => unreachable!("a worker that ended well has sent its value"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_should_be_returned_at_once() {
        assert_eq!(until("nothing", Duration::ZERO, || Some(7)), 7);
    }

    #[test]
    fn what_comes_late_should_be_returned() {
        let mut looks = 0;
        let found = until("the third look", PATIENCE, || {
            looks += 1;
            (looks == 3).then_some(looks)
        });
        assert_eq!(found, 3);
    }

    #[test]
    fn what_need_not_come_should_be_missed_in_silence() {
        assert_eq!(perhaps(Duration::from_millis(5), || None::<u8>), None);
        assert_eq!(perhaps(Duration::ZERO, || Some(7)), Some(7));
    }

    #[test]
    #[should_panic(expected = "for the moon to fall (it is still up)")]
    fn what_never_comes_should_be_named() {
        eventually::<()>("the moon to fall", Duration::from_millis(5), || {
            Err("(it is still up)".into())
        });
    }

    #[test]
    #[should_panic(expected = "for a worker that never ends")]
    fn work_that_takes_too_long_should_be_named() {
        let (_held, never) = mpsc::channel::<()>();
        within("a worker that never ends", Duration::from_millis(5), move || never.recv().is_ok());
    }
}
