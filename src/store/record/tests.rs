use super::*;
use crate::domain::ledger::LedgerAccount;
use crate::store::keys;

fn balance() -> (Key, Row) {
    (Key::Balance(LedgerAccount::Operator), Row::Balance(Box::new(-7)))
}

#[test]
fn a_row_is_read_back_as_it_was_written_and_only_under_its_key() {
    let (key, row) = balance();
    let key_bytes = keys::encode(&key);
    let bytes = encode(&key_bytes, &row).unwrap();
    assert_eq!(decode(&key, &key_bytes, &bytes), Ok(row));
    let other = Key::Balance(LedgerAccount::Node);
    assert!(decode(&other, &keys::encode(&other), &bytes).is_err());
}

#[test]
fn any_changed_byte_of_a_row_is_noticed() {
    let (key, row) = balance();
    let key_bytes = keys::encode(&key);
    let bytes = encode(&key_bytes, &row).unwrap();
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        assert!(decode(&key, &key_bytes, &damaged).is_err(), "byte {at}");
    }
    assert!(decode(&key, &key_bytes, &bytes[..3]).is_err());
}

#[test]
fn a_row_that_is_too_large_is_refused() {
    let row = Row::List(Box::new("x".repeat(MAX_ROW_BYTES)));
    assert!(encode(b"key", &row).is_err());
}
