//! The key table: where each row lies. One tree; the first byte is the table; numbers are big-endian, so that lists lie
//! in commit order.
//!
//! | byte | table | key |
//! |---|---|---|
//! | `00` | – | reserved for the view itself (what was applied last) |
//! | `01` | books | – |
//! | `10` `11` `12` | account, API key, token digest | id, id, 32 bytes |
//! | `20` `21` `22` | cashback, session, payment | id |
//! | `23` | checkout link or payment link | id, whose prefix tells them apart |
//! | `25` | customer details | session id |
//! | `30` `31` | claim, payout | id |
//! | `32` `33` | payment hash, account lock | 32 bytes, account id |
//! | `40` `41` `42` | transfer, balance, suspense | id, account of the books, id |
//! | `50` `51` `52` | event, answer, act | id, account or `-` then digest, id |
//! | `53` `54` | webhook endpoint, delivery | id |
//! | `60` | list | list byte, scope, place in commit order |

use crate::domain::bytes::{Digest, PaymentHash};
use crate::domain::id::{
    AccountId, ActId, CashbackId, ClaimId, DeliveryId, EndpointId, EventId, KeyId, PaymentId,
    PayoutId, SendId, SessionId, SuspenseId, TransferId,
};
use crate::domain::link::LinkId;
use crate::ports::store::{AnswerKey, Key, List, ListKey, Scope};

use super::record::parse_ledger_account;

/// Where the view notes what it applied last.
pub(super) const APPLIED: &[u8] = &[0x00];
/// The first key of a row.
pub(super) const FIRST_ROW: &[u8] = &[0x01];
/// Ends a text of no fixed length inside a key; ids have no such byte.
const END: u8 = 0x00;

/// The bytes of a key.
pub(super) fn encode(key: &Key) -> Vec<u8> {
    match key {
        Key::Books(()) => vec![0x01],
        Key::Account(id) => tagged(0x10, id.as_str()),
        Key::ApiKey(id) => tagged(0x11, id.as_str()),
        Key::Token(digest) => tagged_bytes(0x12, &digest.0),
        Key::Cashback(id) => tagged(0x20, id.as_str()),
        Key::Session(id) => tagged(0x21, id.as_str()),
        Key::Payment(id) => tagged(0x22, id.as_str()),
        Key::Link(id) => tagged(0x23, id.as_str()),
        Key::Details(id) => tagged(0x25, id.as_str()),
        Key::Claim(id) => tagged(0x30, id.as_str()),
        Key::Payout(id) => tagged(0x31, id.as_str()),
        Key::Send(id) => tagged(0x34, id.as_str()),
        Key::Hash(hash) => tagged_bytes(0x32, &hash.0),
        Key::Lock(id) => tagged(0x33, id.as_str()),
        Key::Transfer(id) => tagged(0x40, id.as_str()),
        Key::Balance(account) => tagged(0x41, &account.to_string()),
        Key::Suspense(id) => tagged(0x42, id.as_str()),
        Key::Event(id) => tagged(0x50, id.as_str()),
        Key::Answer(key) => {
            let owner = key.account.as_ref().map_or("-", AccountId::as_str);
            let mut bytes = tagged(0x51, owner);
            bytes.push(END);
            bytes.extend_from_slice(&key.digest.0);
            bytes
        }
        Key::Act(id) => tagged(0x52, id.as_str()),
        Key::Endpoint(id) => tagged(0x53, id.as_str()),
        Key::Delivery(id) => tagged(0x54, id.as_str()),
        Key::List(key) => {
            let mut bytes = list_prefix(key.list, &key.scope);
            bytes.extend_from_slice(&key.seq.to_be_bytes());
            bytes
        }
    }
}

fn tagged(tag: u8, text: &str) -> Vec<u8> {
    tagged_bytes(tag, text.as_bytes())
}

fn tagged_bytes(tag: u8, rest: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + rest.len());
    bytes.push(tag);
    bytes.extend_from_slice(rest);
    bytes
}

/// What all places of a list begin with.
pub(super) fn list_prefix(list: List, scope: &Scope) -> Vec<u8> {
    let list = List::ALL.iter().find(|(known, _)| *known == list).map_or(0, |(_, byte)| *byte);
    let scope = match scope {
        Scope::All => "*",
        Scope::Account(id) => id.as_str(),
        Scope::Claim(id) => id.as_str(),
        Scope::Endpoint(id) => id.as_str(),
    };
    let mut bytes = vec![0x60, list];
    bytes.extend_from_slice(scope.as_bytes());
    bytes.push(END);
    bytes
}

/// The key in `bytes`, or `None` if they are no key of ours.
pub(super) fn decode(bytes: &[u8]) -> Option<Key> {
    let (tag, rest) = bytes.split_first()?;
    let text = || std::str::from_utf8(rest).ok();
    let hash = || <[u8; 32]>::try_from(rest).ok();
    match tag {
        0x01 if rest.is_empty() => Some(Key::Books(())),
        0x10 => AccountId::parse(text()?).ok().map(Key::Account),
        0x11 => KeyId::parse(text()?).ok().map(Key::ApiKey),
        0x12 => hash().map(|bytes| Key::Token(Digest(bytes))),
        0x20 => CashbackId::parse(text()?).ok().map(Key::Cashback),
        0x21 => SessionId::parse(text()?).ok().map(Key::Session),
        0x22 => PaymentId::parse(text()?).ok().map(Key::Payment),
        0x23 => LinkId::parse(text()?).map(Key::Link),
        0x25 => SessionId::parse(text()?).ok().map(Key::Details),
        0x30 => ClaimId::parse(text()?).ok().map(Key::Claim),
        0x31 => PayoutId::parse(text()?).ok().map(Key::Payout),
        0x34 => SendId::parse(text()?).ok().map(Key::Send),
        0x32 => hash().map(|bytes| Key::Hash(PaymentHash(bytes))),
        0x33 => AccountId::parse(text()?).ok().map(Key::Lock),
        0x40 => TransferId::parse(text()?).ok().map(Key::Transfer),
        0x41 => parse_ledger_account(text()?).map(Key::Balance),
        0x42 => SuspenseId::parse(text()?).ok().map(Key::Suspense),
        0x50 => EventId::parse(text()?).ok().map(Key::Event),
        0x51 => decode_answer(rest).map(Key::Answer),
        0x52 => ActId::parse(text()?).ok().map(Key::Act),
        0x53 => EndpointId::parse(text()?).ok().map(Key::Endpoint),
        0x54 => DeliveryId::parse(text()?).ok().map(Key::Delivery),
        0x60 => decode_list(rest).map(Key::List),
        _ => None,
    }
}

fn decode_answer(rest: &[u8]) -> Option<AnswerKey> {
    let (owner, digest) = split_at_end(rest)?;
    let account = match owner {
        "-" => None,
        owner => Some(AccountId::parse(owner).ok()?),
    };
    Some(AnswerKey { account, digest: Digest(<[u8; 32]>::try_from(digest).ok()?) })
}

fn decode_list(rest: &[u8]) -> Option<ListKey> {
    let (byte, rest) = rest.split_first()?;
    let (list, _) = List::ALL.iter().find(|(_, known)| known == byte)?;
    let (scope, seq) = split_at_end(rest)?;
    let scope = match scope {
        "*" => Scope::All,
        scope => decode_owner(scope)?,
    };
    let seq = u64::from_be_bytes(<[u8; 8]>::try_from(seq).ok()?);
    Some(ListKey { list: *list, scope, seq })
}

/// Whose list it is; ids of different kinds have different prefixes.
fn decode_owner(scope: &str) -> Option<Scope> {
    let account = AccountId::parse(scope).map(Scope::Account);
    account
        .or_else(|_| ClaimId::parse(scope).map(Scope::Claim))
        .or_else(|_| EndpointId::parse(scope).map(Scope::Endpoint))
        .ok()
}

fn split_at_end(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == END)?;
    let text = std::str::from_utf8(&bytes[..end]).ok()?;
    Some((text, &bytes[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{CheckoutLinkId, PaymentLinkId};
    use crate::domain::ledger::LedgerAccount;
    use crate::domain::time::Timestamp;

    fn one_of_each() -> Vec<Key> {
        let at = Timestamp::from_millis(1_700_000_000_000);
        let account = AccountId::new(at, 1);
        let place = |scope| Key::List(ListKey { list: List::Payouts, scope, seq: 0x0100 });
        let answer = |account| Key::Answer(AnswerKey { account, digest: Digest([0; 32]) });
        vec![
            Key::Books(()),
            Key::Account(account.clone()),
            Key::ApiKey(KeyId::new(at, 1)),
            Key::Token(Digest([0; 32])),
            Key::Cashback(CashbackId::new(at, 1)),
            Key::Session(SessionId::new(at, 1)),
            Key::Payment(PaymentId::new(at, 1)),
            Key::Link(LinkId::Checkout(CheckoutLinkId::new(at, 1))),
            Key::Link(LinkId::Payment(PaymentLinkId::new(at, 1))),
            Key::Details(SessionId::new(at, 1)),
            Key::Claim(ClaimId::new(at, 1)),
            Key::Payout(PayoutId::new(at, 1)),
            Key::Hash(PaymentHash([0; 32])),
            Key::Lock(account.clone()),
            Key::Transfer(TransferId::new(at, 1)),
            Key::Balance(LedgerAccount::Node),
            Key::Balance(LedgerAccount::InFlight(account.clone())),
            Key::Suspense(SuspenseId::new(at, 1)),
            Key::Event(EventId::new(at, 1)),
            answer(None),
            answer(Some(account.clone())),
            Key::Act(ActId::new(at, 1)),
            Key::Endpoint(EndpointId::new(at, 1)),
            Key::Delivery(DeliveryId::new(at, 1)),
            place(Scope::All),
            place(Scope::Account(account)),
            place(Scope::Claim(ClaimId::new(at, 1))),
            place(Scope::Endpoint(EndpointId::new(at, 1))),
        ]
    }

    #[test]
    fn every_key_is_read_back_and_no_two_share_their_bytes() {
        let mut seen = std::collections::BTreeSet::new();
        for key in one_of_each() {
            let bytes = encode(&key);
            assert_eq!(decode(&bytes).as_ref(), Some(&key));
            assert!(bytes.as_slice() >= FIRST_ROW, "{key:?} lies before the rows");
            assert!(seen.insert(bytes), "{key:?} shares its bytes");
        }
    }

    #[test]
    fn places_of_a_list_lie_in_commit_order() {
        let place =
            |seq| encode(&Key::List(ListKey { list: List::Claims, scope: Scope::All, seq }));
        assert!(place(255) < place(256));
    }

    #[test]
    fn foreign_bytes_are_no_key() {
        for bytes in [&b""[..], b"\x00", b"\x10", b"\x10acct_", b"\x12abc", b"\x60\x01", b"\xff"] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }
}
