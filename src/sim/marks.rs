//! Counts what happened in simulated worlds: each committed transition, each fault, each rule that refused. A campaign
//! that never took one of them has shown nothing about it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;

/// How often each thing happened.
pub type Counts = BTreeMap<String, u64>;

/// Bytes of a row before its JSON.
const ENVELOPE: usize = 5;
/// Tables of claims and payouts (the key table of the store).
const CLAIM: u8 = 0x30;
const PAYOUT: u8 = 0x31;

thread_local! {
    static COUNTS: RefCell<Counts> = const { RefCell::new(Counts::new()) };
}

/// Something happened.
pub fn hit(mark: impl Into<String>) {
    COUNTS.with_borrow_mut(|counts| *counts.entry(mark.into()).or_insert(0) += 1);
}

/// All that happened on this thread since the last time this was asked.
pub fn take() -> Counts {
    COUNTS.take()
}

/// Adds what happened elsewhere.
pub fn merge(into: &mut Counts, from: Counts) {
    for (mark, count) in from {
        *into.entry(mark).or_insert(0) += count;
    }
}

/// Takes note of a row of the view that is being written.
pub fn watch(key: &[u8], before: Option<&[u8]>, after: &[u8]) {
    let table = match key.first() {
        Some(&CLAIM) => "claim",
        Some(&PAYOUT) => "payout",
        _ => return,
    };
    let field = if table == "claim" { "status" } else { "state" };
    let (before, after) = (before.map_or(Value::Null, json), json(after));
    let word = |row: &Value| row[field].as_str().unwrap_or("new").to_owned();
    if word(&before) != word(&after) {
        hit(format!("{table} {} > {}", word(&before), word(&after)));
        if let Some(code) = after["failure"].as_str() {
            hit(format!("payout failed: {code}"));
        }
    }
    for flag in ["parked", "stuck", "late"] {
        if after[flag] == true && before[flag] != true {
            hit(format!("payout {flag}"));
        }
    }
}

fn json(row: &[u8]) -> Value {
    row.get(ENVELOPE..).and_then(|json| serde_json::from_slice(json).ok()).unwrap_or_default()
}
