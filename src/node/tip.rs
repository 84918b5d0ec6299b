//! bitcoind's tip as it was last seen. Payments need no new block, so nobody waits for a bitcoind that hangs.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::bitcoind::Tip;

/// How soon bitcoind is asked again, whether it answered or not.
const FRESH: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
struct Seen {
    tip: Option<(Tip, Instant)>,
    asked: Option<Instant>,
    /// True while somebody waits for bitcoind.
    asking: bool,
}

/// The last look at bitcoind's tip.
#[derive(Debug)]
pub(super) struct LatestTip {
    seen: Mutex<Seen>,
    /// For how long the last answer counts while there is no newer one.
    usable: Duration,
}

impl LatestTip {
    /// Nothing was seen yet; what will be counts for as long as `usable`.
    pub(super) fn new(usable: Duration) -> Self {
        Self { seen: Mutex::default(), usable }
    }

    /// The tip. One caller at a time asks for it, at most once a second; the others have what was seen last.
    pub(super) fn look(&self, ask: impl FnOnce() -> Option<Tip>) -> Option<Tip> {
        let begun = now();
        let is_due = self.with(|seen| {
            let is_fresh = seen.asked.is_some_and(|at| begun.duration_since(at) < FRESH);
            let is_due = !seen.asking && !is_fresh;
            seen.asking |= is_due;
            is_due
        });
        if is_due {
            let answer = ask();
            let ended = now();
            self.with(|seen| {
                seen.asking = false;
                seen.asked = Some(ended);
                if let Some(tip) = answer {
                    seen.tip = Some((tip, ended));
                }
            });
        }
        let usable =
            |(tip, at): (Tip, Instant)| (now().duration_since(at) < self.usable).then_some(tip);
        self.with(|seen| seen.tip).and_then(usable)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Seen) -> T) -> T {
        act(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[expect(clippy::disallowed_methods, reason = "the age of an answer, not a time of the books")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::domain::time::Timestamp;

    const TIP: Tip = Tip { height: 7, time: Timestamp::from_secs(1) };

    #[test]
    fn a_bitcoind_that_does_not_answer_is_not_asked_again_at_once() {
        let latest = LatestTip::new(Duration::MAX);
        assert!(latest.look(|| None).is_none());
        assert!(latest.look(|| panic!("asked again")).is_none());
    }

    #[test]
    fn an_answer_that_is_too_old_is_none() {
        assert!(LatestTip::new(Duration::MAX).look(|| Some(TIP)).is_some());
        assert!(LatestTip::new(Duration::ZERO).look(|| Some(TIP)).is_none());
    }

    #[test]
    fn nobody_waits_while_another_one_asks() {
        let latest = LatestTip::new(Duration::MAX);
        let (entered, inside) = channel();
        let (leave, left) = channel::<()>();
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                latest.look(move || {
                    entered.send(()).unwrap();
                    left.recv().unwrap();
                    Some(TIP)
                })
            });
            inside.recv().unwrap();
            assert!(latest.look(|| panic!("asked twice")).is_none());
            leave.send(()).unwrap();
            assert_eq!(asking.join().unwrap().map(|tip| tip.height), Some(7));
        });
        assert_eq!(latest.look(|| panic!("asked again")).map(|tip| tip.height), Some(7));
    }
}
