//! Who is signed in: sessions in memory, bounded in number and age. What a browser keeps is a random name; here lies only
//! its hash, and of the key only what the books keep too.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::bytes::Digest;
use crate::domain::id::AccountId;
use crate::domain::time::Span;
use crate::ports::clock::Clock;
use crate::ports::entropy::Entropy;
use crate::ports::secrets::Secrets;

/// Most sessions; beyond it the one that was used longest ago ends.
const MAX_SESSIONS: usize = 200;
/// How long a session lasts, used or not.
pub(super) const MAX_AGE: Span = Span::from_secs(12 * 3_600);
/// How long a session lasts that nobody uses.
const MAX_IDLE: Span = Span::from_secs(2 * 3_600);

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(super) struct Session {
    /// The digest of the key: it is looked up again with every request, for keys are taken back.
    pub(super) key: Digest,
    /// What every form of this session carries.
    pub(super) csrf: String,
    /// The account that the operator looks at.
    pub(super) acts_for: Option<AccountId>,
    /// What the next page says, once.
    notice: Option<String>,
    began: Span,
    used: Span,
}

/// All sessions.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub(super) struct Sessions {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    secrets: Arc<dyn Secrets>,
    all: Mutex<BTreeMap<Digest, Session>>,
}

impl Sessions {
    pub(super) fn new(
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        secrets: Arc<dyn Secrets>,
    ) -> Self {
        Self { clock, entropy, secrets, all: Mutex::default() }
    }

    /// A name that nobody can guess.
    pub(super) fn random(&self) -> String {
        let mut bytes = [0; 32];
        self.entropy.fill(&mut bytes);
        Digest(bytes).to_hex()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Digest, Session>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a session under a new name, whatever the browser came with, and ends the one it had.
    pub(super) fn begin(&self, key: Digest, before: Option<Digest>) -> String {
        let (name, csrf) = (self.random(), self.random());
        let now = self.clock.now().monotonic;
        let mut all = self.lock();
        if let Some(before) = before {
            all.remove(&before);
        }
        all.retain(|_, session| session.lives(now));
        while all.len() >= MAX_SESSIONS {
            let oldest = all.iter().min_by_key(|(_, session)| session.used).map(|(id, _)| *id);
            let Some(oldest) = oldest else { break };
            all.remove(&oldest);
        }
        let session = Session { key, csrf, acts_for: None, notice: None, began: now, used: now };
        all.insert(self.id(&name), session);
        name
    }

    /// What is kept of a session's name.
    pub(super) fn id(&self, name: &str) -> Digest {
        self.secrets.digest(name.as_bytes())
    }

    /// The session, if it still lasts.
    pub(super) fn find(&self, id: Digest) -> Option<Session> {
        let now = self.clock.now().monotonic;
        let mut all = self.lock();
        let session = all.get_mut(&id)?;
        if session.lives(now) {
            session.used = now;
            return Some(session.clone());
        }
        all.remove(&id);
        None
    }

    /// Ends a session.
    pub(super) fn end(&self, id: Digest) {
        self.lock().remove(&id);
    }

    /// Notes which account the operator looks at.
    pub(super) fn act_for(&self, id: Digest, account: Option<AccountId>) {
        if let Some(session) = self.lock().get_mut(&id) {
            session.acts_for = account;
        }
    }

    /// Has the next page say something.
    pub(super) fn tell(&self, id: Digest, notice: &str) {
        if let Some(session) = self.lock().get_mut(&id) {
            session.notice = Some(notice.to_owned());
        }
    }

    /// What this page is to say.
    pub(super) fn told(&self, id: Digest) -> Option<String> {
        self.lock().get_mut(&id)?.notice.take()
    }
}

impl Session {
    fn lives(&self, now: Span) -> bool {
        let since = |then: Span| now.millis().saturating_sub(then.millis());
        since(self.began) < MAX_AGE.millis() && since(self.used) < MAX_IDLE.millis()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;
    use crate::sim::{SimClock, SimEntropy};

    fn sessions() -> (SimClock, Sessions) {
        let clock = SimClock::at(Timestamp::from_secs(1_700_000_000));
        let secrets = Arc::new(crate::secrets::TokenKey::from_seed(b"a seed"));
        let sessions =
            Sessions::new(Arc::new(clock.clone()), Arc::new(SimEntropy::seeded(1)), secrets);
        (clock, sessions)
    }

    #[test]
    fn sessions_end_by_age_by_idleness_and_by_hand() {
        let (clock, sessions) = sessions();
        let begin = || sessions.id(&sessions.begin(Digest([1; 32]), None));
        let (idle, used, ended) = (begin(), begin(), begin());
        sessions.end(ended);
        assert!(sessions.find(ended).is_none());
        for _ in 0..11 {
            clock.advance(Span::from_secs(3_600));
            assert!(sessions.find(used).is_some());
        }
        assert!(sessions.find(idle).is_none());
        clock.advance(Span::from_secs(3_600));
        assert!(sessions.find(used).is_none(), "no session outlives its age");
    }

    #[test]
    fn there_is_a_bound_on_their_number_and_the_one_unused_longest_gives_way() {
        let (clock, sessions) = sessions();
        let first = sessions.id(&sessions.begin(Digest([1; 32]), None));
        for _ in 0..MAX_SESSIONS {
            clock.advance(Span::from_secs(1));
            sessions.begin(Digest([1; 32]), None);
        }
        assert!(sessions.find(first).is_none());
        assert_eq!(sessions.lock().len(), MAX_SESSIONS);
    }

    #[test]
    fn who_signs_in_again_gets_a_new_name_and_the_old_one_is_worth_nothing() {
        let (_, sessions) = sessions();
        let old = sessions.begin(Digest([1; 32]), None);
        let new = sessions.begin(Digest([1; 32]), Some(sessions.id(&old)));
        assert_ne!(old, new);
        assert!(sessions.find(sessions.id(&old)).is_none());
        assert!(sessions.find(sessions.id(&new)).is_some());
    }
}
