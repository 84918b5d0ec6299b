//! Counts what happened in simulated worlds: each committed transition, each fault, each rule that refused. A campaign
//! that never took one of them has shown nothing about it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use memchr::memmem;

/// How often each thing happened.
pub type Counts = BTreeMap<String, u64>;

/// Tables of claims and payouts (the key table of the store).
const CLAIM: u8 = 0x30;
const PAYOUT: u8 = 0x31;
/// How the fields begin that are looked at.
const STATUS: &[u8] = br#""status":""#;
const STATE: &[u8] = br#""state":""#;
const FAILURE: &[u8] = br#""failure":""#;
/// Flags of a payout, and how they look when they are set.
const FLAGS: [(&str, &[u8]); 3] =
    [("parked", br#""parked":true"#), ("stuck", br#""stuck":true"#), ("late", br#""late":true"#)];

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
        Some(&CLAIM) => ("claim", STATUS),
        Some(&PAYOUT) => ("payout", STATE),
        _ => return,
    };
    let before = before.unwrap_or(b"");
    let (was, is) = (word(before, field).unwrap_or("new"), word(after, field).unwrap_or("new"));
    if was != is {
        hit(format!("{table} {was} > {is}"));
        if let Some(code) = word(after, FAILURE) {
            hit(format!("payout failed: {code}"));
        }
    }
    for (flag, set) in FLAGS {
        if memmem::find(after, set).is_some() && memmem::find(before, set).is_none() {
            hit(format!("payout {flag}"));
        }
    }
}

/// The text after the beginning of a field. Rows are small and flat, and there are very many of them.
fn word<'a>(row: &'a [u8], field: &[u8]) -> Option<&'a str> {
    let begin = memmem::find(row, field)? + field.len();
    let length = memchr::memchr(b'"', &row[begin..])?;
    std::str::from_utf8(&row[begin..begin + length]).ok()
}
