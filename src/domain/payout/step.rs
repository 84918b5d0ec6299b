//! The transitions: what each thing that can happen to a payout does to it, to its money, to the account lock and to
//! its claim. Anything that is not listed changes nothing, however often it happens.

use super::super::bytes::Preimage;
use super::super::money::Msat;
use super::super::time::Timestamp;
use super::{Dispatch, FailureCode, Payout, PayoutState};

/// Everything that can happen to a payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The runner is about to call the node.
    Dispatch(Dispatch),
    /// It will not be dispatched.
    GiveUp(FailureCode),
    /// The node took it.
    Accepted,
    /// The node refused its only dispatch, in the process that made it: nothing left.
    Rejected(FailureCode),
    /// The node's answer proves nothing (`DuplicatePayment`, `PersistenceFailed`, no answer).
    Unclear,
    /// The node has a pending record of it.
    Seen,
    /// A new process found it dispatched, and the node has no record of it.
    NoRecord,
    /// The node says that it was paid; a fee it does not know counts as the budget.
    Succeeded {
        /// The proof; only records of very old ldk-node versions lack it.
        preimage: Option<Preimage>,
        /// What routing cost.
        fee: Option<Msat>,
    },
    /// The node says that it failed (event or record).
    Failed(FailureCode),
    /// The node says so, but it has been through a crash since that cost it a channel: it may be wrong (DESIGN D6).
    Disputed(FailureCode),
    /// It takes long enough that the operator should know.
    Slow,
    /// It has been unresolved for too long to keep its account waiting.
    Overdue,
    /// The operator parks it.
    Park,
    /// The deadline height passed, and the node holds nothing for its hash.
    DeadlinePassed,
    /// The operator shows the preimage.
    ResolvePaid(Preimage),
    /// The operator writes it off, with the reason.
    ResolveFailed(String),
    /// The books were restored from a backup.
    Restored,
}

/// What a transition has to know beside the payout.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Now.
    pub now: Timestamp,
    /// This run of the daemon.
    pub process: u64,
    /// The current node epoch: proofs of failure hold within it only (DESIGN D22).
    pub epoch: u64,
    /// The chain's height.
    pub height: u32,
    /// The configured limit of a route's total CLTV.
    pub cltv_limit: u32,
}

/// What happens to the money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Money {
    /// It stays where it is.
    Keep,
    /// Amount and fee left; the rest of the budget comes back.
    Spend {
        /// What routing cost.
        fee: Msat,
    },
    /// Amount and budget come back.
    Return,
    /// It had come back and left all the same.
    SpendLate {
        /// What routing cost.
        fee: Msat,
    },
}

/// What happens to the account lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locking {
    /// As before.
    Keep,
    /// It is free.
    Release,
}

/// What happens to the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claiming {
    /// As before.
    Keep,
    /// It is paid.
    Settle,
    /// It is open again.
    Reopen(FailureCode),
    /// It is over.
    Cancel,
}

/// A transition that took place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The payout afterwards.
    pub next: Payout,
    /// What happens to the money.
    pub money: Money,
    /// What happens to the account lock.
    pub lock: Locking,
    /// What happens to the claim.
    pub claim: Claiming,
}

/// An order that this payout does not allow. Facts are never refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Only a reserved payout can be dispatched or given up.
    NotReserved,
    /// Only an `in_flight` or `in_doubt` payout that is not parked can be parked.
    NotParkable,
    /// It is resolved already.
    AlreadyResolved,
    /// It belongs to the current node epoch, which will tell its outcome by itself, and is not disputed.
    CurrentEpoch,
    /// Its deadline height has not come.
    BeforeDeadline,
}

impl Payout {
    /// Applies `input`. `Ok(None)` means that it changes nothing.
    pub fn step(&self, input: Input, context: &Context) -> Result<Option<Step>, Refused> {
        let current = self.epoch == context.epoch;
        match input {
            Input::Dispatch(dispatch) => self.dispatch(dispatch, context).map(Some),
            Input::GiveUp(code) => match self.state {
                PayoutState::Reserved => Ok(Some(self.fail(code, context))),
                _ => Err(Refused::NotReserved),
            },
            Input::Accepted => Ok(self.seen(context, true)),
            Input::Seen => Ok(self.seen(context, self.is_of_earlier_process(context))),
            Input::Rejected(code) => Ok((self.state == PayoutState::Dispatching && current)
                .then(|| self.fail(code, context))),
            Input::Unclear => {
                Ok((self.state == PayoutState::Dispatching).then(|| self.doubt(false, context)))
            }
            Input::NoRecord => Ok((self.state == PayoutState::Dispatching
                && self.is_of_earlier_process(context))
            .then(|| self.doubt(false, context))),
            Input::Succeeded { preimage, fee } => Ok(self.succeed(preimage, fee, context)),
            Input::Failed(code) => Ok((self.was_dispatched() && current && !self.is_disputed())
                .then(|| self.fail(code, context))),
            Input::Disputed(code) => Ok((self.was_dispatched() && current && !self.is_disputed())
                .then(|| self.dispute(code, context))),
            Input::Slow => Ok((self.was_dispatched() && !self.stuck).then(|| {
                let mut step = self.keep(context);
                step.next.stuck = true;
                step
            })),
            Input::Overdue => Ok(self.overdue(context)),
            Input::Park if self.state.may_park() && !self.parked => Ok(Some(self.park(context))),
            Input::Park => Err(Refused::NotParkable),
            Input::DeadlinePassed => {
                // What the node forgot when it said that it failed, it would not know to have been paid either.
                let tells = self.was_dispatched() && current && !self.is_disputed();
                Ok((tells && self.is_past(context))
                    .then(|| self.fail(FailureCode::DeadlinePassed, context)))
            }
            Input::ResolvePaid(_) if self.state == PayoutState::Paid => {
                Err(Refused::AlreadyResolved)
            }
            Input::ResolvePaid(preimage) => Ok(self.succeed(Some(preimage), None, context)),
            Input::ResolveFailed(note) => self.write_off(note, context).map(Some),
            Input::Restored => Ok((!self.state.is_terminal()).then(|| self.restored(context))),
        }
    }

    /// True if the node may have it.
    const fn was_dispatched(&self) -> bool {
        matches!(
            self.state,
            PayoutState::Dispatching | PayoutState::InFlight | PayoutState::InDoubt
        )
    }

    /// True if another run of the daemon dispatched it.
    pub fn is_of_earlier_process(&self, context: &Context) -> bool {
        self.dispatch.is_some_and(|dispatch| dispatch.process != context.process)
    }

    fn is_past(&self, context: &Context) -> bool {
        self.dispatch.is_some_and(|dispatch| context.height >= dispatch.deadline_height())
    }

    fn keep(&self, context: &Context) -> Step {
        let next = Self { modified: context.now, ..self.clone() };
        Step { next, money: Money::Keep, lock: Locking::Keep, claim: Claiming::Keep }
    }

    /// The lock goes with the outcome, unless parking has freed it before.
    fn resolve(&self, context: &Context) -> Step {
        let mut step = self.keep(context);
        step.next.parked = false;
        step.next.resolved_at = Some(context.now);
        step.lock = if self.holds_lock() { Locking::Release } else { Locking::Keep };
        step
    }

    fn dispatch(&self, dispatch: Dispatch, context: &Context) -> Result<Step, Refused> {
        if self.state != PayoutState::Reserved || self.dispatch.is_some() {
            return Err(Refused::NotReserved);
        }
        let mut step = self.keep(context);
        step.next.state = PayoutState::Dispatching;
        step.next.dispatch = Some(dispatch);
        Ok(step)
    }

    fn seen(&self, context: &Context, leaves_dispatching: bool) -> Option<Step> {
        let moves = self.state == PayoutState::Dispatching && leaves_dispatching;
        if self.state.is_terminal() || (self.node_knows && !moves) {
            return None;
        }
        let mut step = self.keep(context);
        step.next.node_knows = true;
        if moves {
            step.next.state = PayoutState::InFlight;
        }
        Some(step)
    }

    fn succeed(
        &self,
        preimage: Option<Preimage>,
        fee: Option<Msat>,
        context: &Context,
    ) -> Option<Step> {
        let fee = fee.unwrap_or(self.fee_budget);
        if self.state == PayoutState::Paid {
            return None;
        }
        // Fact 6: a failure may be told after a success, but money that has arrived stays so. Success is absorbing.
        let late = self.state == PayoutState::Failed;
        let mut step = self.resolve(context);
        step.next.state = PayoutState::Paid;
        step.next.late = late;
        step.next.fee = Some(fee);
        step.next.preimage = preimage;
        step.next.failure = None;
        step.money = if late { Money::SpendLate { fee } } else { Money::Spend { fee } };
        step.claim = Claiming::Settle;
        Some(step)
    }

    fn fail(&self, code: FailureCode, context: &Context) -> Step {
        let mut step = self.resolve(context);
        step.next.state = PayoutState::Failed;
        step.next.failure = Some(code);
        step.money = Money::Return;
        step.claim = Claiming::Reopen(code);
        step
    }

    fn doubt(&self, and_park: bool, context: &Context) -> Step {
        let mut step = if and_park { self.park(context) } else { self.keep(context) };
        step.next.state = PayoutState::InDoubt;
        step
    }

    /// Only a preimage or the operator ends it now.
    fn dispute(&self, code: FailureCode, context: &Context) -> Step {
        let mut step = self.doubt(false, context);
        step.next.failure = Some(code);
        step
    }

    /// What was only reserved when the backup was made may have been dispatched since, at any height up to now.
    fn restored(&self, context: &Context) -> Step {
        let mut step = self.doubt(true, context);
        step.next.dispatch = step.next.dispatch.or(Some(Dispatch {
            at: context.now,
            height: context.height,
            cltv_limit: context.cltv_limit,
            process: context.process,
        }));
        step
    }

    fn park(&self, context: &Context) -> Step {
        let mut step = self.keep(context);
        step.lock = if self.holds_lock() { Locking::Release } else { Locking::Keep };
        step.next.parked = true;
        step
    }

    /// No timer unlocks what is in flight in this process; what an earlier one left behind is in doubt by now.
    fn overdue(&self, context: &Context) -> Option<Step> {
        let left_behind = self.was_dispatched() && self.is_of_earlier_process(context);
        let doubtful = self.state == PayoutState::InDoubt || left_behind;
        (doubtful && !self.parked).then(|| self.doubt(true, context))
    }

    fn write_off(&self, note: String, context: &Context) -> Result<Step, Refused> {
        if self.state.is_terminal() {
            return Err(Refused::AlreadyResolved);
        }
        if self.epoch == context.epoch && !self.is_disputed() {
            return Err(Refused::CurrentEpoch);
        }
        if !self.is_past(context) {
            return Err(Refused::BeforeDeadline);
        }
        let mut step = self.fail(FailureCode::OperatorResolved, context);
        step.next.resolution_note = Some(note);
        step.claim = Claiming::Cancel;
        Ok(step)
    }
}
