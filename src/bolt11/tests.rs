use std::time::Duration;

use ldk_node::bitcoin::hashes::{Hash, sha256};
use ldk_node::bitcoin::secp256k1::{PublicKey, Secp256k1, SecretKey};
use ldk_node::lightning::types::features::Bolt11InvoiceFeatures;
use ldk_node::lightning::types::payment::PaymentSecret;
use lightning_invoice::{InvoiceBuilder, RawTaggedField, TaggedField};

use super::*;

fn key() -> SecretKey {
    SecretKey::from_slice(&[0x42; 32]).unwrap()
}

/// An invoice of another node for 1,500 msat, created at second 1,000 and good for 60.
fn invoice(currency: Currency) -> Bolt11Invoice {
    InvoiceBuilder::new(currency)
        .description("coffee".to_owned())
        .payment_hash(sha256::Hash::hash(&[1; 32]))
        .payment_secret(PaymentSecret([2; 32]))
        .duration_since_epoch(Duration::from_secs(1_000))
        .expiry_time(Duration::from_secs(60))
        .min_final_cltv_expiry_delta(144)
        .amount_milli_satoshis(1_500)
        .build_signed(|hash| Secp256k1::new().sign_ecdsa_recoverable(hash, &key()))
        .unwrap()
}

#[test]
fn the_facts_of_an_invoice_are_read() {
    let text = invoice(Currency::Regtest).to_string();
    let read = parse(&text).unwrap();
    assert_eq!(read.hash.0, sha256::Hash::hash(&[1; 32]).to_byte_array());
    assert_eq!(read.network, Some(Network::Regtest));
    assert_eq!(read.amount, Some(Msat::new(1_500)));
    assert_eq!(read.expires_at, Timestamp::from_secs(1_060));
    assert_eq!(read.min_final_cltv_expiry_delta, 144);
    assert_eq!(read.payee.0, PublicKey::from_secret_key(&Secp256k1::new(), &key()).serialize());
    assert!(read.signature_valid && !read.unfit_features);
}

#[test]
fn every_spelling_of_one_invoice_is_the_same_invoice() {
    let text = invoice(Currency::Regtest).to_string();
    let plain = parse(&text).unwrap();
    for spelling in [
        text.to_uppercase(),
        format!("lightning:{text}"),
        format!("LIGHTNING:{}", text.to_uppercase()),
        format!("  {text}\n"),
        format!("lightning://{text}"),
    ] {
        assert_eq!(parse(&spelling), Ok(plain.clone()), "{spelling}");
    }
}

#[test]
fn each_network_is_told_apart() {
    for (currency, expect) in [
        (Currency::Bitcoin, Some(Network::Bitcoin)),
        (Currency::BitcoinTestnet, Some(Network::Testnet)),
        (Currency::Signet, Some(Network::Signet)),
        (Currency::Simnet, None),
    ] {
        assert_eq!(parse(&invoice(currency).to_string()).unwrap().network, expect);
    }
}

#[test]
fn a_wrong_signature_is_a_fact_and_not_an_error() {
    let other = SecretKey::from_slice(&[0x43; 32]).unwrap();
    let named = PublicKey::from_secret_key(&Secp256k1::new(), &other);
    let raw = InvoiceBuilder::new(Currency::Regtest)
        .description(String::new())
        .payment_hash(sha256::Hash::hash(&[1; 32]))
        .payment_secret(PaymentSecret([2; 32]))
        .duration_since_epoch(Duration::from_secs(1_000))
        .min_final_cltv_expiry_delta(18)
        .payee_pub_key(named)
        .build_raw()
        .unwrap();
    let signed = raw
        .sign::<_, ()>(|hash| Ok(Secp256k1::new().sign_ecdsa_recoverable(hash, &key())))
        .unwrap();
    let read = parse(&signed.to_string()).unwrap();
    assert!(!read.signature_valid);
    assert_eq!(read.payee.0, named.serialize());
}

#[test]
fn an_invoice_whose_features_we_could_not_pay_says_so() {
    let raw = invoice(Currency::Regtest).into_signed_raw().raw_invoice().clone();
    let with_features = |features: Option<Bolt11InvoiceFeatures>| {
        let mut raw = raw.clone();
        let fields = &mut raw.data.tagged_fields;
        fields.retain(|field| {
            !matches!(field, RawTaggedField::KnownSemantics(TaggedField::Features(_)))
        });
        let added = features.map(TaggedField::Features).map(RawTaggedField::KnownSemantics);
        fields.extend(added);
        let sign = |hash: &_| Ok(Secp256k1::new().sign_ecdsa_recoverable(hash, &key()));
        let read = parse(&raw.sign::<_, ()>(sign).unwrap().to_string()).unwrap();
        assert!(read.signature_valid);
        read.unfit_features
    };
    let own = raw.features().cloned();
    assert!(!with_features(own.clone()));
    assert!(with_features(None), "it says nothing of a payment secret");
    assert!(with_features(Some(Bolt11InvoiceFeatures::empty())));
    let mut unknown = own.unwrap();
    unknown.set_required_custom_bit(1_000).unwrap();
    assert!(with_features(Some(unknown)));
}

#[test]
fn an_invoice_without_an_amount_and_with_the_defaults_is_read() {
    let open = InvoiceBuilder::new(Currency::Regtest)
        .description_hash(sha256::Hash::hash(b"long"))
        .payment_hash(sha256::Hash::hash(&[1; 32]))
        .payment_secret(PaymentSecret([2; 32]))
        .duration_since_epoch(Duration::from_secs(1_000))
        .min_final_cltv_expiry_delta(18)
        .build_signed(|hash| Secp256k1::new().sign_ecdsa_recoverable(hash, &key()))
        .unwrap();
    let read = parse(&open.to_string()).unwrap();
    assert_eq!(read.amount, None);
    assert_eq!(read.expires_at, Timestamp::from_secs(1_000 + DEFAULT_EXPIRY_SECS));
}

#[test]
fn what_is_no_invoice_is_unreadable() {
    let text = invoice(Currency::Regtest).to_string();
    let mut damaged = text.clone();
    damaged.replace_range(60..61, if &text[60..61] == "q" { "p" } else { "q" });
    let long = "l".repeat(MAX_LEN + 1);
    for text in ["", "lightning:", "lnurl1dp68", "lnbc1", "☃", &damaged, &text[1..], &long] {
        assert_eq!(parse(text), Err(Unreadable), "{text}");
    }
}
