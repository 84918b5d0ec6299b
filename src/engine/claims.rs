//! Claims: a wallet brings an invoice, a merchant withdraws one, time ends one. The order of the checks is that of
//! `API.md` section 2; no refusal spends the k1 (DESIGN D8).

use crate::domain::account::Account;
use crate::domain::chart;
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::event::EventKind;
use crate::domain::id::{ClaimId, PayoutId};
use crate::domain::invoice::InvoiceRules;
use crate::domain::money::Msat;
use crate::domain::payout::{Payout, PayoutState};
use crate::domain::snapshot::Snapshot;
use crate::ports::store::{AccountLock, HashOwner, List, Scope, TokenOwner, table};

use super::cashbacks;
use super::checkouts::closed_to_new_business;
use super::command::{Origin, SubmitInvoice};
use super::effect::{Due, Effect};
use super::ownership::owned;
use super::reply::{Object, Refusal, Reply};
use super::tx::{Fail, Tx};

pub(super) fn submit(tx: &mut Tx<'_>, request: SubmitInvoice) -> Result<Reply, Fail> {
    let claim = claim_of_link(tx, &request)?;
    let generation = generation_of_k1(tx, &request, &claim)?;
    if is_replay(tx, &request, &claim, generation)? {
        return Ok(Reply::Accepted);
    }
    if generation != claim.k1_generation {
        return Err(Refusal::OldK1.into());
    }
    closed_to_new_business(tx)?;
    let account = tx.named::<table::Account>(claim.account.clone())?;
    if account.claims_paused {
        return Err(Refusal::Paused.into());
    }
    claim_is_open(tx, &claim)?;
    check_invoice(tx, &request, &claim)?;
    check_caps(tx, &account)?;
    if tx.get::<table::Lock>(account.id.clone())?.is_some() {
        return Err(Refusal::Locked.into());
    }
    let fee_budget = tx.around.policy.fees.with(account.fees).budget(claim.amount);
    if tx.available(&account.id)? < claim.amount + fee_budget {
        return Err(Refusal::InsufficientFunds.into());
    }
    reserve(tx, claim, &request, fee_budget)?;
    Ok(Reply::Accepted)
}

fn claim_of_link(tx: &Tx<'_>, request: &SubmitInvoice) -> Result<Claim, Fail> {
    let Some(TokenOwner::ClaimLink(id, generation)) = tx.get::<table::Token>(request.link)? else {
        return Err(Refusal::UnknownLink.into());
    };
    let claim = tx.named::<table::Claim>(id)?;
    if claim.link_generation != generation {
        return Err(Refusal::UnknownLink.into());
    }
    Ok(claim)
}

fn generation_of_k1(tx: &Tx<'_>, request: &SubmitInvoice, claim: &Claim) -> Result<u32, Fail> {
    let owner = match request.k1 {
        Some(k1) => tx.get::<table::Token>(k1)?,
        None => None,
    };
    match owner {
        Some(TokenOwner::K1(id, generation)) if id == claim.id => Ok(generation),
        _ => Err(Refusal::WrongK1.into()),
    }
}

/// Same k1, same invoice, and no proven failure in between: it was accepted, and stays so.
fn is_replay(
    tx: &Tx<'_>,
    request: &SubmitInvoice,
    claim: &Claim,
    generation: u32,
) -> Result<bool, Fail> {
    let Some(id) = claim.payout.clone() else { return Ok(false) };
    let payout = tx.named::<table::Payout>(id)?;
    Ok(payout.k1_generation == generation && payout.invoice == request.invoice.text)
}

fn claim_is_open(tx: &Tx<'_>, claim: &Claim) -> Result<(), Fail> {
    let refusal = match claim.status {
        ClaimStatus::Open if claim.is_overdue(tx.now()) => Refusal::ClaimExpired,
        ClaimStatus::Open if claim.must_wait(tx.now()) => Refusal::TooManyFailures,
        ClaimStatus::Open => return Ok(()),
        ClaimStatus::Processing => Refusal::AlreadyProcessing,
        ClaimStatus::Paid => Refusal::AlreadyUsed,
        ClaimStatus::Expired => Refusal::ClaimExpired,
        ClaimStatus::Cancelled => Refusal::ClaimCancelled,
    };
    Err(refusal.into())
}

fn check_invoice(tx: &Tx<'_>, request: &SubmitInvoice, claim: &Claim) -> Result<(), Fail> {
    let policy = tx.around.policy;
    let rules = InvoiceRules {
        network: policy.network,
        amount: claim.amount,
        min_left: policy.min_invoice_left,
        our_node: policy.node_id,
        max_final_cltv_expiry_delta: policy.max_final_cltv_expiry_delta,
    };
    let hash_used = tx.get::<table::Hash>(request.invoice.hash)?.is_some();
    let checked = request.invoice.check(&rules, hash_used, tx.around.wall);
    checked.map_err(|fault| Refusal::Invoice(fault).into())
}

/// The caps of DESIGN D5 (parked payouts of the account) and D18 (stuck ones of all).
fn check_caps(tx: &Tx<'_>, account: &Account) -> Result<(), Fail> {
    let policy = tx.around.policy;
    if tx.state.parked_of(&account.id) >= policy.max_parked {
        return Err(Refusal::TooManyParked.into());
    }
    let has_stuck = tx.state.stuck_payouts().any(|payout| payout.account == account.id);
    let with_htlc =
        tx.state.stuck_payouts().filter(|payout| tx.state.htlcs.contains(&payout.hash)).count();
    let allowed = u64::from(policy.max_stuck_per_peer) * u64::from(tx.state.usable_peers.max(1));
    if has_stuck && u64::try_from(with_htlc).unwrap_or(u64::MAX) >= allowed {
        tracing::error!(with_htlc, account = %account.id, "too many stuck payouts hold HTLC slots");
        return Err(Refusal::TooManyStuck.into());
    }
    Ok(())
}

/// Commit A of DESIGN section 5: money, lock, k1, hash index and the order to pay, all at once.
fn reserve(
    tx: &mut Tx<'_>,
    mut claim: Claim,
    request: &SubmitInvoice,
    fee_budget: Msat,
) -> Result<(), Fail> {
    let payout = Payout {
        id: PayoutId::new(tx.now(), tx.random()),
        seq: tx.next_seq(),
        account: claim.account.clone(),
        claim: claim.id.clone(),
        k1_generation: claim.k1_generation,
        invoice: request.invoice.text.clone(),
        hash: request.invoice.hash,
        invoice_expires_at: request.invoice.expires_at,
        amount: claim.amount,
        fee_budget,
        state: PayoutState::Reserved,
        parked: false,
        late: false,
        stuck: false,
        epoch: tx.books().epoch,
        dispatch: None,
        node_knows: false,
        fee: None,
        preimage: None,
        failure: None,
        stray: None,
        resolution_note: None,
        created: tx.now(),
        modified: tx.now(),
        resolved_at: None,
    };
    let id = payout.id.clone();
    tx.post(chart::payout_reserved(&payout.account, payout.amount, fee_budget), id.as_str())?;
    let lock = AccountLock { payout: id.clone(), since: tx.now() };
    tx.put::<table::Lock>(payout.account.clone(), lock);
    tx.put::<table::Hash>(payout.hash, HashOwner::Payout(id.clone()));
    let scopes = [Scope::Account(payout.account.clone()), Scope::Claim(payout.claim.clone())];
    tx.list(List::Payouts, &scopes, payout.seq, id.as_str());
    claim.take(id.clone(), tx.now());
    save(tx, &claim, EventKind::ClaimProcessing, Some(&payout));
    tx.effect(Effect::Pay(Due { payout: id.clone(), hash: payout.hash }));
    tx.put::<table::Payout>(id, payout);
    Ok(())
}

/// The merchant or the operator withdraws an open claim.
pub(super) fn cancel(tx: &mut Tx<'_>, id: ClaimId, origin: &Origin) -> Result<Snapshot, Fail> {
    let mut claim = tx.asked::<table::Claim>(id, Object::Claim)?;
    owned(&claim.account, origin, Object::Claim)?;
    match claim.status {
        ClaimStatus::Open => {
            end(tx, &mut claim, ClaimStatus::Cancelled, EventKind::ClaimCancelled)?;
        }
        ClaimStatus::Cancelled => {}
        ClaimStatus::Processing | ClaimStatus::Paid | ClaimStatus::Expired => {
            return Err(Refusal::ClaimNotOpen.into());
        }
    }
    Ok(Snapshot::Claim(Box::new(claim), None))
}

/// An open claim's time may be over.
pub(super) fn expire(tx: &mut Tx<'_>, id: ClaimId) -> Result<(), Fail> {
    let mut claim = tx.named::<table::Claim>(id)?;
    if claim.is_overdue(tx.now()) {
        end(tx, &mut claim, ClaimStatus::Expired, EventKind::ClaimExpired)?;
    }
    Ok(())
}

/// A claim is over without payment; its share of the cashback's budget comes back.
pub(super) fn end(
    tx: &mut Tx<'_>,
    claim: &mut Claim,
    status: ClaimStatus,
    kind: EventKind,
) -> Result<(), Fail> {
    claim.close(status, tx.now());
    cashbacks::release_claim(tx, claim)?;
    save(tx, claim, kind, None);
    Ok(())
}

/// Writes a claim and tells what happened to it.
pub(super) fn save(tx: &mut Tx<'_>, claim: &Claim, kind: EventKind, payout: Option<&Payout>) {
    let payout = payout.map(|payout| Box::new(payout.clone()));
    tx.tell(kind, Some(&claim.account), Snapshot::Claim(Box::new(claim.clone()), payout));
    tx.session_changed(&claim.session);
    tx.put::<table::Claim>(claim.id.clone(), claim.clone());
}
