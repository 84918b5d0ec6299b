//! The chart: which postings each business event makes (the table of DESIGN D12, one function a row).

use super::id::AccountId;
use super::ledger::{BalanceMsat, LedgerAccount, Posting, TransferKind};
use super::money::Msat;

/// A posting, unless it is for nothing: zero rows are not written.
fn posting(
    kind: TransferKind,
    debit: LedgerAccount,
    credit: LedgerAccount,
    amount: Msat,
) -> Option<Posting> {
    (!amount.is_zero()).then_some(Posting { kind, debit, credit, amount })
}

fn available(account: &AccountId) -> LedgerAccount {
    LedgerAccount::Available(account.clone())
}

fn in_flight(account: &AccountId) -> LedgerAccount {
    LedgerAccount::InFlight(account.clone())
}

/// A checkout payment came in on a hash we issued.
pub fn payment_received(account: &AccountId, amount: Msat) -> Vec<Posting> {
    let row = posting(TransferKind::Payment, LedgerAccount::Node, available(account), amount);
    row.into_iter().collect()
}

/// Money came in on a hash that we did not issue.
pub fn received_to_suspense(amount: Msat) -> Vec<Posting> {
    let row = posting(TransferKind::Suspense, LedgerAccount::Node, LedgerAccount::Suspense, amount);
    row.into_iter().collect()
}

/// The operator says whose a receipt in suspense is.
pub fn assigned_from_suspense(account: &AccountId, amount: Msat) -> Vec<Posting> {
    let row = posting(TransferKind::Deposit, LedgerAccount::Suspense, available(account), amount);
    row.into_iter().collect()
}

/// The operator credits an account from its own money.
pub fn operator_credit(account: &AccountId, amount: Msat) -> Vec<Posting> {
    let row = posting(TransferKind::Deposit, LedgerAccount::Operator, available(account), amount);
    row.into_iter().collect()
}

/// The operator takes money back from an account.
pub fn operator_debit(account: &AccountId, amount: Msat) -> Vec<Posting> {
    let row = posting(TransferKind::Payout, available(account), LedgerAccount::Operator, amount);
    row.into_iter().collect()
}

/// A payout was reserved: amount and fee budget leave what the merchant may spend.
pub fn payout_reserved(account: &AccountId, amount: Msat, fee_budget: Msat) -> Vec<Posting> {
    let rows = [(TransferKind::Withdraw, amount), (TransferKind::Fees, fee_budget)];
    rows.into_iter()
        .filter_map(|(kind, amount)| posting(kind, available(account), in_flight(account), amount))
        .collect()
}

/// A payout left the node. The merchant pays min(fee, budget); what is above the budget is the operator's loss.
pub fn payout_paid(account: &AccountId, amount: Msat, fee_budget: Msat, fee: Msat) -> Vec<Posting> {
    let charged = fee.min(fee_budget);
    let over_budget = fee.saturating_sub(fee_budget);
    let unused = fee_budget.saturating_sub(charged);
    [
        posting(TransferKind::Settlement, in_flight(account), LedgerAccount::Node, amount),
        posting(TransferKind::SettlementFee, in_flight(account), LedgerAccount::Node, charged),
        posting(TransferKind::FeesAdjustment, in_flight(account), available(account), unused),
        posting(TransferKind::Incident, LedgerAccount::Operator, LedgerAccount::Node, over_budget),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A payout failed: both rows come back as two compensating credits; nothing is edited.
pub fn payout_failed(account: &AccountId, amount: Msat, fee_budget: Msat) -> Vec<Posting> {
    let rows =
        [(TransferKind::WithdrawReversal, amount), (TransferKind::NetworkFeesReversal, fee_budget)];
    rows.into_iter()
        .filter_map(|(kind, amount)| posting(kind, in_flight(account), available(account), amount))
        .collect()
}

/// A payout that had been booked as failed left after all: the account pays as far as it goes, the operator the rest.
pub fn paid_after_failed(account: &AccountId, spent: Msat, account_has: Msat) -> Vec<Posting> {
    let from_account = spent.min(account_has);
    let from_operator = spent.saturating_sub(from_account);
    [
        posting(TransferKind::Incident, available(account), LedgerAccount::Node, from_account),
        posting(
            TransferKind::Incident,
            LedgerAccount::Operator,
            LedgerAccount::Node,
            from_operator,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The node holds something else than the books say: the difference is the operator's.
pub fn node_adjustment(held: Msat, booked: BalanceMsat) -> Vec<Posting> {
    let difference = i128::from(held.get()) - i128::from(booked);
    let amount = Msat::new(u64::try_from(difference.unsigned_abs()).unwrap_or(u64::MAX));
    let (debit, credit) = if difference > 0 {
        (LedgerAccount::Node, LedgerAccount::Operator)
    } else {
        (LedgerAccount::Operator, LedgerAccount::Node)
    };
    posting(TransferKind::NodeAdjustment, debit, credit, amount).into_iter().collect()
}

/// The operator sends this much of its own out of the node.
pub fn node_spends(amount: Msat) -> Vec<Posting> {
    let (own, node) = (LedgerAccount::Operator, LedgerAccount::Node);
    posting(TransferKind::NodeAdjustment, own, node, amount).into_iter().collect()
}

/// It was not sent.
pub fn node_spends_not(amount: Msat) -> Vec<Posting> {
    let (own, node) = (LedgerAccount::Operator, LedgerAccount::Node);
    posting(TransferKind::NodeAdjustment, node, own, amount).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::ledger::Balances;
    use super::super::time::Timestamp;
    use super::*;

    fn account() -> AccountId {
        AccountId::new(Timestamp::from_millis(1), 1)
    }

    /// Books every posting on an account that starts with 100 sat and returns (available, in flight, node, operator).
    fn book(steps: &[Vec<Posting>]) -> [i64; 4] {
        let mut balances = Balances::default();
        for posting in payment_received(&account(), Msat::new(100_000)) {
            balances.post(&posting);
        }
        for posting in steps.iter().flatten() {
            balances.post(posting);
        }
        assert_eq!(balances.imbalance(), 0);
        [
            balances.of(&available(&account())),
            balances.of(&in_flight(&account())),
            balances.of(&LedgerAccount::Node),
            balances.of(&LedgerAccount::Operator),
        ]
    }

    #[test]
    fn a_paid_payout_costs_the_amount_and_the_true_fee() {
        let reserved = payout_reserved(&account(), Msat::new(50_000), Msat::new(5_000));
        let paid = payout_paid(&account(), Msat::new(50_000), Msat::new(5_000), Msat::new(1_000));
        assert_eq!(book(std::slice::from_ref(&reserved)), [45_000, 55_000, 100_000, 0]);
        assert_eq!(book(&[reserved, paid]), [49_000, 0, 49_000, 0]);
    }

    #[test]
    fn a_fee_above_the_budget_is_the_operators() {
        let reserved = payout_reserved(&account(), Msat::new(50_000), Msat::new(5_000));
        let paid = payout_paid(&account(), Msat::new(50_000), Msat::new(5_000), Msat::new(5_001));
        assert_eq!(book(&[reserved, paid]), [45_000, 0, 44_999, -1]);
    }

    #[test]
    fn a_failed_payout_leaves_every_balance_as_it_was() {
        let reserved = payout_reserved(&account(), Msat::new(50_000), Msat::new(5_000));
        let failed = payout_failed(&account(), Msat::new(50_000), Msat::new(5_000));
        assert_eq!(failed.len(), 2);
        assert_eq!(book(&[reserved, failed]), [100_000, 0, 100_000, 0]);
    }

    #[test]
    fn a_late_success_takes_what_the_account_has_and_the_operator_pays_the_rest() {
        let late = paid_after_failed(&account(), Msat::new(120_000), Msat::new(100_000));
        assert_eq!(book(&[late]), [0, 0, -20_000, -20_000]);
    }

    #[test]
    fn an_adjustment_makes_the_books_say_what_the_node_holds() {
        assert_eq!(
            book(&[node_adjustment(Msat::new(130_000), 100_000)]),
            [100_000, 0, 130_000, 30_000]
        );
        assert_eq!(
            book(&[node_adjustment(Msat::new(70_000), 100_000)]),
            [100_000, 0, 70_000, -30_000]
        );
        assert_eq!(node_adjustment(Msat::new(7), 7), vec![]);
    }

    #[test]
    #[should_panic(expected = "would fall below zero")]
    fn money_that_is_not_there_cannot_be_reserved() {
        book(&[payout_reserved(&account(), Msat::new(100_000), Msat::new(1))]);
    }

    #[test]
    fn rows_for_nothing_are_not_written() {
        let paid = payout_paid(&account(), Msat::new(5), Msat::ZERO, Msat::ZERO);
        assert_eq!(paid.len(), 1);
    }
}
