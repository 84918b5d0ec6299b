//! Checkout sessions and payments.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::checkout;
use crate::domain::customer::Details;
use crate::domain::decimal::Decimal;
use crate::domain::money::Msat;

use super::choice::Choice;
use super::customers::{Collections, CustomField, CustomerDetails};
use super::{Common, Number, Of};

/// What satback is paid in.
pub(super) const TARGET: &str = "SATS";
/// How satback is paid.
const METHODS: [&str; 1] = ["lightning"];

/// A reference to a cashback.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Attached {
    pub(super) id: String,
}

/// A checkout session.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Session {
    #[serde(flatten)]
    common: Common,
    status: &'static str,
    url: Option<String>,
    currency: &'static str,
    amount: Number,
    target_currency: &'static str,
    target_amount: Option<Number>,
    #[serde(flatten)]
    choice: Choice,
    ttl: u64,
    payment_methods: [&'static str; 1],
    title: Option<String>,
    title_description: Option<String>,
    title_image: Option<String>,
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
    customer_collections_status: Collections,
    custom_fields: Vec<CustomField>,
    customer_details: Option<CustomerDetails>,
    claim: Option<String>,
    no_claim_reason: Option<&'static str>,
    paid_at: Option<u64>,
}

/// A payment as its session shows it.
#[derive(Debug, Serialize, JsonSchema)]
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
        let paid = payments.iter().map(|payment| amount_paid(payment, row));
        let paid = paid.reduce(Decimal::plus).unwrap_or(Decimal::ZERO);
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
            amount: Number(row.owed().unwrap_or(terms.amount)),
            target_currency: TARGET,
            target_amount: payments.last().map(|payment| Number::sats(payment.due.msat())),
            choice: Choice::of(terms.choice.as_ref()),
            ttl: terms.ttl.secs(),
            payment_methods: METHODS,
            title: terms.title.clone(),
            title_description: terms.title_description.clone(),
            title_image: terms.title_image.clone(),
            description: terms.description.clone(),
            statement_descriptor: terms.statement_descriptor.clone(),
            success_url: terms.success_url.clone(),
            success_message: terms.success_message.clone(),
            cancel_url: terms.cancel_url.clone(),
            amount_paid: Number(paid),
            target_amount_paid: Number::sats(row.received),
            payments: payments.iter().map(|payment| SessionPayment::of(payment, row)).collect(),
            source: terms.source.clone(),
            source_id: terms.source_id.clone(),
            cashback: terms.cashback.as_ref().map(|id| Attached { id: id.to_string() }),
            customer_collections_status: Collections::of(terms.collects.as_deref()),
            custom_fields: CustomField::all(terms.collects.as_deref()),
            customer_details: None,
            claim: row.claim.as_ref().map(ToString::to_string),
            no_claim_reason: row.no_claim.map(crate::domain::cashback::NoClaim::name),
            paid_at: row.paid_at.map(|at| at.millis()),
        }
    }
}

impl Session {
    /// With what the customer said, if it did.
    pub(in super::super) fn with(mut self, details: Option<Details>) -> Self {
        self.customer_details = details.map(CustomerDetails::of);
        self
    }
}

/// What came in on a payment, in the currency of its session, at the payment's own rate.
fn amount_paid(payment: &checkout::Payment, session: &checkout::Session) -> Decimal {
    let received = received(payment).floor_sat().msat();
    payment.price(&session.terms).rate.amount_of(session.terms.currency, received)
}

fn received(payment: &checkout::Payment) -> Msat {
    payment.receipt.map(|receipt| receipt.amount).unwrap_or_default()
}

impl SessionPayment {
    fn of(row: &checkout::Payment, session: &checkout::Session) -> Self {
        Self {
            id: row.id.to_string(),
            module: "payment",
            created: row.created.millis(),
            modified: row.modified.millis(),
            status: row.status.name(),
            amount_paid: Number(amount_paid(row, session)),
            exchange_rate: Number(row.price(&session.terms).rate.get()),
            target_amount: Number::sats(row.due.msat()),
            target_amount_paid: Number::sats(received(row)),
            payment_request: row.invoice.as_str().to_owned(),
            expires_at: row.expires_at.millis(),
        }
    }
}

/// A payment.
#[derive(Debug, Serialize, JsonSchema)]
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
    amount_paid: Number,
    target_amount_paid: Number,
    net_target_amount_paid: Number,
    target_amount_paid_at: Option<u64>,
    target_amount_paid_by: Option<&'static str>,
    payment_method_paid_by: Option<&'static str>,
    payment_request_paid_by: Option<String>,
    confirmations: Option<u64>,
    speed_fee: Fee,
    transfers: [(); 0],
    statement_descriptor: Option<String>,
    amount_received_msat: u64,
    skimmed_msat: u64,
    late: bool,
    payment_methods: [&'static str; 1],
    payment_method_options: Options,
    payment_hash: String,
    ttl: u64,
    expires_at: u64,
}

/// What we keep of a payment: nothing.
#[derive(Debug, Serialize, JsonSchema)]
struct Fee {
    percentage: u8,
    amount: u8,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Options {
    lightning: Lightning,
}

#[derive(Debug, Serialize, JsonSchema)]
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
        let received = received(row);
        let terms = &session.terms;
        let price = row.price(terms);
        let method = row.receipt.map(|_| METHODS[0]);
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "payment",
                account: Some(&row.account),
                created: row.created,
                modified: row.modified,
                metadata: Some(&terms.metadata),
            }
            .common(livemode),
            checkout_session: row.session.to_string(),
            status: row.status.name(),
            currency: terms.currency.code(),
            amount: Number(price.amount),
            exchange_rate: Number(price.rate.get()),
            target_currency: TARGET,
            target_amount: Number::sats(row.due.msat()),
            amount_paid: Number(amount_paid(row, session)),
            target_amount_paid: Number::sats(received),
            net_target_amount_paid: Number::sats(received),
            target_amount_paid_by: method,
            payment_method_paid_by: method,
            payment_request_paid_by: method.map(|_| row.invoice.as_str().to_owned()),
            confirmations: None,
            speed_fee: Fee { percentage: 0, amount: 0 },
            transfers: [],
            statement_descriptor: terms.statement_descriptor.clone(),
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
