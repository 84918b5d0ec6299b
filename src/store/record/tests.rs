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

#[test]
fn a_payment_from_before_there_were_rates_is_read_with_its_currencys_own() {
    use crate::domain::checkout::Payment;
    use crate::domain::id::PaymentId;
    let id = "pi_loyw3v287eiv0aytrp35";
    let json = serde_json::json!({
        "id": id, "seq": 2, "account": "acct_loyw3v287eiv0aytrp35",
        "session": "cs_loyw3v287eiv0aytrp35", "status": "unpaid", "hash": "01".repeat(32),
        "invoice": "lnbcrt1", "due": 1_000, "quote": null, "expires_at": 5, "receipt": null,
        "created": 1, "modified": 1,
    });
    let key = Key::Payment(PaymentId::parse(id).unwrap());
    let Row::Payment(payment) = rows::load(&key, &json).unwrap() else { panic!("another table") };
    let payment: Payment = *payment;
    assert_eq!((payment.rate, payment.amount), (None, None));
    let terms = crate::sim::terms::session(crate::domain::money::Sat::new(1_000), None);
    let price = payment.price(&terms);
    assert_eq!((price.rate.to_string(), price.amount.to_string()), ("1".into(), "1000".into()));
}

#[test]
fn a_session_and_a_cashback_from_before_there_was_fiat_are_read() {
    use crate::domain::id::{CashbackId, SessionId};
    let terms = serde_json::json!({
        "currency": "SATS", "amount": "1000", "due": 1_000, "ttl": 600_000, "cashback": null,
        "title": null, "title_description": null, "description": null,
        "statement_descriptor": null, "success_url": null, "success_message": null,
        "cancel_url": null, "source": null, "source_id": null, "metadata": {},
    });
    let id = "cs_loyw3v287eiv0aytrp35";
    let json = serde_json::json!({
        "id": id, "seq": 1, "account": "acct_loyw3v287eiv0aytrp35", "terms": terms,
        "status": "active", "payments": [], "received": 0, "claim": null, "no_claim": null,
        "token_generation": 0, "created": 1, "modified": 1, "paid_at": null,
    });
    let key = Key::Session(SessionId::parse(id).unwrap());
    assert!(matches!(rows::load(&key, &json), Ok(Row::Session(_))));
    let terms = serde_json::json!({
        "name": "x", "description": "x", "rule": {"fixed": 5}, "currency": "SATS", "start": 0,
        "end": null, "max_amount": null, "min_spend": null, "budget": null, "max_claims": null,
        "claim_ttl": 60_000, "metadata": {},
    });
    let id = "cb_loyw3v287eiv0aytrp35";
    let json = serde_json::json!({
        "id": id, "seq": 1, "account": "acct_loyw3v287eiv0aytrp35", "version": 1, "terms": terms,
        "status": "active", "committed": 0, "claims": 0, "created": 1, "modified": 1,
    });
    let key = Key::Cashback(CashbackId::parse(id).unwrap());
    assert!(matches!(rows::load(&key, &json), Ok(Row::Cashback(_))));
}
