//! What a campaign counted.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::ledger::Ledger;

#[derive(Default)]
pub(crate) struct Figures {
    /// What was between its commits at each kill.
    kills: Vec<Vec<&'static str>>,
    recoveries: Vec<Duration>,
    /// How often blocks past the deadline were mined for an account with three parked payouts.
    pub(crate) deadlines: usize,
    /// Beside the one that was there at the start.
    pub(crate) channels_opened: usize,
    pub(crate) channels_closed: usize,
    /// Starts that a panic of the node's library ended.
    pub(crate) panics: usize,
    pub(crate) checkouts: usize,
    pub(crate) accepted: usize,
    pub(crate) paid: usize,
    pub(crate) open: usize,
    /// Claims whose payout the operator wrote off.
    pub(crate) cancelled: usize,
    /// Payouts that the node said have failed, and the wallet had.
    pub(crate) disputes_paid: usize,
    /// Payouts that the node said have failed, and later have been paid.
    pub(crate) told_otherwise: usize,
    /// Such payouts that no wallet had.
    pub(crate) disputes_written_off: usize,
    pub(crate) payments_sent: usize,
    pub(crate) on_chain_fees_msat: u64,
    pub(crate) off_msat: i64,
}

impl Figures {
    pub(crate) fn killed(&mut self, books: &Ledger) {
        let states = books.between_commits();
        let number = self.kills.len() + 1;
        println!(
            "kill {number}: {}",
            if states.is_empty() { "idle".into() } else { states.join(", ") }
        );
        self.kills.push(states);
    }

    pub(crate) fn recovered(&mut self, after: Duration) {
        self.recoveries.push(after);
    }

    pub(crate) fn kills(&self) -> usize {
        self.kills.len()
    }

    /// Kills while some payout was between its first and its last commit.
    pub(crate) fn in_a_payout(&self) -> usize {
        self.kills.iter().filter(|states| !states.is_empty()).count()
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut states = BTreeMap::new();
        for state in self.kills.iter().flatten() {
            *states.entry(*state).or_insert(0) += 1;
        }
        let states: Vec<String> =
            states.iter().map(|(state, count)| format!("{count} {state}")).collect();
        let mut recoveries = self.recoveries.clone();
        recoveries.sort();
        let (kills, inside) = (self.kills(), self.in_a_payout());
        writeln!(f, "{kills} kills, {inside} of them inside a payout ({})", states.join(", "))?;
        writeln!(
            f,
            "{} checkouts paid, {} invoices accepted, {} cashbacks paid, {} claims open, {} payments sent",
            self.checkouts, self.accepted, self.paid, self.open, self.payments_sent
        )?;
        writeln!(
            f,
            "{} channels force-closed ({} msat of on-chain fees), {} starts ended by the node's library, \
             deadline mined {} times",
            self.channels_closed, self.on_chain_fees_msat, self.panics, self.deadlines
        )?;
        writeln!(
            f,
            "of payouts that the node said had failed, {} had arrived as the wallet showed and {} as the node said later; \
             {} were written off",
            self.disputes_paid, self.told_otherwise, self.disputes_written_off
        )?;
        let middle = recoveries.get(recoveries.len() / 2).copied().unwrap_or_default();
        let longest = recoveries.last().copied().unwrap_or_default();
        writeln!(f, "ready again after {middle:.1?} (median), {longest:.1?} (longest)")?;
        write!(f, "{} msat off", self.off_msat)
    }
}
