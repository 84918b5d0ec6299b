//! Rows as they lie on disk: whatever JSON stands under a key, what is read of it is written and read again as the same.

use crate::domain::bytes::{Digest, PaymentHash};
use crate::domain::id::{
    AccountId, ActId, CashbackId, ClaimId, EventId, KeyId, PaymentId, PayoutId, SessionId,
    SuspenseId, TransferId,
};
use crate::domain::ledger::LedgerAccount;
use crate::domain::time::Timestamp;
use crate::ports::store::{AnswerKey, Key, List, ListKey, Scope};
use crate::store::record::{decode, encode, seal};

use super::choice;

/// First byte: which table; the rest: the JSON of a row.
pub fn row(data: &[u8]) {
    let keys = keys();
    let Some((at, json)) = choice(data, keys.len()) else { return };
    let key = &keys[at];
    // What the key is encoded to does not matter to the row.
    let key_bytes = b"key";
    let Ok(read) = decode(key, key_bytes, &seal(key_bytes, json.as_bytes())) else { return };
    // A row that was read may be too large to be written again only when it was said at greater length than we do.
    let Ok(bytes) = encode(key_bytes, &read) else { return };
    match decode(key, key_bytes, &bytes) {
        Ok(again) => assert_eq!(again, read, "{json}"),
        Err(corrupt) => panic!("{key:?} was written as it cannot be read: {corrupt}: {json}"),
    }
}

/// A key of each table.
fn keys() -> [Key; 18] {
    let at = Timestamp::from_millis(0);
    let account = AccountId::new(at, 1);
    [
        Key::Books(()),
        Key::Account(account.clone()),
        Key::ApiKey(KeyId::new(at, 1)),
        Key::Token(Digest([0; 32])),
        Key::Cashback(CashbackId::new(at, 1)),
        Key::Session(SessionId::new(at, 1)),
        Key::Payment(PaymentId::new(at, 1)),
        Key::Claim(ClaimId::new(at, 1)),
        Key::Payout(PayoutId::new(at, 1)),
        Key::Hash(PaymentHash([0; 32])),
        Key::Lock(account.clone()),
        Key::Transfer(TransferId::new(at, 1)),
        Key::Balance(LedgerAccount::Operator),
        Key::Suspense(SuspenseId::new(at, 1)),
        Key::Event(EventId::new(at, 1)),
        Key::Answer(AnswerKey { account: Some(account), digest: Digest([0; 32]) }),
        Key::Act(ActId::new(at, 1)),
        Key::List(ListKey { list: List::Payouts, scope: Scope::All, seq: 1 }),
    ]
}
