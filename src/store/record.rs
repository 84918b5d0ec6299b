//! Rows as they lie on disk: a version byte, a checksum over key and contents, and small JSON.

use serde_json::Value;

use crate::ports::store::{Key, Row};

mod objects;
mod persist;
mod rows;

pub(super) use objects::parse_ledger_account;
pub use persist::Corrupt;

/// The version of the envelope. The contents' own changes are told apart by their fields.
const VERSION: u8 = 1;
/// Bytes before the JSON: version and checksum.
const ENVELOPE: usize = 5;
/// Largest row. sled keeps larger values in files of their own, which it does not sync.
pub const MAX_ROW_BYTES: usize = 32 * 1024;

fn checksum(key: &[u8], json: &[u8]) -> [u8; 4] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(json);
    hasher.finalize().to_be_bytes()
}

/// The bytes of `row` under the encoded `key`.
///
/// # Errors
/// A row larger than [`MAX_ROW_BYTES`]: the limits at the door must not let that happen.
pub fn encode(key: &[u8], row: &Row) -> Result<Vec<u8>, Corrupt> {
    let json = rows::save(row).to_string().into_bytes();
    if json.len() + ENVELOPE > MAX_ROW_BYTES {
        return Err(Corrupt(format!("a row of {} bytes is too large", json.len())));
    }
    Ok(seal(key, &json))
}

/// JSON in the envelope that it has under the encoded `key`.
pub(crate) fn seal(key: &[u8], json: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ENVELOPE + json.len());
    bytes.push(VERSION);
    bytes.extend_from_slice(&checksum(key, json));
    bytes.extend_from_slice(json);
    bytes
}

/// True if `bytes` are what was once encoded under `key`.
pub fn is_intact(key: &[u8], bytes: &[u8]) -> bool {
    match bytes.split_at_checked(ENVELOPE) {
        Some((envelope, json)) => envelope[0] == VERSION && envelope[1..] == checksum(key, json),
        None => false,
    }
}

/// The row in `bytes` under `key`, whose encoded form is `key_bytes`.
///
/// # Errors
/// Bytes that are damaged, or that do not hold a row of that table.
pub fn decode(key: &Key, key_bytes: &[u8], bytes: &[u8]) -> Result<Row, Corrupt> {
    if !is_intact(key_bytes, bytes) {
        return Err(Corrupt(format!("the row at {key:?} is damaged")));
    }
    let json: Value = serde_json::from_slice(&bytes[ENVELOPE..])
        .map_err(|error| Corrupt(format!("the row at {key:?} is no JSON: {error}")))?;
    rows::load(key, &json).map_err(|corrupt| Corrupt(format!("the row at {key:?}: {corrupt}")))
}

#[cfg(test)]
mod tests;
