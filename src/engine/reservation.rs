//! What every payout must meet before it is promised, and commit A of DESIGN section 5, which promises it: money, lock,
//! hash index and the order to pay, all at once.

use crate::domain::account::Account;
use crate::domain::chart;
use crate::domain::id::PayoutId;
use crate::domain::invoice::{Invoice, InvoiceRules};
use crate::domain::money::Msat;
use crate::domain::payout::{Payout, PayoutState, Purpose};
use crate::ports::store::{AccountLock, HashOwner, List, Scope, table};

use super::effect::{Due, Effect};
use super::reply::Refusal;
use super::tx::{Fail, Tx};

/// Checks every rule for the invoice of a payout over `amount`.
pub(super) fn check_invoice(tx: &Tx<'_>, invoice: &Invoice, amount: Msat) -> Result<(), Fail> {
    let policy = tx.around.policy;
    let rules = InvoiceRules {
        network: policy.network,
        amount,
        min_left: policy.min_invoice_left,
        our_node: policy.node_id,
        max_final_cltv_expiry_delta: policy.max_final_cltv_expiry_delta,
    };
    let hash_used = tx.get::<table::Hash>(invoice.hash)?.is_some();
    let checked = invoice.check(&rules, hash_used, tx.around.wall);
    checked.map_err(|fault| Refusal::Invoice(fault).into())
}

/// Whether the account may pay `amount` now, and what its routing may cost.
pub(super) fn admit(tx: &Tx<'_>, account: &Account, amount: Msat) -> Result<Msat, Fail> {
    check_caps(tx, account)?;
    if tx.get::<table::Lock>(account.id.clone())?.is_some() {
        return Err(Refusal::Locked.into());
    }
    let fee_budget = tx.around.policy.fees.with(account.fees).budget(amount);
    if tx.available(&account.id)? < amount + fee_budget {
        return Err(Refusal::InsufficientFunds.into());
    }
    Ok(fee_budget)
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

/// Reserves what was admitted.
pub(super) fn reserve(
    tx: &mut Tx<'_>,
    account: &Account,
    purpose: Purpose,
    invoice: &Invoice,
    (amount, fee_budget): (Msat, Msat),
) -> Result<Payout, Fail> {
    let payout = Payout {
        id: PayoutId::new(tx.now(), tx.random()),
        seq: tx.next_seq(),
        account: account.id.clone(),
        purpose,
        invoice: invoice.text.clone(),
        hash: invoice.hash,
        invoice_expires_at: invoice.expires_at,
        amount,
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
    let of_claim = payout.claim().map(|claim| Scope::Claim(claim.clone()));
    let scopes: Vec<_> =
        std::iter::once(Scope::Account(payout.account.clone())).chain(of_claim).collect();
    tx.list(List::Payouts, &scopes, payout.seq, id.as_str());
    tx.effect(Effect::Pay(Due { payout: id.clone(), hash: payout.hash }));
    tx.put::<table::Payout>(id, payout.clone());
    Ok(payout)
}
