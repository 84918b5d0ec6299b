//! Every sequence of inputs to length 6, in every surrounding, against a small model of what a payout may do with money,
//! lock and claim. Sequences that lead to the same payout and the same model go on as one.

use std::collections::BTreeMap;

use super::super::*;
use super::{inputs, reserved};

const LENGTH: usize = 6;

/// What became of the things that a payout holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Model {
    held: bool,
    spent: u32,
    dispatched: u32,
    locked: bool,
    claim: &'static str,
}

impl Model {
    /// What a step does; panics at what must never happen.
    fn follow(&mut self, step: &Step, before: &Payout) {
        match step.money {
            Money::Keep => {}
            Money::Spend { .. } => {
                assert!(self.held, "spends what it does not hold");
                (self.held, self.spent) = (false, self.spent + 1);
            }
            Money::Return => {
                assert!(self.held, "returns what it does not hold");
                self.held = false;
            }
            Money::SpendLate { .. } => {
                assert!(!self.held, "late, though it still holds the money");
                self.spent += 1;
            }
        }
        assert!(self.spent <= 1, "spends twice");
        if step.lock == Locking::Release {
            assert!(self.locked, "frees a lock that it does not have");
            self.locked = false;
        }
        match step.claim {
            Claiming::Keep => {}
            Claiming::Settle => self.claim = "paid",
            Claiming::Reopen(_) => {
                assert_eq!(self.claim, "processing", "reopens a claim that is over");
                self.claim = "open";
            }
            Claiming::Cancel => {
                assert_eq!(self.claim, "processing", "ends a claim that is over");
                self.claim = "cancelled";
            }
        }
        let enters =
            step.next.state == PayoutState::Dispatching && before.state != PayoutState::Dispatching;
        self.dispatched += u32::from(enters);
        assert!(self.dispatched <= 1, "is dispatched twice");
    }

    fn check(&self, payout: &Payout) {
        assert_eq!(self.held, !payout.state.is_terminal(), "{payout:?}");
        assert_eq!(self.locked, payout.holds_lock(), "{payout:?}");
        assert_eq!(self.spent == 1, payout.state == PayoutState::Paid, "{payout:?}");
        assert!(!payout.parked || payout.state.may_park(), "{payout:?}");
        assert_eq!(payout.fee.is_some(), payout.state == PayoutState::Paid, "{payout:?}");
        let tells_why = payout.state == PayoutState::Failed || payout.is_disputed();
        assert_eq!(payout.failure.is_some(), tells_why, "{payout:?}");
    }
}

fn surroundings() -> Vec<Context> {
    let mut all = vec![];
    for process in [2, 3] {
        for epoch in [1, 2] {
            for height in [100, 684, 685] {
                let now = Timestamp::from_secs(2_000);
                all.push(Context { now, process, epoch, height, cltv_limit: 432 });
            }
        }
    }
    all
}

#[test]
fn no_sequence_of_inputs_spends_twice_or_returns_what_was_spent() {
    let begin = Model { held: true, spent: 0, dispatched: 0, locked: true, claim: "processing" };
    let mut level = BTreeMap::from([(String::new(), (reserved(), begin))]);
    let (mut steps, mut distinct) = (0_u64, 0);
    for _ in 0..LENGTH {
        let mut next = BTreeMap::new();
        for (payout, model) in level.values() {
            for input in inputs() {
                for context in surroundings() {
                    steps += 1;
                    let (mut after, mut model) = (payout.clone(), model.clone());
                    if let Ok(Some(step)) = payout.step(input.clone(), &context) {
                        model.follow(&step, payout);
                        assert!(
                            payout.state != PayoutState::Paid
                                || step.next.state == PayoutState::Paid,
                            "success is absorbing"
                        );
                        after = step.next;
                    }
                    model.check(&after);
                    next.insert(format!("{after:?}{model:?}"), (after, model));
                }
            }
        }
        distinct = next.len();
        level = next;
    }
    assert!(steps > 10_000 && distinct > 50, "{steps} steps, {distinct} payouts");
}
