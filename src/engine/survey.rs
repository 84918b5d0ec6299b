//! What is open, for the shell that asks the node about it.

use crate::domain::ledger::LedgerAccount;
use crate::domain::payout::Payout;
use crate::domain::time::Timestamp;
use crate::ports::store::{Key, Row};

use super::Engine;
use super::reply::{OpenPayout, Survey};

impl Engine {
    pub(super) fn survey(&mut self, now: Timestamp) -> Survey {
        let process = self.state.books.process;
        let payouts =
            self.state.open_payouts().map(|payout| open_payout(payout, process)).collect();
        let booked = match self.state.hot(&Key::Balance(LedgerAccount::Node)) {
            Some(Row::Balance(balance)) => **balance,
            _ => 0,
        };
        Survey {
            payouts,
            mark: self.state.money_mark,
            at_rest: !self.state.money_moves(),
            booked,
            drained: self.state.books.drained,
            disk_low: self.state.disk_low,
            timers_run: self.state.timers_run,
            payments: self.state.watched(now),
        }
    }
}

fn open_payout(payout: &Payout, process: u64) -> OpenPayout {
    OpenPayout {
        id: payout.id.clone(),
        hash: payout.hash,
        state: payout.state,
        of_earlier_process: payout.dispatch.is_some_and(|dispatch| dispatch.process != process),
        deadline_height: payout.dispatch.map(|dispatch| dispatch.deadline_height()),
        node_knows: payout.node_knows,
    }
}
