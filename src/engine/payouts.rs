//! Payouts: what a transition of the domain means for the money, the lock, the claim and those who are told.

use crate::domain::bytes::PaymentHash;
use crate::domain::chart;
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::event::EventKind;
use crate::domain::id::{ClaimId, PayoutId};
use crate::domain::money::Msat;
use crate::domain::payout::{
    Claiming, FailureCode, Input, Locking, Money, Payout, PayoutState, Purpose, Step,
};
use crate::domain::snapshot::Snapshot;
use crate::domain::token::TokenKind;
use crate::ports::lightning::PayError;
use crate::ports::store::{HashOwner, StoreFault, TokenOwner, table};

use super::claims;
use super::command::{Evidence, EvidenceSource, Resolution};
use super::effect::{Effect, Happening};
use super::reply::{Object, Refusal, Reply};
use super::sends;
use super::tx::{Fail, Tx};

/// Commit C of DESIGN section 5: what the node answered.
pub(super) fn dispatched(
    tx: &mut Tx<'_>,
    id: PayoutId,
    answer: Result<(), PayError>,
) -> Result<Reply, Fail> {
    let payout = tx.named::<table::Payout>(id)?;
    let input = match answer {
        Ok(()) => Input::Accepted,
        Err(PayError::Rejected(code)) => Input::Rejected(code),
        Err(PayError::Unclear(why)) => {
            tracing::error!(payout = %payout.id, why, "the node's answer proves nothing: in doubt");
            Input::Unclear
        }
    };
    apply(tx, payout, input, 0)?;
    Ok(Reply::Noted)
}

/// Commit D of DESIGN section 5: what the node says, in an event or in its record.
pub(super) fn evidence(
    tx: &mut Tx<'_>,
    hash: PaymentHash,
    evidence: Evidence,
    source: EvidenceSource,
) -> Result<Reply, Fail> {
    let Some(HashOwner::Payout(id)) = tx.get::<table::Hash>(hash)? else {
        if !matches!(evidence, Evidence::Pending) {
            tracing::error!(%hash, "the node tells of a payment that no payout of ours was bound to");
        }
        return Ok(Reply::Noted);
    };
    let mut payout = tx.named::<table::Payout>(id)?;
    if source != EvidenceSource::Event {
        payout = apply(tx, payout, Input::Seen, 0)?;
    }
    let (input, height) = match evidence {
        Evidence::Succeeded { preimage, fee } => (Input::Succeeded { preimage, fee }, 0),
        Evidence::Failed(code, height) if may_be_mistaken(tx, &payout, source, height) => {
            tracing::error!(payout = %payout.id, code = code.code(), "failed, says a node that lost a channel: in doubt");
            (Input::Disputed(code), 0)
        }
        Evidence::Failed(code, _) => (Input::Failed(code), 0),
        Evidence::Pending => (Input::Seen, 0),
        Evidence::NothingLeft(height) => (Input::DeadlinePassed, height),
    };
    apply(tx, payout, input, height)?;
    Ok(Reply::Noted)
}

/// Blocks that LDK waits for before it believes the chain (`ANTI_REORG_DELAY`).
const DEPTH: u32 = 6;

/// Whether the node may say that it failed although the payee has it, or can have it. Restored from a state before the
/// HTLC was committed to, LDK 0.2.7 closes the channel, fails at once what waited in its holding cell without asking the
/// channel's monitor (channelmanager.rs:16910, channel.rs:6005), and forgets the payment. What the monitor fails, it
/// fails later, by the chain. Within one run, and as long as no start has cost a channel, the node knows what it sent.
fn may_be_mistaken(tx: &Tx<'_>, payout: &Payout, source: EvidenceSource, height: u32) -> bool {
    let runs_since =
        payout.dispatch.map_or(0, |sent| tx.books().process.saturating_sub(sent.process));
    let before = source == EvidenceSource::OldRecord;
    let at_once = |start: u32| height < start.saturating_add(DEPTH);
    let lost = tx.state.lost_channel.is_some_and(|start| before || at_once(start));
    // Which of the runs since has said so, and when, nobody can tell any more.
    let is_old = before || !payout.node_knows;
    (runs_since > 0 && lost) || (runs_since > 1 && is_old)
}

/// The operator frees the lock of a payout that takes too long; its money stays reserved (DESIGN D5).
pub(super) fn park(tx: &mut Tx<'_>, id: PayoutId) -> Result<Snapshot, Fail> {
    let payout = tx.asked::<table::Payout>(id, Object::Payout)?;
    let is_full = tx.state.parked_of(&payout.account) >= tx.around.policy.max_parked;
    // What cannot be parked at all is told so first.
    if is_full && payout.step(Input::Park, &tx.context(0)).is_ok() {
        return Err(Refusal::TooManyParked.into());
    }
    order(tx, payout, Input::Park, 0)
}

/// The operator says what became of a payout.
pub(super) fn resolve(
    tx: &mut Tx<'_>,
    id: PayoutId,
    resolution: Resolution,
) -> Result<Snapshot, Fail> {
    let payout = tx.asked::<table::Payout>(id, Object::Payout)?;
    match resolution {
        Resolution::Paid(preimage) => {
            if tx.around.secrets.digest(&preimage.0).0 != payout.hash.0 {
                return Err(Refusal::WrongPreimage.into());
            }
            order(tx, payout, Input::ResolvePaid(preimage), 0)
        }
        Resolution::Failed(note) => {
            let height = tx.state.height;
            order(tx, payout, Input::ResolveFailed(note), height)
        }
    }
}

/// The daemon ends: what was not dispatched is given up now, rather than found again much later.
pub(super) fn give_up_reserved(tx: &mut Tx<'_>) -> Result<Reply, Fail> {
    let reserved: Vec<_> = tx
        .state
        .open_payouts()
        .filter(|payout| payout.state == PayoutState::Reserved)
        .cloned()
        .collect();
    for payout in reserved {
        apply(tx, payout, Input::GiveUp(FailureCode::ShuttingDown), 0)?;
    }
    Ok(Reply::Noted)
}

/// Applies an order, which may be refused.
fn order(tx: &mut Tx<'_>, payout: Payout, input: Input, height: u32) -> Result<Snapshot, Fail> {
    match payout.step(input, &tx.context(height)) {
        Err(refused) => Err(Refusal::Payout(refused).into()),
        Ok(None) => Ok(Snapshot::Payout(Box::new(payout))),
        Ok(Some(step)) => Ok(Snapshot::Payout(Box::new(carry_out(tx, &payout, step)?))),
    }
}

/// Applies a fact. Facts that change nothing are common: events repeat.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    payout: Payout,
    input: Input,
    height: u32,
) -> Result<Payout, Fail> {
    match payout.step(input, &tx.context(height)) {
        Ok(Some(step)) => carry_out(tx, &payout, step),
        Ok(None) | Err(_) => Ok(payout),
    }
}

/// Makes a transition true: money, lock, claim, row, events – in one commit.
pub(super) fn carry_out(tx: &mut Tx<'_>, before: &Payout, step: Step) -> Result<Payout, Fail> {
    let payout = step.next;
    move_money(tx, &payout, step.money)?;
    if step.lock == Locking::Release {
        release_lock(tx, &payout)?;
    }
    match payout.purpose.clone() {
        Purpose::Claim(id, _) => move_claim(tx, id, &payout, step.claim)?,
        Purpose::Send(id) if before.state != payout.state => sends::moved(tx, &id, &payout)?,
        Purpose::Send(_) => {}
    }
    tell(tx, before, &payout);
    tx.put::<table::Payout>(payout.id.clone(), payout.clone());
    Ok(payout)
}

fn move_money(tx: &mut Tx<'_>, payout: &Payout, money: Money) -> Result<(), Fail> {
    let (account, amount, budget) = (&payout.account, payout.amount, payout.fee_budget);
    let postings = match money {
        Money::Keep => return Ok(()),
        Money::Return => chart::payout_failed(account, amount, budget),
        Money::Spend { fee } => {
            if fee > budget {
                incident(tx, payout, "cost more than its fee budget");
            }
            chart::payout_paid(account, amount, budget, fee)
        }
        Money::SpendLate { fee } => {
            incident(tx, payout, "left after it had been booked as failed");
            chart::paid_after_failed(account, amount + fee, tx.available(account)?)
        }
    };
    tx.post(postings, payout.id.as_str())?;
    Ok(())
}

fn incident(tx: &mut Tx<'_>, payout: &Payout, what: &'static str) {
    tracing::error!(payout = %payout.id, account = %payout.account, "incident: the payout {what}");
    let subject = Snapshot::Payout(Box::new(payout.clone()));
    tx.tell(EventKind::PayoutIncident, Some(&payout.account), subject);
}

/// Somebody who knows the preimage sent us money on the hash of a payout. It is the operator's, as the reconciliation
/// will find; nothing is proven by it.
pub(super) fn stray_receipt(tx: &mut Tx<'_>, id: PayoutId, amount: Msat) -> Result<(), Fail> {
    let mut payout = tx.named::<table::Payout>(id)?;
    if payout.stray.is_none() {
        payout.stray = Some(amount);
        payout.modified = tx.now();
        incident(tx, &payout, "had money sent to us on its hash");
        tx.put::<table::Payout>(payout.id.clone(), payout);
    }
    Ok(())
}

fn release_lock(tx: &mut Tx<'_>, payout: &Payout) -> Result<(), Fail> {
    let lock = tx.named::<table::Lock>(payout.account.clone())?;
    if lock.payout != payout.id {
        let text = format!("{} should hold the lock that {} holds", payout.id, lock.payout);
        return Err(Fail::Fault(StoreFault(text)));
    }
    tx.remove::<table::Lock>(payout.account.clone());
    tx.effect(Effect::LookAgain);
    Ok(())
}

fn move_claim(
    tx: &mut Tx<'_>,
    id: ClaimId,
    payout: &Payout,
    claiming: Claiming,
) -> Result<(), Fail> {
    let mut claim = tx.named::<table::Claim>(id)?;
    let is_ours = claim.payout.as_ref() == Some(&payout.id);
    match (claiming, claim.late_payout.clone()) {
        (Claiming::Settle, _) if is_ours || claim.status == ClaimStatus::Open => {
            settle(tx, claim, payout.id.clone(), payout)
        }
        // A late success finds the claim taken by another payout, or over. In the first case it waits for that one.
        (Claiming::Settle, _) => {
            if claim.status == ClaimStatus::Processing {
                claim.late_payout = Some(payout.id.clone());
                tx.put::<table::Claim>(claim.id.clone(), claim);
            }
            Ok(())
        }
        (Claiming::Keep, _) => Ok(()),
        (Claiming::Reopen(_) | Claiming::Cancel, Some(late)) => settle(tx, claim, late, payout),
        (Claiming::Reopen(code), None) => {
            claim.reopen(code, tx.around.policy.retry, tx.now());
            index_k1(tx, &claim);
            claims::save(tx, &claim, EventKind::ClaimFailed, Some(payout));
            Ok(())
        }
        (Claiming::Cancel, None) => {
            claims::end(tx, &mut claim, ClaimStatus::Cancelled, EventKind::ClaimCancelled)
        }
    }
}

/// The claim is paid by the payout `by`.
fn settle(tx: &mut Tx<'_>, mut claim: Claim, by: PayoutId, about: &Payout) -> Result<(), Fail> {
    claim.settle(by, tx.now());
    tx.happened(Happening::ClaimPaid(tx.now().since(claim.created)));
    claims::save(tx, &claim, EventKind::ClaimPaid, Some(about));
    Ok(())
}

fn index_k1(tx: &mut Tx<'_>, claim: &Claim) {
    let owner = TokenOwner::K1(claim.id.clone(), claim.k1_generation);
    tx.index_token(TokenKind::K1, claim.id.as_str(), claim.k1_generation, owner);
}

fn tell(tx: &mut Tx<'_>, before: &Payout, after: &Payout) {
    let entered = |state| before.state != state && after.state == state;
    let happened = [
        (
            entered(PayoutState::InDoubt) || (!before.is_disputed() && after.is_disputed()),
            EventKind::PayoutInDoubt,
        ),
        (!before.parked && after.parked, EventKind::PayoutParked),
        (!before.stuck && after.stuck, EventKind::PayoutStuck),
    ];
    for (_, kind) in happened.into_iter().filter(|(happened, _)| *happened) {
        let subject = Snapshot::Payout(Box::new(after.clone()));
        tx.tell(kind, Some(&after.account), subject);
        tracing::warn!(payout = %after.id, account = %after.account, "{}", kind.name());
    }
    if before.state != after.state {
        if after.state.is_terminal() {
            let took = tx.now().since(after.created);
            tx.happened(Happening::PayoutEnded(after.state, took));
        }
        let (from, to) = (before.state.name(), after.state.name());
        let fee = after.fee.map(Msat::get);
        tracing::info!(payout = %after.id, account = %after.account, from, to, fee, "payout");
    }
}
