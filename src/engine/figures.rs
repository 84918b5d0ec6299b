//! How many of what there are, and how much, for `/metrics`: read off what the engine has in memory.

use std::collections::BTreeMap;

use crate::domain::ledger::LedgerAccount;
use crate::domain::payout::PayoutState;
use crate::domain::time::{Span, Timestamp};
use crate::ports::store::{Key, Row};

use super::state::State;

/// A number of things, and the age of the oldest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// How old the oldest is.
    pub oldest: Span,
}

impl Group {
    fn add(&mut self, age: Span) {
        self.count += 1;
        self.oldest = self.oldest.max(age);
    }
}

/// The figures of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Open claims.
    pub claims_open: u64,
    /// Claims of which a payout is under way.
    pub claims_processing: u64,
    /// Open payouts by their state.
    pub payouts: BTreeMap<&'static str, Group>,
    /// Open payouts whose lock was freed.
    pub parked: Group,
    /// Open payouts that take too long.
    pub stuck: Group,
    /// Balances by the kind of account, in millisatoshis.
    pub balances: BTreeMap<&'static str, i128>,
    /// Messages that wait to be sent to webhook endpoints; the age is that of what is most overdue.
    pub messages: Group,
}

impl State {
    pub(super) fn figures(&self, now: Timestamp) -> Figures {
        let (claims_open, claims_processing) = self.claims.counts();
        let open = PayoutState::ALL.into_iter().filter(|state| !state.is_terminal());
        let mut figures = Figures {
            claims_open,
            claims_processing,
            payouts: open.map(|state| (state.name(), Group::default())).collect(),
            balances: self.balances(),
            messages: Group {
                count: self.outbox.waiting(),
                oldest: self
                    .outbox
                    .most_overdue(now)
                    .map_or_else(Span::default, |at| now.since(at)),
            },
            ..Figures::default()
        };
        for payout in self.open_payouts() {
            let age = now.since(payout.created);
            figures.payouts.entry(payout.state.name()).or_default().add(age);
            let flags = [(payout.parked, &mut figures.parked), (payout.stuck, &mut figures.stuck)];
            flags.into_iter().filter(|(holds, _)| *holds).for_each(|(_, group)| group.add(age));
        }
        figures
    }

    fn balances(&self) -> BTreeMap<&'static str, i128> {
        let names = ["node", "available", "in_flight", "operator", "suspense"];
        let mut sums = BTreeMap::from(names.map(|name| (name, 0)));
        for (key, row) in self.rows_in_memory() {
            if let (Key::Balance(account), Row::Balance(balance)) = (key, row) {
                *sums.entry(kind(account)).or_default() += i128::from(**balance);
            }
        }
        sums
    }
}

const fn kind(account: &LedgerAccount) -> &'static str {
    match account {
        LedgerAccount::Node => "node",
        LedgerAccount::Available(_) => "available",
        LedgerAccount::InFlight(_) => "in_flight",
        LedgerAccount::Operator => "operator",
        LedgerAccount::Suspense => "suspense",
    }
}
