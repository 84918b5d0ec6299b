//! Ids, tokens, hex, currencies and decimal numbers: each text is at most one thing, and printed it is that thing again.

use crate::domain::bytes::{Digest, NodeId, PaymentHash, Preimage};
use crate::domain::currency::Currency;
use crate::domain::decimal::{Decimal, DecimalError};
use crate::domain::id::{
    AccountId, ActId, CashbackId, ClaimId, EventId, KeyId, PaymentId, PayoutId, SessionId,
    SuspenseId, TransferId,
};
use crate::domain::money::{Msat, Sat};
use crate::domain::network::Network;
use crate::domain::rate::{Price, Rate};
use crate::domain::token::{Token, TokenKind};

/// The whole input is one text.
pub fn names(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    ids(&text);
    hex(&text);
    words(&text);
    decimal(&text);
}

fn ids(text: &str) {
    macro_rules! kinds {
        ($($id:ty),+) => {
            [$(<$id>::parse(text).ok().map(|id| {
                assert_eq!(id.as_str(), text);
                assert_eq!(id.to_string(), text);
                assert!(text.starts_with(<$id>::PREFIX));
                <$id>::PREFIX
            })),+]
        };
    }
    let read = kinds!(
        AccountId, KeyId, CashbackId, SessionId, PaymentId, ClaimId, PayoutId, TransferId,
        SuspenseId, ActId, EventId
    );
    let read: Vec<_> = read.into_iter().flatten().collect();
    assert!(read.len() <= 1, "{text} is of the kinds {read:?}");
    let tail = text.rsplit_once('_').map_or("", |(_, tail)| tail);
    let legal = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
    assert!(read.is_empty() || (tail.len() == 20 && tail.bytes().all(legal)), "{text}");
}

fn hex(text: &str) {
    let is_hex =
        |len: usize| text.len() == len && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    for kind in [
        TokenKind::ClaimLink,
        TokenKind::K1,
        TokenKind::SessionPage,
        TokenKind::CheckoutLink,
        TokenKind::PaymentLink,
    ] {
        let token = Token::parse(kind, text);
        assert_eq!(token.is_some(), is_hex(kind.hex_len()), "{text}");
        let lower = text.to_ascii_lowercase();
        assert!(token.is_none_or(|token| token == Token::new(lower.clone())
            && Token::parse(kind, &lower) == Some(token.clone())
            && !format!("{token:?}").contains(&lower)));
    }
    macro_rules! bytes {
        ($($kind:ty: $len:literal),+) => {$(
            let read = <$kind>::parse(text);
            assert_eq!(read.is_ok(), is_hex(2 * $len), "{text}");
            assert!(read.is_ok_and(|read| read.to_hex() == text.to_ascii_lowercase())
                || read.is_err());
        )+};
    }
    bytes!(PaymentHash: 32, Preimage: 32, Digest: 32, NodeId: 33);
}

fn words(text: &str) {
    assert!(Currency::parse(text).is_none_or(|currency| currency.code() == text));
    assert!(Network::parse(text).is_none_or(|network| network.name() == text));
}

/// A decimal number against long arithmetic on its digits.
fn decimal(text: &str) {
    let read = Decimal::parse(text);
    match (digits(text), read) {
        (Some(plain), Ok(number)) => {
            let printed = number.to_string();
            assert_eq!(digits(&printed), Some(plain), "{text} is {printed}");
            assert_eq!(Decimal::parse(&printed), Ok(number));
            amounts(number);
        }
        (None, Ok(number)) => panic!("{text:?} is no number of JSON's, but was read as {number}"),
        (Some(_), Err(error)) => {
            assert_ne!(error, DecimalError::NotANumber, "{text}");
            let small: Option<u64> = text.parse().ok();
            assert!(small.is_none(), "{text}: {error:?}");
        }
        (None, Err(_)) => {}
    }
}

/// The digits without zeros at either end, and where the point stands; `None` if this is no number of JSON's, is below
/// zero, or is of a size that no amount has.
fn digits(text: &str) -> Option<(String, i64)> {
    // Blanks around a number are JSON's, but not the number's.
    let json: f64 = serde_json::from_str(text).ok().filter(|_| text.trim() == text)?;
    let (text, below) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    let places = exponent - i64::try_from(fraction.len()).ok()?;
    let front = digits.trim_start_matches('0');
    let both = front.trim_end_matches('0');
    if both.is_empty() {
        return Some(("0".to_owned(), 0));
    }
    let trimmed = i64::try_from(front.len() - both.len()).ok()?;
    (!below && json.is_finite()).then(|| (both.to_owned(), places + trimmed))
}

/// Checkouts round up, cashbacks down, and what is exact is between.
fn amounts(number: Decimal) {
    for (currency, rate) in [(Currency::Sats, Rate::ONE), (Currency::Btc, Rate::BITCOIN)] {
        let (up, down) = (rate.ceil_sat(number), rate.floor_sat(number));
        if let (Some(up), Some(down)) = (up, down) {
            assert!(up >= down && up.get() - down.get() <= 1 && up <= Sat::MAX, "{number}");
        }
        if let (Some(exact), Some(up), Some(down)) = (rate.exact_msat(number), up, down) {
            assert!(exact <= Msat::MAX && exact <= up.msat() && exact >= down.msat(), "{number}");
        }
        if let Some(up) = up {
            let back = rate.amount_of(currency, up.msat());
            assert_eq!(rate.ceil_sat(back), Some(up), "{number}");
        }
    }
    // As a price and as a rate it is refused, or stays within what was paid.
    for rate in [Rate::from_price(number), Rate::new(number)].into_iter().flatten() {
        if let Some(price) = Price::of(Decimal::whole(100), rate) {
            let dollar = Currency::parse("USD").unwrap_or(Currency::Sats);
            assert!(rate.amount_of(dollar, price.due.msat()) >= price.amount, "{rate}");
        }
    }
}
