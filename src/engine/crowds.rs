//! Unpaid sessions, in crowds that have a bound: those that were opened through one payment link, and those that were
//! made for one account directly. It is computed from the sessions' rows; only when a page was last looked at is known
//! to this process alone, and counts from the session's making after a start.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::bytes::Digest;
use crate::domain::checkout::{Session, SessionStatus};
use crate::domain::id::{AccountId, SessionId};
use crate::domain::link::LinkId;
use crate::domain::time::Timestamp;

/// Most sessions that give way to a newcomer: more than one only after the bound was lowered.
const MAX_GIVING_WAY: usize = 4;

/// Whose bound a session counts towards.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Crowd {
    /// Opened through this payment link.
    Link(LinkId),
    /// Made for this account without a link.
    Direct(AccountId),
}

#[derive(Debug, Default)]
struct Members {
    by_seen: BTreeSet<(Timestamp, SessionId)>,
    by_browser: BTreeMap<Digest, SessionId>,
}

#[derive(Debug)]
struct Member {
    crowd: Crowd,
    seen: Timestamp,
    browser: Option<Digest>,
}

/// All unpaid sessions that count towards a bound.
#[derive(Debug, Default)]
pub(super) struct Crowds {
    crowds: BTreeMap<Crowd, Members>,
    of: BTreeMap<SessionId, Member>,
}

/// The crowd of a session; the one session of a checkout link counts towards none.
fn crowd_of(session: &Session) -> Option<Crowd> {
    match session.visit.as_ref().map(|visit| &visit.link) {
        None => Some(Crowd::Direct(session.account.clone())),
        Some(LinkId::Checkout(_)) => None,
        Some(link @ LinkId::Payment(_)) => Some(Crowd::Link(link.clone())),
    }
}

impl Crowds {
    /// Takes note of a session's row.
    pub(super) fn apply(&mut self, session: &Session) {
        let is_member = self.of.contains_key(&session.id);
        match (session.status, crowd_of(session)) {
            (SessionStatus::Active, Some(crowd)) if !is_member => self.join(session, crowd),
            (SessionStatus::Paid | SessionStatus::Deactivated, _) if is_member => {
                self.leave(&session.id);
            }
            _ => {}
        }
    }

    fn join(&mut self, session: &Session, crowd: Crowd) {
        let (seen, id) = (session.created, session.id.clone());
        let browser = session.visit.as_ref().and_then(|visit| visit.browser);
        let members = self.crowds.entry(crowd.clone()).or_default();
        members.by_seen.insert((seen, id.clone()));
        if let Some(browser) = browser {
            members.by_browser.insert(browser, id.clone());
        }
        self.of.insert(id, Member { crowd, seen, browser });
    }

    fn leave(&mut self, id: &SessionId) {
        let Some(Member { crowd, seen, browser }) = self.of.remove(id) else { return };
        let Some(members) = self.crowds.get_mut(&crowd) else { return };
        members.by_seen.remove(&(seen, id.clone()));
        if let Some(browser) = browser
            && members.by_browser.get(&browser) == Some(id)
        {
            members.by_browser.remove(&browser);
        }
        if members.by_seen.is_empty() {
            self.crowds.remove(&crowd);
        }
    }

    /// Somebody looked at the page of a session.
    pub(super) fn viewed(&mut self, id: &SessionId, now: Timestamp) {
        if let Some(member) = self.of.get_mut(id)
            && member.seen < now
            && let Some(members) = self.crowds.get_mut(&member.crowd)
        {
            members.by_seen.remove(&(member.seen, id.clone()));
            members.by_seen.insert((now, id.clone()));
            member.seen = now;
        }
    }

    /// The unpaid session of a browser.
    pub(super) fn of_browser(&self, link: &LinkId, browser: &Digest) -> Option<&SessionId> {
        self.crowds.get(&Crowd::Link(link.clone()))?.by_browser.get(browser)
    }

    /// All unpaid sessions of a payment link.
    pub(super) fn of_link(&self, link: &LinkId) -> Vec<SessionId> {
        let members = self.crowds.get(&Crowd::Link(link.clone()));
        members.map_or(vec![], |members| {
            members.by_seen.iter().map(|(_, session)| session.clone()).collect()
        })
    }

    /// Who has to leave so that one more finds room among `most`: those that nobody looked at for the longest.
    pub(super) fn giving_way(&self, crowd: &Crowd, most: usize) -> Vec<SessionId> {
        let Some(members) = self.crowds.get(crowd) else { return vec![] };
        let too_many = (members.by_seen.len() + 1).saturating_sub(most).min(MAX_GIVING_WAY);
        members.by_seen.iter().take(too_many).map(|(_, session)| session.clone()).collect()
    }
}
