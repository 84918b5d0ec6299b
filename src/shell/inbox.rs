//! What the engine leaves for the payout runner between two of its rounds. It holds each payout once, and a payout only
//! while it has its account's lock, so there are never more of them than accounts.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::engine::effect::{Due, Effect};

#[derive(Debug, Default)]
struct Waiting {
    payouts: BTreeSet<Due>,
    look_again: bool,
}

/// A bounded mailbox with one reader.
#[derive(Debug, Default)]
pub struct Inbox {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

/// What a reader found.
#[derive(Debug, PartialEq, Eq)]
pub struct Mail {
    /// Payouts that were reserved, oldest first.
    pub payouts: BTreeSet<Due>,
    /// True if what waits already should be asked about again.
    pub look_again: bool,
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an effect that is for the runner. It never blocks for long.
    pub fn put(&self, effect: Effect) {
        let mut waiting = self.lock();
        match effect {
            Effect::Pay(payout) => {
                waiting.payouts.insert(payout);
            }
            Effect::LookAgain => waiting.look_again = true,
            Effect::SessionChanged(_) | Effect::Happened(_) => return,
        }
        self.arrived.notify_one();
    }

    /// Everything that arrived, waiting for it no longer than `patience`.
    pub fn take(&self, patience: Duration) -> Mail {
        let nothing = |waiting: &mut Waiting| waiting.payouts.is_empty() && !waiting.look_again;
        let waited = self.arrived.wait_timeout_while(self.lock(), patience, nothing);
        let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let Waiting { payouts, look_again } = std::mem::take(&mut *waiting);
        Mail { payouts, look_again }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bytes::PaymentHash;
    use crate::domain::id::PayoutId;
    use crate::domain::time::Timestamp;

    #[test]
    fn what_arrives_is_there_once_and_wakes_the_reader() {
        let inbox = Inbox::default();
        let payout = PayoutId::new(Timestamp::from_secs(1), 1);
        let one = Due { payout, hash: PaymentHash([1; 32]) };
        let nothing = Mail { payouts: BTreeSet::new(), look_again: false };
        assert_eq!(inbox.take(Duration::ZERO), nothing);
        inbox.put(Effect::LookAgain);
        inbox.put(Effect::Pay(one.clone()));
        inbox.put(Effect::Pay(one.clone()));
        let mail = Mail { payouts: BTreeSet::from([one.clone()]), look_again: true };
        assert_eq!(inbox.take(Duration::from_secs(60)), mail);
        assert_eq!(inbox.take(Duration::ZERO), nothing);
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| inbox.take(Duration::from_secs(60)));
            inbox.put(Effect::Pay(one.clone()));
            assert!(reader.join().unwrap().payouts.contains(&one));
        });
    }
}
