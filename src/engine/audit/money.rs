//! Rules about money: sums, balances, the hash chain, and what is reserved for whom.

use std::collections::BTreeMap;

use crate::domain::bytes::Digest;
use crate::domain::id::{AccountId, CashbackId};
use crate::domain::ledger::{Balances, LedgerAccount};
use crate::domain::money::Msat;
use crate::ports::secrets::Secrets;

use super::super::chain::chain_after;
use super::{Everything, Problems};

pub(super) fn check(all: &Everything, secrets: &dyn Secrets, problems: &mut Problems) -> Balances {
    check_chain(all, secrets, problems);
    let balances = sum(all, problems);
    problems.check(balances.imbalance() == 0, || "assets do not equal liabilities".to_owned());
    let accounts: std::collections::BTreeSet<_> =
        balances.iter().map(|(account, _)| account).chain(all.balances.keys()).cloned().collect();
    for account in accounts {
        let row = all.balances.get(&account).copied().unwrap_or(0);
        let sum = balances.of(&account);
        problems.check(row == sum, || format!("{account} is {row} but its transfers sum to {sum}"));
        problems.check(sum >= 0 || !account.must_cover(), || format!("{account} is below zero"));
    }
    check_reserved(all, &balances, problems);
    check_cashbacks(all, problems);
    balances
}

fn check_chain(all: &Everything, secrets: &dyn Secrets, problems: &mut Problems) {
    let mut chain = Digest([0; 32]);
    for transfer in &all.transfers {
        chain = chain_after(secrets, &chain, transfer);
        problems
            .check(chain == transfer.chain, || format!("{} breaks the hash chain", transfer.id));
    }
    let last = all.books.as_ref().map_or(Digest([0; 32]), |books| books.chain);
    problems.check(last == chain, || "the hash chain does not end where the books say".to_owned());
}

fn sum(all: &Everything, problems: &mut Problems) -> Balances {
    let mut balances = Balances::default();
    for transfer in &all.transfers {
        let amount = transfer.posting.amount;
        problems.check(!amount.is_zero(), || format!("{} is for nothing", transfer.id));
        // `post` would end the process on an impossible balance; an audit has to say so instead.
        let debited = balances.of(&transfer.posting.debit);
        let covered = !transfer.posting.debit.must_cover()
            || debited >= i64::try_from(amount.get()).unwrap_or(i64::MAX);
        problems.check(covered, || format!("{} overdraws {}", transfer.id, transfer.posting.debit));
        if covered && transfer.posting.debit != transfer.posting.credit {
            balances.post(&transfer.posting);
        }
    }
    balances
}

/// What is in flight for an account is what its open payouts hold.
fn check_reserved(all: &Everything, balances: &Balances, problems: &mut Problems) {
    let mut held: BTreeMap<&AccountId, Msat> = BTreeMap::new();
    for payout in all.payouts.values().filter(|payout| !payout.state.is_terminal()) {
        *held.entry(&payout.account).or_default() += payout.hold();
    }
    for account in &all.accounts {
        let booked = balances.of(&LedgerAccount::InFlight(account.clone()));
        let held = held.get(account).copied().unwrap_or_default();
        problems.check(i64::try_from(held.get()) == Ok(booked), || {
            format!("{account} has {booked} in flight but its open payouts hold {}", held.get())
        });
    }
}

/// What a cashback counts as committed is what its claims are worth.
fn check_cashbacks(all: &Everything, problems: &mut Problems) {
    let mut committed: BTreeMap<&CashbackId, (Msat, u64)> = BTreeMap::new();
    for claim in all.claims.values().filter(|claim| claim.status.is_committed()) {
        let (worth, count) = committed.entry(&claim.cashback).or_default();
        *worth += claim.amount;
        *count += 1;
    }
    for cashback in all.cashbacks.values() {
        let (worth, count) = committed.get(&cashback.id).copied().unwrap_or_default();
        problems.check((worth, count) == (cashback.committed, cashback.claims), || {
            format!("{} counts {} claims but has {count}", cashback.id, cashback.claims)
        });
    }
}
