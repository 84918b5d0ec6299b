//! Checkout sessions and payments.

use serde::Serialize;

use crate::domain::checkout;

use super::{Common, Number, Of};

/// What satback is paid in.
pub(super) const TARGET: &str = "SATS";
/// How satback is paid.
const METHODS: [&str; 1] = ["lightning"];

/// A reference to a cashback.
#[derive(Debug, Serialize)]
pub(super) struct Attached {
    pub(super) id: String,
}

/// A checkout session.
#[derive(Debug, Serialize)]
pub(in super::super) struct Session {
    #[serde(flatten)]
    common: Common,
    status: &'static str,
    url: Option<String>,
    currency: &'static str,
    amount: Number,
    target_currency: &'static str,
    target_amount: Number,
    ttl: u64,
    payment_methods: [&'static str; 1],
    title: Option<String>,
    title_description: Option<String>,
    description: Option<String>,
    statement_descriptor: Option<String>,
    success_url: Option<String>,
    success_message: Option<String>,
    cancel_url: Option<String>,
    amount_paid: Number,
    target_amount_paid: Number,
    payments: Vec<SessionPayment>,
    source: Option<String>,
    source_id: Option<String>,
    cashback: Option<Attached>,
    claim: Option<String>,
    no_claim_reason: Option<&'static str>,
    paid_at: Option<u64>,
}

/// A payment as its session shows it.
#[derive(Debug, Serialize)]
struct SessionPayment {
    id: String,
    module: &'static str,
    created: u64,
    modified: u64,
    status: &'static str,
    amount_paid: Number,
    exchange_rate: Number,
    target_amount: Number,
    target_amount_paid: Number,
    payment_request: String,
    expires_at: u64,
}

impl Session {
    /// `url` is the hosted page, for those who may see it.
    pub(in super::super) fn of(
        row: &checkout::Session,
        payments: &[checkout::Payment],
        url: Option<String>,
        livemode: bool,
    ) -> Self {
        let terms = &row.terms;
        let paid_sat = row.received.floor_sat();
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "checkout_session",
                account: Some(&row.account),
                created: row.created,
                modified: row.modified,
                metadata: Some(&terms.metadata),
            }
            .common(livemode),
            status: row.status.name(),
            url,
            currency: terms.currency.code(),
            amount: Number(terms.amount),
            target_currency: TARGET,
            target_amount: Number::sats(terms.due.msat()),
            ttl: terms.ttl.secs(),
            payment_methods: METHODS,
            title: terms.title.clone(),
            title_description: terms.title_description.clone(),
            description: terms.description.clone(),
            statement_descriptor: terms.statement_descriptor.clone(),
            success_url: terms.success_url.clone(),
            success_message: terms.success_message.clone(),
            cancel_url: terms.cancel_url.clone(),
            amount_paid: Number::of_sat(terms.currency, paid_sat),
            target_amount_paid: Number::sats(row.received),
            payments: payments.iter().map(|payment| SessionPayment::of(payment, row)).collect(),
            source: terms.source.clone(),
            source_id: terms.source_id.clone(),
            cashback: terms.cashback.as_ref().map(|id| Attached { id: id.to_string() }),
            claim: row.claim.as_ref().map(ToString::to_string),
            no_claim_reason: row.no_claim.map(crate::domain::cashback::NoClaim::name),
            paid_at: row.paid_at.map(|at| at.millis()),
        }
    }
}

impl SessionPayment {
    fn of(row: &checkout::Payment, session: &checkout::Session) -> Self {
        let received = row.receipt.map(|receipt| receipt.amount).unwrap_or_default();
        let currency = session.terms.currency;
        Self {
            id: row.id.to_string(),
            module: "payment",
            created: row.created.millis(),
            modified: row.modified.millis(),
            status: row.status.name(),
            amount_paid: Number::of_sat(currency, received.floor_sat()),
            exchange_rate: Number(currency.exchange_rate()),
            target_amount: Number::sats(row.due.msat()),
            target_amount_paid: Number::sats(received),
            payment_request: row.invoice.as_str().to_owned(),
            expires_at: row.expires_at.millis(),
        }
    }
}

/// A payment.
#[derive(Debug, Serialize)]
pub(in super::super) struct Payment {
    #[serde(flatten)]
    common: Common,
    checkout_session: String,
    status: &'static str,
    currency: &'static str,
    amount: Number,
    exchange_rate: Number,
    target_currency: &'static str,
    target_amount: Number,
    target_amount_paid: Number,
    target_amount_paid_at: Option<u64>,
    amount_received_msat: u64,
    skimmed_msat: u64,
    late: bool,
    payment_methods: [&'static str; 1],
    payment_method_options: Options,
    payment_hash: String,
    ttl: u64,
    expires_at: u64,
}

#[derive(Debug, Serialize)]
struct Options {
    lightning: Lightning,
}

#[derive(Debug, Serialize)]
struct Lightning {
    id: String,
    payment_request: String,
}

impl Payment {
    pub(in super::super) fn of(
        row: &checkout::Payment,
        session: &checkout::Session,
        livemode: bool,
    ) -> Self {
        let received = row.receipt.map(|receipt| receipt.amount).unwrap_or_default();
        let terms = &session.terms;
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "payment",
                account: Some(&row.account),
                created: row.created,
                modified: row.modified,
                metadata: None,
            }
            .common(livemode),
            checkout_session: row.session.to_string(),
            status: row.status.name(),
            currency: terms.currency.code(),
            amount: Number(terms.amount),
            exchange_rate: Number(terms.currency.exchange_rate()),
            target_currency: TARGET,
            target_amount: Number::sats(row.due.msat()),
            target_amount_paid: Number::sats(received),
            target_amount_paid_at: row.receipt.map(|receipt| receipt.at.millis()),
            amount_received_msat: received.get(),
            skimmed_msat: row.receipt.map_or(0, |receipt| receipt.skimmed.get()),
            late: row.receipt.is_some_and(|receipt| receipt.late),
            payment_methods: METHODS,
            payment_method_options: Options {
                lightning: Lightning {
                    id: row.id.as_str().replacen("pi_", "ln_", 1),
                    payment_request: row.invoice.as_str().to_owned(),
                },
            },
            payment_hash: row.hash.to_hex(),
            ttl: terms.ttl.secs(),
            expires_at: row.expires_at.millis(),
        }
    }
}
