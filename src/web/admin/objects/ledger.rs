//! Balances, ledger rows and audits.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::id::AccountId;
use crate::domain::ledger::{self, Direction};
use crate::domain::money::Msat;
use crate::domain::suspense;
use crate::engine::audit;
use crate::shell::desk::ExternalAudit;

use super::{Common, Number, Of};

/// What a merchant has.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Balances {
    object: &'static str,
    account: String,
    available: [Available; 1],
    available_msat: i64,
    in_flight_msat: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Available {
    amount: Number,
    target_currency: &'static str,
}

fn msat(balance: i64) -> Msat {
    Msat::new(u64::try_from(balance).unwrap_or(0))
}

impl Balances {
    pub(in super::super) fn of(account: &AccountId, available: i64, in_flight: i64) -> Self {
        Self {
            object: "balance",
            account: account.to_string(),
            available: [Available {
                amount: Number::sats(msat(available)),
                target_currency: "SATS",
            }],
            available_msat: available,
            in_flight_msat: in_flight,
        }
    }
}

/// A row of a merchant's statement. Amounts are positive; the sign is in `transaction_type`.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct BalanceTransaction {
    #[serde(flatten)]
    common: Common,
    #[serde(flatten)]
    amounts: TransferAmounts,
    fee: u32,
    net: Number,
    target_currency: &'static str,
    transaction_type: Option<&'static str>,
}

/// What both kinds of ledger rows show.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct TransferAmounts {
    #[serde(rename = "type")]
    kind: &'static str,
    amount: Number,
    amount_msat: u64,
    source: String,
}

fn amounts(row: &ledger::Transfer) -> TransferAmounts {
    TransferAmounts {
        kind: row.posting.kind.name(),
        amount: Number::sats(row.posting.amount),
        amount_msat: row.posting.amount.get(),
        source: row.source.clone(),
    }
}

fn common(row: &ledger::Transfer, object: &'static str, livemode: bool) -> Common {
    let account = row.statement().map(|(account, _)| account);
    let (created, modified, metadata) = (row.created, row.created, None);
    Of { id: row.id.as_str(), object, account, created, modified, metadata }.common(livemode)
}

impl BalanceTransaction {
    pub(in super::super) fn of(row: &ledger::Transfer, livemode: bool) -> Self {
        let direction = row.statement().map(|(_, direction)| match direction {
            Direction::Credit => "credit",
            Direction::Debit => "debit",
        });
        Self {
            common: common(row, "balance_transaction", livemode),
            amounts: amounts(row),
            fee: 0,
            net: Number::sats(row.posting.amount),
            target_currency: "SATS",
            transaction_type: direction,
        }
    }
}

/// A row of the books.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Transfer {
    #[serde(flatten)]
    common: Common,
    #[serde(flatten)]
    amounts: TransferAmounts,
    seq: u64,
    debit: String,
    credit: String,
    chain: String,
}

impl Transfer {
    pub(in super::super) fn of(row: &ledger::Transfer, livemode: bool) -> Self {
        Self {
            common: common(row, "transfer", livemode),
            amounts: amounts(row),
            seq: row.seq,
            debit: row.posting.debit.to_string(),
            credit: row.posting.credit.to_string(),
            chain: row.chain.to_hex(),
        }
    }
}

/// A receipt that nobody has been credited for (yet).
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Suspense {
    #[serde(flatten)]
    common: Common,
    payment_hash: String,
    amount_msat: u64,
    assigned_to: Option<String>,
}

impl Suspense {
    pub(in super::super) fn of(row: &suspense::SuspenseReceipt, livemode: bool) -> Self {
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "suspense_receipt",
                account: row.assigned_to.as_ref(),
                created: row.created,
                modified: row.modified,
                metadata: None,
            }
            .common(livemode),
            payment_hash: row.hash.to_hex(),
            amount_msat: row.amount.get(),
            assigned_to: row.assigned_to.as_ref().map(ToString::to_string),
        }
    }
}

/// Both audits.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct AuditReport {
    object: &'static str,
    ok: bool,
    internal: Internal,
    external: Option<External>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Internal {
    ok: bool,
    problems: Vec<String>,
    rows: u64,
    transfers: u64,
    balances_msat: BTreeMap<String, i64>,
    unallocated_msat: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct External {
    ok: bool,
    at_rest: bool,
    node_msat: u64,
    booked_msat: i64,
    difference_msat: i64,
}

impl AuditReport {
    pub(in super::super) fn of(
        report: audit::AuditReport,
        external: Option<&ExternalAudit>,
    ) -> Self {
        let operator = report.balances.get(&ledger::LedgerAccount::Operator).copied();
        let internal = Internal {
            ok: report.problems.is_empty(),
            problems: report.problems,
            rows: report.rows,
            transfers: report.transfers,
            balances_msat: report
                .balances
                .into_iter()
                .map(|(account, balance)| (account.to_string(), balance))
                .collect(),
            unallocated_msat: operator.unwrap_or(0).max(0),
        };
        let external = external.map(|external| {
            let node = external.holdings.total.get();
            let difference = i64::try_from(node).unwrap_or(i64::MAX) - external.survey.booked;
            let at_rest = external.holdings.at_rest && external.survey.at_rest;
            External {
                ok: difference == 0 || !at_rest,
                at_rest,
                node_msat: node,
                booked_msat: external.survey.booked,
                difference_msat: difference,
            }
        });
        let ok = internal.ok && external.as_ref().is_none_or(|external| external.ok);
        Self { object: "audit", ok, internal, external }
    }
}
