//! Rules about links: what a link says of its sessions is what they say of it.

use std::collections::BTreeMap;

use crate::domain::checkout::{Session, SessionStatus};
use crate::domain::link::{Link, LinkId, LinkStatus};

use super::{Everything, Problems};

/// What the sessions of a link come to.
#[derive(Default)]
struct Sum {
    opened: u64,
    paid: u64,
    active: u64,
}

pub(super) fn check(all: &Everything, problems: &mut Problems) {
    let mut sums: BTreeMap<&LinkId, Sum> = BTreeMap::new();
    for session in all.sessions.values() {
        let Some(visit) = &session.visit else { continue };
        let sum = sums.entry(&visit.link).or_default();
        sum.opened += 1;
        sum.paid += u64::from(session.status == SessionStatus::Paid);
        sum.active += u64::from(session.status == SessionStatus::Active);
        let owned = all.links.get(&visit.link).is_some_and(|link| link.account == session.account);
        problems.check(owned, || format!("{} was opened through no link of its own", session.id));
    }
    for link in all.links.values() {
        let sum = sums.remove(&link.id).unwrap_or_default();
        problems.check((link.opened, link.paid) == (sum.opened, sum.paid), || {
            format!("{} has other sessions than it says", link.id)
        });
        let session = link.session.as_ref().and_then(|id| all.sessions.get(id));
        problems.check(fits(link, session, &sum), || {
            format!("{} is {} with sessions that do not fit", link.id, link.status.name())
        });
    }
}

fn fits(link: &Link, session: Option<&Session>, sum: &Sum) -> bool {
    match (&link.id, link.status) {
        (LinkId::Checkout(_), status) => {
            let wanted = match status {
                LinkStatus::Active => SessionStatus::Active,
                LinkStatus::Paid => SessionStatus::Paid,
                LinkStatus::Deactivated => SessionStatus::Deactivated,
            };
            let of_it = session.filter(|session| {
                session.visit.as_ref().is_some_and(|visit| visit.link == link.id)
            });
            sum.opened == 1 && of_it.is_some_and(|session| session.status == wanted)
        }
        (LinkId::Payment(_), LinkStatus::Active) => session.is_none(),
        (LinkId::Payment(_), LinkStatus::Deactivated) => session.is_none() && sum.active == 0,
        (LinkId::Payment(_), LinkStatus::Paid) => false,
    }
}
