//! The queryable view of the books: what the journal's records add up to. It can be thrown away and made again.

use std::ops::Bound;

use bitcoin::hashes::{Hash, sha256};

use crate::ports::store::StoreFault;

use super::journal::Position;
use super::journal::format::Op;

/// What a view has applied, with a check over all of its rows: a row that was lost, changed or resurrected shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The journal's record that was applied last.
    pub position: Position,
    /// How many rows there are.
    pub rows: u64,
    /// XOR over a hash of each row.
    pub digest: u128,
}

impl Applied {
    /// An empty view.
    pub const EMPTY: Self = Self { position: Position::START, rows: 0, digest: 0 };
    /// Bytes of its stored form.
    const LEN: usize = 72;

    /// Notes that the row under `key` is `after`, and was `before`.
    pub fn note(&mut self, key: &[u8], before: Option<&[u8]>, after: Option<&[u8]>) {
        if let Some(row) = before {
            self.digest ^= row_hash(key, row);
            self.rows -= 1;
        }
        if let Some(row) = after {
            self.digest ^= row_hash(key, row);
            self.rows += 1;
        }
    }

    /// Its stored form.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = self.position.seq.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.position.hash);
        bytes.extend_from_slice(&self.rows.to_be_bytes());
        bytes.extend_from_slice(&self.digest.to_be_bytes());
        let check = sha256::Hash::hash(&bytes).to_byte_array();
        bytes.extend_from_slice(&check[..8]);
        bytes
    }

    /// Reads its stored form; `None` if it is damaged.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != Self::LEN {
            return None;
        }
        let (body, check) = bytes.split_at(Self::LEN - 8);
        if sha256::Hash::hash(body).to_byte_array()[..8] != *check {
            return None;
        }
        Some(Self {
            position: Position {
                seq: u64::from_be_bytes(body[..8].try_into().ok()?),
                hash: body[8..40].try_into().ok()?,
            },
            rows: u64::from_be_bytes(body[40..48].try_into().ok()?),
            digest: u128::from_be_bytes(body[48..64].try_into().ok()?),
        })
    }
}

fn row_hash(key: &[u8], row: &[u8]) -> u128 {
    let len = u64::try_from(key.len()).unwrap_or(u64::MAX).to_be_bytes();
    let hash = sha256::Hash::hash(&[&len, key, row].concat()).to_byte_array();
    hash[..16].iter().fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}

/// A stretch of keys.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// Where it begins.
    pub from: Bound<Vec<u8>>,
    /// Where it ends.
    pub to: Bound<Vec<u8>>,
    /// First key first (otherwise last key first).
    pub ascending: bool,
    /// Most rows.
    pub limit: usize,
}

/// A key and its row.
pub type Entry = (Vec<u8>, Vec<u8>);

/// Visits a key and its row; an error ends the visit.
pub type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> Result<(), StoreFault> + 'a;

/// A sorted map on disk, or one in memory in the simulated world. One writer, many readers.
pub trait View: Send + Sync {
    /// The value under a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreFault>;
    /// Applies changes, all or none. With `None` the view's own row stays away: the view is being made, and counts for
    /// nothing until it is complete.
    fn apply(&self, ops: &[Op], applied: Option<&Applied>) -> Result<(), StoreFault>;
    /// Rows of a stretch of keys.
    fn scan(&self, stretch: &Stretch) -> Result<Vec<Entry>, StoreFault>;
    /// Visits every row, the view's own excepted, in the order of keys.
    fn each(&self, visit: &mut Visit<'_>) -> Result<(), StoreFault>;
    /// What was applied; `None` for a view that was never written to, or whose own row is damaged.
    fn applied(&self) -> Result<Option<Applied>, StoreFault>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied() -> Applied {
        let mut applied = Applied::EMPTY;
        applied.position = Position { seq: 9, hash: [3; 32] };
        applied.note(b"a", None, Some(b"1"));
        applied
    }

    #[test]
    fn what_was_applied_is_read_back_or_known_to_be_damaged() {
        let bytes = applied().encode();
        assert_eq!(Applied::decode(&bytes), Some(applied()));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(Applied::decode(&damaged), None, "byte {at}");
        }
    }

    #[test]
    fn the_check_does_not_depend_on_the_order_but_on_every_row() {
        let (mut one, mut other) = (Applied::EMPTY, Applied::EMPTY);
        one.note(b"a", None, Some(b"1"));
        one.note(b"b", None, Some(b"2"));
        other.note(b"b", None, Some(b"x"));
        other.note(b"a", None, Some(b"1"));
        assert_ne!(one, other);
        other.note(b"b", Some(b"x"), Some(b"2"));
        assert_eq!(one, other);
        other.note(b"b", Some(b"2"), None);
        assert_eq!(other.rows, 1);
    }
}
