//! The books (DESIGN D12): double entry, immutable transfers, and the chart that says which transfers each business
//! event makes. Balances are sums of transfers; the audit computes them again.

use std::collections::BTreeMap;
use std::fmt;

use super::bytes::Digest;
use super::id::{AccountId, TransferId};
use super::money::Msat;
use super::time::Timestamp;

/// An account of the books.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LedgerAccount {
    /// What our channels and on-chain wallet hold (asset: grows by debit).
    Node,
    /// What a merchant may spend (liability: grows by credit).
    Available(AccountId),
    /// What is reserved for a merchant's payouts under way (liability).
    InFlight(AccountId),
    /// The operator's own money in the node; negative is a deficit (equity).
    Operator,
    /// Receipts that nobody can be credited for (liability).
    Suspense,
}

impl LedgerAccount {
    /// The merchant this account belongs to, if it is one's.
    pub fn owner(&self) -> Option<&AccountId> {
        match self {
            Self::Available(owner) | Self::InFlight(owner) => Some(owner),
            Self::Node | Self::Operator | Self::Suspense => None,
        }
    }

    /// True for the one asset; all others grow by credit.
    pub const fn is_asset(&self) -> bool {
        matches!(self, Self::Node)
    }

    /// True if a balance below zero would be a mistake in the books. The node's booked money may fall below zero
    /// between an on-chain cost and its reconciliation, the operator's by design.
    pub const fn must_cover(&self) -> bool {
        matches!(self, Self::Available(_) | Self::InFlight(_) | Self::Suspense)
    }
}

impl fmt::Display for LedgerAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node => f.write_str("node"),
            Self::Available(owner) => write!(f, "{owner}/available"),
            Self::InFlight(owner) => write!(f, "{owner}/in_flight"),
            Self::Operator => f.write_str("operator"),
            Self::Suspense => f.write_str("suspense"),
        }
    }
}

/// What a transfer was for. The words that a merchant's statement shows are Speed's where Speed has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TransferKind {
    /// A checkout was paid.
    Payment,
    /// The operator credited the account, or assigned it a receipt from suspense.
    Deposit,
    /// The operator took money back.
    Payout,
    /// A payout's amount was reserved.
    Withdraw,
    /// A payout's fee budget was reserved.
    Fees,
    /// A payout left: amount.
    Settlement,
    /// A payout left: routing fee.
    SettlementFee,
    /// The part of the fee budget that was not needed.
    FeesAdjustment,
    /// A payout failed: amount.
    WithdrawReversal,
    /// A payout failed: fee budget.
    NetworkFeesReversal,
    /// A payout that had been booked as failed left after all, or cost more than its budget.
    Incident,
    /// Money came in that nobody can be credited for.
    Suspense,
    /// The node's money moved otherwise (deposits, channel costs, sweeps, forwarding income).
    NodeAdjustment,
}

impl TransferKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Payment,
        Self::Deposit,
        Self::Payout,
        Self::Withdraw,
        Self::Fees,
        Self::Settlement,
        Self::SettlementFee,
        Self::FeesAdjustment,
        Self::WithdrawReversal,
        Self::NetworkFeesReversal,
        Self::Incident,
        Self::Suspense,
        Self::NodeAdjustment,
    ];

    /// The kind in the words of the statement.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Payment => "Payment",
            Self::Deposit => "Deposit",
            Self::Payout => "Payout",
            Self::Withdraw => "Withdraw",
            Self::Fees => "Fees",
            Self::Settlement => "Settlement",
            Self::SettlementFee => "Settlement Fee",
            Self::FeesAdjustment => "Fees Adjustment",
            Self::WithdrawReversal => "Withdraw Reversal",
            Self::NetworkFeesReversal => "Network Fees Reversal",
            Self::Incident => "Incident",
            Self::Suspense => "Suspense",
            Self::NodeAdjustment => "Node Adjustment",
        }
    }

    /// Reads a kind's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A transfer that has been decided but has no place in the books yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// What it is for.
    pub kind: TransferKind,
    /// The account debited.
    pub debit: LedgerAccount,
    /// The account credited.
    pub credit: LedgerAccount,
    /// How much; never zero.
    pub amount: Msat,
}

/// One row of the books. It is never changed and never removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// Its place in commit order.
    pub seq: u64,
    /// When it was booked.
    pub created: Timestamp,
    /// What was booked.
    pub posting: Posting,
    /// Id of the object that caused it (payment, payout, suspense receipt …), or a word for what has no object.
    pub source: String,
    /// SHA-256 over the row before and this row: no row can be changed unseen.
    pub chain: Digest,
}

impl Transfer {
    /// What the hash chain covers, apart from the hash of the row before.
    pub fn chained_text(&self) -> String {
        format!(
            "{}|{}|{}|{}|{}|{}|{}|{}",
            self.id,
            self.seq,
            self.created.millis(),
            self.posting.kind.name(),
            self.posting.debit,
            self.posting.credit,
            self.posting.amount.get(),
            self.source
        )
    }

    /// The merchant on whose statement this row stands, and whether it is a credit there: only what touches
    /// `available` is shown.
    pub fn statement(&self) -> Option<(&AccountId, Direction)> {
        match (&self.posting.debit, &self.posting.credit) {
            (_, LedgerAccount::Available(owner)) => Some((owner, Direction::Credit)),
            (LedgerAccount::Available(owner), _) => Some((owner, Direction::Debit)),
            _ => None,
        }
    }
}

/// The side of a merchant's statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The merchant has more.
    Credit,
    /// The merchant has less.
    Debit,
}

/// A balance in msat, on the account's own side: an asset's debits less its credits, any other's credits less its
/// debits.
pub type BalanceMsat = i64;

/// The two balances after `posting`, given those before: debited account first.
///
/// # Panics
/// If a merchant's or the suspense account would fall below zero: the caller has to look first, and wrong books are
/// worse than no process (a restart finds the last commit).
pub fn balances_after(
    posting: &Posting,
    debited: BalanceMsat,
    credited: BalanceMsat,
) -> (BalanceMsat, BalanceMsat) {
    assert!(posting.debit != posting.credit, "a posting from {} to itself", posting.debit);
    let amount = i64::try_from(posting.amount.get()).unwrap_or(i64::MAX);
    let after = |account: &LedgerAccount, balance: BalanceMsat, grows: bool| {
        let balance = if grows { balance + amount } else { balance - amount };
        assert!(balance >= 0 || !account.must_cover(), "{account} would fall below zero");
        balance
    };
    (
        after(&posting.debit, debited, posting.debit.is_asset()),
        after(&posting.credit, credited, !posting.credit.is_asset()),
    )
}

/// Balances of all accounts of the books, as sums of transfers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances(BTreeMap<LedgerAccount, BalanceMsat>);

impl Balances {
    /// The balance of `account`; an account nobody used has none.
    pub fn of(&self, account: &LedgerAccount) -> BalanceMsat {
        self.0.get(account).copied().unwrap_or(0)
    }

    /// Books a posting.
    ///
    /// # Panics
    /// As [`balances_after`].
    pub fn post(&mut self, posting: &Posting) {
        let (debit, credit) =
            balances_after(posting, self.of(&posting.debit), self.of(&posting.credit));
        self.0.insert(posting.debit.clone(), debit);
        self.0.insert(posting.credit.clone(), credit);
    }

    /// All balances, in the order of the accounts.
    pub fn iter(&self) -> impl Iterator<Item = (&LedgerAccount, BalanceMsat)> {
        self.0.iter().map(|(account, balance)| (account, *balance))
    }

    /// Assets less everything else: zero, or the books are broken.
    pub fn imbalance(&self) -> i128 {
        self.iter().fold(0, |sum, (account, balance)| {
            let balance = i128::from(balance);
            if account.is_asset() { sum + balance } else { sum - balance }
        })
    }
}
