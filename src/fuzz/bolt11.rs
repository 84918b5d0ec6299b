//! Invoices: the facts that were read, against a reader of BOLT11 that shares nothing with the one in use.

use std::sync::LazyLock;

use bitcoin::secp256k1::{All, PublicKey, Secp256k1, SecretKey};
use lightning_invoice::SignedRawBolt11Invoice;

use crate::bolt11::{parse, to_library};
use crate::domain::invoice::{Invoice, InvoiceFault, InvoiceRules};
use crate::domain::money::Msat;
use crate::domain::network::Network;
use crate::domain::time::{Span, Timestamp};

use self::plain::Plain;

mod plain;

const CHARSET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static SECP: LazyLock<Secp256k1<All>> = LazyLock::new(Secp256k1::new);

/// The whole input is one text. Checksum and signature would keep nearly everything out, so it is also tried with the
/// first, and with both, as they should be.
pub fn invoice(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let read = check(&text);
    let Some(summed) = with_checksum(&text) else { return };
    if read.is_none() {
        check(&summed);
    }
    if let Some(signed) = with_signature(&summed) {
        let read = check(&signed);
        assert!(read.is_none_or(|read| read.signature_valid), "{signed}");
    }
}

/// Reads an invoice, and checks everything that was read.
fn check(text: &str) -> Option<Invoice> {
    let read = parse(text).ok()?;
    let canonical = read.text.as_str();
    assert_eq!(parse(canonical).as_ref(), Ok(&read));
    for spelling in [canonical.to_uppercase(), format!(" LIGHTNING:{canonical}\t")] {
        assert_eq!(parse(&spelling).as_ref(), Ok(&read), "{spelling}");
    }
    assert!(!format!("{read:?}").contains(canonical), "whoever holds it sees whom we pay");
    let Some(plain) = Plain::read(canonical) else { panic!("{canonical} was read, and is none") };
    assert_eq!(Some(read.hash.0), plain.hash, "{canonical}");
    assert_eq!(read.network, plain.network, "{canonical}");
    assert_eq!(read.amount.map(Msat::get), plain.amount_msat, "{canonical}");
    assert_eq!(read.expires_at, Timestamp::from_secs(plain.expires_secs), "{canonical}");
    let cltv = u32::try_from(plain.final_cltv).unwrap_or(u32::MAX);
    assert_eq!(read.min_final_cltv_expiry_delta, cltv, "{canonical}");
    assert!(plain.payee.is_none_or(|payee| payee == read.payee.0), "{canonical}");
    rules(&read);
    Some(read)
}

/// What passes every rule can be paid by the library, and is what we take it for.
fn rules(read: &Invoice) {
    let amount = read.amount.unwrap_or(Msat::new(1_000));
    let rules = InvoiceRules {
        network: Network::Regtest,
        amount,
        min_left: Span::from_secs(20),
        our_node: crate::domain::bytes::NodeId([2; 33]),
        max_final_cltv_expiry_delta: 160,
    };
    let now = Timestamp::from_secs(1_700_000_000);
    match read.check(&rules, false, now) {
        Ok(()) => {
            assert!(read.signature_valid && !read.unfit_features && read.expires_at > now);
            let Some(library) = to_library(&read.text) else {
                panic!("accepted, and nobody can pay it: {}", read.text.as_str())
            };
            assert_eq!(library.amount_milli_satoshis(), Some(amount.get()));
            let hash: &[u8; 32] = library.payment_hash().as_ref();
            assert_eq!(*hash, read.hash.0);
            assert_eq!(library.get_payee_pub_key().serialize(), read.payee.0);
        }
        Err(fault) => {
            assert!(fault != InvoiceFault::HashUsed);
            // It stays refused whatever else is wrong with it.
            assert!(read.check(&rules, true, now).is_err());
        }
    }
}

/// The same text with characters that are legal, and the checksum of BIP 173; `None` if it has not two parts.
fn with_checksum(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let (human, data) = text.rsplit_once('1')?;
    if human.is_empty() || data.len() > 4_000 || !human.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return None;
    }
    let value = |byte: u8| {
        let known = CHARSET.iter().position(|legal| *legal == byte);
        u8::try_from(known.unwrap_or(usize::from(byte) % 32)).unwrap_or(0)
    };
    let bytes = data.as_bytes();
    let kept = bytes.get(..bytes.len().saturating_sub(6)).unwrap_or_default();
    let values: Vec<u8> = kept.iter().map(|byte| value(*byte)).collect();
    let expanded: Vec<u8> = human
        .bytes()
        .map(|byte| byte >> 5)
        .chain([0])
        .chain(human.bytes().map(|byte| byte & 31))
        .chain(values.iter().copied())
        .chain([0; 6])
        .collect();
    let sum = polymod(&expanded) ^ 1;
    let sum = (0..6).map(|at| u8::try_from((sum >> (5 * (5 - at))) & 31).unwrap_or(0));
    let letters = values.iter().copied().chain(sum).map(|value| CHARSET[usize::from(value)]);
    Some(format!("{human}1{}", letters.map(char::from).collect::<String>()))
}

/// BIP 173.
fn polymod(values: &[u8]) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    values.iter().fold(1, |sum, value| {
        let top = sum >> 25;
        let sum = ((sum & 0x01ff_ffff) << 5) ^ u32::from(*value);
        let due = GENERATOR.iter().enumerate().filter(|(bit, _)| (top >> bit) & 1 == 1);
        due.fold(sum, |sum, (_, term)| sum ^ term)
    })
}

/// The same invoice with a signature that fits, if its payee is not named.
fn with_signature(text: &str) -> Option<String> {
    let signed: SignedRawBolt11Invoice = text.parse().ok()?;
    let (raw, _, _) = signed.into_parts();
    let key = SecretKey::from_slice(&[0x42; 32]).ok()?;
    let public = PublicKey::from_secret_key(&SECP, &key);
    if raw.payee_pub_key().is_some_and(|named| named.0 != public) {
        return None;
    }
    let sign = |hash: &_| Ok::<_, ()>(SECP.sign_ecdsa_recoverable(hash, &key));
    Some(raw.sign(sign).ok()?.to_string())
}
