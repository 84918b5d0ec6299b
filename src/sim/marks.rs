//! Counts what happened in simulated worlds: each committed transition, each fault, each rule that refused. A campaign
//! that never took one of them has shown nothing about it.

use std::cell::RefCell;
use std::collections::BTreeMap;

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
    let (table, field) = match key.first() {
        Some(&CLAIM) => ("claim", "status"),
        Some(&PAYOUT) => ("payout", "state"),
        _ => return,
    };
    let (before, after) = (text(before.unwrap_or(b"")), text(after));
    let (was, is) = (word(before, field).unwrap_or("new"), word(after, field).unwrap_or("new"));
    if was != is {
        hit(format!("{table} {was} > {is}"));
        if let Some(code) = word(after, "failure") {
            hit(format!("payout failed: {code}"));
        }
    }
    for flag in ["parked", "stuck", "late"] {
        let set = format!("\"{flag}\":true");
        if after.contains(&set) && !before.contains(&set) {
            hit(format!("payout {flag}"));
        }
    }
}

/// The JSON of a row.
fn text(row: &[u8]) -> &str {
    row.get(ENVELOPE..).and_then(|json| std::str::from_utf8(json).ok()).unwrap_or("")
}

/// The text in a field. Rows are small and flat, and there are very many of them.
fn word<'a>(json: &'a str, field: &str) -> Option<&'a str> {
    let (_, rest) = json.split_once(&format!("\"{field}\":\""))?;
    rest.split('"').next()
}
