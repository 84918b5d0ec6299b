//! Accounts, their keys, and what the operator credits them with.

use crate::domain::account::{Account, ApiKey};
use crate::domain::chart;
use crate::domain::event::EventKind;
use crate::domain::id::{AccountId, KeyId};
use crate::domain::ledger::{LedgerAccount, Posting};
use crate::domain::money::Msat;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Span;
use crate::ports::store::{List, Scope, StoreFault, TokenOwner, table};

use super::command::{AccountChange, AccountTerms, NewKey};
use super::reply::{Object, Refusal};
use super::tx::{Fail, Tx};

pub(super) fn create(tx: &mut Tx<'_>, terms: AccountTerms) -> Result<Snapshot, Fail> {
    let account = Account {
        id: AccountId::new(tx.now(), tx.random()),
        seq: tx.next_seq(),
        name: terms.name,
        fees: terms.fees,
        claims_paused: false,
        low_balance: terms.low_balance,
        fell_to: None,
        metadata: terms.metadata,
        created: tx.now(),
        modified: tx.now(),
    };
    tx.list(List::Accounts, &[], account.seq, account.id.as_str());
    Ok(save(tx, account, Msat::ZERO))
}

pub(super) fn update(
    tx: &mut Tx<'_>,
    id: AccountId,
    change: AccountChange,
) -> Result<Snapshot, Fail> {
    let mut account = tx.asked::<table::Account>(id, Object::Account)?;
    account.name = change.name.unwrap_or(account.name);
    account.fees = change.fees.over(account.fees);
    account.claims_paused = change.claims_paused.unwrap_or(account.claims_paused);
    account.low_balance = change.low_balance.unwrap_or(account.low_balance);
    account.metadata = change.metadata.unwrap_or(account.metadata);
    account.modified = tx.now();
    let available = tx.available(&account.id)?;
    Ok(save(tx, account, available))
}

fn save(tx: &mut Tx<'_>, mut account: Account, available: Msat) -> Snapshot {
    let is_news = account.observe(available);
    let snapshot = Snapshot::Account(Box::new(account.clone()));
    tx.put::<table::Account>(account.id.clone(), account.clone());
    if is_news {
        tx.tell(EventKind::LowBalance, Some(&account.id), snapshot.clone());
    }
    snapshot
}

/// Looks at the accounts whose balances this command changed, in its commit.
pub(super) fn watch_balances(tx: &mut Tx<'_>) -> Result<(), Fail> {
    for id in tx.touched_accounts() {
        let account = tx.named::<table::Account>(id)?;
        let available = tx.available(&account.id)?;
        if account.clone().observe(available) || account.fell_to.is_some() {
            save(tx, account, available);
        }
    }
    Ok(())
}

pub(super) fn create_key(tx: &mut Tx<'_>, new: NewKey) -> Result<Snapshot, Fail> {
    tx.asked::<table::Account>(new.account.clone(), Object::Account)?;
    if tx.get::<table::Token>(new.digest)?.is_some() {
        return Err(Fail::Fault(StoreFault("a new key is not new: no entropy".to_owned())));
    }
    let key = ApiKey {
        id: KeyId::new(tx.now(), tx.random()),
        seq: tx.next_seq(),
        account: new.account,
        kind: new.kind,
        digest: new.digest,
        hint: new.hint,
        created: tx.now(),
        modified: tx.now(),
        revoked: None,
    };
    let scope = Scope::Account(key.account.clone());
    tx.list(List::ApiKeys, &[scope], key.seq, key.id.as_str());
    tx.put::<table::Token>(key.digest, TokenOwner::ApiKey(key.id.clone()));
    tx.put::<table::ApiKey>(key.id.clone(), key.clone());
    Ok(Snapshot::ApiKey(Box::new(key)))
}

pub(super) fn revoke_key(
    tx: &mut Tx<'_>,
    account: &AccountId,
    id: KeyId,
    overlap: Span,
) -> Result<Snapshot, Fail> {
    let mut key = tx.asked::<table::ApiKey>(id, Object::ApiKey)?;
    if key.account != *account {
        return Err(Refusal::NoSuch(Object::ApiKey).into());
    }
    let end = tx.now() + overlap;
    // It may end earlier than was said before, never later.
    if key.revoked.is_none_or(|before| end < before) {
        key.revoked = Some(end);
        key.modified = tx.now();
        tx.put::<table::ApiKey>(key.id.clone(), key.clone());
    }
    Ok(Snapshot::ApiKey(Box::new(key)))
}

/// The operator can give away only what the books say is its own.
pub(super) fn credit(tx: &mut Tx<'_>, id: AccountId, amount: Msat) -> Result<Snapshot, Fail> {
    let account = tx.asked::<table::Account>(id, Object::Account)?;
    let unallocated = tx.balance(&LedgerAccount::Operator)?;
    if unallocated < i64::try_from(amount.get()).unwrap_or(i64::MAX) {
        return Err(Refusal::BeyondUnallocated.into());
    }
    post_single(tx, chart::operator_credit(&account.id, amount))
}

pub(super) fn debit(tx: &mut Tx<'_>, id: AccountId, amount: Msat) -> Result<Snapshot, Fail> {
    let account = tx.asked::<table::Account>(id, Object::Account)?;
    if tx.available(&account.id)? < amount {
        return Err(Refusal::BeyondAvailable.into());
    }
    post_single(tx, chart::operator_debit(&account.id, amount))
}

/// Books what is one row by its nature, and answers with the row.
fn post_single(tx: &mut Tx<'_>, postings: Vec<Posting>) -> Result<Snapshot, Fail> {
    let rows = tx.post(postings, "operator")?;
    let row = rows.into_iter().next();
    row.map(|row| Snapshot::Transfer(Box::new(row)))
        .ok_or_else(|| Fail::Fault(StoreFault("an amount of nothing reached the books".to_owned())))
}
