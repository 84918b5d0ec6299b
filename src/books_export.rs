//! The books as JSON lines and as CSV, for people and for checks that share nothing with us. Exports hold ids and
//! proofs, and no secret that could pay anybody.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::domain::ledger::Transfer;
use crate::ports::store::{Key, Row, Rows, StoreFault};

/// Every transfer, claim, payout and lock, one JSON object a line, transfers in commit order first.
///
/// # Errors
/// The books cannot be read.
pub fn lines(rows: &dyn Rows) -> Result<String, StoreFault> {
    let mut transfers = vec![];
    let mut others = vec![];
    rows.each(&mut |key, row| {
        match (key, row) {
            (_, Row::Transfer(row)) => transfers.push(*row),
            (_, Row::Claim(row)) => others.push(json!({
                "object": "claim",
                "id": row.id.as_str(),
                "account": row.account.as_str(),
                "session": row.session.as_str(),
                "payment": row.payment.as_str(),
                "amount_msat": row.amount.get(),
                "status": row.status.name(),
                "payout": row.payout.as_ref().map(|payout| payout.as_str().to_owned()),
                "created": row.created.millis(),
            })),
            (_, Row::Payout(row)) => others.push(json!({
                "object": "payout",
                "id": row.id.as_str(),
                "account": row.account.as_str(),
                "claim": row.claim().map(|claim| claim.as_str()),
                "send": row.send().map(|send| send.as_str()),
                "payment_hash": row.hash.to_hex(),
                "amount_msat": row.amount.get(),
                "fee_budget_msat": row.fee_budget.get(),
                "fee_msat": row.fee.map(|fee| fee.get()),
                "state": row.state.name(),
                "parked": row.parked,
                "late": row.late,
                "preimage": row.preimage.map(|preimage| preimage.to_hex()),
                "failure_code": row.failure.map(|failure| failure.code()),
                "created": row.created.millis(),
            })),
            (Key::Lock(account), Row::Lock(row)) => others.push(json!({
                "object": "lock",
                "account": account.as_str(),
                "payout": row.payout.as_str(),
                "since": row.since.millis(),
            })),
            _ => {}
        }
        Ok(())
    })?;
    transfers.sort_by_key(|transfer: &Transfer| transfer.seq);
    let mut text = String::new();
    for line in transfers.iter().map(transfer).chain(others) {
        let _ = writeln!(text, "{line}");
    }
    Ok(text)
}

fn transfer(row: &Transfer) -> Value {
    json!({
        "object": "transfer",
        "id": row.id.as_str(),
        "seq": row.seq,
        "created": row.created.millis(),
        "type": row.posting.kind.name(),
        "debit": row.posting.debit.to_string(),
        "credit": row.posting.credit.to_string(),
        "amount_msat": row.posting.amount.get(),
        "source": row.source,
        "chain": row.chain.to_hex(),
    })
}

/// The columns of a transfer, in order.
const COLUMNS: [&str; 9] =
    ["seq", "id", "created", "type", "debit", "credit", "amount_msat", "source", "chain"];

/// Transfers of an export as CSV. No value of theirs holds a comma or a quote.
pub fn transfers_as_csv(lines: &str) -> String {
    let mut csv = COLUMNS.join(",");
    csv.push('\n');
    for line in lines.lines() {
        let Ok(row) = serde_json::from_str::<Value>(line) else { continue };
        if row["object"] == "transfer" {
            let cells = COLUMNS.map(|column| match &row[column] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            let _ = writeln!(csv, "{}", cells.join(","));
        }
    }
    csv
}
