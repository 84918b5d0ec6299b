//! Typed ids: a prefix, eight base-36 characters of creation milliseconds, twelve random ones (Speed's shape, sortable
//! by time). An id is never a secret.

use std::fmt;

use super::time::Timestamp;

/// Characters of the time part.
const TIME_LEN: usize = 8;
/// Characters of the random part: 62 bits.
const RANDOM_LEN: usize = 12;
const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// A text that is no id of the kind that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

/// Writes `number` in base 36, the last `len` digits of it.
fn base36(mut number: u64, len: usize) -> String {
    let mut digits = vec![b'0'; len];
    for digit in digits.iter_mut().rev() {
        let index = usize::try_from(number % 36).unwrap_or(0);
        *digit = ALPHABET[index];
        number /= 36;
    }
    digits.into_iter().map(char::from).collect()
}

/// What follows the prefix of every id.
fn tail(at: Timestamp, random: u64) -> String {
    let mut text = base36(at.millis(), TIME_LEN);
    text.push_str(&base36(random, RANDOM_LEN));
    text
}

fn is_tail(text: &str) -> bool {
    text.len() == TIME_LEN + RANDOM_LEN && text.bytes().all(|b| ALPHABET.contains(&b))
}

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// An id of this moment; `random` keeps two of the same millisecond apart.
            pub fn new(at: Timestamp, random: u64) -> Self {
                Self(format!("{}{}", $prefix, tail(at, random)))
            }

            /// Reads an id of this kind.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                match text.strip_prefix($prefix) {
                    Some(rest) if is_tail(rest) => Ok(Self(text.to_owned())),
                    _ => Err(NotAnId),
                }
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

id_types! {
    /// A merchant's account.
    AccountId = "acct_";
    /// One API key of an account.
    KeyId = "key_";
    /// A cashback rule.
    CashbackId = "cb_";
    /// A checkout link.
    CheckoutLinkId = "clink_";
    /// A payment link.
    PaymentLinkId = "plink_";
    /// A checkout session.
    SessionId = "cs_";
    /// A payment: one invoice of a session.
    PaymentId = "pi_";
    /// A claim on the cashback of one paid session.
    ClaimId = "clm_";
    /// A payout: one attempt to pay one invoice.
    PayoutId = "po_";
    /// A merchant's own payment out of its balance.
    SendId = "is_";
    /// A ledger row.
    TransferId = "txn_";
    /// A receipt that nobody can be credited for.
    SuspenseId = "sus_";
    /// An act of the operator outside the books (DESIGN D24).
    ActId = "act_";
    /// Something that happened, told to the merchant.
    EventId = "evt_";
    /// A webhook endpoint.
    EndpointId = "we_";
    /// A message to a webhook endpoint: one delivery of one event.
    DeliveryId = "msg_";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_a_later_moment_sort_later() {
        let early = ClaimId::new(Timestamp::from_millis(1_687_000_000_000), u64::MAX);
        let late = ClaimId::new(Timestamp::from_millis(1_687_000_000_001), 0);
        assert!(early < late);
    }

    #[test]
    fn the_time_part_is_speeds() {
        // The sample id of Speed's documentation, txn_l8bew06l…, was made at this millisecond.
        let id = TransferId::new(Timestamp::from_millis(1_663_751_840_493), 0);
        assert!(id.as_str().starts_with("txn_l8bew06l"), "{id}");
    }

    #[test]
    fn only_an_id_of_the_kind_is_read_back() {
        let id = PayoutId::new(Timestamp::from_millis(1), 1);
        assert_eq!(PayoutId::parse(id.as_str()), Ok(id.clone()));
        assert_eq!(ClaimId::parse(id.as_str()), Err(NotAnId));
        assert_eq!(PayoutId::parse("po_"), Err(NotAnId));
        assert_eq!(PayoutId::parse("po_ABCDEFGH000000000000"), Err(NotAnId));
    }
}
