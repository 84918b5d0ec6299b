//! Each rule for a wallet's invoice, with its own reason; the claim stays good, and nothing is dispatched.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ldk_node::bitcoin::hashes::{Hash, sha256};
use ldk_node::bitcoin::secp256k1::{PublicKey, Secp256k1, SecretKey};
use ldk_node::lightning::types::features::Bolt11InvoiceFeatures;
use ldk_node::lightning::types::payment::PaymentSecret;
use ldk_node::lightning_invoice::{
    Bolt11Invoice, Currency, InvoiceBuilder, PayeePubKey, RawBolt11Invoice, RawTaggedField,
    TaggedField,
};
use satback_regtest::{PATIENCE, Shop, wallet};

use super::kit::{EXPIRY_SECS, Town};

/// What the claim is worth.
const AMOUNT_MSAT: u64 = 1_000_000;

/// An invoice that nobody could have been paid for, with one thing about it changed.
struct Forged {
    currency: Currency,
    hash: [u8; 32],
    msat: Option<u64>,
    age_secs: u64,
    expiry_secs: u64,
    final_cltv: u64,
    signer: SecretKey,
    payee: Option<PublicKey>,
    unknown_feature: bool,
}

fn key(byte: u8) -> SecretKey {
    SecretKey::from_slice(&[byte; 32]).unwrap()
}

impl Default for Forged {
    fn default() -> Self {
        Self {
            currency: Currency::Regtest,
            hash: [0x77; 32],
            msat: Some(AMOUNT_MSAT),
            age_secs: 0,
            expiry_secs: 600,
            final_cltv: 18,
            signer: key(0x42),
            payee: None,
            unknown_feature: false,
        }
    }
}

impl Forged {
    fn text(&self) -> String {
        #[expect(clippy::disallowed_methods, reason = "for a real daemon")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let mut raw = self.raw(now - Duration::from_secs(self.age_secs));
        if let Some(payee) = self.payee {
            let field = TaggedField::PayeePubKey(PayeePubKey(payee));
            raw.data.tagged_fields.push(RawTaggedField::KnownSemantics(field));
        }
        if self.unknown_feature {
            raw.data.tagged_fields.retain(|field| {
                !matches!(field, RawTaggedField::KnownSemantics(TaggedField::Features(_)))
            });
            let mut features = Bolt11InvoiceFeatures::empty();
            features.set_variable_length_onion_required();
            features.set_payment_secret_required();
            features.set_required_custom_bit(1_000).unwrap();
            let field = RawTaggedField::KnownSemantics(TaggedField::Features(features));
            raw.data.tagged_fields.push(field);
        }
        let signed = raw
            .sign::<_, ()>(|hash| Ok(Secp256k1::new().sign_ecdsa_recoverable(hash, &self.signer)))
            .unwrap();
        signed.to_string()
    }

    fn raw(&self, created: Duration) -> RawBolt11Invoice {
        let builder = InvoiceBuilder::new(self.currency.clone())
            .description("forged".to_owned())
            .payment_hash(sha256::Hash::from_byte_array(self.hash))
            .payment_secret(PaymentSecret([2; 32]))
            .duration_since_epoch(created)
            .expiry_time(Duration::from_secs(self.expiry_secs))
            .min_final_cltv_expiry_delta(self.final_cltv);
        match self.msat {
            Some(msat) => builder.amount_milli_satoshis(msat).build_raw().unwrap(),
            None => builder.build_raw().unwrap(),
        }
    }
}

#[test]
fn each_rule_has_its_own_reason_and_the_claim_stays_good() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    let url = wallet::decode(claim["lnurl"].as_str().unwrap()).unwrap();
    let info = wallet::info(&url).unwrap();
    let ours = shop.session(1_000)["payments"][0]["payment_request"].as_str().unwrap().to_owned();
    let issued = ours.parse::<Bolt11Invoice>().unwrap().payment_hash().to_byte_array();
    let good = Forged::default;
    let cases = [
        (
            Forged { currency: Currency::Bitcoin, ..good() }.text(),
            "the invoice is for another network",
        ),
        (
            Forged {
                payee: Some(PublicKey::from_secret_key(&Secp256k1::new(), &key(9))),
                ..good()
            }
            .text(),
            "the invoice's signature is not valid",
        ),
        (Forged { msat: None, ..good() }.text(), "the invoice has no amount"),
        (
            Forged { msat: Some(AMOUNT_MSAT + 1), ..good() }.text(),
            "the invoice's amount is not the cashback's amount",
        ),
        (
            Forged { msat: Some(AMOUNT_MSAT - 1), ..good() }.text(),
            "the invoice's amount is not the cashback's amount",
        ),
        (Forged { age_secs: 601, ..good() }.text(), "the invoice has expired"),
        (Forged { age_secs: 590, ..good() }.text(), "the invoice expires too soon"),
        (ours, "the invoice would be paid to our own node"),
        (
            Forged { hash: issued, ..good() }.text(),
            "the invoice was used before, please make a new one",
        ),
        (
            Forged { final_cltv: 161, ..good() }.text(),
            "the invoice's min_final_cltv_expiry_delta is too large",
        ),
        (
            Forged { unknown_feature: true, ..good() }.text(),
            "the invoice requires or lacks a feature, we cannot pay it",
        ),
        ("lnbcrt1rubbish".to_owned(), "pr is not a BOLT11 invoice"),
    ];
    for (invoice, reason) in cases {
        assert_eq!(wallet::callback(&info, &invoice), Err(reason.to_owned()), "{invoice}");
    }
    assert_eq!(town.node_sent(), 0);
    assert_eq!(shop.claim_now(&claim)["status"], "open");
    let fine = town.customer().invoice(AMOUNT_MSAT, "fine", EXPIRY_SECS);
    wallet::callback(&info, &fine).unwrap();
    shop.wait_claim(&claim, "paid", PATIENCE);
}

#[test]
fn wallets_that_describe_by_hash_or_spell_in_capitals_are_paid() {
    let town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    let by_hash = town.customer().invoice_with_description_hash(AMOUNT_MSAT, "long", EXPIRY_SECS);
    shop.submit(&claim, &format!("LIGHTNING:{}", by_hash.to_uppercase())).unwrap();
    shop.wait_claim(&claim, "paid", PATIENCE);
    town.assert_sound();
}
