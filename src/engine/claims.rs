//! Claims: a wallet brings an invoice, a merchant withdraws one, time ends one. The order of the checks is that of
//! `API.md` section 2; no refusal spends the k1 (DESIGN D8).

use crate::domain::account::Account;
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::event::EventKind;
use crate::domain::id::ClaimId;
use crate::domain::invoice::Invoice;
use crate::domain::money::Msat;
use crate::domain::payout::{Payout, Purpose};
use crate::domain::snapshot::Snapshot;
use crate::ports::store::{TokenOwner, table};

use super::cashbacks;
use super::checkouts::closed_to_new_business;
use super::command::{Origin, SubmitInvoice};
use super::ownership::owned;
use super::reply::{Object, Refusal, Reply};
use super::reservation;
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
    reservation::check_invoice(tx, &request.invoice, claim.amount)?;
    let fee_budget = reservation::admit(tx, &account, claim.amount)?;
    reserve(tx, &account, claim, &request.invoice, fee_budget)?;
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
    let is_its_own = payout.purpose == Purpose::Claim(claim.id.clone(), generation);
    Ok(is_its_own && payout.invoice == request.invoice.text)
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

/// Commit A of DESIGN section 5, with the k1, which is spent.
fn reserve(
    tx: &mut Tx<'_>,
    account: &Account,
    mut claim: Claim,
    invoice: &Invoice,
    fee_budget: Msat,
) -> Result<(), Fail> {
    let purpose = Purpose::Claim(claim.id.clone(), claim.k1_generation);
    let amounts = (claim.amount, fee_budget);
    let payout = reservation::reserve(tx, account, purpose, invoice, amounts)?;
    claim.take(payout.id.clone(), tx.now());
    save(tx, &claim, EventKind::ClaimProcessing, Some(&payout));
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
